"""Practice: reviews of criteria, their state, and study plans.

Revision: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "practice_reviews",
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reached", sa.Text(), nullable=True),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_practice_reviews_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name="fk_practice_reviews_candidate_id_candidates", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "question_id", "criterion_id", name="pk_practice_reviews"),
    )
    op.create_index(
        "ix_practice_reviews_candidate_id_question_id_criterion_id",
        "practice_reviews",
        ["candidate_id", "question_id", "criterion_id"],
    )
    op.create_table(
        "practice_intakes",
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("newest_score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_practice_intakes_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", name="pk_practice_intakes"),
    )
    op.create_table(
        "practice_items",
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("criterion_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("stability_days", sa.Float(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name="fk_practice_items_candidate_id_candidates", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("candidate_id", "question_id", "criterion_id", name="pk_practice_items"),
    )
    op.create_table(
        "study_plans",
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name="fk_study_plans_candidate_id_candidates", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("candidate_id", name="pk_study_plans"),
    )


def downgrade() -> None:
    op.drop_table("study_plans")
    op.drop_table("practice_items")
    op.drop_table("practice_intakes")
    op.drop_index("ix_practice_reviews_candidate_id_question_id_criterion_id", "practice_reviews")
    op.drop_table("practice_reviews")
