"""A start beside a database or an index that is busy or away: it is waited for, and readiness says so."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from app.api.dependencies import Services
from app.domain.errors import IndexUnavailable, SchemaUnknown, StoreBusy, StoreUnavailable, VivaError
from app.domain.resume import Resume
from app.main import Parts, create_app
from app.material.load import load
from app.persistence import migrate
from app.persistence.engine import sqlite_file
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.unit_of_work import open_store
from app.settings import Database
from app.wiring import waiting
from app.wiring.reading import ingest_passages
from tests.support.builders import NOW
from tests.support.embedders import HashingEmbedder
from tests.support.material import write_corpus
from tests.support.serving import settings_for

pytestmark = pytest.mark.anyio


@pytest.fixture
def held(tmp_path: Path) -> Services:
    async def read_resume(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        raise AssertionError("not asked for")

    store = open_store(f"sqlite:///{tmp_path}/viva.db")
    return Services(
        store=store,
        corpus=load(write_corpus(tmp_path / "material")),
        api_keys=False,
        version="1",
        now=lambda: NOW,
        read_resume=read_resume,
    )


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "STORE_RETRY_S", 0.01)


async def until(held: Services, *reasons: str) -> None:
    async with asyncio.timeout(120):
        while held.not_ready != reasons:
            assert not any("start-up failed" in each for each in held.not_ready), held.not_ready
            await asyncio.sleep(0.01)


async def test_a_database_that_is_busy_when_viva_starts_is_waited_for(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path / "data",
        corpus=write_corpus(tmp_path / "corpus"),
        database=Database(busy_timeout_ms=100),
    )
    embedder = HashingEmbedder(max_words=10_000)
    migrate.upgrade(settings.database_url)
    ingest_passages(settings, embedder, corpus=load(settings.corpus))
    app = create_app(settings, Parts(embedder=embedder))
    file = sqlite_file(settings.database_url)
    assert file is not None
    async with app.router.lifespan_context(app):
        # Nothing was awaited since: what opens behind the port has not begun.
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await until(app.state.services, str(StoreBusy()))
        other.execute("ROLLBACK")
        other.close()
        await until(app.state.services)
        assert app.state.services.conductor is not None


async def test_a_start_without_setup_makes_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    """`viva serve` in a new folder used to end in a trace, and left a file behind that everybody could read."""
    settings = settings_for(tmp_path / "data", corpus=write_corpus(tmp_path / "corpus"))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    embedder = HashingEmbedder(max_words=10_000)
    ingest_passages(settings, embedder, corpus=load(settings.corpus))
    file = sqlite_file(settings.database_url)
    assert file is not None
    assert not file.exists()
    app = create_app(settings, Parts(embedder=embedder))
    async with app.router.lifespan_context(app):
        await until(app.state.services)
        async with app.state.services.store.read() as work:
            assert await work.candidates.get(LOCAL_CANDIDATE) is not None
    assert {stat.S_IMODE(each.stat().st_mode) for each in file.parent.glob("viva.db*")} == {0o600}


async def test_a_connection_makes_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/viva.db")
    with pytest.raises(StoreUnavailable, match="viva migrate"):
        async with store.read() as work:
            await work.candidates.get(LOCAL_CANDIDATE)
    await store.close()
    assert stat.S_IMODE((tmp_path / "viva.db").stat().st_mode) == 0o600


@pytest.mark.parametrize("error", [StoreBusy(), StoreUnavailable("its disk failed"), IndexUnavailable("http://index")])
async def test_a_step_is_taken_again_until_what_it_needs_is_there(error: VivaError, held: Services) -> None:
    told: list[tuple[str, ...]] = []

    async def step() -> str:
        told.append(held.not_ready)
        if len(told) < 3:
            raise error
        return "there"

    assert await waiting.once_there(step, held) == "there"
    assert told[1:] == [(str(error),)] * 2
    assert held.not_ready == waiting.OPENING


async def test_what_no_waiting_mends_ends_the_start(held: Services) -> None:
    async def step() -> None:
        raise SchemaUnknown("9999")

    with pytest.raises(SchemaUnknown):
        await waiting.once_there(step, held)
