"""How sure candidates were of their answers, and what they write after an interview.

Revision: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "confidences",
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_confidences_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", "question_id", name="pk_confidences"),
    )
    op.create_table(
        "afterwards",
        sa.Column("interview_id", sa.Text(), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=False),
        sa.Column("was_hard", sa.Text(), nullable=False),
        sa.Column("will_do", sa.Text(), nullable=False),
        sa.Column("reflected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thank_you", sa.Text(), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name="fk_afterwards_interview_id_interviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("interview_id", name="pk_afterwards"),
    )


def downgrade() -> None:
    op.drop_table("afterwards")
    op.drop_table("confidences")
