"""Resumes as read."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from app.domain.errors import CandidateNotFound, ResumeNotFound
from app.domain.resume import Resume
from app.persistence.records import ListPlace
from app.persistence.repositories.rows import Repository, newest_first, row_of
from app.persistence.tables import candidates, resumes


class Resumes(Repository):
    """Resumes of candidates."""

    async def add(self, resume: Resume) -> None:
        """Stores a new resume; raises `CandidateNotFound`."""
        owner = await self._connection.execute(select(candidates.c.id).where(candidates.c.id == resume.candidate_id))
        if owner.one_or_none() is None:
            raise CandidateNotFound(resume.candidate_id)
        await self._connection.execute(insert(resumes).values(row_of(resume)))

    async def get(self, resume_id: str, *, candidate_id: str) -> Resume:
        """The candidate's resume; raises `ResumeNotFound`, also where it is another's."""
        found = await self._connection.execute(
            select(resumes).where(resumes.c.id == resume_id, resumes.c.candidate_id == candidate_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            raise ResumeNotFound(resume_id)
        return Resume(**row)

    async def list(self, candidate_id: str, *, limit: int = 50, before: ListPlace | None = None) -> tuple[Resume, ...]:
        """The candidate's resumes, newest first; with `before`, those that follow that place."""
        rows = await self._connection.execute(newest_first(resumes, candidate_id, limit=limit, before=before))
        return tuple(Resume(**row) for row in rows.mappings())

    async def delete(self, resume_id: str, *, candidate_id: str) -> None:
        """Deletes a resume; interviews that stood on it stay, without it. Raises `ResumeNotFound`."""
        gone = await self._connection.execute(
            delete(resumes).where(resumes.c.id == resume_id, resumes.c.candidate_id == candidate_id)
        )
        if gone.rowcount == 0:
            raise ResumeNotFound(resume_id)
