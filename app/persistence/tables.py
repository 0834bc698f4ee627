"""The tables. Rows become domain values in `repositories`; nothing else reads these.

A change here needs a migration: `alembic check` fails without one.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.domain.appeal import AppealOutcome
from app.domain.code import CodeOutcome
from app.domain.interview import CloseReason, InterviewState, Mode, Origin, Pause, Plan, Seniority, Strictness
from app.domain.practice import StudyPlan
from app.domain.remarks import LabellerRole
from app.domain.resume import Mention, Project
from app.domain.score import (
    AssessmentState,
    CriterionKind,
    CriterionState,
    Evidence,
    JudgeOpinion,
    Reached,
    Score,
    Versions,
)
from app.domain.transcript import Generation, Mark, Move, Span, Speaker
from app.persistence.records import ReplyState
from app.persistence.types import Choice, Json, UtcTime, Words, WordsOrNull

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _interview_id(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "interview_id",
        Words,
        ForeignKey("interviews.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def _candidate_id() -> Column[str]:
    return Column("candidate_id", Words, ForeignKey("candidates.id", ondelete="CASCADE"), nullable=False)


candidates = Table(
    "candidates",
    metadata,
    Column("id", Words, primary_key=True),
    Column("created_at", UtcTime, nullable=False),
    Column("label", Words, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Words, primary_key=True),
    _candidate_id(),
    Column("hash", Words, nullable=False, unique=True),
    Column("prefix", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Index(None, "candidate_id"),
    Index(None, "prefix"),
)

resumes = Table(
    "resumes",
    metadata,
    Column("id", Words, primary_key=True),
    _candidate_id(),
    Column("file_name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("projects", Json(tuple[Project, ...]), nullable=False),
    Column("roles", Json(tuple[Mention, ...]), nullable=False),
    Column("skills", Json(tuple[Mention, ...]), nullable=False),
    Column("warnings", Json(tuple[str, ...]), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("name", Words, nullable=False),
    Index(None, "candidate_id", "created_at"),
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Words, primary_key=True),
    _candidate_id(),
    Column("state", Choice(InterviewState), nullable=False),
    Column("role", Words, nullable=False),
    Column("seniority", Choice(Seniority), nullable=False),
    Column("company", Words, nullable=False),
    Column("mode", Choice(Mode), nullable=False),
    Column("strictness", Choice(Strictness), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("plan", Json(Plan), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("resume_id", Words, ForeignKey("resumes.id", ondelete="SET NULL")),
    Column("job_description", Words, nullable=False),
    Column("opened_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("close_reason", Choice(CloseReason)),
    Column("paused_at", UtcTime),
    Column("pauses", Json(tuple[Pause, ...]), nullable=False),
    Column("origin", Choice(Origin), nullable=False, server_default="viva"),
    Column("title", Words, nullable=False, server_default=""),
    Column("restored_at", UtcTime),
    Index(None, "candidate_id", "created_at", "id"),
    Index(None, "resume_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    Column("seq", Integer, nullable=False),
    Column("speaker", Choice(Speaker), nullable=False),
    Column("text", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("question_id", Words, nullable=False),
    Column("part_id", Words, nullable=False),
    Column("spans", Json(tuple[Span, ...]), nullable=False),
    Column("marks", Json(tuple[Mark, ...]), nullable=False),
    Column("move", Json(Move)),
    Column("passages", Json(tuple[str, ...]), nullable=False),
    Column("generation", Json(Generation)),
    Column("idempotency_key", WordsOrNull),
    # Hash of the request that stored the turn: the same key with another body is refused by it.
    Column("body_hash", WordsOrNull),
    Column("code", WordsOrNull),
    # Added once, after the turn: code runs with no transaction open.
    Column("outcome", Json(CodeOutcome)),
    UniqueConstraint("interview_id", "seq"),
    UniqueConstraint("interview_id", "idempotency_key"),
)

# Runs of code against the visible tests of a question, counted so that they end.
code_runs = Table(
    "code_runs",
    metadata,
    _interview_id(primary_key=True),
    Column("question_id", Words, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", UtcTime, nullable=False),
    # While it runs; NULL once it is over.
    Column("leased_until", UtcTime),
)

replies = Table(
    "replies",
    metadata,
    _interview_id(primary_key=True),
    Column("for_seq", Integer, primary_key=True, autoincrement=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Choice(ReplyState), nullable=False),
    Column("move", Json(Move)),
    Column("marks", Json(tuple[Mark, ...]), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Words, nullable=False),
    Column("leased_until", UtcTime),
    Column("not_before", UtcTime),
    Column("finished_at", UtcTime),
    Column("error", Words, nullable=False),
    Index(None, "state", "created_at"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    Column("question_id", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Choice(AssessmentState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Words, nullable=False),
    Column("leased_until", UtcTime),
    Column("not_before", UtcTime),
    Column("finished_at", UtcTime),
    Column("error", Words, nullable=False),
    Index(None, "interview_id"),
    Index(None, "state", "created_at"),
)

scores = Table(
    "scores",
    metadata,
    # Counted by the database: the order of ids is the order of the history.
    Column("id", Integer, primary_key=True, autoincrement=True),
    _interview_id(),
    Column("question_id", Words, nullable=False),
    Column("assessment_id", Words, ForeignKey("assessments.id", ondelete="SET NULL"), unique=True),
    Column("level", Integer),
    Column("score", Json(Score), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("superseded_at", UtcTime),
    Index(None, "interview_id", "question_id"),
    Index(
        "uq_scores_current",
        "interview_id",
        "question_id",
        unique=True,
        sqlite_where=text("superseded_at IS NULL"),
        postgresql_where=text("superseded_at IS NULL"),
    ),
)

appeals = Table(
    "appeals",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    Column("question_id", Words, nullable=False),
    Column("criterion_id", Words, nullable=False),
    Column("says", Words, nullable=False),
    # Of one interview with its appeal; it is deleted with it, so no key of its own.
    Column("turn_id", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Words, nullable=False),
    Column("outcome", Choice(AppealOutcome), nullable=False),
    Column("reason", Words, nullable=False),
    Column("judges", Json(tuple[JudgeOpinion, ...]), nullable=False),
    Column("state_before", Choice(CriterionState), nullable=False),
    Column("level_before", Integer),
    Column("level_after", Integer),
    Column("versions", Json(Versions), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # The same words against the same criterion have one answer.
    UniqueConstraint(
        "interview_id",
        "question_id",
        "criterion_id",
        "says",
        "turn_id",
        "start",
        "end",
        name="uq_appeals_marked_words",
    ),
)

turn_annotations = Table(
    "annotations",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    # Of one interview with its annotation; it is deleted with it, so no key of its own. The same in `overrides`.
    Column("turn_id", Words, nullable=False),
    Column("start", Integer),
    Column("end", Integer),
    Column("in_code", Boolean, nullable=False),
    Column("text", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Index(None, "interview_id"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    Column("question_id", Words, nullable=False),
    Column("criterion_id", Words, nullable=False),
    Column("says", Words, nullable=False),
    Column("state", Choice(CriterionState), nullable=False),
    Column("why", Words, nullable=False),
    Column("role", Choice(LabellerRole), nullable=False),
    Column("by", Words, nullable=False),
    Column("turn_id", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Words, nullable=False),
    Column("machine_state", Choice(CriterionState), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "interview_id"),
)

shares = Table(
    "shares",
    metadata,
    Column("id", Words, primary_key=True),
    _interview_id(),
    Column("token_hash", Words, nullable=False, unique=True),
    Column("label", Words, nullable=False),
    Column("transcript", Boolean, nullable=False),
    Column("report", Boolean, nullable=False),
    Column("questions", Json(tuple[str, ...])),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("last_read_at", UtcTime),
    Index(None, "interview_id"),
)

_CUT_WORDS = Text().with_variant(TSVECTOR(), "postgresql")

# What the search reads, a row for each turn, made from the turn: `Searches` fills in what is missing. On PostgreSQL the two
# columns of words have a GIN index; on SQLite triggers keep them in the FTS5 table `turn_search_words`. See `BESIDE`.
turn_search = Table(
    "turn_search",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("turn_id", Words, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("cut_version", Integer, nullable=False),
    Column("candidate_id", Words, nullable=False),
    Column("interview_id", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("speaker", Choice(Speaker), nullable=False),
    Column("question_id", Words, nullable=False),
    Column("round", Words, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("stems", _CUT_WORDS, nullable=False),
    Column("forms", _CUT_WORDS, nullable=False),
    Index(None, "candidate_id", "said_at", "id"),
    Index(None, "interview_id"),
)

# The criteria of current scores by state and place, made from the scores.
criterion_states = Table(
    "criterion_states",
    metadata,
    Column("score_id", Integer, ForeignKey("scores.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("interview_id", Words, nullable=False),
    Column("question_id", Words, nullable=False),
    Column("criterion_id", Words, nullable=False),
    Column("says", Words, nullable=False),
    Column("state", Choice(CriterionState), nullable=False),
    # Where the evidence stands; empty where there is none.
    Column("turn_id", Words, nullable=False),
    Index(None, "interview_id", "state"),
)

BESIDE = frozenset(
    {
        *(f"turn_search_words{part}" for part in ("", "_data", "_idx", "_docsize", "_config")),
        "ix_turn_search_stems",
        "ix_turn_search_forms",
    }
)
"""Tables and indexes of one database alone, which the metadata do not know: made by the migrations."""

# How sure somebody was of an answer, and when its marks were shown: a row for either.
confidences = Table(
    "confidences",
    metadata,
    _interview_id(primary_key=True),
    Column("question_id", Words, primary_key=True),
    Column("percent", Integer),
    Column("said_at", UtcTime),
    Column("shown_at", UtcTime),
)

# What a candidate wrote after an interview.
afterwards = Table(
    "afterwards",
    metadata,
    _interview_id(primary_key=True),
    Column("went_well", Words, nullable=False),
    Column("was_hard", Words, nullable=False),
    Column("will_do", Words, nullable=False),
    Column("reflected_at", UtcTime),
    Column("thank_you", Words, nullable=False),
    Column("thanked_at", UtcTime),
)

# What closed interviews say of criteria: made from their current scores, and made anew when these change.
practice_reviews = Table(
    "practice_reviews",
    metadata,
    _interview_id(primary_key=True),
    Column("question_id", Words, primary_key=True),
    Column("criterion_id", Words, primary_key=True),
    _candidate_id(),
    Column("at", UtcTime, nullable=False),
    Column("round", Words, nullable=False),
    Column("says", Words, nullable=False),
    Column("kind", Choice(CriterionKind), nullable=False),
    Column("skill", Words, nullable=False),
    Column("state", Choice(CriterionState), nullable=False),
    Column("reached", Choice(Reached)),
    Column("surface", Words, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("evidence", Json(tuple[Evidence, ...]), nullable=False),
    Index(None, "candidate_id", "question_id", "criterion_id"),
)

# Which of an interview's scores its reviews were made from.
practice_intakes = Table(
    "practice_intakes",
    metadata,
    _interview_id(primary_key=True),
    Column("newest_score", Integer, nullable=False),
)

# State of each criterion that was not shown: follows from the reviews, kept so that a queue need not count them.
practice_items = Table(
    "practice_items",
    metadata,
    Column("candidate_id", Words, ForeignKey("candidates.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("question_id", Words, primary_key=True),
    Column("criterion_id", Words, primary_key=True),
    Column("round", Words, nullable=False),
    Column("kind", Choice(CriterionKind), nullable=False),
    Column("skill", Words, nullable=False),
    Column("state", Choice(CriterionState), nullable=False),
    Column("missed", Integer, nullable=False),
    # Of the last review. No key of its own: who deletes the interview deletes the item.
    Column("interview_id", Words, nullable=False),
    Column("stability_days", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("reviewed_at", UtcTime, nullable=False),
    Column("learned_at", UtcTime),
)

study_plans = Table(
    "study_plans",
    metadata,
    Column("candidate_id", Words, ForeignKey("candidates.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("plan", Json(StudyPlan), nullable=False),
)

# Several interviews of one company, each a row of its own.
loops = Table(
    "loops",
    metadata,
    Column("id", Words, primary_key=True),
    _candidate_id(),
    Column("company", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("seniority", Choice(Seniority), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index(None, "candidate_id", "created_at", "id"),
)

loop_stages = Table(
    "loop_stages",
    metadata,
    Column("loop_id", Words, ForeignKey("loops.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _interview_id(),
    Column("title", Words, nullable=False),
    UniqueConstraint("interview_id"),
)
