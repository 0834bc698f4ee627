"""Loops over the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.api.interview_schemas import InterviewOut
from app.api.schemas import Id, Slug
from app.domain.interview import InterviewState, Mode, Seniority, Strictness


class LoopIn(BaseModel):
    """Sets up the interviews that a company's guide tells of; only the role is required."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "ml-engineer", "company": "linkedin"}]}
    )

    role: Slug = Field(examples=["ml-engineer"])
    seniority: Seniority = Seniority.MID
    company: Slug = Field(default="neutral", examples=["linkedin"])
    interviews: list[Slug] = Field(
        default=[], max_length=12, description="Ids of the loop's interviews to hold; empty for all."
    )
    mode: Mode = Mode.PRACTICE
    strictness: Strictness = Strictness.STANDARD
    resume_id: Id | None = Field(default=None, description="From POST /v1/resumes.")
    job_description: str = Field(default="", max_length=20_000)
    seed: int | None = Field(default=None, ge=0, le=2**31 - 100, description="The same seed gives the same plans.")


class LoopStageOut(BaseModel):
    """An interview of a loop."""

    interview_id: str
    title: str
    state: InterviewState
    minutes: int
    rounds: list[str]


class RoundLevelsOut(BaseModel):
    """What one round has shown over all interviews of the loop."""

    model_config = ConfigDict(from_attributes=True)

    round: str
    planned: int = Field(description="Questions of this round that the plans have.")
    scored: int
    levels: list[int] = Field(description="Of each question whose level could be told, 0 to 4.")
    mean_level: float | None


class CompetencyOut(BaseModel):
    """A skill over all interviews of the loop; level 0..4 with its interval, null where too little was asked."""

    model_config = ConfigDict(from_attributes=True)

    skill: str
    level: float | None
    low: float | None
    high: float | None
    assessed: int
    total: int
    questions: int


class LoopOut(BaseModel):
    """A loop with its interviews, in order, and what they have shown together."""

    id: str
    company: str
    role: str
    seniority: Seniority
    created_at: datetime
    state: InterviewState = Field(description="planned: none has begun; closed: all are over; otherwise open.")
    interviews: list[LoopStageOut]
    withheld: list[str] = Field(
        default=[], description="Ids of exams that are not closed: their levels are not in here yet."
    )
    pending: int = Field(description="Judgements that are still to come.")
    rounds: list[RoundLevelsOut]
    competencies: list[CompetencyOut] = Field(
        description="Over all interviews; null levels where too little was assessed."
    )


class LoopCreatedOut(BaseModel):
    """A new loop, with the plans of its interviews."""

    loop: LoopOut
    interviews: list[InterviewOut]


class LoopList(BaseModel):
    """One's loops, newest first."""

    loops: list[LoopOut]
