"""Who owns rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.domain.errors import CandidateNotFound
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.tables import candidates


class Candidates(Repository):
    """Candidates."""

    async def add(self, candidate: Candidate) -> None:
        """Stores a candidate, or leaves the one that is there."""
        await insert_unless_there(self._connection, candidates, row_of(candidate))

    async def get(self, candidate_id: str) -> Candidate:
        """The candidate; raises `CandidateNotFound`."""
        found = await self._connection.execute(select(candidates).where(candidates.c.id == candidate_id))
        row = found.mappings().one_or_none()
        if row is None:
            raise CandidateNotFound(candidate_id)
        return Candidate(**row)

    async def lock(self, candidate_id: str) -> None:
        """Lets other units that lock this candidate wait until this one ends; for writing units."""
        # SQLite has one writer anyhow, and leaves the words out.
        await self._connection.execute(
            select(candidates.c.id).where(candidates.c.id == candidate_id).with_for_update(key_share=True)
        )

    async def ensure_local(self, *, now: datetime) -> Candidate:
        """The one candidate of a laptop, made on the first call."""
        await self.add(Candidate(LOCAL_CANDIDATE, now, "this machine"))
        return await self.get(LOCAL_CANDIDATE)

    async def delete(self, candidate_id: str) -> None:
        """Deletes the candidate with everything that is theirs; raises `CandidateNotFound`."""
        gone = await self._connection.execute(delete(candidates).where(candidates.c.id == candidate_id))
        if gone.rowcount == 0:
            raise CandidateNotFound(candidate_id)
