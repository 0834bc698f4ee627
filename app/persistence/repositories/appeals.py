"""Decided appeals. An appeal is stored with its outcome and never changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain.appeal import Appeal
from app.domain.errors import InterviewNotFound
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.tables import appeals


class Appeals(Repository):
    """Appeals of interviews. Whose interview it is was asked before."""

    async def add(self, appeal: Appeal) -> bool:
        """Whether it was new; one on the same words and criterion is left as it is. Raises `InterviewNotFound`."""
        try:
            return await insert_unless_there(self._connection, appeals, row_of(appeal))
        except IntegrityError as error:
            raise InterviewNotFound(appeal.interview_id) from error

    async def list(self, interview_id: str) -> tuple[Appeal, ...]:
        """All appeals of an interview, oldest first."""
        rows = await self._connection.execute(
            select(appeals).where(appeals.c.interview_id == interview_id).order_by(appeals.c.created_at, appeals.c.id)
        )
        return tuple(Appeal(**row) for row in rows.mappings())
