"""Opens the database. What differs between SQLite and PostgreSQL when connecting stands here and nowhere else."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.domain.errors import StoreUrlInvalid

READING: Final = "viva_reading"
"""Execution option of engines whose transactions only read."""

_LOG_TIMEOUT_S = 5.0
_DRIVERS = {
    "sqlite": ("sqlite+aiosqlite", "sqlite"),
    "postgresql": ("postgresql+psycopg", "postgresql+psycopg"),
    "postgres": ("postgresql+psycopg", "postgresql+psycopg"),
}


def async_url(url: str) -> URL:
    """`url` with the asynchronous driver; raises `StoreUrlInvalid`."""
    return _with_driver(url, 0)


def sync_url(url: str) -> URL:
    """`url` with the synchronous driver, for migrations; raises `StoreUrlInvalid`."""
    return _with_driver(url, 1)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    parsed = async_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None


def _with_driver(url: str, which: int) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # No cause: it repeats the address, and with it the password.
        raise StoreUrlInvalid("it cannot be read") from None
    backend = parsed.drivername.partition("+")[0]
    if backend not in _DRIVERS:
        raise StoreUrlInvalid(f"'{backend}' is no database that Viva knows")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreUrlInvalid("a database in memory is lost with each connection")
    return parsed.set(drivername=_DRIVERS[backend][which])


def open_engine(url: str, *, busy_timeout_ms: int = 5000, pool_size: int = 5) -> AsyncEngine:
    """An engine whose transactions write. Connects on first use.

    A lock is waited for at most `busy_timeout_ms`. Raises `StoreUrlInvalid`.
    """
    parsed = async_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed, pool_size=pool_size, pool_timeout=30, hide_parameters=True)
        _prepare_sqlite(engine, busy_timeout_ms)
        return engine
    connect: dict[str, Any] = {"application_name": "viva"}
    if "connect_timeout" not in parsed.query:
        connect["connect_timeout"] = 10
    if "options" not in parsed.query:
        connect["options"] = f"-c lock_timeout={busy_timeout_ms}"
    return create_async_engine(
        parsed,
        pool_size=pool_size,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args=connect,
        hide_parameters=True,
    )


def reading(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, with transactions that see one moment, write nothing and wait for no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{READING: True})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def cut_off_log(file: Path) -> bool:
    """Whether an SQLite file's write-ahead log is now empty, with all that it held in the file; not while somebody reads it."""
    with closing(sqlite3.connect(file, timeout=_LOG_TIMEOUT_S, isolation_level=None)) as connection:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _prepare_sqlite(engine: AsyncEngine, busy_timeout_ms: int) -> None:
    @event.listens_for(engine.sync_engine, "do_connect")
    def private(*_: object) -> None:
        # SQLite would make a file that everybody may read. Where none can be made, connecting says so.
        file = Path(str(engine.url.database))
        with suppress(OSError):
            file.touch(mode=0o600, exist_ok=False)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # Without this the driver opens transactions by itself, deferred, and two writers that have both read fail.
        connection.isolation_level = None
        cursor = connection.cursor()
        # First, so that the next lines wait for a lock as well.
        cursor.execute(f"PRAGMA busy_timeout={int(busy_timeout_ms)}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten: these are people's words.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        only_reads = bool(connection.get_execution_options().get(READING, False))
        if connection.info.get(READING, False) is not only_reads:
            connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_reads else 'OFF'}")
            connection.info[READING] = only_reads
        # IMMEDIATE takes the write lock before the first read, so that what was read still holds when it is written.
        connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
