"""Interviews and turns: not there, not in that state, said twice or too late."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class InterviewClosed(VivaError):
    """A turn or a change was sent to an interview that is over."""

    interview_id: str

    def __str__(self) -> str:
        """Says what still works."""
        return "This interview is closed. Its transcript and its report can be read; start a new interview to go on."


@dataclass
class InterviewNotOpen(VivaError):
    """A turn was sent to an interview that has not begun."""

    interview_id: str

    def __str__(self) -> str:
        """Says how to begin."""
        return "This interview is planned and has not begun. POST /v1/interviews/{id}/open begins it."


@dataclass
class InterviewAlreadyOpen(VivaError):
    """The plan of an interview that has begun was to be changed."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do instead."""
        return "This interview has begun, so its plan is fixed. Start a new one with 'start': false to edit its plan first."


@dataclass
class ReplyPending(VivaError):
    """A turn was sent while the interviewer's reply to the one before is still being written."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says what to wait for."""
        return (
            f"The interviewer is still answering turn {self.seq}. Wait for its 'turn.completed' "
            f"(GET /v1/interviews/{{id}}/turns/{self.seq}/events), then send yours."
        )


@dataclass
class TurnOutOfDate(VivaError):
    """A turn answers words that are no longer the interviewer's last: another tab was faster."""

    interview_id: str
    in_reply_to: int
    last_seq: int

    def __str__(self) -> str:
        """Says what to read first."""
        return (
            f"Your answer is to turn {self.in_reply_to}, but the interview is at turn {self.last_seq}. "
            "Read the new turns, then answer the last question. Nothing of yours was lost or stored twice."
        )


@dataclass
class TurnTooLong(VivaError):
    """An answer longer than anyone says aloud."""

    limit_characters: int
    characters: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"The answer has {self.characters} characters; the limit is {self.limit_characters}. Send the part that matters."


@dataclass
class TurnEmpty(VivaError):
    """An answer without a visible character."""

    def __str__(self) -> str:
        """Says what to send."""
        return "The answer is empty. Write something, or ask for a hint, a moment to think, or the question again."


@dataclass
class PauseNotAllowed(VivaError):
    """The clock of an exam cannot be stopped."""

    interview_id: str

    def __str__(self) -> str:
        """Says where it can."""
        return "Only an open practice interview can be paused. In an exam the clock runs on."


@dataclass
class CandidateNotFound(VivaError):
    """A candidate was asked for that is not stored."""

    candidate_id: str

    def __str__(self) -> str:
        """Says what may have happened."""
        return f"There is no candidate '{self.candidate_id}'. It may have been deleted."


@dataclass
class InterviewNotFound(VivaError):
    """An interview was asked for that is not stored, or is another candidate's."""

    interview_id: str

    def __str__(self) -> str:
        """Says where one's own are listed."""
        return f"There is no interview '{self.interview_id}' of yours. GET /v1/interviews lists them."


@dataclass
class TurnNotFound(VivaError):
    """A turn was asked for that its interview does not have."""

    interview_id: str
    turn: str
    """The id or the seq that was asked for."""

    def __str__(self) -> str:
        """Says where the turns are listed."""
        return f"This interview has no turn '{self.turn}'. GET /v1/interviews/{{id}}/turns lists them."


@dataclass
class TableNotFound(VivaError):
    """A table was asked for of a turn that shows none."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says where tables stand."""
        return f"Turn {self.seq} shows no table. A turn that does has it as 'table' in GET /v1/interviews/{{id}}/turns."


@dataclass
class InterviewChanged(VivaError):
    """An interview was to be stored over a version that someone else has replaced."""

    interview_id: str
    expected: int
    found: int

    def __str__(self) -> str:
        """Says what to read first."""
        return (
            f"This interview was changed meanwhile: it is at version {self.found}, not {self.expected}. "
            "Read it again, then repeat the change. Nothing was stored."
        )


@dataclass
class TurnOutOfOrder(VivaError):
    """A turn was to be stored at a place that is taken, or that would leave a gap."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says what to read first."""
        return f"Turn {self.seq} is not the next one of this interview. Read its turns, then answer the last question."


@dataclass
class DuplicateRequest(VivaError):
    """A turn was to be stored under an idempotency key that already has one; the stored turn is the result."""

    interview_id: str
    key: str
    seq: int
    """Of the turn that is stored under the key."""

    def __str__(self) -> str:
        """Says where the first result is."""
        return f"This request was stored before, as turn {self.seq}. Read that turn; nothing was stored twice."


@dataclass
class IdempotencyConflict(VivaError):
    """An idempotency key came again with another body."""

    key: str

    def __str__(self) -> str:
        """Says how to go on."""
        return "This Idempotency-Key was used before for another text. Send a new key with a new text."


@dataclass
class ReplyFailed(VivaError):
    """The interviewer's reply could not be written for a reason of ours."""

    interview_id: str
    seq: int

    def __str__(self) -> str:
        """Says that nothing was lost and what to do."""
        return f"The reply to turn {self.seq} could not be written. Your answer is stored: send it again with the same key to go on."


@dataclass
class InterviewStillOpen(VivaError):
    """An interview was to be scored again, or shown by a link, that is not over."""

    interview_id: str

    def __str__(self) -> str:
        """Says when it can be."""
        return "This interview is not closed yet. It can be scored again, and shown by a link, once it is closed."
