"""The entries of a section: which lines are the title of a project or position, and which say something of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.candidate.layout import Line
from app.candidate.vocabulary import terms
from app.candidate.wording import trailing_date, without_dates

_MOST_TITLE_WORDS = 14
_LONGEST_NAME = 100
_DETAILS = re.compile(
    r"(?:tech(?:nologies|nical stack| stack|niques)?|tools?(?: used)?|stack|environment|skills?(?: used)?|built with|"
    r"keywords|libraries|frameworks?|languages?|methods?|link|code|github|demo|url|website|role|team(?: size)?|"
    r"duration|client|location|advisor|supervisor|key achievements|achievements|responsibilities)\s{0,2}:",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r":\s|\s[\u2013\u2014|-]\s|\s{2,}|\.\s")
_LINK_WORD = re.compile(r"(?:git ?hub|link|demo|code|website|paper|repo(?:sitory)?|live)\b", re.IGNORECASE)
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
        opens = line.level == level if level else _opens(line, current)
        if opens and (current.title or current.body):
            found.append(current)
            current = Entry()
        if opens or (not current.body and _is_title(line)):
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
    if trailing_date(text) is not None and len(text.split()) <= _MOST_TITLE_WORDS + 6 and len(text) <= 160:
        return not text[0].islower()
    is_statement = text[-1] in ".!?;," or text[0].islower()
    return not is_statement and len(text.split()) <= _MOST_TITLE_WORDS and len(text) <= 120


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
    """Where the name stands: the first title line that is more than a date, without its dates. May be empty."""
    for line in entry.title:
        begin, end = without_dates(line.text)
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
        if end > begin and any(character.isalnum() for character in line.text[begin:end]):
            return line.start + begin, line.start + end
    return (entry.title[0].start,) * 2 if entry.title else (entry.body[0].start,) * 2


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
    return bool(_DETAILS.match(statement))
