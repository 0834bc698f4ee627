"""Values that are stored but belong to no conversation: who owns rows, and work that waits to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.score import Score
from app.domain.transcript import Mark, Move, Turn

LOCAL_CANDIDATE = "local"
"""Id of the one candidate of a laptop."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An owner of rows."""

    id: str
    created_at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret, which is not stored."""

    id: str
    candidate_id: str
    prefix: str
    """The first characters of the secret, by which a person tells keys apart."""
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. This is the only time that its secret is seen."""

    key: ApiKey
    secret: str

    def __repr__(self) -> str:
        return f"IssuedKey(key={self.key!r}, secret='***')"


class ReplyState(StrEnum):
    """Life of an interviewer's turn that is being made."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Reply:
    """An interviewer's turn being made. It outlives the process that makes it."""

    interview_id: str
    for_seq: int
    """The candidate's turn it answers; 0 for the interviewer's first words."""
    created_at: datetime
    state: ReplyState = ReplyState.PENDING
    move: Move | None = None
    """As decided. Once it is here, a restart says this and decides nothing anew."""
    marks: tuple[Mark, ...] = ()
    attempts: int = 0
    lease_owner: str = ""
    leased_until: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What became of a turn that was sent under an idempotency key."""

    turn: Turn
    reply_state: ReplyState | None
    """None where no reply was ever asked for."""
    reply: Turn | None
    """The interviewer's turn that answered it, once stored."""


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A score in the history of its question."""

    score: Score
    superseded_at: datetime | None
    """When a newer one took its place; None for the current one."""
    assessment_id: str | None = None


class ListPlace(NamedTuple):
    """Where a page of interviews or of resumes ended: the next one holds what is older. Holds even if that entry is deleted."""

    created_at: datetime
    id: str
