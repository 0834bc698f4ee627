"""Notes, corrections, links, interviews from elsewhere, and the full-text index of turns.

Revision: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_MADE = "annotations", "overrides", "shares", "criterion_states", "turn_search"
_FTS = """
CREATE VIRTUAL TABLE turn_search_words USING fts5(
    candidate_id, stems, forms, content='turn_search', content_rowid='id', tokenize='ascii', columnsize=0
)
"""
_ADDED = """
CREATE TRIGGER turn_search_added AFTER INSERT ON turn_search BEGIN
    INSERT INTO turn_search_words (rowid, candidate_id, stems, forms)
    VALUES (new.id, new.candidate_id, new.stems, new.forms);
END
"""
_GONE = """
CREATE TRIGGER turn_search_gone AFTER DELETE ON turn_search BEGIN
    INSERT INTO turn_search_words (turn_search_words, rowid, candidate_id, stems, forms)
    VALUES ('delete', old.id, old.candidate_id, old.stems, old.forms);
END
"""


def _interview(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_interview_id_interviews"
    return sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], name=name, ondelete="CASCADE")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    on_postgres = op.get_bind().dialect.name == "postgresql"
    op.add_column("interviews", sa.Column("origin", sa.Text(), nullable=False, server_default="viva"))
    op.add_column("interviews", sa.Column("title", sa.Text(), nullable=False, server_default=""))
    op.add_column("interviews", _moment("restored_at", nullable=True))
    op.create_table(
        "annotations",
        _text("id"),
        _text("interview_id"),
        _text("turn_id"),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("in_code", sa.Boolean(), nullable=False),
        _text("text"),
        _moment("created_at"),
        _moment("updated_at"),
        _interview("annotations"),
        sa.PrimaryKeyConstraint("id", name="pk_annotations"),
    )
    op.create_index("ix_annotations_interview_id", "annotations", ["interview_id"])
    op.create_table(
        "overrides",
        _text("id"),
        _text("interview_id"),
        _text("question_id"),
        _text("criterion_id"),
        _text("says"),
        _text("state"),
        _text("why"),
        _text("role"),
        _text("by"),
        _text("turn_id"),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        _text("quote"),
        _text("machine_state"),
        _moment("created_at"),
        _interview("overrides"),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_interview_id", "overrides", ["interview_id"])
    op.create_table(
        "shares",
        _text("id"),
        _text("interview_id"),
        _text("token_hash"),
        _text("label"),
        sa.Column("transcript", sa.Boolean(), nullable=False),
        sa.Column("report", sa.Boolean(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=True),
        _moment("created_at"),
        _moment("expires_at", nullable=True),
        _moment("revoked_at", nullable=True),
        _moment("last_read_at", nullable=True),
        _interview("shares"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("token_hash", name="uq_shares_token_hash"),
    )
    op.create_index("ix_shares_interview_id", "shares", ["interview_id"])
    op.create_table(
        "criterion_states",
        sa.Column("score_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("interview_id"),
        _text("question_id"),
        _text("criterion_id"),
        _text("says"),
        _text("state"),
        _text("turn_id"),
        sa.ForeignKeyConstraint(
            ["score_id"], ["scores.id"], name="fk_criterion_states_score_id_scores", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("score_id", "number", name="pk_criterion_states"),
    )
    op.create_index("ix_criterion_states_interview_id_state", "criterion_states", ["interview_id", "state"])
    words = postgresql.TSVECTOR() if on_postgres else sa.Text()
    op.create_table(
        "turn_search",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _text("turn_id"),
        sa.Column("cut_version", sa.Integer(), nullable=False),
        _text("candidate_id"),
        _text("interview_id"),
        sa.Column("seq", sa.Integer(), nullable=False),
        _text("speaker"),
        _text("question_id"),
        _text("round"),
        _moment("said_at"),
        sa.Column("stems", words, nullable=False),
        sa.Column("forms", words, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_turn_search_turn_id_turns", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_turn_search"),
        sa.UniqueConstraint("turn_id", name="uq_turn_search_turn_id"),
    )
    op.create_index("ix_turn_search_candidate_id_said_at_id", "turn_search", ["candidate_id", "said_at", "id"])
    op.create_index("ix_turn_search_interview_id", "turn_search", ["interview_id"])
    if on_postgres:
        for column in ("stems", "forms"):
            op.create_index(f"ix_turn_search_{column}", "turn_search", [column], postgresql_using="gin")
    else:
        for statement in (_FTS, _ADDED, _GONE):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER turn_search_gone")
        op.execute("DROP TRIGGER turn_search_added")
        op.execute("DROP TABLE turn_search_words")
    for table in reversed(_MADE):
        op.drop_table(table)
    for column in ("restored_at", "title", "origin"):
        op.drop_column("interviews", column)
