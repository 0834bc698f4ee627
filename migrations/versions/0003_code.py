"""Code in a turn with what became of it, and the runs of code that are counted.

Revision: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("turns", sa.Column("code", sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("outcome", sa.JSON(), nullable=True))
    op.create_table(
        "code_runs",
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_code_runs_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "question_id", "number", name="pk_code_runs"),
    )


def downgrade() -> None:
    op.drop_table("code_runs")
    op.drop_column("turns", "outcome")
    op.drop_column("turns", "code")
