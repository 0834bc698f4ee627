"""Words as the search knows them: how a text is cut into words, how a query is understood, and where it is found.

One cut for every database, so that all of them find the same, and what is found can be shown at its place. A query is
hostile input: whatever it holds, letters and digits are all that comes through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.sentences import stem

CUT_VERSION = 1
"""Of the rules below: what was cut by older ones is cut anew."""
MAX_WORD = 64
"""Characters of a word that count; what stands after them is passed over, in texts and in queries."""
SNIPPET = 240
"""Characters of a turn that are shown with a hit, about."""
_RUN = re.compile("[^\\W_](?:[^\\W_]|[\u0300-\u036f])*")
_QUOTED = re.compile('["“”„]([^"“”„]*)["“”„]?|([^\\s"“”„]+)')


class Place(NamedTuple):
    """`text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `form` without case and accents, `stem` without its ending either."""

    form: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side. Of a `beginning` the last one is only how a word begins, and no endings are taken off."""

    words: tuple[str, ...]
    beginning: bool = False
    said: str = field(default="", compare=False)
    """As it was written in the query."""


def cut(text: str) -> list[Word]:
    """The words of a text in order; letters and digits make a word, everything else stands between words."""
    found = []
    for run in _RUN.finditer(text):
        form = _folded(run.group())
        if form:
            found.append(Word(form, stem(form), run.start(), run.end()))
    return found


def _folded(run: str) -> str:
    if not run.isascii():
        run = "".join(each for each in unicodedata.normalize("NFKD", run).casefold() if each.isalnum())
    return run[:MAX_WORD].lower()


def understood(query: str) -> tuple[Term, ...]:
    """The terms of a query, each once; none where it has no letter and no digit. Never raises."""
    terms: dict[Term, Term] = {}
    for found in _QUOTED.finditer(query):
        quoted, chunk = found.groups()
        words = cut(quoted if quoted is not None else chunk)
        if not words:
            continue
        if chunk is not None and chunk.endswith("*"):
            term = Term(tuple(each.form for each in words), True, chunk)
        else:
            term = Term(tuple(each.stem for each in words), False, (quoted or chunk or "").strip())
        terms.setdefault(term, term)
    return tuple(terms)


def places(text: str, terms: Sequence[Term]) -> tuple[Place, ...]:
    """Where terms stand in a text, in order and without overlap."""
    words = cut(text)
    found: set[Place] = set()
    for term in terms:
        size = len(term.words)
        for at in range(len(words) - size + 1):
            if _stands(term, words[at : at + size]):
                found.add(Place(words[at].start, words[at + size - 1].end))
    merged: list[Place] = []
    for place in sorted(found):
        if merged and place.start < merged[-1].end:
            merged[-1] = Place(merged[-1].start, max(merged[-1].end, place.end))
        else:
            merged.append(place)
    return tuple(merged)


def _stands(term: Term, words: Sequence[Word]) -> bool:
    if not term.beginning:
        return all(word.stem == wanted for word, wanted in zip(words, term.words, strict=True))
    *before, last = words
    return last.form.startswith(term.words[-1]) and all(
        word.form == wanted for word, wanted in zip(before, term.words[:-1], strict=True)
    )


def snippet(text: str, found: Sequence[Place], *, size: int = SNIPPET) -> Place:
    """The stretch of a text to show: where most of what was found stands together, about `size` characters, whole words."""
    if len(text) <= size:
        return Place(0, len(text))
    best = (
        max(
            found, key=lambda first: sum(first.start <= each.start and each.end <= first.start + size for each in found)
        )
        if found
        else Place(0, 0)
    )
    # A third of the room before the first word, so that it is read in its place.
    start = max(0, min(best.start - size // 3, len(text) - size))
    end = min(len(text), max(start + size, best.end))
    while 0 < start < best.start and text[start - 1].isalnum():
        start += 1
    while best.end < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end -= 1
    return Place(start, end)
