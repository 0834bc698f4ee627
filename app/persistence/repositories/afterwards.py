"""What candidates write after an interview."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.domain.afterwards import Afterwards
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.tables import afterwards


class AfterwardsRows(Repository):
    """A row for each interview of which something was written. Whose interview it is was asked before."""

    async def get(self, interview_id: str) -> Afterwards:
        """What was written; empty where nothing was."""
        found = await self._connection.execute(select(afterwards).where(afterwards.c.interview_id == interview_id))
        row = found.mappings().one_or_none()
        return Afterwards(interview_id) if row is None else Afterwards(**row)

    async def reflect(self, interview_id: str, *, went_well: str, was_hard: str, will_do: str, now: datetime) -> None:
        """Stores a reflection in place of the one before."""
        await self._put(interview_id, went_well=went_well, was_hard=was_hard, will_do=will_do, reflected_at=now)

    async def thank(self, interview_id: str, *, text: str, now: datetime) -> None:
        """Stores the note; an empty one lets the draft stand again."""
        await self._put(interview_id, thank_you=text, thanked_at=now if text else None)

    async def _put(self, interview_id: str, **values: Any) -> None:
        await insert_unless_there(self._connection, afterwards, row_of(Afterwards(interview_id)))
        await self._connection.execute(
            update(afterwards).where(afterwards.c.interview_id == interview_id).values(**values)
        )
