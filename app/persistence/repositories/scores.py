"""Scores with their history. Nothing is overwritten: a new score marks the one before it as superseded."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from app.domain.errors import InterviewNotFound
from app.domain.score import Score
from app.persistence.records import StoredScore
from app.persistence.repositories.rows import Repository
from app.persistence.repositories.searches import state_rows
from app.persistence.tables import criterion_states, interviews, scores


class Scores(Repository):
    """Scores of questions. Whose interview it is was asked before."""

    async def add(self, interview_id: str, score: Score, *, assessment_id: str | None = None) -> None:
        """`score` is the current one of its question. Raises `InterviewNotFound`."""
        # Two that score the same question at once would both find the same score to supersede: they take turns here.
        # This lock lets turns be appended meanwhile.
        locked = await self._connection.execute(
            select(interviews.c.id).where(interviews.c.id == interview_id).with_for_update(key_share=True)
        )
        if locked.one_or_none() is None:
            raise InterviewNotFound(interview_id)
        old = (
            scores.c.interview_id == interview_id,
            scores.c.question_id == score.question_id,
            scores.c.superseded_at.is_(None),
        )
        await self._connection.execute(
            delete(criterion_states).where(criterion_states.c.score_id.in_(select(scores.c.id).where(*old)))
        )
        await self._connection.execute(update(scores).where(*old).values(superseded_at=score.created_at))
        added = await self._connection.execute(
            insert(scores)
            .values(
                interview_id=interview_id,
                question_id=score.question_id,
                assessment_id=assessment_id,
                level=score.level,
                score=score,
                created_at=score.created_at,
            )
            .returning(scores.c.id)
        )
        states = state_rows(added.scalar_one(), interview_id, score)
        if states:
            await self._connection.execute(insert(criterion_states), states)

    async def list_current(self, interview_id: str) -> tuple[Score, ...]:
        """The current score of each question, in the order in which they were made."""
        rows = await self._connection.execute(
            select(scores.c.score)
            .where(scores.c.interview_id == interview_id, scores.c.superseded_at.is_(None))
            .order_by(scores.c.id)
        )
        return tuple(rows.scalars())

    async def history(self, interview_id: str, question_id: str) -> tuple[StoredScore, ...]:
        """All scores of a question, oldest first; the last one is the current one."""
        rows = await self._connection.execute(
            select(scores.c.score, scores.c.superseded_at, scores.c.assessment_id)
            .where(scores.c.interview_id == interview_id, scores.c.question_id == question_id)
            .order_by(scores.c.id)
        )
        return tuple(StoredScore(**row) for row in rows.mappings())
