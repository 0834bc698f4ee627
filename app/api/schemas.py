"""What goes over the wire. Descriptions here are the API's documentation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.domain.appeal import AppealOutcome
from app.domain.code import Kind, Limit, NotRun
from app.domain.interview import CloseReason, InterviewState, Mode, Origin, Seniority, Strictness
from app.domain.score import CriterionKind, CriterionState, Reached, VerdictState
from app.domain.transcript import MoveKind, SpanKind, Speaker
from app.scoring.elsewhere import MAX_BYTES, MAX_TURN_CHARACTERS, MAX_TURNS
from app.scoring.foreign_rubric import ForeignRubric

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=120)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


MAX_SEQ = 2**31 - 1
"""What a database's integer holds; no interview has so many turns."""


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ClaimOut(_Out):
    """A statement of the resume that a question stands on."""

    text: str
    start: int = Field(description="Offset in the resume's text.")
    end: int
    project: str


class JobLineOut(_Out):
    """A line of the job description that asks for something, and what of the plan tests it."""

    text: str
    start: int = Field(description="Offset in the job description.")
    end: int
    questions: list[str] = Field(default=[], description="Ids of the planned questions that test it; empty: none does.")


class PlannedQuestionOut(_Out):
    """A question of the plan."""

    question_id: str
    seconds: int
    claim: ClaimOut | None = None
    why: str = Field(default="", description="Why it was chosen. It tells nothing of what is looked for.")
    drill: bool = Field(default=False, description="Whether only some of its criteria are asked for and scored.")
    parallel: int = Field(default=0, description="0 for its own case, n for its n-th parallel one.")


class PlannedRoundOut(_Out):
    """A round of the plan."""

    round: str
    minutes: float
    questions: list[PlannedQuestionOut]
    reserve: list[PlannedQuestionOut] = Field(
        default=[], description="Asked only where the questions leave time of the round; not asking them is no gap."
    )


class PlanOut(_Out):
    """What is intended."""

    rounds: list[PlannedRoundOut]
    notes: list[str] = Field(
        default=[], description="Rounds that were left out, or have other minutes than one might expect, and why."
    )
    job_lines: list[JobLineOut] = Field(
        default=[], description="What the job description asks for and interviews can test, and which questions do."
    )


class InterviewIn(_In):
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


class PlannedQuestionIn(_In):
    """A question to be asked."""

    question_id: EntryId
    seconds: int = Field(ge=30, le=3600)


class PlannedRoundIn(_In):
    """A round with its budget."""

    round: Slug
    minutes: float = Field(gt=0, le=180)
    questions: list[PlannedQuestionIn] = Field(min_length=1, max_length=30)
    reserve: list[EntryId] = Field(
        default=[], max_length=30, description="Ids of the round's reserve that are kept; without it there is none."
    )


class PlanIn(_In):
    """Replaces the plan of an interview that has not begun. A question keeps the claim that it stood on."""

    rounds: list[PlannedRoundIn] = Field(min_length=1, max_length=12)


class InterviewOut(_Out):
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


class InterviewList(_Out):
    """A page of one's interviews, newest first."""

    interviews: list[InterviewOut]
    next: str | None = Field(description="For `after`; null on the last page.")


class SpanOut(_Out):
    """What a stretch of a candidate's turn was heard as. Only `answer` is scored."""

    kind: SpanKind
    start: int
    end: int


class MoveOut(_Out):
    """What the interviewer decided. Reason and criterion are shown once the interview is closed: before, they would tell."""

    kind: MoveKind
    round: str
    reason: str | None = None
    criterion_id: str | None = None
    hint: int = 0
    claim: ClaimOut | None = None
    editor: str = Field(
        default="",
        description="Language of the code that the question is answered with: python or sql. `GET .../code` has the problem.",
    )
    without_tests: str = Field(
        default="", description="Why code cannot be run at this moment; then it is talked through."
    )


class ShownTestOut(_Out):
    """A visible test and what became of it. What is given is what the code said: show it as text."""

    call: str
    expected: str
    because: str
    outcome: Kind
    given: str
    says: str
    line: int = Field(description="Of the code, where something was raised; 0 where that is not known.")


class HiddenTestOut(_Out):
    """What may be known of a hidden test: what it is there to catch."""

    because: str
    passed: bool
    out_of_time: bool = Field(
        default=False,
        description="It did not pass because the time for all tests was over, in it or before it began; not that its result was wrong.",
    )


class TestsOut(_Out):
    """What became of code. What it printed and raised is its own text: show it as text."""

    not_run: NotRun | None = Field(
        default=None, description="Why it was not run; `unavailable` is never counted against the candidate."
    )
    reason: str = ""
    broken: str = Field(default="", description="Why it could not be loaded; empty where it could.")
    tests: list[ShownTestOut] = []
    hidden: list[HiddenTestOut] = []
    hidden_passed: int = 0
    stdout: str = Field(default="", description="Printed in the visible tests.")
    stderr: str = ""
    limits: list[Limit] = Field(default=[], description="Bounds that were met in the visible tests.")


class TableOut(_Out):
    """A table that the interviewer shows. `GET .../turns/{seq}/table.csv` gives it as a file."""

    title: str
    columns: list[str]
    rows: list[list[int | float | str]] = Field(description="From the top, a cell for each column.")


class GenerationOut(_Out):
    """Where the interviewer's words come from."""

    source: Literal["written", "model"]
    why_written: str = ""
    prompt_id: str
    prompt_version: int
    prompt_hash: str
    model_asked: str
    model_answered: str
    first_sentence_ms: int


class TurnOut(_Out):
    """One utterance."""

    id: str
    seq: int
    speaker: Speaker
    text: str
    kind: str = Field(description="Of a candidate's turn: its kinds, joined by '+'. Of an interviewer's: its move.")
    question_id: str
    spans: list[SpanOut] = []
    move: MoveOut | None = None
    table: TableOut | None = Field(default=None, description="Of an interviewer's turn that shows one.")
    passages: list[str] = []
    generation: GenerationOut | None = None
    code: str = Field(default="", description="Of a candidate's turn: what was written in the editor.")
    tests: TestsOut | None = Field(
        default=None, description="What became of `code`; null where there is none, no test, or no result yet."
    )
    created_at: datetime


class TurnIn(_In):
    """The candidate's words, or code, or both."""

    text: str = Field(default="", max_length=200_000, examples=["First I look at the training error."])
    code: str = Field(
        default="",
        max_length=200_000,
        description="The whole program or query. On a coding question it is held against all tests before the reply.",
    )
    in_reply_to: int | None = Field(
        default=None,
        ge=1,
        le=MAX_SEQ,
        description="Seq of the interviewer's turn that is answered; another one's last turn gives 409.",
    )


class TurnsOut(_Out):
    """The turns of an interview in order."""

    turns: list[TurnOut]


class AnsweredOut(_Out):
    """The stored answer and the interviewer's reply to it."""

    turn: TurnOut
    reply: TurnOut
    interview_state: InterviewState


class StartedEvent(_Out):
    """The candidate's turn is stored."""

    event: Literal["turn.started"] = "turn.started"
    interview_id: str
    seq: int


class DeltaEvent(_Out):
    """Words of the reply, a sentence or more."""

    event: Literal["turn.delta"] = "turn.delta"
    seq: int
    part: int
    text: str


class CompletedEvent(_Out):
    """The reply as stored: always the whole text."""

    event: Literal["turn.completed"] = "turn.completed"
    turn: TurnOut
    interview_state: InterviewState
    tests: TestsOut | None = Field(default=None, description="What became of the code in the turn that is answered.")


class FailedEvent(_Out):
    """The reply could not be written; the answer is stored. A problem document says what to do."""

    event: Literal["turn.failed"] = "turn.failed"
    seq: int
    problem: dict[str, object]


class CodeIn(_In):
    """Code to be tried."""

    code: str = Field(max_length=200_000, examples=["def first_fault(text):\n    return -1\n"])


class CodeRunOut(_Out):
    """What the visible tests made of it."""

    tests: TestsOut
    runs_left: int = Field(description="For this question.")


class VisibleTestOut(_Out):
    """A test that the candidate can see."""

    args: list[Any]
    keywords: dict[str, Any] = Field(description="Arguments by name.")
    rows: dict[str, list[list[Any]]] = Field(description="For SQL: what stands in the tables; the others are empty.")
    expect: Any = Field(description="The value, or for SQL the rows.")
    raises: str | None = Field(description="Name of the exception that is expected instead.")
    because: str


class CodingProblemOut(_Out):
    """What an editor shows."""

    question_id: str
    title: str
    statement: str = Field(description="Markdown.")
    language: Literal["python", "sql"]
    function: str | None = Field(description="That the tests call; null for SQL, which is one SELECT.")
    starter: str
    libraries: list[str]
    tables: dict[str, dict[str, str]] = Field(description="For SQL: columns with their types.")
    visible: list[VisibleTestOut]
    hidden: int = Field(description="How many tests are hidden.")
    max_characters: int
    runs_left: int
    runs_allowed: int
    submissions_tested: int = Field(description="Turns with code of which the tests are run; later ones are kept.")
    why_not: str = Field(description="Why code cannot be run now; empty where it can.")


class MentionOut(_Out):
    """Words of the resume and their place."""

    text: str
    start: int
    end: int


class ProjectOut(_Out):
    """A project or position of the resume."""

    name: str
    start: int
    end: int
    techniques: list[str]
    claims: list[ClaimOut]


class ResumeOut(_Out):
    """What was read in a resume. Every piece is a slice of `text`."""

    id: str
    file_name: str
    media_type: str
    text: str
    projects: list[ProjectOut]
    roles: list[MentionOut]
    skills: list[str]
    warnings: list[str]
    created_at: datetime


class ListedResumeOut(_Out):
    """A resume in one's list."""

    id: str
    file_name: str
    media_type: str
    created_at: datetime


class ResumeList(_Out):
    """A page of one's resumes, newest first."""

    resumes: list[ListedResumeOut]
    next: str | None = Field(description="For `after`; null on the last page.")


class EvidenceOut(_Out):
    """The candidate's own words: `turn.text[start:end]`; or a line of their code: `turn.code[start:end]`."""

    quote: str
    turn_id: str
    start: int
    end: int
    in_code: bool = False


class OpinionOut(_Out):
    """What one judge said."""

    judge: str
    state: VerdictState
    p: float | None
    quote: str
    reason: str
    grounded: bool


class CriterionOut(_Out):
    """The judgement of one criterion."""

    id: str
    says: str
    kind: CriterionKind
    skill: str
    state: CriterionState
    evidence: list[EvidenceOut]
    passage_id: str
    reached: Reached | None
    hints: int
    reason: str
    judges: list[OpinionOut]
    disagreement: bool
    in_doubt: bool = Field(
        default=False, description="The judges disagree, or the deciding probability lies near the line: a close call."
    )
    asked_in: list[str]
    next_time: str
    appeal_id: str = Field(default="", description="The appeal that credited it; empty where none did.")


class CoverageOut(_Out):
    """How much could be judged."""

    assessed: int
    total: int


class SpreadOut(_Out):
    """Levels that the marks in doubt allow."""

    low: int
    high: int


class VersionsOut(_Out):
    """What took part in a score."""

    rubric_id: str
    rubric_version: int
    rubric_hash: str
    scorer: str
    code: str
    prompt_id: str
    prompt_version: int
    prompt_hash: str
    model: str


class ScoreOut(_Out):
    """The judgement of one question; `level` 0..4, null where too little was asked."""

    question_id: str
    round: str
    criteria: list[CriterionOut]
    level: int | None
    coverage: CoverageOut
    spread: SpreadOut | None
    versions: VersionsOut
    created_at: datetime
    unscored_reason: str
    drill: bool = Field(description="Only the criteria that a drill was about: no level is made of them.")


class StateChangeOut(_Out):
    """A criterion in another state than in the score before."""

    criterion_id: str
    says: str
    before: CriterionState
    after: CriterionState
    quote_before: str
    quote_after: str
    on_appeal: bool


class OneSidedOut(_Out):
    """A criterion that only one of two rubrics has."""

    criterion_id: str
    says: str
    state: CriterionState


class VersionChangeOut(_Out):
    """A member of `versions` that changed."""

    what: str
    before: str
    after: str


class DifferenceOut(_Out):
    """What changed from one score of a question to the next. `empty` where nothing did."""

    empty: bool
    level_before: int | None
    level_after: int | None
    changed: list[StateChangeOut]
    added: list[OneSidedOut]
    removed: list[OneSidedOut]
    versions: list[VersionChangeOut]


class StoredScoreOut(_Out):
    """A score in the history of its question."""

    score: ScoreOut
    superseded_at: datetime | None = Field(description="When the next one took its place; null for the current one.")
    difference: DifferenceOut | None = Field(description="To the score before; null for the first.")


class ScoresOut(_Out):
    """All scores of a question, oldest first."""

    question_id: str
    scores: list[StoredScoreOut]


class AppealIn(_In):
    """Words of one of your own answers, to be held against a criterion once more."""

    question_id: EntryId
    criterion_id: Slug
    turn_id: Id
    start: int = Field(ge=0, le=MAX_SEQ, description="The words are `turn.text[start:end]`: two at least.")
    end: int = Field(ge=0, le=MAX_SEQ)


class AppealOut(_Out):
    """A decided appeal. The score that it was raised against stays in the question's history."""

    id: str
    question_id: str
    criterion_id: str
    says: str
    turn_id: str
    start: int = Field(description="Of the marked words, widened to whole words.")
    end: int
    quote: str
    outcome: AppealOutcome
    reason: str
    judges: list[OpinionOut]
    state_before: CriterionState
    level_before: int | None
    level_after: int | None
    versions: VersionsOut
    created_at: datetime


class AppealsOut(_Out):
    """All appeals of an interview, oldest first."""

    appeals: list[AppealOut]
    left: int = Field(description="How many more are heard.")


class SaidIn(_In):
    """A turn of a conversation from elsewhere."""

    speaker: str = Field(
        max_length=40,
        description="interviewer, assistant, recruiter, ai or bot; candidate, user, interviewee, human or applicant.",
    )
    text: str = Field(max_length=MAX_TURN_CHARACTERS)


class JudgementIn(_In):
    """A conversation from elsewhere: give `turns`, or `transcript`, and not both."""

    turns: list[SaidIn] = Field(default=[], max_length=MAX_TURNS)
    transcript: str = Field(
        default="",
        max_length=MAX_BYTES,
        description="A file's text: JSON turns, or lines that begin with a speaker and a colon.",
        examples=["Interviewer: What is data leakage?\nCandidate: Information that won't be there when it predicts."],
    )
    rubric: ForeignRubric | None = Field(default=None, description="Dimensions of your own, for a level each.")
    role: Slug = "ml-engineer"
    seniority: Seniority = Seniority.MID

    @model_validator(mode="after")
    def _one_of_two(self) -> JudgementIn:
        if bool(self.turns) == bool(self.transcript):
            raise ValueError("give either turns or transcript")
        return self


class TranscriptOut(_Out):
    """The whole conversation."""

    interview: InterviewOut
    turns: list[TurnOut]


class NamedOut(_Out):
    """A role, a company or a round."""

    id: str
    name: str


class RoleOut(NamedOut):
    """A role with its default rounds."""

    rounds: list[str]
    skills: list[str]


class CatalogQuestionOut(_Out):
    """A question without its secret parts."""

    id: str
    round: str
    ask: str
    topics: list[str]
    roles: list[str]
    seniority: list[Seniority]
    difficulty: int


class RolesOut(_Out):
    """All roles."""

    roles: list[RoleOut]


class CompaniesOut(_Out):
    """All companies."""

    companies: list[NamedOut]


class RoundsOut(_Out):
    """All rounds that have material."""

    rounds: list[NamedOut]


class QuestionsOut(_Out):
    """Questions by filter."""

    questions: list[CatalogQuestionOut]


class PassageOut(_Out):
    """A passage of the concept notes."""

    id: str
    text: str
    similarity: float = Field(ge=-1.001, le=1.001)
    topics: list[str]
    source: str


class PassagesOut(_Out):
    """Passages found, best first."""

    passages: list[PassageOut]


class HealthOut(_Out):
    """A sign of life."""

    status: Literal["live", "ready"]
    version: str
    interviewer: str = ""
    judge: str = ""


InterviewOut.model_rebuild()
