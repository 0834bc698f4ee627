"""Loops in both databases: whose they are, what they plan, how they go."""

from __future__ import annotations

import pytest

from app.domain.errors import LoopNotFound
from app.domain.loop import LoopStage
from app.persistence.unit_of_work import Store
from tests.support.builders import OWNER, a_loop, a_plan, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio


async def add_two(store: Store) -> None:
    async with store.write() as unit:
        await unit.interviews.add(an_interview())
        await unit.interviews.add(an_interview(id="interview-2", plan=type(a_plan())(a_plan().rounds[:1])))
        await unit.interviews.add(an_interview(id="alone"))
        await unit.loops.add(a_loop(stages=(LoopStage("interview-1", "Coding"), LoopStage("interview-2", "Design"))))
        await unit.commit()


async def test_a_loop_comes_back_with_its_interviews_in_order(store: Store) -> None:
    await add_two(store)
    async with store.read() as unit:
        loop = await unit.loops.get("loop-1", candidate_id=OWNER)
        assert [stage.interview_id for stage in loop.stages] == ["interview-1", "interview-2"]
        assert await unit.loops.list(OWNER) == (loop,)
        assert await unit.loops.list("somebody") == ()
        with pytest.raises(LoopNotFound):
            await unit.loops.get("loop-1", candidate_id="somebody")


async def test_what_the_other_interviews_plan_is_known(store: Store) -> None:
    await add_two(store)
    async with store.read() as unit:
        whole = frozenset(question.question_id for question in a_plan().questions)
        assert await unit.loops.planned_elsewhere("interview-2") == whole
        assert await unit.loops.planned_elsewhere("interview-1") == {a_plan().questions[0].question_id}
        assert await unit.loops.planned_elsewhere("alone") == frozenset()


async def test_a_deleted_interview_leaves_its_loop_and_the_last_one_takes_it_along(store: Store) -> None:
    await add_two(store)
    async with store.write() as unit:
        await unit.interviews.delete("interview-1", candidate_id=OWNER)
        loop = await unit.loops.get("loop-1", candidate_id=OWNER)
        assert [stage.interview_id for stage in loop.stages] == ["interview-2"]
        await unit.interviews.delete("interview-2", candidate_id=OWNER)
        with pytest.raises(LoopNotFound):
            await unit.loops.get("loop-1", candidate_id=OWNER)
        await unit.commit()


async def test_a_loop_goes_with_its_interviews_and_with_no_others(store: Store) -> None:
    await add_two(store)
    async with store.write() as unit:
        with pytest.raises(LoopNotFound):
            await unit.loops.delete("loop-1", candidate_id="somebody")
        await unit.loops.delete("loop-1", candidate_id=OWNER)
        assert [each.id for each in await unit.interviews.list(OWNER)] == ["alone"]
        assert await unit.loops.list(OWNER) == ()
        await unit.commit()
