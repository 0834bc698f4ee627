"""What an entry is called. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.candidate.dates import opening_date, without_dates
from app.candidate.entries import Entry
from app.candidate.inline import NAME_ENDS, dated_name_ends
from app.candidate.labels import LINK_WORD, NAMED
from app.candidate.layout import Line
from app.candidate.vocabulary import terms

_LONGEST_NAME = 100
_LEAST_LISTED = 3
"""Names behind a bar, one of them known, that are a list of tools."""
_PLACE = re.compile(r" [\u2013\u2014-] [A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?, [A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?$")
"""What may stand behind a date where the name comes below: `01/03/2020 - CURRENT - Turin, Italy`."""
_JOINTS = " \t,;|:\u00b7\u2022\u2013\u2014-([@"


def name_of(entry: Entry) -> tuple[int, int]:
    """Where the name stands: the first title line that is more than a date, without its dates. May be empty.

    Where lines are labelled, the project's name is it, or else the position, or else the employer.
    """
    for line in _by_label(entry.title):
        dated = dated_name_ends(line.text) if entry.told_in_title else 0
        begin, end = without_dates(line.text[:dated] if dated else line.text)
        label = NAMED.match(line.text, begin, end)
        begin = label.end() if label else begin
        part = line.text[begin:end]
        if not any(character.isalpha() for character in part):
            continue
        if (entry.told_in_title and not dated) or len(part) > _LONGEST_NAME:
            cut = NAME_ENDS.search(part)
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
    labels = [NAMED.match(line.text) for line in title]
    if not any(labels):
        return sorted(title, key=lambda line: bool(_PLACE.match(line.text[opening_date(line.text) :])))
    order = ["project", "post", None, "employer"]
    ranks = [order.index(label.lastgroup if label else None) for label in labels]
    return [line for _, line in sorted(zip(ranks, title, strict=True), key=lambda pair: pair[0])]


def _without_tools(name: str) -> int:
    """Where `Title | Python, PyTorch | GitHub` ends to be a title."""
    end = len(name)
    while (bar := name.rfind(" | ", 0, end)) > 0:
        rest = name[bar + 3 : end]
        named = sum(term.end - term.start for term in terms(rest))
        cells = rest.split(",")
        listed = len(cells) >= _LEAST_LISTED and bool(terms(rest)) and all(len(cell.split()) <= 2 for cell in cells)
        if named * 2 < len(rest.strip()) and not listed and not LINK_WORD.match(rest.strip()):
            break
        end = bar
    return end
