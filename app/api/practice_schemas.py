"""What goes over the wire of practice. Descriptions here are the API's documentation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.api.schemas import EntryId, In, Out, Slug
from app.api.score_schemas import DifferenceOut, EvidenceOut
from app.domain.interview import Seniority
from app.domain.practice import Rating, TaskKind
from app.domain.score import CriterionKind, CriterionState, Reached
from app.review.comparison import Change
from app.review.progress import By
from app.review.study_plan import MOST_DAYS, MOST_TASKS_A_DAY


class ItemOut(Out):
    """A criterion to practise. Its words are not here: they would give the answer away."""

    question_id: str
    criterion_id: str
    round: str
    topics: list[str]
    kind: CriterionKind
    skill: str
    about: str = Field(description="The question's own first words; of a chain, its technique.")
    asked: str = Field(
        description="What was asked on this point after those words, where it was missed; empty where they asked for it themselves."
    )
    state: CriterionState = Field(description="Of the last review.")
    misconception: bool = Field(description="Whether it was said wrongly the last time.")
    missed: int = Field(description="How often it was not shown.")
    interview_id: str = Field(description="Of the last review.")
    reviewed_at: datetime
    due_at: datetime
    due: bool
    stability_days: float = Field(description="After so many days it is recalled with a probability of .9.")
    difficulty: float = Field(description="1..10.")
    recall: float = Field(description="Probability that it would be recalled now, 0..1.")
    new_surfaces: int | None = Field(
        description="How many surfaces it has not come up on; null where every interview makes one."
    )
    seconds: int = Field(description="What a drill on it takes.")


class QueuedQuestionOut(Out):
    """A question with all its items in the queue: one drill of it asks for what is due of them together."""

    question_id: str
    round: str
    about: str
    due: int = Field(description="How many of its items are due now.")
    together: list[str] = Field(description="Ids of the criteria that a drill takes: those that are due, or else all.")
    seconds: int = Field(description="What that drill takes.")
    items: list[ItemOut] = Field(description="In the queue's order.")


class QueueOut(Out):
    """What to practise next, in order."""

    questions: list[QueuedQuestionOut] = Field(description="Each once, at the place of its first item.")
    items: list[ItemOut] = Field(description="The same by criterion: each has a date of its own.")
    total: int
    due: int = Field(description="How many of all are due now.")
    next_due: datetime | None = Field(description="The earliest date after now, of all that is not learned.")


class ReviewOut(Out):
    """A time that the criterion came up."""

    interview_id: str
    at: datetime
    state: CriterionState
    reached: Reached | None
    surface: str
    drill: bool
    rating: Rating
    due_at: datetime = Field(description="As of this review.")
    quotes: list[EvidenceOut]


class ItemHistoryOut(ItemOut):
    """An item with every time that it came up since it was first not shown."""

    says: str
    next_time: str
    passage_id: str
    learned_at: datetime | None
    reviews: list[ReviewOut]


class ItemIn(In):
    """Names an item, or a question as it is queued."""

    question_id: EntryId
    criterion_id: Slug | None = Field(
        default=None, description="Null: all of the question that are due, or else all in the queue."
    )


class DrillIn(In):
    """A short interview on some items; without any, on the head of the queue."""

    items: list[ItemIn] = Field(default=[], max_length=30)
    minutes: int = Field(default=10, ge=3, le=60, description="What is chosen from the queue fits into these.")
    start: bool = Field(default=True, description="False leaves it planned.")
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)


class RetryIn(In):
    """The same question again."""

    start: bool = Field(default=True, description="False leaves it planned.")
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)


class ScoredOut(Out):
    """The question in one interview."""

    interview_id: str
    at: datetime | None
    asked: str
    level: int | None
    drill: bool


class CriterionChangeOut(Out):
    """One criterion before and after."""

    criterion_id: str
    says: str
    kind: CriterionKind
    before: CriterionState
    after: CriterionState
    change: Change
    reached_before: Reached | None
    reached_after: Reached | None
    evidence_before: list[EvidenceOut]
    evidence_after: list[EvidenceOut]
    next_time: str


class ComparisonOut(Out):
    """Two answers to one question."""

    question_id: str
    earlier: ScoredOut
    later: ScoredOut
    criteria: list[CriterionChangeOut]
    changed: list[str] = Field(description="Ids of the criteria that are better or worse.")
    difference: DifferenceOut


class PointEvidenceOut(Out):
    """One criterion behind a point."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind
    state: CriterionState
    reached: Reached | None
    quotes: list[EvidenceOut]


class PointOut(Out):
    """What one closed interview showed: musts and shoulds."""

    interview_id: str
    at: datetime
    drill: bool
    shown: int
    partly: int
    missed: int
    contradicted: int
    assessed: int
    share: float = Field(description="Shown and half of partly, of assessed: 0..1. No level.")
    evidence: list[PointEvidenceOut]


class SeriesOut(Out):
    """A topic, a skill or a round over time."""

    name: str
    points: list[PointOut] = Field(description="Oldest first.")
    open: int = Field(description="Items that are not learned.")
    learned: int


class ProgressOut(Out):
    """Progress, by name."""

    by: By
    series: list[SeriesOut]


class TaskIn(In):
    """A task of the plan, as it was given."""

    kind: TaskKind
    minutes: int = Field(ge=1, le=480)
    question_id: EntryId | None = None
    criterion_id: Slug | None = None
    topic: Slug | None = None
    round: Slug | None = Field(default=None, description="Passed over.")
    done: bool | None = Field(default=None, description="Passed over.")


class StudyDayIn(In):
    """A day of an edited plan."""

    day: date
    minutes: int | None = Field(default=None, description="Passed over: the tasks' minutes are added up.")
    tasks: list[TaskIn] = Field(max_length=MOST_TASKS_A_DAY)


class StudyPlanIn(In):
    """Makes a plan; with `days`, keeps it as it is sent."""

    until: date
    minutes_a_day: int = Field(ge=5, le=480)
    role: Slug
    seniority: Seniority = Seniority.MID
    rest_days: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        default=[], max_length=7, description="Of the week; Monday is 0."
    )
    days: list[StudyDayIn] | None = Field(default=None, max_length=MOST_DAYS + 1)


class TaskOut(Out):
    """Something to do: a drill on one item, or a round on a topic that was never assessed."""

    kind: TaskKind
    minutes: int
    question_id: str | None
    criterion_id: str | None
    topic: str | None
    round: str | None
    done: bool = Field(description="It came up in an interview that was closed after the plan was made.")


class StudyDayOut(Out):
    """A day with its tasks."""

    day: date
    minutes: int
    tasks: list[TaskOut]


class LeftOutOut(Out):
    """A task that is not in the plan."""

    task: TaskOut
    why: str


class StudyPlanOut(Out):
    """What to do on which day."""

    until: date
    minutes_a_day: int
    role: str
    seniority: Seniority
    rest_days: list[int]
    made_at: datetime
    edited: bool
    days: list[StudyDayOut]
    left_out: list[LeftOutOut]
    gone: int = Field(
        description="Drills that were on its days, on what went with a deleted interview or with the corpus."
    )
    missing_minutes: int
    summary: str
