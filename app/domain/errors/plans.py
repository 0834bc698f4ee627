"""Rounds, roles, companies, plans and loops that there are not, or that do not fit."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors.base import VivaError


@dataclass
class RoundUnknown(VivaError):
    """A round was asked for that the corpus has no material for."""

    round: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the rounds there are."""
        return f"There is no round '{self.round}'. Choose from: {', '.join(self.known)}."


@dataclass
class RoleUnknown(VivaError):
    """A role was asked for that the corpus does not describe."""

    role: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the roles there are."""
        return f"There is no role '{self.role}'. Choose from: {', '.join(self.known)}."


@dataclass
class CompanyUnknown(VivaError):
    """A company was asked for that the corpus does not describe."""

    company: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        """Names the companies there are."""
        return f"There is no company '{self.company}'. Leave it out, or choose from: {', '.join(self.known)}."


@dataclass
class QuestionUnknown(VivaError):
    """A question was asked for that the corpus does not hold."""

    question_id: str

    def __str__(self) -> str:
        """Says where ids are listed."""
        return f"There is no question '{self.question_id}'. GET /v1/catalog/questions lists them."


@dataclass
class PlanImpossible(VivaError):
    """The corpus has nothing that fits the wish."""

    role: str
    seniority: str

    def __str__(self) -> str:
        """Says what to change."""
        return f"No question fits a {self.seniority} {self.role} in the chosen rounds. Choose other rounds or leave them out."


@dataclass
class LoopNotFound(VivaError):
    """There is no such loop, or it is another candidate's."""

    loop_id: str

    def __str__(self) -> str:
        """Names the loop."""
        return f"There is no loop '{self.loop_id}'. GET /v1/loops lists yours."


@dataclass
class LoopUnknown(VivaError):
    """No guide tells which interviews the company holds, or it tells of none with that name."""

    company: str
    known: tuple[str, ...]
    """Companies with a loop, or the interviews of this one's."""

    def __str__(self) -> str:
        """Names what can be chosen."""
        return f"'{self.company}' has no such loop. There are: {', '.join(self.known)}."


@dataclass
class PlanInvalid(VivaError):
    """An edited plan that cannot be held."""

    reason: str

    def __str__(self) -> str:
        """Says what is wrong with it."""
        return f"This plan cannot be held: {self.reason}."


@dataclass
class InterviewerUnknown(VivaError):
    """A chat app asked for an interviewer that there is none of."""

    interviewer: str
    param: str = "model"

    def __str__(self) -> str:
        """Says what an id looks like."""
        return (
            f"There is no interviewer '{self.interviewer}'. GET /v1/models lists them; an id is viva/ROLE/LEVEL, such as "
            "viva/ml-engineer/mid, with /COMPANY after it where you want one."
        )
