"""Stores for tests: each on both databases, built by the migrations and by nothing else."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.persistence import migrate
from app.persistence.records import Candidate
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import NOW, OWNER
from tests.support.postgres import PostgresServer

BOTH = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("store") / "migrated.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'viva.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.empty_database()
    yield url
    server.drop(url)


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database with all tables."""
    if request.param == "sqlite":
        yield str(request.getfixturevalue("sqlite_url"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.migrated_database()
    yield url
    server.drop(url)


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path, tmp_path: Path) -> str:
    """An SQLite database with all tables, alone in its folder."""
    shutil.copy(migrated_sqlite_file, tmp_path / "viva.db")
    return f"sqlite:///{tmp_path / 'viva.db'}"


@pytest.fixture
async def store(store_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    """A store with the candidate `OWNER` in it."""
    opened = open_store(store_url)
    async with opened.write() as unit:
        await unit.candidates.add(Candidate(OWNER, NOW, "the owner"))
        await unit.commit()
    yield opened
    await opened.close()
