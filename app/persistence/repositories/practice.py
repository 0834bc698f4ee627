"""What practice keeps: reviews made from scores, the state of each criterion, and a study plan for each candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.interview import InterviewState
from app.domain.practice import Memory, PracticeItem, Review, StudyPlan
from app.domain.score import AssessmentState
from app.persistence.repositories.rows import Repository, row_of
from app.persistence.tables import (
    assessments,
    candidates,
    interviews,
    practice_intakes,
    practice_items,
    practice_reviews,
    scores,
    study_plans,
)

Criterion = tuple[str, str]
"""Ids of question and criterion."""
_MEMORY = tuple(field.name for field in fields(Memory))


class Fresh(NamedTuple):
    """An interview whose scores are not taken in as they stand."""

    interview_id: str
    newest_score: int


class Practice(Repository):
    """Practice of candidates. Whose interviews these are was asked before."""

    async def fresh(self, candidate_id: str) -> tuple[Fresh, ...]:
        """Closed interviews with nothing left to judge whose scores are other ones than those taken in; oldest first."""
        newest = (
            select(func.max(scores.c.id)).where(scores.c.interview_id == interviews.c.id).correlate(interviews)
        ).scalar_subquery()
        waiting = exists().where(
            assessments.c.interview_id == interviews.c.id,
            assessments.c.state.in_((AssessmentState.PENDING, AssessmentState.RUNNING)),
        )
        taken = practice_intakes.c.newest_score
        rows = await self._connection.execute(
            select(interviews.c.id, newest.label("newest_score"))
            .join(practice_intakes, practice_intakes.c.interview_id == interviews.c.id, isouter=True)
            .where(
                interviews.c.candidate_id == candidate_id,
                interviews.c.state == InterviewState.CLOSED,
                newest.is_not(None),
                or_(taken.is_(None), taken != newest),
                ~waiting,
            )
            .order_by(interviews.c.closed_at, interviews.c.id)
        )
        return tuple(Fresh(*row) for row in rows)

    async def scored_before(self, candidate_id: str, question_id: str, moment: datetime) -> tuple[str, ...]:
        """Ids of interviews closed until then in which the question has a score, the latest first."""
        rows = await self._connection.execute(
            select(interviews.c.id)
            .join(scores, scores.c.interview_id == interviews.c.id)
            .where(
                interviews.c.candidate_id == candidate_id,
                interviews.c.state == InterviewState.CLOSED,
                interviews.c.closed_at <= moment,
                scores.c.question_id == question_id,
                scores.c.superseded_at.is_(None),
            )
            .order_by(interviews.c.closed_at.desc(), interviews.c.id.desc())
        )
        return tuple(rows.scalars())

    async def lock(self, candidate_id: str) -> None:
        """Others who bring this candidate's practice up to date wait until the unit ends."""
        await self._connection.execute(
            select(candidates.c.id).where(candidates.c.id == candidate_id).with_for_update(key_share=True)
        )

    async def take_in(self, fresh: Fresh, reviews: Sequence[Review]) -> frozenset[Criterion]:
        """The interview's reviews are these and no others; the criteria whose reviews may have changed."""
        mine = practice_reviews.c.interview_id == fresh.interview_id
        before = await self._connection.execute(
            select(practice_reviews.c.question_id, practice_reviews.c.criterion_id).where(mine)
        )
        touched = {(row.question_id, row.criterion_id) for row in before}
        await self._connection.execute(delete(practice_reviews).where(mine))
        if reviews:
            await self._connection.execute(insert(practice_reviews), [row_of(review) for review in reviews])
        await self._connection.execute(
            delete(practice_intakes).where(practice_intakes.c.interview_id == fresh.interview_id)
        )
        await self._connection.execute(insert(practice_intakes).values(fresh._asdict()))
        return frozenset(touched | {(review.question_id, review.criterion_id) for review in reviews})

    async def reviews(self, candidate_id: str, of: Criterion | None = None) -> tuple[Review, ...]:
        """The candidate's reviews, oldest first; with `of`, those of one criterion."""
        query = select(practice_reviews).where(practice_reviews.c.candidate_id == candidate_id)
        if of is not None:
            query = query.where(practice_reviews.c.question_id == of[0], practice_reviews.c.criterion_id == of[1])
        rows = await self._connection.execute(
            query.order_by(practice_reviews.c.at, practice_reviews.c.interview_id, practice_reviews.c.criterion_id)
        )
        return tuple(Review(**row) for row in rows.mappings())

    async def keep(self, candidate_id: str, state: Mapping[Criterion, PracticeItem | None]) -> None:
        """The state of each criterion is its item; None where it is nothing to practise."""
        if not state:
            return
        # All in two statements: a first look at a long history has thousands.
        await self._connection.execute(
            delete(practice_items).where(
                practice_items.c.candidate_id == candidate_id,
                practice_items.c.question_id == bindparam("of_question"),
                practice_items.c.criterion_id == bindparam("of_criterion"),
            ),
            [{"of_question": question_id, "of_criterion": criterion_id} for question_id, criterion_id in state],
        )
        rows = [_row(item) for item in state.values() if item is not None]
        if rows:
            await self._connection.execute(insert(practice_items), rows)

    async def items(self, candidate_id: str) -> tuple[PracticeItem, ...]:
        """Every criterion that the candidate once did not show."""
        rows = await self._connection.execute(
            select(practice_items)
            .where(practice_items.c.candidate_id == candidate_id)
            .order_by(practice_items.c.question_id, practice_items.c.criterion_id)
        )
        return tuple(_item(dict(row)) for row in rows.mappings())

    async def keep_plan(self, candidate_id: str, plan: StudyPlan) -> None:
        """The candidate's study plan is this one."""
        await self.delete_plan(candidate_id)
        await self._connection.execute(insert(study_plans).values(candidate_id=candidate_id, plan=plan))

    async def plan(self, candidate_id: str) -> StudyPlan | None:
        """The candidate's study plan, if there is one."""
        found = await self._connection.execute(
            select(study_plans.c.plan).where(study_plans.c.candidate_id == candidate_id)
        )
        plan: StudyPlan | None = found.scalar_one_or_none()
        return plan

    async def delete_plan(self, candidate_id: str) -> bool:
        """Whether there was one."""
        gone = await self._connection.execute(delete(study_plans).where(study_plans.c.candidate_id == candidate_id))
        return gone.rowcount > 0


async def forget(connection: AsyncConnection, interview_id: str, candidate_id: str) -> None:
    """Drops what was made of an interview that is about to be deleted.

    Its items are dropped whole, and what other interviews say of the same criteria is to be taken in anew.
    """
    reviews = practice_reviews.alias()
    mine = select(reviews.c.question_id, reviews.c.criterion_id).where(
        reviews.c.interview_id == interview_id, reviews.c.candidate_id == candidate_id
    )
    await connection.execute(
        delete(practice_items).where(
            practice_items.c.candidate_id == candidate_id,
            tuple_(practice_items.c.question_id, practice_items.c.criterion_id).in_(mine),
        )
    )
    others = practice_reviews.alias()
    sharing = select(others.c.interview_id).where(
        others.c.candidate_id == candidate_id,
        others.c.interview_id != interview_id,
        tuple_(others.c.question_id, others.c.criterion_id).in_(mine),
    )
    await connection.execute(delete(practice_intakes).where(practice_intakes.c.interview_id.in_(sharing)))


def _row(item: PracticeItem) -> dict[str, Any]:
    row = row_of(item)
    memory: Memory = row.pop("memory")
    return row | row_of(memory)


def _item(row: dict[str, Any]) -> PracticeItem:
    memory = Memory(**{name: row.pop(name) for name in _MEMORY})
    return PracticeItem(**row, memory=memory)
