"""Several writers at once: one wins, the others are told why, and nobody fails without reason."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from app.domain.errors import (
    DuplicateRequest,
    IdempotencyConflict,
    InterviewChanged,
    InterviewNotFound,
    StoreBusy,
    TurnOutOfOrder,
)
from app.domain.interview import InterviewState
from app.persistence.engine import open_engine
from app.persistence.records import Candidate, Reply, ReplyState
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import NOW, OWNER, QUESTION, a_score, a_turn, an_interview, an_interviewers_turn

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio


@pytest.fixture
async def held(store: Store) -> Store:
    """A store with an interview without turns."""
    async with store.write() as unit:
        await unit.interviews.add(an_interview())
        await unit.commit()
    return store


async def _together(writers: int, write: Callable[[int], Awaitable[str]]) -> list[str]:
    return sorted(await asyncio.gather(*(write(number) for number in range(writers))))


async def test_of_twenty_writers_of_one_place_one_wins(held: Store) -> None:
    async def write(number: int) -> str:
        try:
            async with held.write() as unit:
                await unit.turns.append(a_turn(id=f"turn {number}", text=f"words {number}"))
                await unit.commit()
        except TurnOutOfOrder as refused:
            return f"refused {refused.interview_id} {refused.seq}"
        return "stored"

    assert await _together(20, write) == ["refused interview-1 1"] * 19 + ["stored"]
    async with held.read() as unit:
        assert len(await unit.turns.list("interview-1")) == 1


async def test_twenty_writers_of_twenty_interviews_all_win(held: Store) -> None:
    async def write(number: int) -> str:
        async with held.write() as unit:
            interview_id = f"of writer {number}"
            await unit.interviews.add(an_interview(id=interview_id))
            await unit.turns.append(a_turn(id=f"turn {number}", interview_id=interview_id))
            await unit.commit()
        return "stored"

    assert await _together(20, write) == ["stored"] * 20


async def test_twenty_writers_that_read_first_all_find_a_place_of_their_own(held: Store) -> None:
    async def write(number: int) -> str:
        while True:
            try:
                async with held.write() as unit:
                    seq = len(await unit.turns.list("interview-1")) + 1
                    await unit.turns.append(a_turn(id=f"turn {number}", seq=seq))
                    await unit.commit()
                return "stored"
            except TurnOutOfOrder:
                continue

    assert await _together(20, write) == ["stored"] * 20
    async with held.read() as unit:
        assert [turn.seq for turn in await unit.turns.list("interview-1")] == list(range(1, 21))


async def test_one_request_sent_ten_times_at_once_is_stored_once(held: Store) -> None:
    async def write(number: int) -> str:
        try:
            async with held.write() as unit:
                await unit.turns.append(a_turn(id=f"turn {number}", idempotency_key="once"), body_hash="body")
                await unit.commit()
        except DuplicateRequest as refused:
            return f"duplicate of {refused.seq}"
        return "stored"

    assert await _together(10, write) == ["duplicate of 1"] * 9 + ["stored"]


async def test_ten_scores_at_once_make_one_history(held: Store) -> None:
    async def write(number: int) -> str:
        async with held.write() as unit:
            await unit.scores.add("interview-1", a_score(level=number % 5))
            await unit.commit()
        return "stored"

    assert await _together(10, write) == ["stored"] * 10
    async with held.read() as unit:
        history = await unit.scores.history("interview-1", QUESTION)
        assert [entry.superseded_at is None for entry in history] == [False] * 9 + [True]
        assert await unit.scores.list_current("interview-1") == (history[-1].score,)


async def test_the_second_of_two_tabs_is_refused_and_changes_nothing(held: Store) -> None:
    async with held.read() as unit:
        seen = await unit.interviews.get("interview-1", candidate_id=OWNER)
    async with held.write() as unit:
        first = await unit.interviews.save(replace(seen, minutes=30), expected_version=seen.version)
        await unit.commit()
    with pytest.raises(InterviewChanged) as refused:
        async with held.write() as unit:
            await unit.interviews.save(replace(seen, state=InterviewState.CLOSED), expected_version=seen.version)
    assert (refused.value.expected, refused.value.found) == (1, 2)
    async with held.read() as unit:
        assert await unit.interviews.get("interview-1", candidate_id=OWNER) == first
    assert first == replace(seen, minutes=30, version=2)


async def test_of_ten_tabs_at_once_one_wins(held: Store) -> None:
    async def write(number: int) -> str:
        try:
            async with held.write() as unit:
                await unit.interviews.save(an_interview(minutes=10 + number), expected_version=1)
                await unit.commit()
        except InterviewChanged as refused:
            return f"refused, found {refused.found}"
        return "stored"

    assert await _together(10, write) == ["refused, found 2"] * 9 + ["stored"]


async def test_an_interview_that_is_gone_cannot_be_changed(held: Store) -> None:
    async with held.write() as unit:
        await unit.interviews.delete("interview-1", candidate_id=OWNER)
        with pytest.raises(InterviewNotFound):
            await unit.interviews.save(an_interview(), expected_version=1)
        with pytest.raises(InterviewNotFound):
            await unit.interviews.delete("interview-1", candidate_id=OWNER)


@pytest.mark.parametrize("seq", [0, 2, 3])
async def test_a_turn_that_leaves_a_gap_is_refused_and_the_transaction_goes_on(held: Store, seq: int) -> None:
    async with held.write() as unit:
        with pytest.raises(TurnOutOfOrder):
            await unit.turns.append(a_turn(seq=seq))
        await unit.turns.append(a_turn())
        with pytest.raises(TurnOutOfOrder):
            await unit.turns.append(a_turn(id="another"))
        await unit.turns.append(an_interviewers_turn())
        await unit.commit()


async def test_turns_without_a_key_do_not_clash(held: Store) -> None:
    async with held.write() as unit:
        await unit.turns.append(a_turn())
        await unit.turns.append(a_turn(id="another", seq=2))
        assert await unit.turns.by_key("interview-1", "") is None


async def test_a_repeated_request_gets_what_became_of_the_first(held: Store) -> None:
    mine = a_turn(idempotency_key="once")
    async with held.write() as unit:
        assert await unit.turns.outcome("interview-1", "once", body_hash="body") is None
        await unit.turns.append(mine, body_hash="body")
        await unit.replies.add(Reply("interview-1", 1, NOW))
        await unit.commit()
    async with held.write() as unit:
        with pytest.raises(DuplicateRequest) as refused:
            await unit.turns.append(a_turn(id="again", seq=3, idempotency_key="once"), body_hash="body")
        assert refused.value.seq == 1
        waiting = await unit.turns.outcome("interview-1", "once", body_hash="body")
        assert waiting is not None
        assert (waiting.turn, waiting.reply_state, waiting.reply) == (mine, ReplyState.PENDING, None)
        await unit.replies.claim("interview-1", 1, owner="me", now=NOW, lease_s=30)
        await unit.turns.append(an_interviewers_turn())
        await unit.replies.finish("interview-1", 1, owner="me", now=NOW)
        done = await unit.turns.outcome("interview-1", "once", body_hash="body")
        assert done is not None
        assert (done.turn, done.reply_state, done.reply) == (mine, ReplyState.DONE, an_interviewers_turn())
        with pytest.raises(IdempotencyConflict) as other:
            await unit.turns.outcome("interview-1", "once", body_hash="another body")
        assert other.value.key == "once"
        with pytest.raises(IdempotencyConflict):
            await unit.turns.by_key("interview-1", "once", body_hash="another body")
        assert await unit.turns.by_key("another interview", "once") is None


async def test_what_is_not_committed_is_undone(held: Store) -> None:
    async with held.write() as unit:
        await unit.turns.append(a_turn())

    async def fail() -> None:
        async with held.write() as unit:
            await unit.turns.append(a_turn())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with held.read() as reader:
        assert await reader.turns.list("interview-1") == ()


async def test_a_committed_unit_is_spent(held: Store) -> None:
    async with held.write() as unit:
        await unit.turns.append(a_turn())
        await unit.commit()
        with pytest.raises(ResourceClosedError):
            await unit.turns.append(an_interviewers_turn())
    with pytest.raises(RuntimeError, match="used once"):
        async with unit:
            pass
    with pytest.raises(RuntimeError, match="async with"):
        await held.write().commit()


async def test_a_reader_waits_for_no_writer_and_sees_one_moment(held: Store) -> None:
    async with held.write() as writer:
        await writer.turns.append(a_turn())
        async with held.read() as reader:
            assert await reader.turns.list("interview-1") == ()
            await writer.commit()
            # What was committed meanwhile stays unseen: two queries of one reader agree.
            assert await reader.turns.list("interview-1") == ()
    async with held.read() as reader:
        assert await reader.turns.list("interview-1") == (a_turn(),)


async def test_a_writer_waits_for_no_reader(held: Store) -> None:
    async with held.read() as reader:
        await reader.turns.list("interview-1")
        async with held.write() as writer:
            await writer.turns.append(a_turn())
            await writer.commit()


async def test_a_reader_cannot_write_and_its_connection_can_again_afterwards(held: Store) -> None:
    with pytest.raises(DBAPIError):
        async with held.read() as unit:
            await unit.turns.append(a_turn())
    async with held.write() as unit:
        await unit.turns.append(a_turn())
        await unit.commit()


async def test_a_cancelled_writer_keeps_nothing_and_gives_its_connection_back(store_url: str) -> None:
    engine = open_engine(store_url, pool_size=1)
    opened: list[object] = []
    event.listen(engine.sync_engine, "connect", lambda connection, _record: opened.append(connection))
    store = Store(engine)
    async with store.write() as unit:
        await unit.candidates.add(Candidate(OWNER, NOW))
        await unit.interviews.add(an_interview())
        await unit.commit()
    written = asyncio.Event()

    async def write() -> None:
        async with store.write() as unit:
            await unit.turns.append(a_turn())
            written.set()
            await asyncio.Event().wait()

    for _ in range(20):
        written.clear()
        async with anyio.create_task_group() as group:
            group.start_soon(write)
            await written.wait()
            group.cancel_scope.cancel()
        written.clear()
        task = asyncio.create_task(write())
        await written.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with store.write() as unit:
        assert await unit.turns.list("interview-1") == ()
        await unit.turns.append(a_turn())
        await unit.commit()
    assert len(opened) == 1
    await store.close()


async def test_a_lock_that_is_held_too_long_makes_the_store_busy(store: Store, store_url: str) -> None:
    async with store.write() as unit:
        await unit.interviews.add(an_interview())
        await unit.commit()
    impatient = open_store(store_url, busy_timeout_ms=20)
    async with store.write() as holder:
        await holder.interviews.save(an_interview(minutes=30), expected_version=1)
        with pytest.raises(StoreBusy):
            async with impatient.write() as unit:
                await unit.interviews.save(an_interview(minutes=60), expected_version=1)
        await holder.commit()
    async with impatient.write() as unit:
        await unit.interviews.save(an_interview(minutes=60), expected_version=2)
        await unit.commit()
    await impatient.close()


async def test_two_engines_share_a_sqlite_file(sqlite_url: str) -> None:
    stores = [open_store(sqlite_url) for _ in range(2)]
    async with stores[0].write() as unit:
        await unit.candidates.add(Candidate(OWNER, NOW))
        await unit.commit()

    async def write(number: int) -> str:
        async with stores[number % 2].write() as unit:
            await unit.interviews.add(an_interview(id=f"interview {number}"))
            await unit.commit()
        return "stored"

    assert await _together(20, write) == ["stored"] * 20
    for store in stores:
        await store.close()
