"""Practice: criteria that were not shown, every time that they came up, and when they are due again; a study plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.interview import Claim, Seniority
from app.domain.score import CriterionKind, CriterionState, Evidence, Reached

NOT_SHOWN = frozenset({CriterionState.MISSED, CriterionState.PARTLY, CriterionState.CONTRADICTED})
"""What makes a criterion something to practise."""


class Rating(StrEnum):
    """How well it went, as spaced repetition counts it."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


@dataclass(frozen=True, slots=True)
class Memory:
    """How well a criterion is believed to be remembered after its last review."""

    stability_days: float
    """After so many days it is recalled with a probability of .9."""
    difficulty: float
    """1..10."""
    due_at: datetime
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A criterion that came up in a closed interview and could be assessed."""

    interview_id: str
    candidate_id: str
    question_id: str
    criterion_id: str
    at: datetime
    """When the interview was closed."""
    round: str
    says: str
    kind: CriterionKind
    skill: str
    state: CriterionState
    reached: Reached | None
    surface: str
    """What it was asked on; see `material.surfaces`."""
    drill: bool
    evidence: tuple[Evidence, ...] = ()

    @property
    def met(self) -> bool:
        """Whether it was shown, however much help it took."""
        return self.state not in NOT_SHOWN


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """A criterion that was not shown at least once, as it stands after its last review."""

    candidate_id: str
    question_id: str
    criterion_id: str
    round: str
    kind: CriterionKind
    skill: str
    state: CriterionState
    """Of the last review."""
    missed: int
    """Reviews in which it was not shown."""
    interview_id: str
    """Of the last review."""
    memory: Memory
    learned_at: datetime | None = None
    """Set once it was shown without a hint on another surface, days after it was last not shown."""

    @property
    def met(self) -> bool:
        """Whether it was shown the last time."""
        return self.state not in NOT_SHOWN


@dataclass(frozen=True, slots=True)
class Want:
    """Criteria of one question that are to be asked again."""

    question_id: str
    criterion_ids: tuple[str, ...]
    claim: Claim | None = None
    """What in the resume a chain stood on the last time."""
    seen: tuple[str, ...] = ()
    """Surfaces that it came up on, the one that was longest ago first."""


class TaskKind(StrEnum):
    """What a task of a study plan is."""

    DRILL = "drill"
    """One item, drilled."""
    TOPIC = "topic"
    """An interview round on a topic that was never assessed."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do on a day."""

    kind: TaskKind
    minutes: int
    question_id: str = ""
    criterion_id: str = ""
    topic: str = ""
    round: str = ""
    """The round to sit."""
    since: datetime | None = None
    """When it was put into a plan that is older than it; None where it came with the plan."""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What it is, however long it takes."""
        return (str(self.kind), self.question_id, self.criterion_id, self.topic)


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with what is to be done on it."""

    day: date
    tasks: tuple[Task, ...]

    @property
    def minutes(self) -> int:
        """Of all its tasks."""
        return sum(task.minutes for task in self.tasks)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that there is no time for."""

    task: Task
    why: str


@dataclass(frozen=True, slots=True)
class StudyWish:
    """What a person can give, and until when."""

    until: date
    minutes_a_day: int
    role: str
    seniority: Seniority
    rest_days: tuple[int, ...] = ()
    """Days of the week without work; Monday is 0."""


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What to do on which day."""

    wish: StudyWish
    made_at: datetime
    days: tuple[StudyDay, ...]
    left_out: tuple[LeftOut, ...] = ()
    edited: bool = False
    """Whether the days are as the person sent them."""
