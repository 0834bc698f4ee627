"""Loops: several interviews of one company.

Revision: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "loops",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("seniority", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name="fk_loops_candidate_id_candidates", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_loops"),
    )
    op.create_index("ix_loops_candidate_id_created_at_id", "loops", ["candidate_id", "created_at", "id"])
    op.create_table(
        "loop_stages",
        sa.Column("loop_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["loop_id"], ["loops.id"], name="fk_loop_stages_loop_id_loops", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_loop_stages_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("loop_id", "place", name="pk_loop_stages"),
        sa.UniqueConstraint("interview_id", name="uq_loop_stages_interview_id"),
    )


def downgrade() -> None:
    op.drop_table("loop_stages")
    op.drop_index("ix_loops_candidate_id_created_at_id", table_name="loops")
    op.drop_table("loops")
