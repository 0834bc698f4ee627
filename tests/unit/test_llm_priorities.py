from __future__ import annotations

import asyncio

import pytest

from app.llm.priorities import Priorities, PutOff

pytestmark = pytest.mark.anyio


class Work:
    """A call that runs until it is told to end."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.end = asyncio.Event()
        self.runs = 0
        self.cancelled = 0
        self.cleaned = asyncio.Event()
        self.cleaning: asyncio.Event | None = None

    async def __call__(self) -> str:
        self.runs += 1
        self.began.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            if self.cleaning:
                await self.cleaning.wait()
            self.cleaned.set()
            raise
        return "done"


async def test_a_call_behind_runs_in_quiet() -> None:
    work = Work()
    work.end.set()
    assert await Priorities(behind=1).behind(work) == "done"


async def test_a_call_ahead_puts_it_off() -> None:
    priorities, work = Priorities(behind=1), Work()
    call = asyncio.create_task(priorities.behind(work))
    await work.began.wait()
    with priorities.ahead(), pytest.raises(PutOff):
        await call
    assert work.cancelled == 1


async def test_it_waits_until_the_last_call_ahead_has_gone() -> None:
    priorities, work = Priorities(behind=1), Work()
    work.end.set()
    with priorities.ahead():
        with priorities.ahead():
            call = asyncio.create_task(priorities.behind(work))
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert work.runs == 0
    assert await call == "done"


async def test_a_second_call_ahead_does_not_strike_the_clean_up() -> None:
    priorities, work = Priorities(behind=1), Work()
    work.cleaning = asyncio.Event()
    call = asyncio.create_task(priorities.behind(work))
    await work.began.wait()
    with priorities.ahead():
        await asyncio.sleep(0)
        with priorities.ahead():
            await asyncio.sleep(0)
            work.cleaning.set()
            with pytest.raises(PutOff):
                await call
    assert work.cleaned.is_set()


async def test_cancelled_from_outside_it_is_cancelled_and_not_put_off() -> None:
    priorities, work = Priorities(behind=1), Work()
    call = asyncio.create_task(priorities.behind(work))
    await work.began.wait()
    with priorities.ahead():
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert work.cleaned.is_set()


async def test_so_many_run_behind_and_no_more() -> None:
    priorities = Priorities(behind=1)
    first, second = Work(), Work()
    calls = [asyncio.create_task(priorities.behind(work)) for work in (first, second)]
    await first.began.wait()
    await asyncio.sleep(0)
    assert second.runs == 0
    first.end.set()
    second.end.set()
    assert await asyncio.gather(*calls) == ["done", "done"]


async def test_an_error_of_its_own_comes_out() -> None:
    async def fails() -> None:
        raise ValueError("own")

    priorities = Priorities(behind=1)
    with pytest.raises(ValueError, match="own"):
        await priorities.behind(fails)
    work = Work()
    work.end.set()
    assert await priorities.behind(work) == "done"
