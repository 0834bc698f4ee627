"""How answers were given, as far as it can be counted: length, fillers, hedges, words that give structure, jargon. Pure.

Each count keeps the places of what it counted. Nothing here says what somebody is like, and none of it enters a level.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.candidate.vocabulary import terms
from app.domain.sentences import words
from app.domain.transcript import Speaker, Turn
from app.review.places import Places, Ref, Refs

_FILLERS = re.compile(
    r"\b(?:u+m+|u+h+|erm?|h+m+|you know|i mean|sort of|kind of|basically|literally|(?<=, )like(?=,))\b", re.IGNORECASE
)
_HEDGES = re.compile(r"\b(?:maybe|perhaps|i think|i guess|probably|possibly|i suppose|not sure|might)\b", re.IGNORECASE)
_STRUCTURE = re.compile(
    r"\b(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|because|so that|for example|in short|on the other hand|therefore)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the words it was counted in."""

    value: float
    refs: Refs


@dataclass(frozen=True, slots=True)
class Found:
    """One word or phrase that was counted."""

    words: str
    """In lower case."""
    count: int
    refs: Refs


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was said. `refs` are its places, or the answers that were searched where it was never said."""

    count: int
    in_100_words: float
    found: tuple[Found, ...]
    """The most frequent first."""
    refs: Refs


@dataclass(frozen=True, slots=True)
class Delivery:
    """Counted, not judged, over all answers in words."""

    answers: Figure
    words: Figure
    words_an_answer: Figure
    longest_answer: Figure
    fillers: Tally
    hedges: Tally
    structure: Tally
    jargon: Tally | None
    """Terms of the field in answers to a listener from outside of it; None where there was no such question."""


def delivery(turns: Iterable[Turn], to_laypersons: Collection[str] = frozenset()) -> Delivery:
    """Counts over the candidate's answers; `to_laypersons` are ids of questions whose listener is none of the field."""
    answers = [turn for turn in turns if turn.speaker is Speaker.CANDIDATE and words(turn.answer_text())]
    searched = Places(tuple(answers)).answers()
    texts = tuple(place for place in searched if not place.in_code)
    lengths = [len(words(turn.answer_text())) for turn in answers]
    longest = max(range(len(answers)), key=lengths.__getitem__, default=None)
    total = sum(lengths)
    outside = [turn for turn in answers if turn.question_id in to_laypersons]

    def tally(pattern: re.Pattern[str]) -> Tally:
        return _tally(
            [
                (_place(turn, *found.span()), found.group())
                for turn in answers
                for found in pattern.finditer(turn.answer_text())
            ],
            total,
            texts,
        )

    return Delivery(
        answers=Figure(len(answers), texts),
        words=Figure(total, texts),
        words_an_answer=Figure(round(total / len(answers), 1) if answers else 0.0, texts),
        longest_answer=Figure(
            lengths[longest] if longest is not None else 0,
            tuple(place for place in texts if longest is not None and place.turn_id == answers[longest].id),
        ),
        fillers=tally(_FILLERS),
        hedges=tally(_HEDGES),
        structure=tally(_STRUCTURE),
        jargon=_jargon(outside) if outside else None,
    )


def _jargon(answers: list[Turn]) -> Tally:
    found = [(_place(turn, term.start, term.end), term.text) for turn in answers for term in terms(turn.answer_text())]
    total = sum(len(words(turn.answer_text())) for turn in answers)
    texts = tuple(place for place in Places(tuple(answers)).answers() if not place.in_code)
    return _tally(found, total, texts)


def _tally(found: list[tuple[Ref, str]], total: int, searched: Refs) -> Tally:
    by_words: dict[str, list[Ref]] = {}
    for place, text in found:
        by_words.setdefault(" ".join(text.lower().split()), []).append(place)
    listed = sorted(by_words.items(), key=lambda each: (-len(each[1]), each[0]))
    return Tally(
        count=len(found),
        in_100_words=round(100.0 * len(found) / total, 1) if total else 0.0,
        found=tuple(Found(text, len(places), tuple(places)) for text, places in listed),
        refs=tuple(place for place, _ in found) or searched,
    )


def _place(turn: Turn, start: int, end: int) -> Ref:
    return Ref(turn.seq, start, end, False, turn.id)
