"""All of one's data out, gone, and in again, on both databases. A table that forgets to take part fails here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select, text

from app.domain.errors import CandidateNotFound, DataInvalid
from app.persistence.engine import sqlite_file, sync_url
from app.persistence.holdings import HOLDINGS, Kept, columns_of, counted, exported, owned, owner_column, way_to_owner
from app.persistence.records import Candidate, ReplyState
from app.persistence.repositories.personal import Restored, parsed
from app.persistence.repositories.searches import Sought
from app.persistence.tables import candidates, metadata
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import NOW, OWNER
from tests.support.whole_person import HIDDEN, MARKER, TAIL, a_whole_person

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]

PERSON = "person"
Document = dict[str, list[dict[str, Any]]]


# --- no table is forgotten ------------------------------------------------------------------------------------------------


def test_every_table_is_declared() -> None:
    assert set(HOLDINGS) == set(metadata.tables), "say in app/persistence/holdings.py what becomes of its rows"


@pytest.mark.parametrize("name", sorted(metadata.tables))
def test_the_rows_of_a_person_go_with_the_person(name: str) -> None:
    table = metadata.tables[name]
    if table is not candidates and HOLDINGS[name].kept is not Kept.NOBODYS:
        assert way_to_owner(table) is not None, "give it a foreign key that leads to candidates, ON DELETE CASCADE"


@pytest.mark.parametrize("table", list(exported()), ids=lambda table: table.name)
def test_every_column_of_an_exported_table_is_in_the_document_or_has_a_value_after_an_import(table: Any) -> None:
    taken = {column.name for column in columns_of(table)}
    stays = set(HOLDINGS[table.name].left_out)
    assert stays <= set(table.c.keys())
    assert set(HOLDINGS[table.name].order) <= set(table.c.keys())
    for column in table.c:
        by_itself = column is counted(table) or column is owner_column(table)
        assert (column.name in taken) + (column.name in stays) + by_itself == 1, column


def test_only_a_table_of_nobody_leads_nowhere() -> None:
    with pytest.raises(LookupError):
        owned(Table("lonely", MetaData(), Column("id", Integer)), PERSON)


@pytest.mark.anyio
async def test_the_person_of_these_tests_has_something_in_every_table(store: Store) -> None:
    await a_whole_person(store, PERSON)
    async with store.read() as work:
        for table in metadata.sorted_tables:
            if HOLDINGS[table.name].kept is not Kept.NOBODYS:
                found = await work.personal._connection.execute(select(table).where(owned(table, PERSON)))
                assert found.first() is not None, f"let a_whole_person put a row with MARKER into {table.name}"


# --- there and back -------------------------------------------------------------------------------------------------------


async def export(store: Store, candidate_id: str = PERSON) -> Document:
    async with store.read() as work:
        document = await work.personal.export(candidate_id)
    # As it goes over the wire.
    found: Document = json.loads(json.dumps(document, allow_nan=False))
    return found


async def erase(store: Store, candidate_id: str = PERSON) -> None:
    async with store.write() as work:
        await work.personal.erase(candidate_id)
        await work.commit()
    assert await store.scrub()


async def restore(store: Store, document: Document, candidate_id: str = PERSON) -> Restored:
    rows, ids = parsed(document), count(1)
    async with store.write() as work:
        await work.candidates.add(Candidate(candidate_id, NOW))
        done = await work.personal.restore(
            candidate_id, rows, now=NOW, new_id=lambda: f"new-{candidate_id}-{next(ids)}"
        )
        await work.commit()
    return done


@pytest.mark.anyio
async def test_export_delete_import_export_is_the_same(store: Store) -> None:
    await a_whole_person(store, PERSON)
    await a_whole_person(store, "other", word="elsewise")
    before, others = await export(store), await export(store, "other")
    assert all(before[table.name] for table in exported())
    await erase(store)
    assert await export(store) == {table.name: [] for table in exported()}
    assert await export(store, "other") == others
    done = await restore(store, before)
    assert await export(store) == before
    assert done.added == {name: len(rows) for name, rows in before.items()}
    assert set(done.there_already.values()) == {0}
    assert await export(store, "other") == others


@pytest.mark.anyio
async def test_what_was_brought_back_is_found_and_goes_on(store: Store) -> None:
    await a_whole_person(store, PERSON)
    document = await export(store)
    async with store.read() as work:
        before = await work.searches.find(PERSON, Sought(), limit=50)
    await erase(store)
    await restore(store, document)
    async with store.read() as work:
        after = await work.searches.find(PERSON, Sought(), limit=50)
        assert [(hit.turn_id, hit.round, hit.criteria) for hit in after] == [
            (hit.turn_id, hit.round, hit.criteria) for hit in before
        ]
        interview = await work.interviews.get(f"{PERSON}-open", candidate_id=PERSON)
        assert interview.restored_at == NOW
        # Its last words are still to be answered.
        reply = await work.replies.get(interview.id, 2)
        assert reply is not None
        assert reply.state is ReplyState.PENDING
        assert len(await work.scores.history(f"{PERSON}-closed", "fundamentals/detect-overfitting")) == 2
        (current,) = await work.scores.list_current(f"{PERSON}-closed")
        assert current.level == 2
        # Links do not come back with what they showed, nor do keys.
        assert await work.shares.list(PERSON) == ()
        assert await work.keys.list(PERSON) == ()


@pytest.mark.anyio
async def test_what_is_there_already_stays_as_it_is(store: Store) -> None:
    await a_whole_person(store, PERSON)
    document = await export(store)
    changed = json.loads(json.dumps(document).replace("and q7z", "AND q7z"))
    done = await restore(store, changed)
    assert set(done.added.values()) == {0}
    assert done.there_already == {name: len(rows) for name, rows in document.items()}
    assert await export(store) == document
    # One interview that is gone comes back, the other one is left alone.
    async with store.write() as work:
        await work.interviews.delete(f"{PERSON}-closed", candidate_id=PERSON)
        await work.commit()
    done = await restore(store, document)
    assert (done.added["interviews"], done.there_already["interviews"]) == (1, 1)
    assert await export(store) == document


@pytest.mark.anyio
async def test_ids_that_are_somebody_elses_are_replaced_wherever_they_stand(store: Store) -> None:
    await a_whole_person(store, PERSON)
    document = await export(store)
    await restore(store, document, "other")
    assert await export(store) == document
    copy = await export(store, "other")
    told = json.dumps(copy)
    assert '"person-' not in told
    ids = {row["id"] for name in copy for row in copy[name] if "id" in row}
    assert all(each.startswith("new-other-") for each in ids)
    (score,) = [row["score"] for row in copy["scores"] if row["superseded_at"] is None]
    turns = {row["id"]: row for row in copy["turns"]}
    evidence = score["criteria"][0]["evidence"][0]
    assert turns[evidence["turn_id"]]["text"].startswith(evidence["quote"])
    assert score["criteria"][0]["asked_in"][0] in turns
    assert score["criteria"][0]["appeal_id"] == copy["appeals"][0]["id"]
    assert {row["turn_id"] for name in ("appeals", "annotations", "overrides") for row in copy[name]} <= set(turns)
    # A second time it is there already, under its new ids or not: nothing is lost and nothing of the first is touched.
    assert await export(store) == document


@pytest.mark.anyio
async def test_hidden_tests_and_keys_are_not_in_the_document(store: Store) -> None:
    await a_whole_person(store, PERSON)
    document = await export(store)
    told = json.dumps(document)
    assert HIDDEN not in told
    assert "It is there." in told
    for secret in ("idempotency_key", "body_hash", "token_hash", "lease_owner", f"hash-{PERSON}", f"{MARKER}-2"):
        assert secret not in told
    assert document["assessments"][0]["state"] == "pending"


# --- what does not hold together ------------------------------------------------------------------------------------------


def _with(document: Document, table: str, column: str, value: Any, at: int = 0) -> Document:
    rows = [dict(row) for row in document[table]]
    rows[at][column] = value
    return {**document, table: rows}


WRONG: dict[str, tuple[str, str, Any]] = {
    "no time": ("interviews", "created_at", "yesterday"),
    "a time without zone": ("interviews", "created_at", "2026-01-01T00:00:00"),
    "no state": ("interviews", "state", "held"),
    "no number": ("interviews", "minutes", "45"),
    "a number too large": ("interviews", "minutes", 2**40),
    "true for a number": ("interviews", "minutes", True),
    "a nested value": ("interviews", "plan", {"rounds": 5}),
    "missing": ("turns", "text", None),
    "no text": ("turns", "text", 7),
    "a character that cannot be kept": ("turns", "text", "nul \x00"),
    "half a character": ("turns", "text", "\ud800"),
    "a place outside": ("turns", "spans", [{"kind": "answer", "start": 0, "end": 10_000}]),
    "a place before": ("turns", "spans", [{"kind": "answer", "start": -5, "end": 2}]),
    "a gap": ("turns", "seq", 90),
    "another's interview": ("turns", "interview_id", "somebody-elses"),
    "no such column": ("turns", "candidate_id", "other"),
    "another question's score": ("scores", "question_id", "fundamentals/other"),
    "two of one id": ("turns", "id", "person-closed-2"),
    "no truth": ("annotations", "in_code", "no"),
    "a number without end": ("turns", "marks", [{"criterion_id": "c", "p_shown": float("nan"), "p_contradicted": 0, "quote": ""}]),
}  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize("case", sorted(WRONG))
async def test_a_document_that_does_not_hold_together_is_refused_with_its_place(sqlite_url: str, case: str) -> None:
    store = open_store(sqlite_url)
    await a_whole_person(store, PERSON)
    document = await export(store)
    await store.close()
    table, column, value = WRONG[case]
    with pytest.raises(DataInvalid) as refused:
        parsed(_with(document, table, column, value))
    assert refused.value.place.startswith(f"tables.{table}[")


def test_a_table_that_is_none_is_refused_and_one_that_is_missing_is_empty() -> None:
    with pytest.raises(DataInvalid, match="no such table"):
        parsed({"api_keys": []})
    assert set(parsed({}).rows) == {table.name for table in exported()}


@pytest.mark.anyio
async def test_rows_that_are_in_each_others_way_leave_nothing_behind(store: Store) -> None:
    await a_whole_person(store, PERSON)
    document = await export(store)
    await erase(store)
    twice = [{**row, "superseded_at": None} for row in document["scores"]]
    with pytest.raises(DataInvalid, match="scores"):
        await restore(store, {**document, "scores": twice})
    assert await export(store) == {table.name: [] for table in exported()}


# --- deletion that deletes ------------------------------------------------------------------------------------------------


def _words_of_postgres(url: str) -> Iterator[str]:
    engine = create_engine(sync_url(url))
    with engine.connect() as connection:
        for name in connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars():
            yield from connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()
    engine.dispose()


def _left_of(url: str) -> list[str]:
    """Where a word of the person is still to be read."""
    file = sqlite_file(url)
    if file is None:
        return [row for row in _words_of_postgres(url) if TAIL.decode() in row]
    return [each.name for each in Path(file).parent.iterdir() if each.is_file() and TAIL in each.read_bytes()]


@pytest.mark.anyio
async def test_after_deletion_nothing_of_the_person_is_in_any_table_index_or_file(store: Store, store_url: str) -> None:
    # Among others' rows and in numbers, so that pages are split, merged and left half empty.
    for number in range(4):
        await a_whole_person(store, f"other-{number}", word="elsewise", turns=40)
        await a_whole_person(store, f"{PERSON}-{number}", turns=40)
    assert _left_of(store_url)
    for number in range(4):
        await erase(store, f"{PERSON}-{number}")
    assert _left_of(store_url) == []
    async with store.read() as work:
        assert await work.searches.count("other-0", Sought()) == 42


@pytest.mark.anyio
async def test_after_deletion_of_one_interview_its_words_are_gone_from_the_file(store: Store, store_url: str) -> None:
    await a_whole_person(store, PERSON, word="elsewise")
    await a_whole_person(store, "marked")
    async with store.write() as work:
        for each in ("closed", "open"):
            await work.interviews.delete(f"marked-{each}", candidate_id="marked")
        await work.resumes.delete("marked-resume", candidate_id="marked")
        await work.searches.shrink()
        await work.commit()
    async with store.write() as work:
        await work.personal._connection.execute(text("UPDATE candidates SET label = ''"))
        await work.commit()
    assert await store.scrub()
    assert _left_of(store_url) == []


@pytest.mark.anyio
async def test_nobody_cannot_be_deleted(store: Store) -> None:
    with pytest.raises(CandidateNotFound):
        await erase(store, "nobody")
    async with store.read() as work:
        assert await work.candidates.get(OWNER)
