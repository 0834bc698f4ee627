"""A loop: the several interviews that a company holds for one post, each an interview of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.interview import Seniority


@dataclass(frozen=True, slots=True)
class LoopStage:
    """An interview of a loop."""

    interview_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Loop:
    """One candidate's loop. No question is asked in two of its interviews."""

    id: str
    candidate_id: str
    company: str
    role: str
    seniority: Seniority
    created_at: datetime
    stages: tuple[LoopStage, ...]
    """In order; without those whose interview was deleted."""
