"""SQL of a coding problem on tables in memory: one reading statement, nothing else, and not for long.

The database holds the rows of one test and is thrown away. An authorizer refuses all that is not reading, a progress
handler ends what runs too long, and answers are cut at a number of rows.
Source: https://www.sqlite.org/c3ref/set_authorizer.html and https://www.sqlite.org/c3ref/progress_handler.html
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

Cell = int | float | str | None
Row = tuple[Cell, ...]

TIMEOUT_S = 2.0
MAX_ROWS = 5_000
MAX_CELL_BYTES = 1_000_000
MAX_STATEMENT_BYTES = 50_000
MAX_ANSWER_BYTES = 2_000_000
"""Texts and blobs of all rows together."""
_MAX_PATTERN_BYTES = 100
"""Of LIKE and GLOB: one comparison is one step for the progress handler, however long it takes."""
_STEPS_BETWEEN_LOOKS = 10_000

_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_REFUSED_FUNCTIONS = frozenset(
    {"load_extension", "zeroblob", "randomblob", "readfile", "writefile", "edit", "fts3_tokenizer"}
)


@dataclass(frozen=True, slots=True)
class QueryFailed(Exception):
    """A statement that could not be run to its end; `says` is for the person who wrote it."""

    says: str
    slow: bool = False
    """Whether its time was over."""

    def __str__(self) -> str:
        return self.says


def run_query(
    statement: str,
    tables: Mapping[str, Mapping[str, str]],
    rows: Mapping[str, Sequence[Row]],
    *,
    timeout_s: float = TIMEOUT_S,
    clock: Callable[[], float] = time.monotonic,
) -> list[Row]:
    """The rows that a statement gives on these tables.

    Args:
        statement: One SELECT, WITH or VALUES; a semicolon at its end is allowed.
        tables: Columns of each table with SQLite types. Names are the problem's, not the candidate's.
        rows: What stands in them.
        timeout_s: Wall time that the statement may take.
        clock: Seconds that only grow.

    Raises:
        QueryFailed: it is not one reading statement, is wrong, takes too long or gives too much.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")  # sorting writes no file
        for name, columns in tables.items():
            inside = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f'CREATE TABLE "{name}" ({inside})')
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows.get(name, ()))  # noqa: S608
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_STATEMENT_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _MAX_PATTERN_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0)
        connection.set_authorizer(_authorize)
        end_s = clock() + timeout_s
        connection.set_progress_handler(lambda: int(clock() > end_s), _STEPS_BETWEEN_LOOKS)
        try:
            found = _fetched(connection.execute(statement))
        except sqlite3.Warning as warning:
            raise QueryFailed(f"write one statement: {warning}") from None
        except sqlite3.Error as error:
            if str(error) == "interrupted":
                raise QueryFailed(f"it took more than {timeout_s:g} s and was stopped", slow=True) from None
            if any(each in str(error) for each in ("not authorized", "prohibited", "authorization denied")):
                raise QueryFailed("only reading is allowed here: write one SELECT") from None
            raise QueryFailed(str(error)) from None
        return found


def _fetched(cursor: sqlite3.Cursor) -> list[Row]:
    found: list[Row] = []
    size = 0
    for row in cursor:
        size += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if size > MAX_ANSWER_BYTES:
            raise QueryFailed(f"it gives more than {MAX_ANSWER_BYTES:,} characters")
        found.append(row)
        if len(found) > MAX_ROWS:
            raise QueryFailed(f"it gives more than {MAX_ROWS} rows")
    return found


def _authorize(action: int, _first: str | None, second: str | None, *_place: str | None) -> int:
    # For a function, its name is the second of the two texts that depend on the action.
    if action not in _ALLOWED:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and (second or "").casefold() in _REFUSED_FUNCTIONS:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
