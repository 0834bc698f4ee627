"""The wire of interviews: what is wished for, the plan, and how it stands."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from app.api.resume_schemas import ClaimOut
from app.api.schemas import EntryId, Id, In, Out, Slug
from app.api.turn_schemas import TurnOut
from app.domain.interview import CloseReason, InterviewState, Mode, Origin, Seniority, Strictness


class JobLineOut(Out):
    """A line of the job description that asks for something, and what of the plan tests it."""

    text: str
    start: int = Field(description="Offset in the job description.")
    end: int
    questions: list[str] = Field(default=[], description="Ids of the planned questions that test it; empty: none does.")


class PlannedQuestionOut(Out):
    """A question of the plan."""

    question_id: str
    seconds: int
    claim: ClaimOut | None = None
    why: str = Field(default="", description="Why it was chosen. It tells nothing of what is looked for.")
    drill: bool = Field(default=False, description="Whether only some of its criteria are asked for and scored.")
    parallel: int = Field(default=0, description="0 for its own case, n for its n-th parallel one.")


class PlannedRoundOut(Out):
    """A round of the plan."""

    round: str
    minutes: float
    questions: list[PlannedQuestionOut]
    reserve: list[PlannedQuestionOut] = Field(
        default=[], description="Asked only where the questions leave time of the round; not asking them is no gap."
    )


class PlanOut(Out):
    """What is intended."""

    rounds: list[PlannedRoundOut]
    notes: list[str] = Field(
        default=[], description="Rounds that were left out, or have other minutes than one might expect, and why."
    )
    job_lines: list[JobLineOut] = Field(
        default=[], description="What the job description asks for and interviews can test, and which questions do."
    )


class InterviewIn(In):
    """Sets up an interview; only the role is required."""

    role: Slug = Field(examples=["ml-engineer"])
    seniority: Seniority = Seniority.MID
    company: Slug = Field(default="neutral", examples=["oracle"])
    rounds: list[Slug] = Field(
        default=[], max_length=12, description="In order; empty for what role and company suggest."
    )
    minutes: int = Field(default=30, ge=5, le=180)
    mode: Mode = Mode.PRACTICE
    strictness: Strictness = Strictness.STANDARD
    resume_id: Id | None = Field(default=None, description="From POST /v1/resumes.")
    job_description: str = Field(
        default="",
        max_length=20_000,
        description="Questions that test its lines are preferred; `plan.job_lines` says which line has which.",
    )
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1, description="The same seed gives the same plan.")
    start: bool = Field(default=True, description="False leaves it planned, so that its plan can be edited first.")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"role": "ml-engineer", "seniority": "mid", "minutes": 30, "resume_id": "0b6f8a2c4d1e4f0a"}]
        },
    )


class PlannedQuestionIn(In):
    """A question to be asked."""

    question_id: EntryId
    seconds: int = Field(ge=30, le=3600)


class PlannedRoundIn(In):
    """A round with its budget."""

    round: Slug
    minutes: float = Field(gt=0, le=180)
    questions: list[PlannedQuestionIn] = Field(min_length=1, max_length=30)
    reserve: list[EntryId] = Field(
        default=[], max_length=30, description="Ids of the round's reserve that are kept; without it there is none."
    )


class PlanIn(In):
    """Replaces the plan of an interview that has not begun. A question keeps the claim that it stood on."""

    rounds: list[PlannedRoundIn] = Field(min_length=1, max_length=12)


class InterviewOut(Out):
    """An interview. Planned: its plan can be edited. Open: turns are taken. Closed: it is over."""

    id: str
    state: InterviewState
    role: str
    seniority: Seniority
    company: str
    mode: Mode
    strictness: Strictness
    minutes: int
    seed: int
    resume_id: str | None
    plan: PlanOut
    version: int
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    close_reason: CloseReason | None
    paused_at: datetime | None
    origin: Origin
    title: str = Field(description="One's own name for an interview from elsewhere.")
    restored_at: datetime | None = Field(
        description="When it came in with a document of one's data; what it says was written by whoever wrote that."
    )
    drill: bool = Field(description="Whether all its questions are drills: on some criteria each, without a level.")
    turns: list[TurnOut] = Field(default=[], description="On creation and opening: the interviewer's first turn.")


class InterviewList(Out):
    """A page of one's interviews, newest first."""

    interviews: list[InterviewOut]
    next: str | None = Field(description="For `after`; null on the last page.")


class TranscriptOut(Out):
    """The whole conversation."""

    interview: InterviewOut
    turns: list[TurnOut]
