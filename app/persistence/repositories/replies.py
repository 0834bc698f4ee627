"""The interviewer's turns that are being made. After `kill -9`, what stands here unfinished is said after all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.errors import InterviewNotFound, LeaseLost
from app.domain.transcript import Mark, Move
from app.persistence.records import Reply
from app.persistence.repositories.leases import Leases
from app.persistence.repositories.rows import Repository, insert_unless_there, row_of
from app.persistence.tables import replies

MAX_ATTEMPTS = 5
"""A reply that was lost so often is left to a person who asks for it again."""

_COLUMNS = [column for column in replies.c if column.name != "not_before"]


class Replies(Repository):
    """Replies in the making."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._leases = Leases(connection, replies)

    async def add(self, reply: Reply) -> bool:
        """Whether the reply was new; one for the same turn is left as it is. Raises `InterviewNotFound`."""
        try:
            return await insert_unless_there(self._connection, replies, row_of(reply))
        except IntegrityError as error:
            raise InterviewNotFound(reply.interview_id) from error

    async def get(self, interview_id: str, for_seq: int) -> Reply | None:
        """The reply to this turn, if one was asked for."""
        found = await self._connection.execute(select(*_COLUMNS).where(_of(interview_id, for_seq)))
        row = found.mappings().one_or_none()
        return None if row is None else Reply(**row)

    async def pending(self, *, now: datetime, limit: int) -> tuple[Reply, ...]:
        """Replies that nobody makes at this moment, oldest first."""
        rows = await self._connection.execute(
            select(*_COLUMNS)
            .where(self._leases.claimable(now=now, max_attempts=MAX_ATTEMPTS))
            .order_by(replies.c.created_at, replies.c.interview_id)
            .limit(limit)
        )
        return tuple(Reply(**row) for row in rows.mappings())

    async def claim(
        self, interview_id: str, for_seq: int, *, owner: str, now: datetime, lease_s: float
    ) -> Reply | None:
        """The reply, now made by `owner`; None where it is done, or another makes it.

        One that failed, or was lost too often, can be claimed as well: whoever names it wants it.
        """
        stuck = or_(replies.c.state == "failed", and_(replies.c.state == "running", replies.c.leased_until <= now))
        free = or_(replies.c.state == "pending", stuck)
        row = await self._leases.claim(and_(_of(interview_id, for_seq), free), owner=owner, now=now, lease_s=lease_s)
        return None if row is None else Reply(**{name: value for name, value in row.items() if name != "not_before"})

    async def decide(self, interview_id: str, for_seq: int, *, owner: str, move: Move, marks: tuple[Mark, ...]) -> None:
        """Keeps the move, so that a restart says the same. Raises `LeaseLost`."""
        held = await self._leases.change(_of(interview_id, for_seq), owner=owner, values={"move": move, "marks": marks})
        _still(held, interview_id, for_seq, owner)

    async def renew(self, interview_id: str, for_seq: int, *, owner: str, now: datetime, lease_s: float) -> None:
        """Holds the lease for `lease_s` seconds from now. Raises `LeaseLost`."""
        held = await self._leases.renew(_of(interview_id, for_seq), owner=owner, now=now, lease_s=lease_s)
        _still(held, interview_id, for_seq, owner)

    async def finish(self, interview_id: str, for_seq: int, *, owner: str, now: datetime) -> None:
        """The reply is done; in the transaction that appends the interviewer's turn. Raises `LeaseLost`."""
        _still(
            await self._leases.finish(_of(interview_id, for_seq), owner=owner, now=now), interview_id, for_seq, owner
        )

    async def fail(
        self,
        interview_id: str,
        for_seq: int,
        *,
        owner: str,
        now: datetime,
        error: str,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        """The reply waits for another try, or has failed after `max_attempts`. Raises `LeaseLost`."""
        held = await self._leases.fail(
            _of(interview_id, for_seq),
            owner=owner,
            now=now,
            error=error,
            max_attempts=max_attempts,
            retry_after_s=0,
        )
        _still(held, interview_id, for_seq, owner)

    async def release_all_of(self, owner: str) -> int:
        """How many replies that `owner` was making wait again; for a start after a kill."""
        return await self._leases.release_all_of(owner)

    async def requeue_expired(self, *, now: datetime, max_attempts: int = MAX_ATTEMPTS) -> int:
        """How many replies whose lease has run out wait again, or have failed after `max_attempts`."""
        return await self._leases.requeue_expired(now=now, max_attempts=max_attempts)


def _of(interview_id: str, for_seq: int) -> ColumnElement[bool]:
    return and_(replies.c.interview_id == interview_id, replies.c.for_seq == for_seq)


def _still(held: bool, interview_id: str, for_seq: int, owner: str) -> None:
    if not held:
        raise LeaseLost("reply", f"{interview_id}/{for_seq}", owner)
