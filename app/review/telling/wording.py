"""How numbers, times, names and places are put in a report."""

from __future__ import annotations

from app.domain.passage import Passage
from app.domain.score import CriterionState
from app.review.document import Line, Look, Words
from app.review.places import Refs
from app.review.report import Timing

STATE = {
    CriterionState.SHOWN: "shown",
    CriterionState.PARTLY: "partly shown",
    CriterionState.MISSED: "missed",
    CriterionState.CONTRADICTED: "said wrongly",
    CriterionState.NOT_ASSESSED: "not assessed",
    CriterionState.UNSCORED: "unscored",
}


def said(*parts: str | Words) -> Line:
    """A line of words, those that carry nothing given as plain text."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


def figure(value: float, refs: Refs) -> Words:
    """A number that leads to its places."""
    return Words(f"{value:g}", refs=refs)


def share(part: int, whole: int, of: str, refs: Refs) -> Line:
    """How many of how many."""
    return said(Words(f"{part} of {whole}", refs=refs), f" {of}")


def between(spread: tuple[float, float] | None, refs: Refs) -> Line:
    """A spread; nothing where there is none."""
    if spread is None or spread[0] == spread[1]:
        return said("")
    return said(figure(spread[0], refs), " to ", figure(spread[1], refs))


def time_of(time: Timing) -> Line:
    """The time that was used, of the time that was planned."""
    planned = f" of {_minutes(time.budget_seconds)}" if time.budget_seconds else ""
    return said(Words(_minutes(time.seconds), refs=time.refs), planned)


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d} min"


def anchor(question_id: str) -> str:
    """Where a question's heading can be led to."""
    return f"question-{question_id.replace('/', '-')}"


def passage_anchor(passage_id: str) -> str:
    """Where a passage's heading can be led to."""
    return f"passage-{passage_id.replace('#', '-')}"


def reads(passage_id: str, passage: Passage | None) -> Words:
    """A passage's id, leading to it where it is shown."""
    return Words(passage_id, Look.CODE, to=passage_anchor(passage_id) if passage is not None else "")
