"""What a candidate adds to an interview: how sure they were, what they make of it, and their note of thanks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure somebody said they were of their answer to one question, and when its marks were first shown to them."""

    interview_id: str
    question_id: str
    percent: int | None = None
    """Chance, 0..100, that the answer holds all that the question owes; None where nothing was said."""
    said_at: datetime | None = None
    shown_at: datetime | None = None
    """From here on it can no longer be said: the marks are known."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A confidence with what became of its question, for the ledger over all interviews."""

    interview_id: str
    question_id: str
    percent: int
    level: int


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Words that the candidate wrote after an interview. Empty where nothing was written."""

    interview_id: str
    went_well: str = ""
    was_hard: str = ""
    will_do: str = ""
    reflected_at: datetime | None = None
    thank_you: str = ""
    """The note as the candidate wants it; empty where the draft stands."""
    thanked_at: datetime | None = None
