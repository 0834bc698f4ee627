"""The entries of a section: which lines are the title of a project or position, and which say something of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from app.candidate.dates import opens_with_date, trailing_date, without_dates
from app.candidate.inline import inline_openers, names_the_next
from app.candidate.labels import DETAILS, is_table_head, told_from
from app.candidate.layout import Line
from app.candidate.telling import alike, begins_a_sentence, may_state, states

_MOST_TITLE_WORDS = 14
_MOST_LOWER_WORDS = 4
_NAME_AND_MORE = re.compile(r",|:|\s[\u2013\u2014-]\s")
_MOST_APPOSED = 2
"""Words of a name in small letters that is explained on its line: `deskcat, a helper for my mother (2025)`."""
_MOST_ABOVE = 6
"""Lines of a title that are looked at."""
_RUNS_INTO_DATE = re.compile(r"[^\W_] $")
"""A year that is part of a sentence, and not set apart from it: `won the cup of 2021`."""


@dataclass(slots=True)
class Entry:
    """A project or position as it stands: lines of its title, then lines of its body."""

    title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    told_in_title: bool = False
    """Whether the line of its name goes on with what was done: `Churn model: predicts ...`."""

    @property
    def lines(self) -> list[Line]:
        """All its lines in order."""
        return [*self.title, *self.body]


def entries_of(lines: Sequence[Line], *, projects: bool = False) -> list[Entry]:
    """The entries of one section in order; no line belongs to two.

    Among `projects` a paragraph or a number opens one that is named on its first line.
    """
    lines = [line for line in lines if not is_table_head(line.text)]
    if not lines:
        return []
    level = min((line.level for line in lines if line.level), default=0)
    inline = inline_openers(lines, projects=projects and not level)
    titled = bool(inline) or any(_is_title(line) and not states(line.text) for line in lines)
    if not titled and not level and lines[0].is_item:
        return _listed(lines, min(line.depth for line in lines if line.is_item))
    spaced = any(line.after_blank for line in lines[1:])
    found: list[Entry] = []
    current = Entry()
    for line, following in zip_longest(lines, lines[1:]):
        told = line.start in inline or (
            projects and not level and bool(current.lines) and names_the_next(line, current.body, current.lines[-1])
        )
        tells = not told and _tells(line, current, following, spaced=spaced)
        # Where titles are headings, a smaller one below a body opens an entry too: a project told within a position.
        inner = bool(line.level and current.body)
        opens = told or ((line.level == level or inner) if level else not tells and _opens(line, current))
        if opens and (current.title or current.body):
            found.append(current)
            current = Entry()
        begun = current.body or current.told_in_title
        if opens or (not begun and not tells and (_is_title(line) or _is_plain_name(line, current))):
            current.title.append(line)
            current.told_in_title |= told
        else:
            current.body.append(line)
    found.append(current)
    return found


def _opens(line: Line, current: Entry) -> bool:
    if not _is_title(line):
        return False
    if current.body or current.told_in_title:
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
    if line.is_item or DETAILS.match(text) or told_from(text):
        return False
    if line.level or (opens_with_date(text) and len(text.split()) <= _MOST_TITLE_WORDS):
        return True
    at = trailing_date(text)
    if at is not None and len(text.split()) <= _MOST_TITLE_WORDS + 6 and len(text) <= 160:
        return at == 0 or not text[0].islower() or _is_set_apart(text, at)
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


def _tells(line: Line, current: Entry, following: Line | None, *, spaced: bool) -> bool:
    """Whether a line without a bullet is a statement about `current`, although nothing ends it."""
    text = line.text
    if line.is_item or line.level:
        return False
    if following and following.is_item and (current.body or not current.title):
        # What stands between two lists, or above the first, is the name of what is listed.
        return False
    at = trailing_date(text)
    if states(text) and (at is None or _RUNS_INTO_DATE.search(text[max(0, at - 12) : at])):
        return True
    above = current.title[:_MOST_ABOVE]
    named = any(map(_has_name, above))
    if at is not None or line.after_blank or not named or opens_with_date(text) or not may_state(text):
        return False
    if any(said.is_item for said in (*current.body[:1], *current.body[-1:])) or (
        following and trailing_date(following.text) == 0
    ):
        return False
    if alike(text, current.title[0].text):
        return False
    # Where entries are set apart by blank lines, what stands in the midst of one is no title.
    midst = spaced and bool(current.body) and current.title[0].after_blank
    return midst or any(map(_has_date, above)) or begins_a_sentence(text)


def _has_date(title: Line) -> bool:
    return trailing_date(title.text) is not None or opens_with_date(title.text)


def _has_name(title: Line) -> bool:
    begin, end = without_dates(title.text)
    return any(character.isalpha() for character in title.text[begin:end])


def _is_plain_name(line: Line, current: Entry) -> bool:
    """Whether a name in small letters stands below its date."""
    text = line.text
    return (
        not line.is_item
        and bool(current.title)
        and all(trailing_date(title.text) == 0 for title in current.title)
        and len(text.split()) <= _MOST_LOWER_WORDS
        and text[-1] not in ".!?;,:"
        and not DETAILS.match(text)
    )


def _listed(lines: Sequence[Line], outer: int) -> list[Entry]:
    """Each outer list item is an entry of its own: `- Churn model: predicts ...`."""
    found: list[Entry] = []
    for line in lines:
        if line.depth == outer or not found:
            found.append(Entry(title=[line], told_in_title=True))
        elif line.is_item or not line.after_blank or states(line.text):
            found[-1].body.append(line)
    return found
