"""Places that persons mark in a transcript. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.errors import PlaceInvalid
from app.domain.transcript import Speaker, Turn


class Marked(NamedTuple):
    """A turn, and the words of it that were marked; none where the whole turn was."""

    turn: Turn
    quote: str | None


def marked(turns: Sequence[Turn], turn_id: str, start: int | None, end: int | None, *, in_code: bool = False) -> Marked:
    """What was marked.

    Raises:
        PlaceInvalid: no such turn, half a place, or a place outside of the turn's text or code.
    """
    turn = next((each for each in turns if each.id == turn_id), None)
    if turn is None:
        raise PlaceInvalid(f"this interview has no turn '{turn_id}'")
    if start is None and end is None:
        if in_code:
            raise PlaceInvalid("a whole turn is not in its code")
        return Marked(turn, None)
    if start is None or end is None:
        raise PlaceInvalid("a place has a start and an end")
    text = turn.code if in_code else turn.text
    if not 0 <= start < end <= len(text):
        where = "code" if in_code else "a turn"
        raise PlaceInvalid(f"{start} to {end} is no place in {where} of {len(text)} characters")
    return Marked(turn, text[start:end])


def marked_answer(turns: Sequence[Turn], question_id: str, turn_id: str, start: int, end: int) -> Marked:
    """The same for words that stand for an answer: the candidate's own, on the question.

    Raises:
        PlaceInvalid: as `marked`, and where the words are somebody else's or on another question.
    """
    found = marked(turns, turn_id, start, end)
    if found.turn.speaker is not Speaker.CANDIDATE:
        raise PlaceInvalid("they are not the candidate's")
    if found.turn.question_id != question_id:
        raise PlaceInvalid(f"they do not belong to '{question_id}'")
    return found
