"""What a driver says, in the words of the domain.

Messages of drivers name hosts, users and statements, so none is passed on: it stays the cause of what is raised.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.domain.errors import StoreBusy, StoreUnavailable, VivaError

_NOT_MIGRATED = "its tables are missing or old, run 'viva migrate'"

_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_UNAVAILABLE = {
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_PERM: "its file cannot be opened",
    sqlite3.SQLITE_READONLY: "its file may only be read",
    sqlite3.SQLITE_IOERR: "its disk failed, or is full",
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_CORRUPT: "its file is damaged",
    sqlite3.SQLITE_NOTADB: "its file is no SQLite database",
}

# serialization failure, deadlock, lock not available within lock_timeout, cancelled by statement_timeout
_POSTGRES_BUSY = frozenset({"40001", "40P01", "55P03", "57014"})
# undefined table, column; invalid schema
_POSTGRES_NOT_MIGRATED = frozenset({"42P01", "42703", "3F000"})
# By class of the code. Source: PostgreSQL manual, appendix A.
_POSTGRES_UNAVAILABLE = {
    "08": "the connection to it failed",
    "28": "it refused the user or the password",
    "3D": "the server has no such database",
    "53": "the server has no room or no connections left",
    "57": "the server is starting up or shutting down",
    "58": "its disk failed",
}


@contextmanager
def translated() -> Iterator[None]:
    """Raises the domain's error for what the database cannot do now; whatever is a mistake of ours passes as it is."""
    try:
        yield
    except SQLAlchemyError as error:
        expected = translate(error)
        if expected is None:
            raise
        raise expected from error


def translate(error: SQLAlchemyError, *, writes: bool = True) -> VivaError | None:
    """The domain's error for `error`, or None where it is a mistake in the code, as it is where a reader `writes` after all."""
    if isinstance(error, PoolTimeout):
        return StoreBusy()
    if isinstance(error, DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return _of_sqlite(error.orig, writes=writes)
        return _of_postgres(error)
    if isinstance(error, StatementError) and isinstance(error.orig, VivaError):
        # Raised by a column type while the parameters were bound.
        return error.orig
    return None


def _of_sqlite(error: sqlite3.Error, *, writes: bool) -> VivaError | None:
    code = getattr(error, "sqlite_errorcode", None)
    # A file that may only be read says more than the plain code to somebody who only reads.
    if code is None or (code == sqlite3.SQLITE_READONLY and not writes):
        return None
    primary = code & 0xFF
    if primary in _SQLITE_BUSY:
        return StoreBusy()
    if primary in _SQLITE_UNAVAILABLE:
        return StoreUnavailable(_SQLITE_UNAVAILABLE[primary])
    if primary == sqlite3.SQLITE_ERROR and str(error).startswith("no such table"):
        return StoreUnavailable(_NOT_MIGRATED)
    return None


def _of_postgres(error: DBAPIError) -> VivaError | None:
    code = getattr(error.orig, "sqlstate", None)
    if code is None:
        # psycopg gives no code where the server was not reached or went away in the middle.
        lost = error.connection_invalidated or type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
        return StoreUnavailable("the server cannot be reached") if lost else None
    if code in _POSTGRES_BUSY:
        return StoreBusy()
    if code in _POSTGRES_NOT_MIGRATED:
        return StoreUnavailable(_NOT_MIGRATED)
    reason = _POSTGRES_UNAVAILABLE.get(code[:2])
    return None if reason is None else StoreUnavailable(reason)
