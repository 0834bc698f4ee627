"""Appeals: the same words against a criterion that reads otherwise may be heard anew.

Revision: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

_NAME = "uq_appeals_marked_words"
_BEFORE = ["interview_id", "question_id", "criterion_id", "turn_id", "start", "end"]
_AFTER = ["interview_id", "question_id", "criterion_id", "says", "turn_id", "start", "end"]


def upgrade() -> None:
    _unique(_AFTER)


def downgrade() -> None:
    # Of several answers on the same words the first one stays.
    appeals = sa.table("appeals", *(sa.column(name) for name in ("id", "created_at", *_BEFORE)))
    first = appeals.alias()
    sooner = sa.or_(
        first.c.created_at < appeals.c.created_at,
        sa.and_(first.c.created_at == appeals.c.created_at, first.c.id < appeals.c.id),
    )
    same = (first.c[name] == appeals.c[name] for name in _BEFORE)
    op.execute(appeals.delete().where(sa.exists().where(*same, sooner)))
    _unique(_BEFORE)


def _unique(columns: list[str]) -> None:
    with op.batch_alter_table("appeals") as table:
        table.drop_constraint(_NAME, type_="unique")
        table.create_unique_constraint(_NAME, columns)
