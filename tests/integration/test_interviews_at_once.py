"""Two requests at once that open, pause or go on with one interview: the second finds what the first has done, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from app.domain.interview import InterviewState
from app.domain.transcript import Generation
from app.interviewing.conduct import Conductor
from app.interviewing.reply import Reply
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, a_move, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio


class Opening:
    """A writer that opens with the same words."""

    def opening(self, _interview: object, _callback: str) -> Reply:
        return Reply(a_move(question_id="", spoken="Welcome."), "Welcome.", (), Generation("written", "not-asked"), ())


def conductor(store: Store) -> Conductor:
    unused = cast(Any, None)
    return Conductor(
        store=store,
        corpus=unused,
        writer=cast(Any, Opening()),
        listener=unused,
        now=lambda: NOW,
        new_id=iter(f"turn-{number}" for number in range(100)).__next__,
        wake_worker=lambda: None,
        owner="local",
    )


async def test_two_who_open_it_have_one_opening(store: Store) -> None:
    async with store.write() as work:
        await work.interviews.add(replace(an_interview(), state=InterviewState.PLANNED, opened_at=None))
        await work.commit()
    held = conductor(store)
    found = await asyncio.gather(*(held.open(OWNER, "interview-1") for _ in range(6)))
    assert {each.state for each in found} == {InterviewState.OPEN}
    async with store.read() as work:
        assert [turn.text for turn in await work.turns.list("interview-1")] == ["Welcome."]


async def test_two_who_pause_it_pause_it_once(store: Store) -> None:
    async with store.write() as work:
        await work.interviews.add(replace(an_interview(), state=InterviewState.OPEN, opened_at=NOW))
        await work.commit()
    held = conductor(store)
    paused = await asyncio.gather(*(held.pause(OWNER, "interview-1", paused=True) for _ in range(6)))
    assert {each.paused_at for each in paused} == {NOW}
    assert len({each.version for each in paused}) == 1
    going = await asyncio.gather(*(held.pause(OWNER, "interview-1", paused=False) for _ in range(6)))
    assert {each.paused_at for each in going} == {None}
