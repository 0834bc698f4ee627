"""The chat door: requests and histories that do not fit the interview."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class ChatRequestInvalid(VivaError):
    """A chat request that no interview can be held with."""

    param: str
    """What is wrong in it, as in `messages[3]`."""
    reason: str

    def __str__(self) -> str:
        """Says what is wrong and what to send."""
        return f"{self.param}: {self.reason}"


def _go_on(interview_id: str) -> str:
    return f"To go on from the interviewer's last words, begin a new chat with: [interview {interview_id}]"


@dataclass
class HistoryAltered(VivaError):
    """A chat app sent a history that is not what was said in the interview."""

    interview_id: str
    """As the chat shows it, short."""
    message: int
    """Place in `messages`, from 0, of the first that does not fit."""

    def __str__(self) -> str:
        """Says what stands and how to go on."""
        return (
            f"messages[{self.message}] is not what was said in this interview. A transcript cannot be changed, and nothing "
            f"was stored now. Messages may be left out of the history, not edited. {_go_on(self.interview_id)}"
        )


@dataclass
class AnsweredOtherwise(VivaError):
    """A question was answered again, with other words: an edited message, or one that was sent before its reply was read."""

    interview_id: str
    """As the chat shows it, short."""
    seq: int
    """Of the stored answer."""

    def __str__(self) -> str:
        """Says what stands and how to go on."""
        return (
            f"This question was answered already, and the first answer counts; what you sent now was not stored. Take your "
            f"change back to see the reply to it. {_go_on(self.interview_id)}"
        )
