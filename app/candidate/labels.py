"""Labels of lines in a resume: what says which line is the name, what a line is about, which tools were used. Pure."""

from __future__ import annotations

import re

from app.candidate.telling import states

DETAILS = re.compile(
    r"(?:tech(?:nolog(?:y|ies)|nical stack| stack|niques)?(?: used)?|tools?(?: used)?|stack|environment|"
    r"skills?(?: used)?|built with|built using|keywords|libraries|frameworks?|languages?|methods?|link|code|github|"
    r"demo|url|website|role|name and address of employer|type of business or sector|team(?: size)?|duration|client|"
    r"location|advisor|supervisor|key achievements|achievements|responsibilities)\s{0,2}:",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(?:(?P<project>project(?: name| title)?(?: ?(?:#|no\.)? ?\d{1,2})?|name of (?:the )?project)|"
    r"(?P<post>(?:occupation or )?position(?: held)?|occupation|job title|designation|post|title)|"
    r"(?P<employer>company(?: name)?|employer|organi[sz]ation|institution))\s{0,2}:\s",
    re.IGNORECASE,
)
"""Labels that say what a line of a title is."""
_TOLD = re.compile(
    r"(?:(?:project |job )?description|summary|overview|responsibilit(?:y|ies)|(?:key )?achievements?|(?:key |main )?results?|outcome|"
    r"impact|contributions?|my role|tasks|duties|main activities(?: and responsibilities)?)\s{0,2}:\s{1,4}",
    re.IGNORECASE,
)
"""Labels before what was done."""
_ROLE = re.compile(r"role\s{0,2}:\s{1,4}", re.IGNORECASE)
"""May stand before a title as well."""
TECH = re.compile(
    r"(?:(?P<plain>tech(?:nolog(?:y|ies)|nical stack| stack)?|tools?|stack|built with|built using|libraries|frameworks?)|"
    r"techniques|environment|skills|keywords|programming languages?|languages?|methods?)"
    r"(?: (?:and|&) (?:tools|technologies|libraries|frameworks))?(?: used)?\s{0,2}:\s",
    re.IGNORECASE,
)
"""Labels before a list of tools; those that are not `plain` may stand before other words as well."""
LINK_WORD = re.compile(r"(?:git ?hub|link|demo|code|website|paper|repo(?:sitory)?|live)\b", re.IGNORECASE)
_LEAST_TOLD = 3
WITHOUT_COLON = re.compile(
    r"(project (?:name|title)|company(?: name)?|designation|position|duration|period|technologies|tech(?:nical)? stack|"
    r"tools(?: used)?|environment|description|responsibilities|role|team size|client|"
    r"dates?|occupation or position held|main activities(?: and responsibilities)?|name and address of employer|"
    r"type of business or sector|title of qualification awarded) {2,}(?=\S)",
    re.IGNORECASE,
)
"""Labels that stand in a column of their own, as in the older Europass form."""
_COLUMN = re.compile(
    r"(?:(?:project|name|title|description|what|details?|summary|tools?|technolog(?:y|ies)|tech(?: stack)?|stack|skills?|year|dates?|"
    r"period|duration|role|position|company|employer|organi[sz]ation|link|result|results|outcome)(?: name| used)?|no\.?|#)$",
    re.IGNORECASE,
)


def is_detail(statement: str) -> bool:
    """Whether a statement names tools or a link, or is a label alone, and claims nothing."""
    if statement.endswith(":") and _TOLD.match(statement + " "):
        return True
    return bool(DETAILS.match(statement)) and told_from(statement) == 0


def told_from(statement: str) -> int:
    """Where `Responsibilities: trained ...` begins to say something; 0 where no such label stands before it."""
    label = _TOLD.match(statement) or _ROLE.match(statement)
    if label and label.re is _ROLE and not states(statement[label.end() :]):
        return 0
    return label.end() if label and len(statement[label.end() :].split()) >= _LEAST_TOLD else 0


def is_table_head(text: str) -> bool:
    """Whether a line holds nothing but what the columns below it are called: `Project  Description  Tools`."""
    cells = text.split("  ")
    return len(cells) > 1 and all(_COLUMN.match(cell.strip()) for cell in cells if cell.strip())
