"""The entries of a section: which lines are the title of a project or position, and which say something of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.candidate.layout import Line
from app.candidate.vocabulary import terms
from app.candidate.wording import trailing_date, without_dates

_MOST_TITLE_WORDS = 14
_LONGEST_NAME = 100
_DETAILS = re.compile(
    r"(?:tech(?:nolog(?:y|ies)|nical stack| stack|niques)?(?: used)?|tools?(?: used)?|stack|environment|"
    r"skills?(?: used)?|built with|built using|keywords|libraries|frameworks?|languages?|methods?|link|code|github|"
    r"demo|url|website|role|team(?: size)?|duration|client|location|advisor|supervisor|key achievements|achievements|"
    r"responsibilities)\s{0,2}:",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?P<project>project(?: name| title)?|name of (?:the )?project)|"
    r"(?P<post>position|job title|designation|post|title)|"
    r"(?P<employer>company(?: name)?|employer|organi[sz]ation|institution))\s{0,2}:\s",
    re.IGNORECASE,
)
"""Labels that say what a line of a title is."""
_TOLD = re.compile(
    r"(?:(?:project |job )?description|summary|overview|responsibilit(?:y|ies)|(?:key )?achievements?|results?|outcome|"
    r"impact|contributions?|my role|tasks|duties)\s{0,2}:\s{1,4}",
    re.IGNORECASE,
)
"""Labels before what was done."""
_TECH = re.compile(
    r"(?:(?P<plain>tech(?:nolog(?:y|ies)|nical stack| stack)?|tools?|stack|built with|built using|libraries|frameworks?)|"
    r"techniques|environment|skills|keywords|programming languages?|languages?|methods?)"
    r"(?: (?:and|&) (?:tools|technologies|libraries|frameworks))?(?: used)?\s{0,2}:\s",
    re.IGNORECASE,
)
"""Labels before a list of tools; those that are not `plain` may stand before other words as well."""
_MOST_LOWER_WORDS = 4
_NAME_AND_MORE = re.compile(r",|:|\s[\u2013\u2014-]\s")
_MOST_APPOSED = 2
"""Words of a name in small letters that is explained on its line: `deskcat, a helper for my mother (2025)`."""
_NAME_ENDS = re.compile(r":\s|\s[\u2013\u2014|-]\s|\s{2,}|\.\s")
_LINK_WORD = re.compile(r"(?:git ?hub|link|demo|code|website|paper|repo(?:sitory)?|live)\b", re.IGNORECASE)
_LEAST_TOLD = 3
_LIST_BEFORE = re.compile(r"\s[|\u2013\u2014-]\s|\s{2,}")
_LIST_CUTS = re.compile(r"[,;|\u2022\u00b7()]|\s{2,}|\s[\u2013\u2014-]\s|\s/\s|\s(?:and|&|\+)\s")
_LONGEST_LISTED = 40
_MOST_LISTED_WORDS = 4
_MOST_IN_TITLE = 3
_NO_TOOL = re.compile(r"(?:etc|and|others?|more|various|e\.g|i\.e|incl|including|basic|mainly)\b", re.IGNORECASE)
_JOINTS = " \t,;|:\u00b7\u2022\u2013\u2014-([@"


@dataclass(slots=True)
class Entry:
    """A project or position as it stands: lines of its title, then lines of its body."""

    title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """All its lines in order."""
        return [*self.title, *self.body]


def entries_of(lines: Sequence[Line]) -> list[Entry]:
    """The entries of one section in order; no line belongs to two."""
    if not lines:
        return []
    level = min((line.level for line in lines if line.level), default=0)
    titled = any(_is_title(line) for line in lines)
    if not titled and not level and lines[0].is_item:
        return _listed(lines, min(line.depth for line in lines if line.is_item))
    found: list[Entry] = []
    current = Entry()
    for line in lines:
        # Where titles are headings, a smaller one below a body opens an entry too: a project told within a position.
        inner = bool(line.level and current.body)
        opens = (line.level == level or inner) if level else _opens(line, current)
        if opens and (current.title or current.body):
            found.append(current)
            current = Entry()
        if opens or (not current.body and (_is_title(line) or _is_plain_name(line, current))):
            current.title.append(line)
        else:
            current.body.append(line)
    found.append(current)
    return found


def _opens(line: Line, current: Entry) -> bool:
    if not _is_title(line):
        return False
    if current.body:
        return True
    if not current.title:
        return True
    # Two dated titles in a row are two entries without a body, unless one of them is the date alone.
    if len(current.title) >= 4:
        return line.after_blank
    dated = [title for title in current.title if trailing_date(title.text) is not None]
    return line.after_blank and bool(dated) and trailing_date(line.text) not in (None, 0)


def _is_title(line: Line) -> bool:
    """Whether a line looks like a title, a company, a place or a date, and not like a statement."""
    text = line.text
    if line.is_item or _DETAILS.match(text):
        return False
    if line.level:
        return True
    at = trailing_date(text)
    if at is not None and len(text.split()) <= _MOST_TITLE_WORDS + 6 and len(text) <= 160:
        return not text[0].islower() or _is_set_apart(text, at)
    is_statement = text[-1] in ".!?;," or text[0].islower()
    return not is_statement and len(text.split()) <= _MOST_TITLE_WORDS and len(text) <= 120


def _is_set_apart(text: str, at: int) -> bool:
    """Whether a few words and a date, in brackets or at a distance: `tinygate (open source, 2025)`."""
    before = text[:at]
    if (
        text[at] == "("
        and "." not in before
        and len(_NAME_AND_MORE.split(before, maxsplit=1)[0].split()) <= _MOST_APPOSED
    ):
        return True
    name = re.split(r"\(|  |\s\|", before, maxsplit=1)[0]
    rest = before[len(name) :]
    return bool(rest) and ")" not in rest and max(len(name.split()), len(rest.split())) <= _MOST_LOWER_WORDS


def _is_plain_name(line: Line, current: Entry) -> bool:
    """Whether a name in small letters stands below its date."""
    text = line.text
    return (
        not line.is_item
        and bool(current.title)
        and all(trailing_date(title.text) == 0 for title in current.title)
        and len(text.split()) <= _MOST_LOWER_WORDS
        and text[-1] not in ".!?;,:"
        and not _DETAILS.match(text)
    )


def _listed(lines: Sequence[Line], outer: int) -> list[Entry]:
    """Each outer list item is an entry of its own: `- Churn model: predicts ...`."""
    found: list[Entry] = []
    for line in lines:
        if line.depth == outer or not found:
            found.append(Entry(title=[line]))
        elif line.is_item or not line.after_blank:
            found[-1].body.append(line)
    return found


def name_of(entry: Entry) -> tuple[int, int]:
    """Where the name stands: the first title line that is more than a date, without its dates. May be empty.

    Where lines are labelled, the project's name is it, or else the position, or else the employer.
    """
    for line in _by_label(entry.title):
        begin, end = without_dates(line.text)
        label = _NAMED.match(line.text, begin, end)
        begin = label.end() if label else begin
        part = line.text[begin:end]
        if not any(character.isalpha() for character in part):
            continue
        if line.is_item or len(part) > _LONGEST_NAME:
            cut = _NAME_ENDS.search(part)
            end = begin + (cut.start() if cut else len(part))
        elif "  " in part:
            end = begin + part.index("  ")
        end = begin + _without_tools(line.text[begin:end])
        if end - begin > _LONGEST_NAME:
            space = line.text.rfind(" ", begin, begin + _LONGEST_NAME)
            end = space if space > begin else begin + _LONGEST_NAME
        while end > begin and line.text[end - 1] in _JOINTS + ".":
            end -= 1
        while begin < end and line.text[begin] in _JOINTS:
            begin += 1
        # What remains of "[Title](link)" or "Title (2022)" must not keep half a bracket.
        if "(" not in line.text[begin:end] and line.text[end - 1 : end] == ")":
            end -= 1
        opened = line.text.rfind("(", begin, end)
        if opened > begin and ")" not in line.text[opened:end]:
            end = opened
            while end > begin and line.text[end - 1] in _JOINTS:
                end -= 1
        if end > begin and any(character.isalnum() for character in line.text[begin:end]):
            return line.start + begin, line.start + end
    return (entry.title[0].start,) * 2 if entry.title else (entry.body[0].start,) * 2


def _by_label(title: Sequence[Line]) -> list[Line]:
    labels = [_NAMED.match(line.text) for line in title]
    if not any(labels):
        return list(title)
    order = ["project", "post", None, "employer"]
    ranks = [order.index(label.lastgroup if label else None) for label in labels]
    return [line for _, line in sorted(zip(ranks, title, strict=True), key=lambda pair: pair[0])]


def _without_tools(name: str) -> int:
    """Where `Title | Python, PyTorch | GitHub` ends to be a title."""
    end = len(name)
    while (bar := name.rfind(" | ", 0, end)) > 0:
        rest = name[bar + 3 : end]
        named = sum(term.end - term.start for term in terms(rest))
        if named * 2 < len(rest.strip()) and not _LINK_WORD.match(rest.strip()):
            break
        end = bar
    return end


def is_detail(statement: str) -> bool:
    """Whether a statement names tools or a link, and claims nothing."""
    return bool(_DETAILS.match(statement)) and told_from(statement) == 0


def told_from(statement: str) -> int:
    """Where `Responsibilities: trained ...` begins to say something; 0 where no such label stands before it."""
    label = _TOLD.match(statement)
    return label.end() if label and len(statement[label.end() :].split()) >= _LEAST_TOLD else 0


def listed_techniques(line: Line, *, in_title: bool) -> Iterator[tuple[int, int]]:
    """Where the names of a line of tools stand: `Stack: pgvector, Ray`, `Moth Trap | OpenCV, Raspberry Pi`.

    In a title, and after a label that may mean something else, only a list counts of which the vocabulary knows a part.
    """
    text = line.text
    if in_title:
        start, end = without_dates(text)
        cuts = [match.end() for match in _LIST_BEFORE.finditer(text, start, end)]
        if not cuts:
            return
        begin = cuts[-1]
        while len(cuts) > 1 and "," in text[cuts[-2] : begin] and terms(text, cuts[-2], begin):
            begin = cuts.pop(-2)
        if line.is_item or not terms(text, begin, end):
            return
    else:
        label = _TECH.match(text)
        if not label:
            return
        begin, end = label.end(), len(text)
        if not label.group("plain") and not terms(text, begin):
            return
    at = begin
    for cut in (*_LIST_CUTS.finditer(text, begin, end), None):
        stop = cut.start() if cut else end
        start = at
        while start < stop and text[start] in " .:*":
            start += 1
        while stop > start and text[stop - 1] in " .:*":
            stop -= 1
        at = cut.end() if cut else end
        name = text[start:stop]
        if _is_listed_name(name) and not (in_title and (name[0].islower() or len(name.split()) > _MOST_IN_TITLE)):
            yield line.start + start, line.start + stop


def _is_listed_name(name: str) -> bool:
    return (
        0 < len(name) <= _LONGEST_LISTED
        and len(name.split()) <= _MOST_LISTED_WORDS
        and any(character.isalpha() for character in name)
        and not _LINK_WORD.match(name)
        and not _NO_TOOL.match(name)
    )
