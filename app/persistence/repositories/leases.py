"""Work that is claimed under a lease, so that a killed process loses none of it and two processes do none of it twice.

`replies` and `assessments` have the same columns for this: state, attempts, lease_owner, leased_until, not_before,
finished_at, error. A lease that has run out can be claimed by anyone; who held it is refused from the moment it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, and_, case, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

_FREE = {"lease_owner": "", "leased_until": None}
_EXHAUSTED = "gave up: the process that did this work died each time"


class Leases:
    """The leases of one table."""

    def __init__(self, connection: AsyncConnection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def claimable(self, *, now: datetime, max_attempts: int) -> ColumnElement[bool]:
        """Waiting and due, or held by one whose lease has run out.

        Work that was lost `max_attempts` times is left: it may be what kills the process. `requeue_expired` fails it.
        """
        columns = self._table.c
        due = and_(columns.state == "pending", or_(columns.not_before.is_(None), columns.not_before <= now))
        lost = and_(columns.state == "running", columns.leased_until <= now)
        return and_(or_(due, lost), columns.attempts < max_attempts)

    async def claim(
        self, condition: ColumnElement[bool], *, owner: str, now: datetime, lease_s: float
    ) -> RowMapping | None:
        """The oldest row that meets the condition, now running under `owner`; None where none is free.

        On PostgreSQL rows that another claims at this moment are passed over; on SQLite there is one writer at a time.
        """
        columns, key = self._table.c, list(self._table.primary_key)
        oldest = (
            select(*key)
            .where(condition)
            .order_by(columns.created_at, *key)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("oldest")
        )
        claimed = await self._connection.execute(
            update(self._table)
            .where(tuple_(*key).in_(select(*oldest.c)))
            .values(
                state="running",
                attempts=columns.attempts + 1,
                lease_owner=owner,
                leased_until=now + timedelta(seconds=lease_s),
                not_before=None,
                finished_at=None,
            )
            .returning(self._table)
        )
        row: RowMapping | None = claimed.mappings().one_or_none()
        return row

    async def change(self, condition: ColumnElement[bool], *, owner: str, values: dict[str, Any]) -> bool:
        """Whether `owner` held the row, which then has the new values."""
        columns = self._table.c
        changed = await self._connection.execute(
            update(self._table)
            .where(condition, columns.state == "running", columns.lease_owner == owner)
            .values(**values)
        )
        return changed.rowcount == 1

    async def renew(self, condition: ColumnElement[bool], *, owner: str, now: datetime, lease_s: float) -> bool:
        """Whether `owner` held the row and now holds it for `lease_s` seconds more."""
        return await self.change(condition, owner=owner, values={"leased_until": now + timedelta(seconds=lease_s)})

    async def finish(self, condition: ColumnElement[bool], *, owner: str, now: datetime) -> bool:
        """Whether `owner` held the row, which is now done."""
        return await self.change(
            condition, owner=owner, values={"state": "done", "finished_at": now, "error": "", **_FREE}
        )

    async def fail(
        self,
        condition: ColumnElement[bool],
        *,
        owner: str,
        now: datetime,
        error: str,
        max_attempts: int,
        retry_after_s: float,
    ) -> bool:
        """Whether `owner` held it. It waits `retry_after_s` for another try, or has failed after `max_attempts`."""
        last = self._table.c.attempts >= max_attempts
        return await self.change(
            condition,
            owner=owner,
            values={
                "state": case((last, "failed"), else_="pending"),
                "finished_at": case((last, now), else_=None),
                "not_before": now + timedelta(seconds=retry_after_s) if retry_after_s else None,
                "error": error,
                **_FREE,
            },
        )

    async def release(self, condition: ColumnElement[bool], *, owner: str) -> bool:
        """Whether `owner` held the row, which waits again as if never claimed."""
        return await self.change(
            condition, owner=owner, values={"state": "pending", "attempts": self._table.c.attempts - 1, **_FREE}
        )

    async def release_all_of(self, owner: str) -> int:
        """How many rows that `owner` held wait again; for the next start of a process that was killed."""
        columns = self._table.c
        freed = await self._connection.execute(
            update(self._table)
            .where(columns.state == "running", columns.lease_owner == owner)
            .values(state="pending", **_FREE)
        )
        return freed.rowcount

    async def requeue_expired(self, *, now: datetime, max_attempts: int) -> int:
        """How many rows whose lease has run out wait again, or have failed after `max_attempts`.

        Those that `release_all_of` lets wait after their last attempt fail as well.
        """
        columns = self._table.c
        last = columns.attempts >= max_attempts
        expired = and_(columns.state == "running", columns.leased_until <= now)
        freed = await self._connection.execute(
            update(self._table)
            .where(or_(expired, and_(columns.state == "pending", last)))
            .values(
                state=case((last, "failed"), else_="pending"),
                finished_at=case((last, now), else_=None),
                error=case((last, _EXHAUSTED), else_=columns.error),
                **_FREE,
            )
        )
        return freed.rowcount
