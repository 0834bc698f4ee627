"""The wire of scores: each judgement with its evidence, what changed from one to the next, and appeals."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.schemas import MAX_SEQ, EntryId, Id, In, Out, Slug
from app.domain.appeal import AppealOutcome
from app.domain.score import CriterionKind, CriterionState, Reached, VerdictState


class EvidenceOut(Out):
    """The candidate's own words: `turn.text[start:end]`; or a line of their code: `turn.code[start:end]`."""

    quote: str
    turn_id: str
    start: int
    end: int
    in_code: bool = False


class OpinionOut(Out):
    """What one judge said."""

    judge: str
    state: VerdictState
    p: float | None
    quote: str
    reason: str
    grounded: bool


class CriterionOut(Out):
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


class CoverageOut(Out):
    """How much could be judged."""

    assessed: int
    total: int


class SpreadOut(Out):
    """Levels that the marks in doubt allow."""

    low: int
    high: int


class VersionsOut(Out):
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


class ScoreOut(Out):
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


class StateChangeOut(Out):
    """A criterion in another state than in the score before."""

    criterion_id: str
    says: str
    before: CriterionState
    after: CriterionState
    quote_before: str
    quote_after: str
    on_appeal: bool


class OneSidedOut(Out):
    """A criterion that only one of two rubrics has."""

    criterion_id: str
    says: str
    state: CriterionState


class VersionChangeOut(Out):
    """A member of `versions` that changed."""

    what: str
    before: str
    after: str


class DifferenceOut(Out):
    """What changed from one score of a question to the next. `empty` where nothing did."""

    empty: bool
    level_before: int | None
    level_after: int | None
    changed: list[StateChangeOut]
    added: list[OneSidedOut]
    removed: list[OneSidedOut]
    versions: list[VersionChangeOut]


class StoredScoreOut(Out):
    """A score in the history of its question."""

    score: ScoreOut
    superseded_at: datetime | None = Field(description="When the next one took its place; null for the current one.")
    difference: DifferenceOut | None = Field(description="To the score before; null for the first.")


class ScoresOut(Out):
    """All scores of a question, oldest first."""

    question_id: str
    scores: list[StoredScoreOut]


class AppealIn(In):
    """Words of one of your own answers, to be held against a criterion once more."""

    question_id: EntryId
    criterion_id: Slug
    turn_id: Id
    start: int = Field(ge=0, le=MAX_SEQ, description="The words are `turn.text[start:end]`: two at least.")
    end: int = Field(ge=0, le=MAX_SEQ)


class AppealOut(Out):
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


class AppealsOut(Out):
    """All appeals of an interview, oldest first."""

    appeals: list[AppealOut]
    left: int = Field(description="How many more are heard.")
