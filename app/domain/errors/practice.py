"""Practice: nothing due, nothing to compare, plans of study."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class NothingToPractise(VivaError):
    """A drill was asked for and there is nothing to drill."""

    def __str__(self) -> str:
        """Says what fills the queue."""
        return (
            "There is nothing to practise: what your closed interviews missed is learned, or not due again. "
            "Sit an interview, or name items that are not due."
        )


@dataclass
class PracticeItemNotFound(VivaError):
    """A criterion that is none of the candidate's items."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says where items are listed."""
        if not self.criterion_id:
            return f"Nothing of {self.question_id} is in your queue. GET /v1/practice/queue lists what there is."
        return (
            f"'{self.criterion_id}' of {self.question_id} was never missed in one of your closed interviews, "
            "or is gone from the corpus. GET /v1/practice/queue lists what there is."
        )


@dataclass
class NothingToCompare(VivaError):
    """There is no earlier score to set beside this one."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what would make it possible."""
        return (
            f"{self.question_id} was not scored in an earlier closed interview, or not in the one that was named. "
            "Ask it again with POST .../retry, and compare when both are scored."
        )


@dataclass
class StudyPlanNotFound(VivaError):
    """The candidate has no study plan."""

    def __str__(self) -> str:
        """Says how to make one."""
        return "There is no study plan. PUT /v1/practice/plan makes one."


@dataclass
class StudyPlanInvalid(VivaError):
    """A study plan that cannot be made or kept."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with it."""
        return f"This study plan cannot be kept: {self.reason}."
