"""Runs of a candidate's code against visible tests: counted for each question, one at a time in an interview."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from app.domain.errors import CodeRunPending, CodeRunsSpent
from app.persistence.repositories.rows import Repository
from app.persistence.tables import code_runs


class CodeRuns(Repository):
    """Runs of interviews. Whose interview it is was asked before; who begins a run holds the interview's lock."""

    async def count(self, interview_id: str, question_id: str) -> int:
        """How many were begun for a question."""
        found = await self._connection.execute(
            select(func.count())
            .select_from(code_runs)
            .where(code_runs.c.interview_id == interview_id, code_runs.c.question_id == question_id)
        )
        return int(found.scalar_one())

    async def begin(self, interview_id: str, question_id: str, *, now: datetime, lease_s: float, at_most: int) -> int:
        """The number of a run that begins, from 1. It counts as running until it is finished, or for `lease_s`.

        Raises:
            CodeRunPending: another one runs in this interview.
            CodeRunsSpent: there were `at_most` for the question.
        """
        running = await self._connection.execute(
            select(code_runs.c.number).where(code_runs.c.interview_id == interview_id, code_runs.c.leased_until > now)
        )
        if running.first() is not None:
            raise CodeRunPending(interview_id)
        begun = await self.count(interview_id, question_id)
        if begun >= at_most:
            raise CodeRunsSpent(at_most)
        await self._connection.execute(
            insert(code_runs).values(
                interview_id=interview_id,
                question_id=question_id,
                number=begun + 1,
                started_at=now,
                leased_until=now + timedelta(seconds=lease_s),
            )
        )
        return begun + 1

    async def finish(self, interview_id: str, question_id: str, number: int) -> None:
        """The run is over, and stays counted."""
        await self._connection.execute(
            update(code_runs).where(*_is(interview_id, question_id, number)).values(leased_until=None)
        )

    async def undo(self, interview_id: str, question_id: str, number: int) -> None:
        """The run did not take place, and counts for nothing."""
        await self._connection.execute(delete(code_runs).where(*_is(interview_id, question_id, number)))


def _is(interview_id: str, question_id: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return (
        code_runs.c.interview_id == interview_id,
        code_runs.c.question_id == question_id,
        code_runs.c.number == number,
    )
