"""Judging work that waits, runs or is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import InterviewNotFound, LeaseLost
from app.domain.score import Assessment, AssessmentState, Score
from app.persistence.repositories.leases import Leases
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.repositories.scores import Scores
from app.persistence.tables import assessments, scores

MAX_ATTEMPTS = 5

_COLUMNS = [column for column in assessments.c if column.name != "not_before"]


class Assessments(Repository):
    """Assessments of questions."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._leases = Leases(connection, assessments)

    async def add(self, assessment: Assessment) -> bool:
        """Whether the assessment was new; one of the same id is left as it is. Raises `InterviewNotFound`.

        A score does not come in here: `finish` stores it.
        """
        row = {name: value for name, value in row_of(assessment).items() if name != "score"}
        try:
            return await insert_unless_there(self._connection, assessments, row)
        except IntegrityError as error:
            raise InterviewNotFound(assessment.interview_id) from error

    async def claim(
        self, owner: str, *, now: datetime, lease_s: float, max_attempts: int = MAX_ATTEMPTS
    ) -> Assessment | None:
        """The oldest assessment that waits or was lost, now run by `owner`; None where there is none."""
        row = await self._leases.claim(
            self._leases.claimable(now=now, max_attempts=max_attempts), owner=owner, now=now, lease_s=lease_s
        )
        if row is None:
            return None
        return Assessment(**{name: value for name, value in row.items() if name != "not_before"})

    async def renew(self, assessment_id: str, *, owner: str, now: datetime, lease_s: float) -> None:
        """Holds the lease for `lease_s` seconds from now. Raises `LeaseLost`."""
        held = await self._leases.renew(assessments.c.id == assessment_id, owner=owner, now=now, lease_s=lease_s)
        _still(held, assessment_id, owner)

    async def finish(self, assessment_id: str, *, owner: str, now: datetime, score: Score) -> None:
        """The assessment is done and its score is the current one of the question. Raises `LeaseLost`."""
        _still(await self._leases.finish(assessments.c.id == assessment_id, owner=owner, now=now), assessment_id, owner)
        found = await self._connection.execute(
            select(assessments.c.interview_id).where(assessments.c.id == assessment_id)
        )
        await Scores(self._connection).add(found.scalar_one(), score, assessment_id=assessment_id)

    async def fail(
        self,
        assessment_id: str,
        *,
        owner: str,
        now: datetime,
        error: str,
        max_attempts: int = MAX_ATTEMPTS,
        retry_after_s: float = 0,
    ) -> None:
        """It waits `retry_after_s` for another try, or has failed after `max_attempts`. Raises `LeaseLost`."""
        held = await self._leases.fail(
            assessments.c.id == assessment_id,
            owner=owner,
            now=now,
            error=error,
            max_attempts=max_attempts,
            retry_after_s=retry_after_s,
        )
        _still(held, assessment_id, owner)

    async def release(self, assessment_id: str, *, owner: str) -> None:
        """The assessment waits again, and this try is not counted. Raises `LeaseLost`."""
        _still(await self._leases.release(assessments.c.id == assessment_id, owner=owner), assessment_id, owner)

    async def release_all_of(self, owner: str) -> int:
        """How many assessments that `owner` was running wait again; for a start after a kill."""
        return await self._leases.release_all_of(owner)

    async def requeue_expired(self, *, now: datetime, max_attempts: int = MAX_ATTEMPTS) -> int:
        """How many assessments whose lease has run out wait again, or have failed after `max_attempts`."""
        return await self._leases.requeue_expired(now=now, max_attempts=max_attempts)

    async def list(self, interview_id: str) -> tuple[Assessment, ...]:
        """All assessments of an interview, oldest first, each with the score it made."""
        rows = await self._connection.execute(
            _with_score()
            .where(assessments.c.interview_id == interview_id)
            .order_by(assessments.c.created_at, assessments.c.id)
        )
        return tuple(_assessment(row) for row in rows.mappings())

    async def get(self, assessment_id: str) -> Assessment | None:
        """The assessment with the score it made."""
        found = await self._connection.execute(_with_score().where(assessments.c.id == assessment_id))
        row = found.mappings().one_or_none()
        return None if row is None else _assessment(row)

    async def count_by_state(self, interview_id: str) -> Mapping[AssessmentState, int]:
        """How many assessments of an interview are in each state; every state is there."""
        rows = await self._connection.execute(
            select(assessments.c.state, func.count())
            .where(assessments.c.interview_id == interview_id)
            .group_by(assessments.c.state)
        )
        counts = dict.fromkeys(AssessmentState, 0)
        for state, count in rows:
            counts[state] = count
        return counts


def _with_score() -> Select[tuple[object, ...]]:
    return select(*_COLUMNS, scores.c.score).outerjoin(scores, scores.c.assessment_id == assessments.c.id)


def _assessment(row: RowMapping) -> Assessment:
    return Assessment(**row)


def _still(held: bool, assessment_id: str, owner: str) -> None:
    if not held:
        raise LeaseLost("assessment", assessment_id, owner)
