"""Interviews found by what a chat shows of them, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.transcript import Span, SpanKind, Speaker
from app.persistence.records import Candidate
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, a_turn, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def held(store: Store) -> Store:
    """Three interviews, one of them another's; each was begun under the key `hello`."""
    async with store.write() as unit:
        await unit.candidates.add(Candidate("other", NOW, "other"))
        for place, (name, owner) in enumerate((("abcdefgh-1", OWNER), ("abcdefgh-2", OWNER), ("abcdefgh-3", "other"))):
            at = NOW + timedelta(minutes=place)
            await unit.interviews.add(an_interview(id=name, candidate_id=owner, created_at=at, resume_id=None))
            greeting = a_turn(id=f"turn-{name}", interview_id=name, seq=1, speaker=Speaker.CANDIDATE, text="Hello.")
            greeting = replace(
                greeting, move=None, spans=(Span(SpanKind.GREETING, 0, 6),), idempotency_key="hello", created_at=at
            )
            await unit.turns.append(greeting)
        await unit.commit()
    return store


async def test_a_short_id_finds_ones_own_newest_first(held: Store) -> None:
    async with held.read() as unit:
        assert [each.id for each in await unit.interviews.by_short_id(OWNER, "abcdefgh")] == [
            "abcdefgh-2",
            "abcdefgh-1",
        ]
        assert [each.id for each in await unit.interviews.by_short_id("other", "abcdefgh-3")] == ["abcdefgh-3"]
        for nobodys in ("abcdefg_", "%", "ABCDEFGH", "bcdefgh-"):
            assert await unit.interviews.by_short_id(OWNER, nobodys) == ()


async def test_a_greeting_finds_the_newest_interview_that_it_began(held: Store) -> None:
    async def begun(owner: str, key: str, minutes: float) -> str | None:
        async with held.read() as unit:
            found = await unit.interviews.begun_with(owner, key, since=NOW + timedelta(minutes=minutes))
        return found.id if found else None

    assert await begun(OWNER, "hello", 0) == "abcdefgh-2"
    assert await begun(OWNER, "hello", 1) == "abcdefgh-2"
    assert await begun(OWNER, "hello", 1.1) is None
    assert await begun(OWNER, "goodbye", 0) is None
    assert await begun("other", "hello", 0) == "abcdefgh-3"


async def test_a_greeting_is_read_back_as_what_it_is_and_no_answer(held: Store) -> None:
    async with held.read() as unit:
        greeting = await unit.turns.at("abcdefgh-1", 1)
    assert greeting is not None
    assert [span.kind for span in greeting.spans] == [SpanKind.GREETING]
    assert greeting.answer_text().strip() == ""


async def test_who_locks_a_candidate_waits_for_whoever_did_before(held: Store) -> None:
    order: list[str] = []

    async def first(locked: asyncio.Event) -> None:
        async with held.write() as unit:
            await unit.candidates.lock(OWNER)
            locked.set()
            for _ in range(20):
                await asyncio.sleep(0)
            order.append("first")
            await unit.commit()

    async def second(locked: asyncio.Event) -> None:
        await locked.wait()
        async with held.write() as unit:
            await unit.candidates.lock(OWNER)
            order.append("second")
            await unit.commit()

    locked = asyncio.Event()
    await asyncio.gather(second(locked), first(locked))
    assert order == ["first", "second"]
