"""How sure candidates were of their answers. Once the marks of a question were shown, its row says no more than it did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from app.domain.afterwards import Confidence, Rated
from app.domain.transcript import Speaker
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.tables import confidences, interviews, scores, turns

Answered = tuple[str, str]
"""Ids of an interview and of a question in it."""


def marks_hidden(interview_id: ColumnElement[str], question_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the marks of an answer are still hidden: never shown, and nobody has said how sure they are of it."""
    answers, told = turns.alias(), confidences.alias()
    spoken_to = exists().where(
        answers.c.interview_id == interview_id,
        answers.c.question_id == question_id,
        answers.c.speaker == Speaker.CANDIDATE,
    )
    said_or_shown = exists().where(
        told.c.interview_id == interview_id,
        told.c.question_id == question_id,
        or_(told.c.percent.is_not(None), told.c.shown_at.is_not(None)),
    )
    # The cheap one first: of most answers it is known already.
    return and_(~said_or_shown, spoken_to)


class Confidences(Repository):
    """Confidences of interviews. Whose interview it is was asked before."""

    async def list(self, interview_id: str) -> tuple[Confidence, ...]:
        """All of an interview, by question."""
        rows = await self._connection.execute(
            select(confidences).where(confidences.c.interview_id == interview_id).order_by(confidences.c.question_id)
        )
        return tuple(Confidence(**row) for row in rows.mappings())

    async def say(self, interview_id: str, question_id: str, *, percent: int, now: datetime) -> bool:
        """Stores how sure somebody is; whether it was in time: the marks had not been shown."""
        fresh = Confidence(interview_id, question_id, percent, now)
        if await insert_unless_there(self._connection, confidences, row_of(fresh)):
            return True
        changed = await self._connection.execute(
            update(confidences)
            .where(
                confidences.c.interview_id == interview_id,
                confidences.c.question_id == question_id,
                confidences.c.shown_at.is_(None),
            )
            .values(percent=percent, said_at=now)
        )
        return changed.rowcount == 1

    async def show(self, interview_id: str, question_ids: Sequence[str], *, now: datetime) -> None:
        """The marks of these questions are being shown; a moment that is stored already stays."""
        for question_id in question_ids:
            fresh = Confidence(interview_id, question_id, shown_at=now)
            if not await insert_unless_there(self._connection, confidences, row_of(fresh)):
                await self._connection.execute(
                    update(confidences)
                    .where(
                        confidences.c.interview_id == interview_id,
                        confidences.c.question_id == question_id,
                        confidences.c.shown_at.is_(None),
                    )
                    .values(shown_at=now)
                )

    async def hidden(self, candidate_id: str) -> frozenset[Answered]:
        """Answers of the candidate that are scored and whose marks are still hidden."""
        rows = await self._connection.execute(
            select(scores.c.interview_id, scores.c.question_id)
            .join(interviews, interviews.c.id == scores.c.interview_id)
            .where(
                interviews.c.candidate_id == candidate_id,
                scores.c.superseded_at.is_(None),
                marks_hidden(scores.c.interview_id, scores.c.question_id),
            )
        )
        return frozenset((row.interview_id, row.question_id) for row in rows)

    async def said_unshown(self, candidate_id: str) -> frozenset[Answered]:
        """Answers of which the candidate has said how sure they are, and whose marks were not shown since."""
        rows = await self._connection.execute(
            select(confidences.c.interview_id, confidences.c.question_id)
            .join(interviews, interviews.c.id == confidences.c.interview_id)
            .where(
                interviews.c.candidate_id == candidate_id,
                confidences.c.percent.is_not(None),
                confidences.c.shown_at.is_(None),
            )
        )
        return frozenset((row.interview_id, row.question_id) for row in rows)

    async def rated(self, candidate_id: str) -> tuple[Rated, ...]:
        """All of a candidate whose marks were shown and that have a level, with it, in the order in which they were said."""
        rows = await self._connection.execute(
            select(confidences.c.interview_id, confidences.c.question_id, confidences.c.percent, scores.c.level)
            .join(interviews, interviews.c.id == confidences.c.interview_id)
            .join(
                scores,
                (scores.c.interview_id == confidences.c.interview_id)
                & (scores.c.question_id == confidences.c.question_id)
                & scores.c.superseded_at.is_(None),
            )
            .where(
                interviews.c.candidate_id == candidate_id,
                confidences.c.percent.is_not(None),
                confidences.c.shown_at.is_not(None),
                scores.c.level.is_not(None),
            )
            .order_by(confidences.c.said_at, confidences.c.interview_id, confidences.c.question_id)
        )
        return tuple(Rated(**row) for row in rows.mappings())
