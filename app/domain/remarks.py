"""What persons add to a transcript: notes on it, and how they would judge a criterion. Neither changes a turn or a score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.score import CriterionState


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note of the candidate's own, on words or on a whole turn."""

    id: str
    interview_id: str
    turn_id: str
    start: int | None
    """With `end` a place in the turn's text, or in its code; both None where the note is on the whole turn."""
    end: int | None
    in_code: bool
    text: str
    created_at: datetime
    updated_at: datetime


class LabellerRole(StrEnum):
    """Who says how a criterion should have been judged. A label is worth as much as its source."""

    CANDIDATE = "candidate"
    """The one who was judged: never used alone to calibrate."""
    PEER = "peer"
    COACH = "coach"
    EXPERT = "expert"


OVERRIDE_STATES = (
    CriterionState.SHOWN,
    CriterionState.PARTLY,
    CriterionState.MISSED,
    CriterionState.CONTRADICTED,
)
"""What a person may say of a criterion: what they cannot judge they leave."""


@dataclass(frozen=True, slots=True)
class Override:
    """How a person judges a criterion, kept beside the machine's score."""

    id: str
    interview_id: str
    question_id: str
    criterion_id: str
    says: str
    """The criterion's words when it was judged."""
    state: CriterionState
    """One of `OVERRIDE_STATES`."""
    why: str
    role: LabellerRole
    by: str
    """A name, as it was given; may be empty."""
    turn_id: str
    """With `start` and `end` the candidate's words it stands on; empty where none were marked."""
    start: int
    end: int
    quote: str
    """Exactly `turn.text[start:end]`."""
    machine_state: CriterionState
    """What the score said then."""
    created_at: datetime
