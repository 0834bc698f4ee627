"""What each table holds of a person, and how its rows become plain values and rows again.

Every table is declared here: a test walks the metadata and fails for one that is not. Deleting a candidate deletes all of it,
whatever it is declared as, by foreign keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Float, Integer, Table, select
from sqlalchemy.dialects.sqlite import dialect as sqlite

from app.domain.code import CodeOutcome, Outcome, ReviewerView, ShownTest
from app.domain.errors import TextUnstorable
from app.domain.score import AssessmentState
from app.persistence.tables import candidates, metadata
from app.persistence.types import Choice, Json, UtcTime


class Kept(StrEnum):
    """What becomes of a table's rows when somebody takes their data along."""

    EXPORTED = "exported"
    DERIVED = "derived"
    """Made from exported rows, and made again from them."""
    OPERATIONAL = "operational"
    """Keys, links, and work that is under way: nothing that a person said or was told."""
    NOBODYS = "nobody's"
    """Of no person."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One table."""

    kept: Kept
    left_out: Mapping[str, Any] = field(default_factory=dict)
    """Of an exported table: columns that stay here, each with the value that it has after an import."""
    order: tuple[str, ...] = ()
    """Columns by which the rows of a document are sorted; the primary key where none are named."""
    shown: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    """Columns of which only a part may be taken along."""


def _without_hidden_arguments(outcome: CodeOutcome | None) -> CodeOutcome | None:
    """What became of the code, as its candidate may know it: hidden tests stay hidden, whatever they were given."""
    if outcome is None or outcome.view is None:
        return outcome
    view = outcome.view
    hidden = tuple(
        ShownTest("", "", test.because, Outcome(test.outcome.kind, seconds=test.outcome.seconds))
        for test in view.hidden
    )
    kept = ReviewerView(view.broken, view.tests, hidden, view.stdout, view.stderr, view.limits)
    # What met its limit decides whether a test was failed or not assessed.
    return replace(outcome, view=replace(kept, hidden_limits=view.hidden_limits))


def _as_it_waits(state: AssessmentState) -> AssessmentState:
    """Work that is done somewhere now waits where it is taken to."""
    return AssessmentState.PENDING if state is AssessmentState.RUNNING else state


_OPERATIONAL = Holding(Kept.OPERATIONAL)
_DERIVED = Holding(Kept.DERIVED)

HOLDINGS: Mapping[str, Holding] = {
    "candidates": _OPERATIONAL,
    "api_keys": _OPERATIONAL,
    "resumes": Holding(Kept.EXPORTED, order=("created_at", "id")),
    "interviews": Holding(Kept.EXPORTED, order=("created_at", "id"), left_out={"restored_at": None}),
    "turns": Holding(
        Kept.EXPORTED,
        order=("interview_id", "seq"),
        left_out={"idempotency_key": "", "body_hash": ""},
        shown={"outcome": _without_hidden_arguments},
    ),
    "code_runs": Holding(Kept.EXPORTED, left_out={"leased_until": None}),
    "replies": _OPERATIONAL,
    "assessments": Holding(
        Kept.EXPORTED,
        order=("interview_id", "created_at", "id"),
        left_out={"lease_owner": "", "leased_until": None, "not_before": None},
        shown={"state": _as_it_waits},
    ),
    "scores": Holding(Kept.EXPORTED, order=("id",)),
    "appeals": Holding(Kept.EXPORTED, order=("interview_id", "created_at", "id")),
    "annotations": Holding(Kept.EXPORTED, order=("interview_id", "created_at", "id")),
    "overrides": Holding(Kept.EXPORTED, order=("interview_id", "created_at", "id")),
    "confidences": Holding(Kept.EXPORTED),
    "afterwards": Holding(Kept.EXPORTED),
    "study_plans": Holding(Kept.EXPORTED),
    "loops": Holding(Kept.EXPORTED, order=("created_at", "id")),
    "loop_stages": Holding(Kept.EXPORTED),
    "shares": _OPERATIONAL,
    "turn_search": _DERIVED,
    "criterion_states": _DERIVED,
    # Taken in anew from the scores, by whoever next asks for practice.
    "practice_reviews": _DERIVED,
    "practice_intakes": _DERIVED,
    "practice_items": _DERIVED,
}


def exported() -> Iterator[Table]:
    """The tables of a document, each after those that it refers to."""
    for table in metadata.sorted_tables:
        if HOLDINGS[table.name].kept is Kept.EXPORTED:
            yield table


def counted(table: Table) -> Column[Any] | None:
    """The column that the database counts by itself; it is in no document, and orders the rows there."""
    for column in table.primary_key:
        if isinstance(column.type, Integer) and column.autoincrement is True:
            return column
    return None


def columns_of(table: Table) -> list[Column[Any]]:
    """The columns of an exported table that a document has: whose rows they are goes without saying."""
    left_out = HOLDINGS[table.name].left_out
    return [
        column
        for column in table.c
        if column.name not in left_out and column is not counted(table) and not refers_to(column, candidates)
    ]


def refers_to(column: Column[Any], table: Table) -> bool:
    """Whether the column names a row of the table."""
    return any(key.column.table is table for key in column.foreign_keys)


def owner_column(table: Table) -> Column[Any] | None:
    """The column that names the candidate directly, in tables that have one."""
    return next((column for column in table.c if refers_to(column, candidates)), None)


def way_to_owner(table: Table) -> Column[Any] | None:
    """The column by whose deletion a row goes with its candidate; None where there is none."""
    for column in table.c:
        for key in column.foreign_keys:
            parent = key.column.table
            cascades = (key.ondelete or "").upper() == "CASCADE"
            if cascades and (parent is candidates or (parent is not table and way_to_owner(parent) is not None)):
                return column
    return None


def parents(table: Table) -> list[Column[Any]]:
    """The columns by which a row goes with rows of other tables than the candidate's own."""
    return [
        column
        for column in table.c
        for key in column.foreign_keys
        if (key.ondelete or "").upper() == "CASCADE" and key.column.table is not candidates
    ]


def owned(table: Table, candidate_id: str) -> ColumnElement[bool]:
    """Whether a row is the candidate's; raises `LookupError` for tables of nobody."""
    if table is candidates:
        return candidates.c.id == candidate_id
    column = way_to_owner(table)
    if column is None:
        raise LookupError(f"{table.name} leads to no candidate")
    parent = next(iter(column.foreign_keys)).column
    if parent.table is candidates:
        return column == candidate_id
    return column.in_(select(parent).where(owned(parent.table, candidate_id)))


# --- plain values ---------------------------------------------------------------------------------------------------------

_DIALECT = sqlite()
"""The column types check and convert the same for either."""


def plain(table: Table, column: Column[Any], value: Any) -> Any:
    """A stored value as JSON can hold it."""
    shown = HOLDINGS[table.name].shown.get(column.name)
    if shown is not None:
        value = shown(value)
    if isinstance(column.type, Json):
        return column.type.process_bind_param(value, _DIALECT)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def stored(column: Column[Any], value: Any) -> Any:
    """The value of a document as its column takes it; raises `ValueError`, which says what is wrong with it."""
    if value is None:
        if not column.nullable:
            raise ValueError("it is missing")
        return None
    kind = column.type
    try:
        if isinstance(kind, Json):
            made = kind.process_result_value(value, _DIALECT)
            # The way in checks what the way out does not: numbers without end, characters that cannot be kept.
            kind.process_bind_param(made, _DIALECT)
            return made
        if isinstance(kind, UtcTime):
            return _moment(value)
        if isinstance(kind, Choice):
            return kind.members(value)
        if isinstance(kind, Boolean | Integer | Float):
            return _number(kind, value)
        if not isinstance(value, str):
            raise ValueError("it is no text")
        kind.process_bind_param(value, _DIALECT)  # type: ignore[attr-defined]
        return value
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None
    except TextUnstorable as error:
        raise ValueError(str(error)) from None


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError("it is no time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("the time has no zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside the calendar's years 1 to 9999 in UTC") from None


def _number(kind: Boolean | Integer | Float[Any], value: Any) -> Any:
    if isinstance(kind, Boolean):
        if not isinstance(value, bool):
            raise ValueError("it is neither true nor false")
        return value
    if isinstance(value, bool) or not isinstance(value, int if isinstance(kind, Integer) else int | float):
        raise ValueError("it is no number of its kind")
    if isinstance(kind, Integer):
        bound = 2 ** (63 if isinstance(kind, BigInteger) else 31)
        if not -bound <= value < bound:
            raise ValueError("the number is too large")
    elif not abs(value) < float("inf"):
        raise ValueError("the number has no end")
    return value
