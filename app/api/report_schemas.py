"""The wire of reports: what `schemas` has, and beside each number `refs`, the places that it stands on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.interview_schemas import InterviewOut
from app.api.score_schemas import CoverageOut, CriterionOut, OpinionOut, ScoreOut, SpreadOut
from app.api.texts import Written
from app.candidate.job_description import LineKind
from app.domain.interview import Seniority
from app.domain.remarks import LabellerRole
from app.domain.score import CriterionKind, CriterionState
from app.review.repair import PieceKind


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RefOut(_Out):
    """A place in the transcript: `turn.text[start:end]`, or with `in_code` `turn.code[start:end]`."""

    turn_id: str
    seq: int
    start: int
    end: int
    in_code: bool = False


class _Standing(_Out):
    refs: list[RefOut] = Field(description="The words that its numbers stand on.")


class FigureOut(_Standing):
    """A number."""

    value: float


class TimeOut(_Standing):
    """Time that counted as the candidate's, and what was planned; 0 where nothing was."""

    seconds: float
    budget_seconds: float


class ReadPassageOut(_Out):
    """A passage of the concept notes."""

    id: str
    title: str
    text: str
    href: str = Field(description="Where it can be read by itself.")


class ReportOpinionOut(OpinionOut, _Standing):
    """What one judge said."""


class AddedOut(_Out):
    """The sentence that would have earned a criterion."""

    sentence: str
    place: RefOut = Field(description="Where it goes; `start` is `end`.")
    instead_of: RefOut | None = Field(description="The words it replaces; null where it only adds.")
    earns: bool = Field(description="Whether the scorer gave the criterion for it.")


class ReportCriterionOut(CriterionOut, _Standing):
    """The judgement of one criterion."""

    judges: list[ReportOpinionOut]  # type: ignore[assignment]
    passage: ReadPassageOut | None
    added: AddedOut | None


class ReportCoverageOut(CoverageOut, _Standing):
    """How much could be judged."""


class ReportSpreadOut(SpreadOut, _Standing):
    """Levels that the marks in doubt allow."""


class ReportScoreOut(ScoreOut, _Standing):
    """The judgement of one question; `level` 0..4, null where too little was asked."""

    criteria: list[ReportCriterionOut]  # type: ignore[assignment]
    coverage: ReportCoverageOut
    spread: ReportSpreadOut | None


class PieceOut(_Out):
    """A stretch of a repaired answer; of what was added, `start` is `end`."""

    kind: PieceKind
    text: str
    criterion_id: str
    start: int
    end: int


class RepairedAnswerOut(_Out):
    """All pieces but the removed ones are the repaired answer, all but the added ones what was said."""

    turn_id: str
    seq: int
    pieces: list[PieceOut]


class RepairOut(_Out):
    """One's own answers with what would have earned the missed criteria, and what scoring them gave."""

    answers: list[RepairedAnswerOut]
    earns: list[str]
    fails_to_earn: list[str]
    also_changes: list[str]
    not_repaired: list[str]
    exact: bool
    checked_by: str


class PersonsMarkOut(_Standing):
    """How a person judges a criterion, beside the machine's mark. No level rests on it."""

    id: str = Field(description="Of the override.")
    criterion_id: str
    says: str
    state: CriterionState
    why: str
    role: LabellerRole
    by: str = Field(description="As it was given; may be empty.")
    quote: str | None = Field(description="The candidate's words that were marked for it.")
    machine_state: CriterionState = Field(description="What the score said when it was made.")
    machine_now: CriterionState | None = Field(
        description="What the current score says; null without such a criterion."
    )
    created_at: datetime


class PersonsMarksOut(_Standing):
    """What every level of the report rests on, and how many criteria persons judged beside it."""

    levels_rest_on: Literal["machine"]
    judged: int
    otherwise: int
    says: str


class SaidSureOut(_Standing):
    """How sure one said one was, 0 to 100; null where nothing was said."""

    percent: int | None


class QuestionReportOut(_Out):
    """A question that was asked, with its score when it is there."""

    question_id: str
    round: str
    asked: str
    asked_at: RefOut | None
    claim: str
    answered: bool
    failed: str
    score: ReportScoreOut | None
    time: TimeOut
    repaired: RepairOut | None
    repair_pending: bool
    reference_answer: str | None = Field(description="Markdown.")
    reference_withheld: str = Field(description="Why there is none to be read.")
    confidence: SaidSureOut
    by_persons: list[PersonsMarkOut] = Field(description="The latest of each person, oldest first.")


class LevelSpreadOut(_Standing):
    """A level with the marks in doubt settled against, and for, the candidate."""

    low: float
    high: float


class RoundReportOut(_Standing):
    """A round of which something was asked; level 0..4 with one decimal, null where too little was asked."""

    round: str
    questions: list[str]
    level: float | None
    spread: LevelSpreadOut | None
    coverage: ReportCoverageOut
    time: TimeOut


class CompetencyReportOut(_Standing):
    """A skill over the whole interview; level 0..4 with its interval, null where too little was asked."""

    skill: str
    level: float | None
    low: float | None
    high: float | None
    assessed: int
    total: int
    questions: int


class DecidingOut(_Standing):
    """A criterion that keeps its question below the bar."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind
    state: CriterionState


class BarOut(_Standing):
    """What a good interview is here: `reached` of `questions` with a level are at `level` or above."""

    says: str
    level: int
    reached: int
    questions: int
    deciding: list[DecidingOut]


class BandOut(_Standing):
    """Questions of which one was about as sure, `low` to `high` percent."""

    low: int
    high: int
    rated: int
    reached: int
    mean_percent: float


class RatedOut(_Standing):
    """A question with a word on how sure one was."""

    interview_id: str
    question_id: str
    percent: int
    level: int
    reached: bool


class LedgerOut(_Standing):
    """How sure one said one was, against what was shown."""

    rated: int
    reached: int
    mean_percent: float | None
    brier: float | None = Field(description="0 to 1, small is good; null below five rated questions.")
    bands: list[BandOut]
    questions: list[RatedOut]
    says: str


class TestedByOut(_Standing):
    """How a question tests a line: by a technique that both name (`term`), as planned (`topic`), or by meaning (`likeness`)."""

    question_id: str
    how: str
    term: str
    likeness: float | None


class TestedLineOut(_Out):
    """A line of the job description, `job_description[start:end]`."""

    text: str
    start: int
    end: int
    kind: LineKind
    tested_by: list[TestedByOut]


class TestedLinesOut(_Standing):
    """Which lines of the job description were tested."""

    lines: list[TestedLineOut]
    tested: int
    testable: int


class UnaskedQuestionOut(_Out):
    """A planned question that there was no time for."""

    question_id: str
    round: str


class UnaskedCriterionOut(_Out):
    """A criterion of an asked question that nothing asked for."""

    question_id: str
    criterion_id: str
    says: str
    kind: CriterionKind


class NeverAskedOut(_Out):
    """What the report can say nothing about."""

    questions: list[UnaskedQuestionOut]
    criteria: list[UnaskedCriterionOut]
    rounds: list[str]


class FoundOut(_Standing):
    """A word or phrase that was counted."""

    words: str
    count: int


class TallyOut(_Standing):
    """How often something was said."""

    count: int
    in_100_words: float
    found: list[FoundOut]


class DeliveryOut(_Out):
    """Counted, never judged."""

    answers: FigureOut
    words: FigureOut
    words_an_answer: FigureOut
    longest_answer: FigureOut
    fillers: TallyOut
    hedges: TallyOut
    structure: TallyOut
    jargon: TallyOut | None = Field(description="In answers to somebody from outside of the field; null without any.")


class NextStepOut(_Standing):
    """One thing to do."""

    question_id: str
    criterion_id: str
    says: str
    do: str
    passage_id: str
    passage: ReadPassageOut | None


class ReflectionPromptsOut(_Out):
    """What each part of a reflection asks."""

    went_well: str
    was_hard: str
    will_do: str


class ReflectionOut(_Out):
    """What the candidate makes of it."""

    went_well: str
    was_hard: str
    will_do: str
    written_at: datetime | None
    prompts: ReflectionPromptsOut


class ThankYouOut(_Out):
    """A note of thanks: a draft, or as its writer wants it."""

    text: str
    edited: bool
    written_at: datetime | None


class ReportOut(_Out):
    """The report. `complete` once the interview is closed and nothing is `pending`."""

    interview: InterviewOut
    complete: bool
    pending: int
    failed: int
    questions: list[QuestionReportOut]
    rounds: list[RoundReportOut]
    competencies: list[CompetencyReportOut]
    bar: BarOut
    by_persons: PersonsMarksOut
    confidence: LedgerOut
    job_description: TestedLinesOut | None
    never_asked: NeverAskedOut
    delivery: DeliveryOut
    next_steps: list[NextStepOut]
    reflection: ReflectionOut
    thank_you: ThankYouOut


class FeedbackOut(_Out):
    """One question right after its answer."""

    question: QuestionReportOut
    provisional: bool = Field(description="The stored score is still to come.")
    still_open: bool = Field(description="The interviewer may still ask about it.")


class QuestionStatusOut(_Out):
    """What can be done about a question before its marks are seen."""

    question_id: str
    round: str
    asked: str
    answered: bool
    percent: int | None
    can_rate: bool
    shown_at: datetime | None


class StatusOut(_Out):
    """What the report waits for; no mark is in it."""

    readable: bool
    complete: bool
    pending: int
    failed: int
    questions: list[QuestionStatusOut]


class ConfidenceIn(_In):
    """How sure one is that the answer holds all that the question owes."""

    percent: int = Field(ge=0, le=100)


class ConfidenceOut(_Out):
    """How sure one is, as it is stored."""

    question_id: str
    percent: int
    said_at: datetime


class HiddenInInterviewOut(_Out):
    """A closed interview with marks that search and practice leave out."""

    interview_id: str
    role: str
    seniority: Seniority
    title: str
    closed_at: datetime | None
    drill: bool
    questions: list[str] = Field(description="Ids of the questions.")


class HiddenMarksOut(_Out):
    """What is left out until it was seen, or until one has said how sure one was; latest first."""

    interviews: list[HiddenInInterviewOut]


class ReflectionIn(_In):
    """All three parts; an empty one is stored as empty."""

    went_well: Written = ""
    was_hard: Written = ""
    will_do: Written = ""


class ThankYouIn(_In):
    """The note as its writer wants it; without words the draft stands again."""

    text: Written
