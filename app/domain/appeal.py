"""An appeal: "I did say that". The candidate marks words of an answer, and they are judged again against one criterion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.score import CriterionState, JudgeOpinion, Versions


class AppealOutcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    """The criterion is credited, and a new score is the current one."""
    REJECTED = "rejected"
    """The score stays."""


@dataclass(frozen=True, slots=True)
class MarkedWords:
    """Whole words of one turn of the candidate, all of them an answer."""

    turn_id: str
    start: int
    end: int
    quote: str
    """Exactly `turn.text[start:end]`."""


@dataclass(frozen=True, slots=True)
class Appeal:
    """A decided appeal. The score that it was raised against stays in the history of its question."""

    id: str
    interview_id: str
    question_id: str
    criterion_id: str
    says: str
    """The criterion's words when it was decided."""
    turn_id: str
    start: int
    end: int
    """The marked words are `turn.text[start:end]`, widened to whole words."""
    quote: str
    outcome: AppealOutcome
    reason: str
    """Why, for the candidate to read."""
    judges: tuple[JudgeOpinion, ...]
    """What the judges made of the marked words; empty where they were refused before anyone judged them."""
    state_before: CriterionState
    level_before: int | None
    level_after: int | None
    versions: Versions
    """What decided it."""
    created_at: datetime

    @property
    def upheld(self) -> bool:
        """Whether the criterion was credited."""
        return self.outcome is AppealOutcome.UPHELD
