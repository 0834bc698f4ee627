"""The migrations, on both databases: up, down and up again with rows in them, and in step with the code."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from sys import executable

import pytest
from sqlalchemy import create_engine, inspect, text

from app.domain.errors import SchemaUnknown, StoreUnavailable, StoreUrlInvalid
from app.persistence import migrate
from app.persistence.engine import async_url, sync_url
from app.persistence.tables import metadata
from app.persistence.unit_of_work import open_store
from tests.support.builders import NOW, OWNER, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]


def _tables(url: str) -> set[str]:
    engine = create_engine(sync_url(url))
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def _execute(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(sync_url(url))
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def test_an_empty_database_is_not_current_and_asking_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    assert migrate.current(empty_url) is None
    assert not migrate.is_current(empty_url)
    assert list(tmp_path.iterdir()) == []


def test_upgrade_builds_every_table_and_a_second_one_changes_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.upgrade(empty_url)
    assert _tables(empty_url) == set(metadata.tables)
    assert migrate.is_current(empty_url)
    assert migrate.current(empty_url) == migrate.head()


def test_the_migrations_build_the_tables_of_the_code(store_url: str) -> None:
    migrate.check(store_url)


def test_constraints_have_the_names_that_later_migrations_call_them_by(store_url: str) -> None:
    engine = create_engine(sync_url(store_url))
    try:
        found = inspect(engine)
        for table in metadata.tables.values():
            names = {item["name"] for item in found.get_unique_constraints(table.name)}
            names |= {item["name"] for item in found.get_foreign_keys(table.name)}
            names |= {item["name"] for item in found.get_indexes(table.name)}
            names |= {found.get_pk_constraint(table.name)["name"]}
            wanted = {str(item.name) for item in table.constraints} | {str(item.name) for item in table.indexes}
            assert wanted <= names
    finally:
        engine.dispose()


@pytest.mark.anyio
async def test_up_down_and_up_again_with_rows_in_it(empty_url: str) -> None:
    for _ in range(2):
        migrate.upgrade(empty_url)
        store = open_store(empty_url)
        try:
            async with store.write() as unit:
                await unit.candidates.ensure_local(now=NOW)
                await unit.interviews.add(an_interview(candidate_id="local"))
                await unit.commit()
            # Rows stay through a second upgrade.
            migrate.upgrade(empty_url)
            async with store.read() as unit:
                assert await unit.interviews.get("interview-1", candidate_id="local")
        finally:
            await store.close()
        migrate.downgrade(empty_url)
        assert _tables(empty_url) == set()
        assert migrate.current(empty_url) is None


def test_two_processes_that_migrate_at_once_both_end_well(empty_url: str) -> None:
    code = "import sys; from app.persistence import migrate; migrate.upgrade(sys.argv[1])"
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: run([executable, "-c", code, empty_url], capture_output=True), range(2)))
    assert [done.returncode for done in runs] == [0, 0], [done.stderr for done in runs]
    assert migrate.is_current(empty_url)


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_url: str) -> None:
    # The last table of the script is in the way, so that all before it are made and must vanish.
    _execute(empty_url, "CREATE TABLE scores (mine INTEGER)")
    with pytest.raises(Exception, match="scores"):
        migrate.upgrade(empty_url)
    assert _tables(empty_url) == {"scores"}
    assert migrate.current(empty_url) is None


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store_url: str) -> None:
    _execute(store_url, "UPDATE alembic_version SET version_num = '9999'")
    assert not migrate.is_current(store_url)
    with pytest.raises(SchemaUnknown) as refused:
        migrate.upgrade(store_url)
    assert refused.value.found == "9999"
    assert "9999" in str(refused.value)
    assert _tables(store_url) == set(metadata.tables)


def test_a_new_sqlite_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "100%.db"
    migrate.upgrade(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_sqlite_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "viva.db").write_text("not a database, and longer than the header of one. " * 20)
    with pytest.raises(StoreUnavailable, match="no SQLite database"):
        migrate.upgrade(f"sqlite:///{tmp_path / 'viva.db'}")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        migrate.upgrade(f"sqlite:///{tmp_path}")


def test_an_upgrade_that_would_break_references_is_refused(migrated_sqlite_file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'viva.db'}"
    (tmp_path / "viva.db").write_bytes(migrated_sqlite_file.read_bytes())
    _execute(url, f"INSERT INTO api_keys VALUES ('k', 'nobody, not {OWNER}', 'h', 'p', '2026-01-01 00:00:00', NULL)")
    with pytest.raises(StoreUnavailable, match="refer to rows that are missing"):
        migrate.upgrade(url)


@pytest.mark.parametrize(
    "url", ["", "viva.db", "mysql://host/viva", "sqlite://", "sqlite:///:memory:", "postgresql://h:x"]
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(StoreUrlInvalid):
        async_url(url)


def test_a_refused_address_is_not_repeated_with_its_password() -> None:
    with pytest.raises(StoreUrlInvalid) as refused:
        async_url("postgresql://viva:hunter2@host:port/viva")
    assert "hunter2" not in f"{refused.value}{refused.value!r}"
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+asyncpg"])
def test_every_way_to_name_postgres_uses_one_driver(scheme: str) -> None:
    assert async_url(f"{scheme}://host/viva").drivername == "postgresql+psycopg"
