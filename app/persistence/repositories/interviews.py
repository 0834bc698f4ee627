"""Interviews and their plans. Writers hold no lock while they think: a version tells the second one that it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from app.domain.errors import CandidateNotFound, InterviewChanged, InterviewNotFound, ResumeNotFound
from app.domain.interview import Interview, InterviewState, Mode
from app.persistence.records import ListPlace
from app.persistence.repositories.practice import forget
from app.persistence.repositories.rows import Repository, newest_first, row_of
from app.persistence.tables import candidates, interviews, loop_stages, loops, resumes, turns


class Interviews(Repository):
    """Interviews of candidates."""

    async def add(self, interview: Interview) -> None:
        """Stores a new interview; raises `CandidateNotFound`, and `ResumeNotFound` where its resume is another's."""
        owner = await self._connection.execute(select(candidates.c.id).where(candidates.c.id == interview.candidate_id))
        if owner.one_or_none() is None:
            raise CandidateNotFound(interview.candidate_id)
        if interview.resume_id is not None:
            resume = await self._connection.execute(
                select(resumes.c.id).where(
                    resumes.c.id == interview.resume_id, resumes.c.candidate_id == interview.candidate_id
                )
            )
            if resume.one_or_none() is None:
                raise ResumeNotFound(interview.resume_id)
        await self._connection.execute(insert(interviews).values(row_of(interview)))

    async def get(self, interview_id: str, *, candidate_id: str, lock: bool = False) -> Interview:
        """The candidate's interview; raises `InterviewNotFound`, also where it is another's.

        With `lock`, in a writing unit, other writers of this interview wait until the unit ends.
        """
        query = select(interviews).where(interviews.c.id == interview_id, interviews.c.candidate_id == candidate_id)
        # SQLite has one writer anyhow, and leaves the words out.
        found = await self._connection.execute(query.with_for_update() if lock else query)
        row = found.mappings().one_or_none()
        if row is None:
            raise InterviewNotFound(interview_id)
        return Interview(**row)

    async def get_whosoever(self, interview_id: str, *, lock: bool = False) -> Interview:
        """The interview, whoever owns it: for the worker, never for a request. Raises `InterviewNotFound`."""
        query = select(interviews).where(interviews.c.id == interview_id)
        found = await self._connection.execute(query.with_for_update() if lock else query)
        row = found.mappings().one_or_none()
        if row is None:
            raise InterviewNotFound(interview_id)
        return Interview(**row)

    async def list(
        self, candidate_id: str, *, limit: int = 50, before: ListPlace | None = None
    ) -> tuple[Interview, ...]:
        """The candidate's interviews, newest first; with `before`, those that follow that place."""
        rows = await self._connection.execute(newest_first(interviews, candidate_id, limit=limit, before=before))
        return tuple(Interview(**row) for row in rows.mappings())

    async def by_short_id(self, candidate_id: str, short_id: str) -> tuple[Interview, ...]:
        """The candidate's interviews whose id begins so, newest first: one, but by a rare chance."""
        rows = await self._connection.execute(
            select(interviews)
            .where(
                interviews.c.candidate_id == candidate_id, func.substr(interviews.c.id, 1, len(short_id)) == short_id
            )
            .order_by(interviews.c.created_at.desc(), interviews.c.id.desc())
            .limit(5)
        )
        return tuple(Interview(**row) for row in rows.mappings())

    async def begun_with(self, candidate_id: str, key: str, *, since: datetime) -> Interview | None:
        """The candidate's newest interview that began from `since` on with a greeting under this key; None where none did."""
        found = await self._connection.execute(
            select(interviews)
            .join(turns, turns.c.interview_id == interviews.c.id)
            .where(
                interviews.c.candidate_id == candidate_id,
                interviews.c.created_at >= since,
                turns.c.seq == 1,
                turns.c.idempotency_key == key,
            )
            .order_by(interviews.c.created_at.desc())
            .limit(1)
        )
        row = found.mappings().one_or_none()
        return None if row is None else Interview(**row)

    async def open_exam(self, candidate_id: str) -> str | None:
        """Id of an exam that the candidate sits, or None."""
        found = await self._connection.execute(
            select(interviews.c.id)
            .where(
                interviews.c.candidate_id == candidate_id,
                interviews.c.mode == Mode.EXAM,
                interviews.c.state == InterviewState.OPEN,
            )
            .limit(1)
        )
        return found.scalar_one_or_none()

    async def closed(self) -> tuple[str, ...]:
        """Ids of all closed interviews, whoever owns them, oldest first: for commands, never for a request."""
        rows = await self._connection.execute(
            select(interviews.c.id)
            .where(interviews.c.state == InterviewState.CLOSED)
            .order_by(interviews.c.created_at, interviews.c.id)
        )
        return tuple(rows.scalars())

    async def questions_asked(self, candidate_id: str) -> frozenset[str]:
        """Ids of all questions that this candidate was ever asked, so that a new plan can prefer others."""
        rows = await self._connection.execute(
            select(turns.c.question_id)
            .distinct()
            .join(interviews, interviews.c.id == turns.c.interview_id)
            .where(interviews.c.candidate_id == candidate_id, turns.c.question_id != "")
        )
        return frozenset(rows.scalars())

    async def save(self, interview: Interview, *, expected_version: int) -> Interview:
        """Stores a change and returns the interview at its new version, `expected_version + 1`.

        Raises `InterviewChanged` where another version is stored, and `InterviewNotFound`.
        """
        saved = replace(interview, version=expected_version + 1)
        mine = (interviews.c.id == saved.id, interviews.c.candidate_id == saved.candidate_id)
        changed = await self._connection.execute(
            update(interviews).where(*mine, interviews.c.version == expected_version).values(row_of(saved))
        )
        if changed.rowcount == 0:
            found = (await self._connection.execute(select(interviews.c.version).where(*mine))).scalar_one_or_none()
            if found is None:
                raise InterviewNotFound(saved.id)
            raise InterviewChanged(saved.id, expected=expected_version, found=found)
        return saved

    async def delete(self, interview_id: str, *, candidate_id: str) -> None:
        """Deletes the interview with its turns, replies, assessments, scores, appeals and all that practice made of it.

        A loop of which nothing is left goes with its last interview. Raises `InterviewNotFound`.
        """
        await forget(self._connection, interview_id, candidate_id)
        gone = await self._connection.execute(
            delete(interviews).where(interviews.c.id == interview_id, interviews.c.candidate_id == candidate_id)
        )
        if gone.rowcount == 0:
            raise InterviewNotFound(interview_id)
        held = select(loop_stages.c.loop_id)
        await self._connection.execute(
            delete(loops).where(loops.c.candidate_id == candidate_id, loops.c.id.not_in(held))
        )
