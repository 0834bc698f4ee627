"""The wire of turns: what was said and decided, and the events of a reply that is being written."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.code_schemas import TestsOut
from app.api.resume_schemas import ClaimOut
from app.api.schemas import MAX_SEQ, In, Out
from app.domain.interview import InterviewState
from app.domain.transcript import MoveKind, SpanKind, Speaker


class SpanOut(Out):
    """What a stretch of a candidate's turn was heard as. Only `answer` is scored."""

    kind: SpanKind
    start: int
    end: int


class MoveOut(Out):
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


class TableOut(Out):
    """A table that the interviewer shows. `GET .../turns/{seq}/table.csv` gives it as a file."""

    title: str
    columns: list[str]
    rows: list[list[int | float | str]] = Field(description="From the top, a cell for each column.")


class GenerationOut(Out):
    """Where the interviewer's words come from."""

    source: Literal["written", "model"]
    why_written: str = ""
    prompt_id: str
    prompt_version: int
    prompt_hash: str
    model_asked: str
    model_answered: str
    first_sentence_ms: int


class TurnOut(Out):
    """One utterance."""

    id: str
    seq: int
    speaker: Speaker
    text: str
    kind: str = Field(description="Of a candidate's turn: its kinds, joined by '+'. Of an interviewer's: its move.")
    question_id: str
    spans: list[SpanOut] = Field(default=[])
    move: MoveOut | None = None
    table: TableOut | None = Field(default=None, description="Of an interviewer's turn that shows one.")
    passages: list[str] = Field(default=[])
    generation: GenerationOut | None = None
    code: str = Field(default="", description="Of a candidate's turn: what was written in the editor.")
    tests: TestsOut | None = Field(
        default=None, description="What became of `code`; null where there is none, no test, or no result yet."
    )
    created_at: datetime


class TurnIn(In):
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


class TurnsOut(Out):
    """The turns of an interview in order."""

    turns: list[TurnOut]


class AnsweredOut(Out):
    """The stored answer and the interviewer's reply to it."""

    turn: TurnOut
    reply: TurnOut
    interview_state: InterviewState


class StartedEvent(Out):
    """The candidate's turn is stored."""

    event: Literal["turn.started"] = "turn.started"
    interview_id: str
    seq: int


class DeltaEvent(Out):
    """Words of the reply, a sentence or more."""

    event: Literal["turn.delta"] = "turn.delta"
    seq: int
    part: int
    text: str


class CompletedEvent(Out):
    """The reply as stored: always the whole text."""

    event: Literal["turn.completed"] = "turn.completed"
    turn: TurnOut
    interview_state: InterviewState
    tests: TestsOut | None = Field(default=None, description="What became of the code in the turn that is answered.")


class FailedEvent(Out):
    """The reply could not be written; the answer is stored. A problem document says what to do."""

    event: Literal["turn.failed"] = "turn.failed"
    seq: int
    problem: dict[str, object]
