"""All that is stored of one person, as plain rows by table, and back. What belongs to it is declared in `holdings`."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.domain.errors import CandidateNotFound, DataInvalid
from app.domain.interview import InterviewState
from app.domain.transcript import Speaker
from app.persistence.holdings import (
    HOLDINGS,
    columns_of,
    counted,
    exported,
    owned,
    owner_column,
    plain,
    stored,
    way_to_owner,
)
from app.persistence.records import Reply
from app.persistence.repositories.replies import Replies
from app.persistence.repositories.rows import Repository
from app.persistence.repositories.searches import Searches
from app.persistence.tables import candidates, interviews, turns
from app.persistence.types import Json

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table."""
_REFERENCES = ("_id", "_ids", "asked_in")
"""How names of fields end that hold ids; ids of the corpus are among them and are never those of rows."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a document, by table."""

    added: Mapping[str, int]
    there_already: Mapping[str, int]
    """Rows that are one's own already, and those that belong to them."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document whose rows are known to be rows."""

    rows: Mapping[str, tuple[dict[str, Any], ...]]


def parsed(document: Rows) -> Parsed:
    """The rows of a document with the values that their columns take. Pure, and slow for a long one.

    Raises:
        DataInvalid: a table, a column or a value is none, or a row refers to one that is not in the document.
    """
    known = {table.name: table for table in exported()}
    for name in document:
        if name not in known:
            raise DataInvalid(f"tables.{name}", "there is no such table")
    made: dict[str, tuple[dict[str, Any], ...]] = {}
    for name, table in known.items():
        made[name] = tuple(_row(table, at, row) for at, row in enumerate(document.get(name, ())))
        _check_references(table, made)
    _check_talks(made)
    return Parsed(made)


def _row(table: Table, at: int, row: Mapping[str, Any]) -> dict[str, Any]:
    place = f"tables.{table.name}[{at}]"
    columns = {column.name: column for column in columns_of(table)}
    for name in row:
        if name not in columns:
            raise DataInvalid(f"{place}.{name}", "there is no such column")
    made: dict[str, Any] = {}
    for name, column in columns.items():
        if name not in row and column.server_default is not None:
            made[name] = column.server_default.arg  # type: ignore[attr-defined]
            continue
        try:
            made[name] = stored(column, row.get(name))
        except ValueError as error:
            raise DataInvalid(f"{place}.{name}", str(error)) from None
    return made


def _check_references(table: Table, made: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Each row refers to rows of the document alone, and no two have one key."""
    for column in columns_of(table):
        for key in column.foreign_keys:
            there = {row[key.column.name] for row in made.get(key.column.table.name, ())}
            for at, row in enumerate(made[table.name]):
                if row[column.name] is not None and row[column.name] not in there:
                    raise DataInvalid(
                        f"tables.{table.name}[{at}].{column.name}", "it refers to a row that is not in the document"
                    )
    names = [column.name for column in table.primary_key if column.name in {each.name for each in columns_of(table)}]
    if names:
        seen: set[tuple[Any, ...]] = set()
        for at, row in enumerate(made[table.name]):
            identity = tuple(row[name] for name in names)
            if identity in seen:
                raise DataInvalid(f"tables.{table.name}[{at}]", f"{', '.join(map(str, identity))} stands twice")
            seen.add(identity)


def _check_talks(made: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Turns follow one another without gaps, their spans are stretches of their words, and scores name their question."""
    last: Counter[str] = Counter()
    order = sorted(range(len(made["turns"])), key=lambda at: made["turns"][at]["seq"])
    for at in order:
        turn = made["turns"][at]
        last[turn["interview_id"]] += 1
        if turn["seq"] != last[turn["interview_id"]]:
            raise DataInvalid(f"tables.turns[{at}].seq", "turns are counted from 1, without gaps")
        end = 0
        for span in turn["spans"]:
            if not end <= span.start <= span.end <= len(turn["text"]):
                raise DataInvalid(f"tables.turns[{at}].spans", "they are no stretches of the text, one after the other")
            end = span.end
    for at, row in enumerate(made["scores"]):
        if row["question_id"] != row["score"].question_id:
            raise DataInvalid(f"tables.scores[{at}].question_id", "it is not the question of the score")


class PersonalData(Repository):
    """One person's rows in all tables."""

    async def export(self, candidate_id: str) -> dict[str, list[dict[str, Any]]]:
        """The rows of a document, in an order that depends on nothing but what is in them."""
        document: dict[str, list[dict[str, Any]]] = {}
        for table in exported():
            columns = columns_of(table)
            order = HOLDINGS[table.name].order or tuple(column.name for column in table.primary_key)
            rows = await self._connection.execute(select(table).where(owned(table, candidate_id)))
            found = sorted(rows.mappings(), key=lambda row: tuple(row[name] for name in order))
            document[table.name] = [
                {column.name: plain(table, column, row[column.name]) for column in columns} for row in found
            ]
        return document

    async def count(self, candidate_id: str) -> dict[str, int]:
        """How many rows of each exported table are the candidate's."""
        counts = {}
        for table in exported():
            found = await self._connection.execute(
                select(func.count()).select_from(table).where(owned(table, candidate_id))
            )
            counts[table.name] = int(found.scalar_one())
        return counts

    async def erase(self, candidate_id: str) -> tuple[str, ...]:
        """Deletes the candidate with every row of theirs in every table and index; ids of their interviews.

        Raises:
            CandidateNotFound: there is none.
        """
        mine = await self._connection.execute(select(interviews.c.id).where(interviews.c.candidate_id == candidate_id))
        gone = await self._connection.execute(delete(candidates).where(candidates.c.id == candidate_id))
        if gone.rowcount == 0:
            raise CandidateNotFound(candidate_id)
        await Searches(self._connection).shrink()
        return tuple(mine.scalars())

    async def restore(
        self, candidate_id: str, document: Parsed, *, now: datetime, new_id: Callable[[], str]
    ) -> Restored:
        """Stores the rows as the candidate's. What is theirs already stays; an id that is somebody else's is replaced.

        Raises:
            DataInvalid: two rows cannot both be stored. The transaction is spent.
        """
        there: Counter[str] = Counter()
        left: defaultdict[str, set[Any]] = defaultdict(set)
        """Keys of rows that are there already, by table: what belongs to them is left as well."""
        renamed: dict[str, str] = {}
        kept: dict[Table, list[Mapping[str, Any]]] = {}
        for table in exported():
            rows = [row for row in document.rows[table.name] if not _of_left(table, row, left)]
            mine, others = await self._there(table, candidate_id, rows)
            left[table.name] = mine
            renamed |= {identity: new_id() for identity in others}
            kept[table] = [row for row in rows if _identity(table, row) not in mine]
            there[table.name] = len(document.rows[table.name]) - len(kept[table])
        # Only now are all new ids known: a row may name one of a table that comes after its own.
        for table, added in kept.items():
            stored_rows = [self._values(table, row, candidate_id, renamed, now) for row in added]
            if stored_rows:
                try:
                    await self._connection.execute(insert(table), stored_rows)
                except IntegrityError as error:
                    raise DataInvalid(f"tables.{table.name}", "two of its rows cannot both be stored") from error
        await self._make_the_rest(candidate_id, now)
        return Restored({table.name: len(rows) for table, rows in kept.items()}, dict(there))

    async def _there(
        self, table: Table, candidate_id: str, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[set[Any], set[str]]:
        """Which of the rows are the candidate's already, and which ids are taken by others, or by rows of other owners' things."""
        owner, key = owner_column(table), _key(table)
        if key is None:
            if owner is None or not rows:
                return set(), set()
            # Known by other columns than an id: those of the candidate's own are compared.
            found = await self._connection.execute(select(table).where(owner == candidate_id))
            return {_identity(table, row) for row in found.mappings()}, set()
        mine: set[Any] = set()
        others: set[str] = set()
        wanted = [row[key.name] for row in rows]
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(key, owner if owner is not None else key).where(key.in_(wanted[start : start + _AT_ONCE]))
            for identity, whose in await self._connection.execute(query):
                (mine if owner is not None and whose == candidate_id else others).add(identity)
        return mine, others

    def _values(
        self, table: Table, row: Mapping[str, Any], candidate_id: str, renamed: Mapping[str, str], now: datetime
    ) -> dict[str, Any]:
        values = {**HOLDINGS[table.name].left_out, **row}
        owner = owner_column(table)
        if owner is not None:
            values[owner.name] = candidate_id
        if table is interviews:
            values["restored_at"] = now
        if not renamed:
            return values
        by_name = {column.name: column for column in columns_of(table)}
        for name, value in row.items():
            if name == "id" or name.endswith(_REFERENCES):
                values[name] = renamed.get(value, value) if isinstance(value, str) else value
            elif isinstance(by_name[name].type, Json) and value is not None:
                # A nested value: its ids are replaced in its plain form, which has the names of its fields.
                again = _renamed(plain(table, by_name[name], value), renamed)
                values[name] = stored(by_name[name], again)
        return values

    async def _make_the_rest(self, candidate_id: str, now: datetime) -> None:
        """What is not in a document and belongs to its rows: the search, and replies that nobody has begun."""
        searches = Searches(self._connection)
        while await searches.fill() + await searches.fill_states():
            pass
        last = (
            select(turns.c.interview_id, func.max(turns.c.seq).label("seq")).group_by(turns.c.interview_id).subquery()
        )
        waiting = await self._connection.execute(
            select(turns.c.interview_id, turns.c.seq)
            .join(last, (last.c.interview_id == turns.c.interview_id) & (last.c.seq == turns.c.seq))
            .join(interviews, interviews.c.id == turns.c.interview_id)
            .where(
                interviews.c.candidate_id == candidate_id,
                interviews.c.state == InterviewState.OPEN,
                turns.c.speaker == Speaker.CANDIDATE,
            )
        )
        for interview_id, seq in waiting.all():
            await Replies(self._connection).add(Reply(interview_id, seq, now))


def _key(table: Table) -> Column[Any] | None:
    """The one column that a row is known by everywhere; None where it is known by others that it belongs to."""
    keys = list(table.primary_key)
    return keys[0] if len(keys) == 1 and not keys[0].foreign_keys and counted(table) is None else None


def _identity(table: Table, row: Mapping[Any, Any]) -> Any:
    """What a row is known by: its id; else what its key says beside whose it is; else all that is in it."""
    key = _key(table)
    if key is not None:
        return row[key.name]
    columns = columns_of(table)
    if counted(table) is None:
        named = [column.name for column in table.primary_key if column in columns]
        return tuple(row[name] for name in named)
    return json.dumps([plain(table, column, row[column.name]) for column in columns], sort_keys=True)


def _of_left(table: Table, row: Mapping[str, Any], left: Mapping[str, set[Any]]) -> bool:
    way = way_to_owner(table)
    if way is None or owner_column(table) is not None:
        return False
    parent = next(iter(way.foreign_keys)).column.table
    return row[way.name] in left[parent.name]


def _renamed(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _reference(inner, renamed) if name.endswith(_REFERENCES) else _renamed(inner, renamed)
            for name, inner in value.items()
        }
    return [_renamed(each, renamed) for each in value] if isinstance(value, list) else value


def _reference(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return renamed.get(value, value)
    return [_reference(each, renamed) for each in value] if isinstance(value, list) else _renamed(value, renamed)
