"""The candidate's words as the compact scorer reads them: sentences of the answers on a question, and neighbouring ones together."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.sentences import sentences, words
from app.domain.transcript import Speaker, Turn
from app.scoring.evidence import is_echo

MAX_STRETCHES = 40
"""Of all answers on a question: about forty minutes of speech. Those of earlier turns are known already."""
STRETCH_WORDS = 200
"""Words that the pair model reads at once, so that nothing is cut."""
RECITED_WORDS = 8
"""Of a statement, from which repeating it word for word is reciting it; a shorter one may come to anybody's mind."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of an answer."""

    text: str
    turn: Turn
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring sentences of one answer that are read at once."""

    units: tuple[Unit, ...]
    text: str
    places: tuple[tuple[int, int], ...]
    """Where each unit stands in `text`."""


def units_of(turns: Sequence[Turn], question_id: str) -> tuple[Unit, ...]:
    """Sentences of the candidate's answers on a question.

    What only gives back the interviewer's words is left out: an echoed hint is no knowledge.
    """
    found: list[Unit] = []
    for index, turn in enumerate(turns):
        if turn.speaker is Speaker.CANDIDATE and turn.question_id == question_id:
            found += [
                Unit(part.text, turn, part.start, part.end)
                for part in sentences(turn.answer_text())
                if words(seen(part.text)) and not is_echo(part.text, turns[:index])
            ]
    return tuple(found)


def stretches_of(units: Sequence[Unit]) -> tuple[Stretch, ...]:
    """The sentences of each answer in stretches of at most `STRETCH_WORDS` words, or of one longer sentence."""
    found: list[Stretch] = []
    for _, mine in itertools.groupby(units, key=lambda unit: unit.turn.id):
        current: list[Unit] = []
        count = 0
        for unit in mine:
            size = len(words(unit.text))
            if current and count + size > STRETCH_WORDS:
                found.append(_stretch(current))
                current, count = [], 0
            current.append(unit)
            count += size
        found.append(_stretch(current))
    return tuple(found[-MAX_STRETCHES:])


def _stretch(units: Sequence[Unit]) -> Stretch:
    text, places = "", []
    for unit in units:
        plain = plainly(unit.text)
        start = len(text) + bool(text)
        text = f"{text} {plain}" if text else plain
        places.append((start, start + len(plain)))
    return Stretch(tuple(units), text, tuple(places))


_FILLER = re.compile(r"\b(?:u+m+|u+h+|erm?|h+m+|ah+|you know|i mean|(?<=, )like(?=,))\b,?\s*", re.IGNORECASE)


def plainly(text: str) -> str:
    """The text without the noises between words: what is judged is what was said, not how haltingly."""
    visible = seen(text)
    rest = " ".join(_FILLER.sub("", visible).split())
    return rest if words(rest) else visible


def seen(text: str) -> str:
    """The text without Unicode's format characters, which nobody sees; tags written in them are no answer."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def recites(text: str, statements: Sequence[str]) -> bool:
    """Whether the text holds a statement of the rubric word for word, as nobody says it who has not read it there."""
    mine = f" {' '.join(words(text))} "
    return any(len(words(says)) >= RECITED_WORDS and f" {' '.join(words(says))} " in mine for says in statements)
