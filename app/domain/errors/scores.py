"""Reports, scores, appeals and what may be said of them when."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class ReportNotYet(VivaError):
    """The report of an exam was asked for while it is still going on."""

    interview_id: str

    def __str__(self) -> str:
        """Says when it can be read."""
        return "The report of an exam can be read once the interview is closed."


@dataclass
class ExamStillOpen(VivaError):
    """Rubrics were asked for, by way of a judgement, by somebody who sits an exam."""

    interview_id: str

    def __str__(self) -> str:
        """Says what to do first."""
        return f"Interview '{self.interview_id}' is an exam and still open: its rubrics stay closed. Close it, then ask again."


@dataclass
class ScoreNotYet(VivaError):
    """An appeal against a question that has no score."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what to wait for."""
        return (
            f"'{self.question_id}' has no score in this interview. Wait until its report shows one, then appeal; "
            "a question that was not asked has none."
        )


@dataclass
class ScoreChanged(VivaError):
    """A question was scored anew while its appeal or its re-scoring was being decided."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says that nothing was stored."""
        return f"The score of '{self.question_id}' changed meanwhile. Nothing was stored; read it again and repeat."


@dataclass
class CriterionUnknown(VivaError):
    """An appeal names a criterion that the question's score does not have."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return (
            f"The score of '{self.question_id}' has no criterion '{self.criterion_id}'. "
            "The report lists each question's criteria with their ids."
        )


@dataclass
class CriterionChanged(VivaError):
    """An appeal against a criterion that reads otherwise, or is gone, since the question was scored."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says what helps."""
        return (
            f"The rubric of '{self.question_id}' has changed since it was scored, and '{self.criterion_id}' with it. "
            "Once the interview is scored again ('viva rescore'), appeal against what the new score says."
        )


@dataclass
class AppealNotNeeded(VivaError):
    """An appeal against a criterion that is credited already."""

    question_id: str
    criterion_id: str

    def __str__(self) -> str:
        """Says why there is nothing to decide."""
        return f"'{self.criterion_id}' of '{self.question_id}' is credited already. Appeal against what is not."


@dataclass
class AppealInvalid(VivaError):
    """The marked words are none that can be judged."""

    reason: str
    """A clause without a full stop, safe to show."""

    def __str__(self) -> str:
        """Says what is wrong with them, and what to mark."""
        return (
            f"These words cannot be judged: {self.reason}. "
            "Mark two words or more of one of your own answers to this question, by their place in the turn's text."
        )


@dataclass
class AppealsSpent(VivaError):
    """As many appeals were raised in an interview as are heard."""

    limit: int

    def __str__(self) -> str:
        """Says the limit."""
        return f"{self.limit} appeals were heard in this interview, and no more are. They are listed with reasons."


@dataclass
class OverrideNotFound(VivaError):
    """An override was asked for that the interview does not have."""

    override_id: str

    def __str__(self) -> str:
        """Says where they are listed."""
        return f"This interview has no override '{self.override_id}'. GET .../overrides lists those that it has."


@dataclass
class FeedbackNotYet(VivaError):
    """Feedback on a question that has no answer in the interview."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says what comes first."""
        return f"There is nothing to say on '{self.question_id}' yet: answer it first."


@dataclass
class ConfidenceTooLate(VivaError):
    """How sure somebody was is said after the marks were seen."""

    interview_id: str
    question_id: str

    def __str__(self) -> str:
        """Says why."""
        return f"The marks of '{self.question_id}' have been shown, so how sure you were can no longer be said."


@dataclass
class PassageUnknown(VivaError):
    """There is no passage of this id."""

    passage_id: str

    def __str__(self) -> str:
        """Says where to look."""
        return f"There is no passage '{self.passage_id}'. GET /v1/passages?q= searches those that there are."
