"""What all repositories share: a connection, and the step from a value to a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Select, Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from app.persistence.records import ListPlace


class Repository:
    """Queries over one table, inside the transaction of a unit of work."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection


def row_of(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by name; nested values stay values, their column turns them into JSON."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def newest_first(table: Table, candidate_id: str, *, limit: int, before: ListPlace | None) -> Select[Any]:
    """A page of a candidate's rows, newest first; with `before`, those that follow that place."""
    created_at, key = table.c.created_at, table.c.id
    query = select(table).where(table.c.candidate_id == candidate_id)
    if before is not None:
        place = tuple_(before.created_at, before.id, types=[created_at.type, key.type])
        query = query.where(tuple_(created_at, key) < place)
    return query.order_by(created_at.desc(), key.desc()).limit(limit)


async def insert_unless_there(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """Whether the row was new. A row that breaks a unique constraint is left out, and the transaction goes on.

    An insert that fails would end a transaction of PostgreSQL, and nothing could be asked afterwards.
    A writer that has inserted the same and not yet committed is waited for.
    """
    statement: Any
    if connection.dialect.name == "sqlite":
        statement = sqlite.insert(table).values(dict(row)).on_conflict_do_nothing()
    else:
        statement = postgresql.insert(table).values(dict(row)).on_conflict_do_nothing()
    # Not by the count of rows, which drivers need not know after an insert.
    inserted = await connection.execute(statement.returning(*table.primary_key))
    return inserted.one_or_none() is not None
