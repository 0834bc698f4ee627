"""Tools that a line lists, known to the vocabulary or not. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.candidate.dates import without_dates
from app.candidate.labels import LINK_WORD, TECH
from app.candidate.layout import Line
from app.candidate.vocabulary import terms

_LIST_BEFORE = re.compile(r"\s[|\u2013\u2014-]\s|\s{2,}")
_LIST_CUTS = re.compile(r"[,;|\u2022\u00b7()]|\s{2,}|\s[\u2013\u2014-]\s|\s/\s|\s(?:and|&|\+)\s")
_LONGEST_LISTED = 40
_MOST_LISTED_WORDS = 4
_MOST_IN_TITLE = 3
_NO_TOOL = re.compile(r"(?:etc|and|others?|more|various|e\.g|i\.e|incl|including|basic|mainly)\b", re.IGNORECASE)


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
        label = TECH.match(text)
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
        and not LINK_WORD.match(name)
        and not _NO_TOOL.match(name)
    )
