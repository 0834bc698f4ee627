"""Work under leases, on both databases: done once, and lost by nobody's death."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import LeaseLost
from app.domain.score import AssessmentState
from app.domain.transcript import Mark
from app.persistence.records import Reply, ReplyState
from app.persistence.unit_of_work import Store
from tests.support.builders import NOW, OWNER, a_move, a_score, a_turn, an_assessment, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

LATER = NOW + timedelta(seconds=61)
MARKS = (Mark("c1", 0.9, 0.0, "I compare"),)


@pytest.fixture
async def held(store: Store) -> Store:
    """A store with an interview, one assessment and one reply, both waiting."""
    async with store.write() as unit:
        await unit.interviews.add(an_interview())
        await unit.turns.append(a_turn())
        assert await unit.replies.add(Reply("interview-1", 1, NOW))
        assert await unit.assessments.add(an_assessment())
        await unit.commit()
    return store


async def _claim(store: Store, owner: str, *, after_s: float = 0) -> str | None:
    async with store.write() as unit:
        claimed = await unit.assessments.claim(owner, now=NOW + timedelta(seconds=after_s), lease_s=60)
        await unit.commit()
    return None if claimed is None else claimed.id


async def _state(store: Store) -> tuple[AssessmentState, int]:
    async with store.read() as unit:
        stored = await unit.assessments.get("assessment-1")
    assert stored is not None
    return stored.state, stored.attempts


async def test_two_workers_claim_an_assessment_once(held: Store) -> None:
    claims = await asyncio.gather(_claim(held, "one"), _claim(held, "two"))
    assert sorted(claims, key=str) == [None, "assessment-1"]
    assert await _state(held) == (AssessmentState.RUNNING, 1)


async def test_eight_workers_claim_twenty_assessments_each_once(held: Store) -> None:
    async with held.write() as unit:
        for number in range(2, 21):
            await unit.assessments.add(an_assessment(id=f"assessment-{number}"))
        await unit.commit()

    async def work(owner: str) -> list[str]:
        mine: list[str] = []
        while claimed := await _claim(held, owner):
            mine.append(claimed)
        return mine

    done = await asyncio.gather(*(work(f"worker {number}") for number in range(8)))
    assert sorted(one for mine in done for one in mine) == sorted(f"assessment-{number}" for number in range(1, 21))


async def test_a_worker_passes_over_what_another_claims_at_this_moment(held: Store, store_url: str) -> None:
    if store_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    async with held.write() as unit:
        await unit.assessments.add(an_assessment(id="assessment-2", created_at=NOW + timedelta(seconds=1)))
        await unit.commit()
    async with held.write() as first, held.write() as second:
        one = await first.assessments.claim("one", now=NOW, lease_s=60)
        two = await second.assessments.claim("two", now=NOW, lease_s=60)
        assert one is not None
        assert two is not None
        assert (one.id, two.id) == ("assessment-1", "assessment-2")


async def test_the_oldest_is_claimed_first(held: Store) -> None:
    async with held.write() as unit:
        await unit.assessments.add(an_assessment(id="older", created_at=NOW - timedelta(seconds=1)))
        await unit.commit()
    assert [await _claim(held, "one") for _ in range(3)] == ["older", "assessment-1", None]


async def test_a_lease_that_ran_out_is_claimed_by_another_and_its_old_owner_refused(held: Store) -> None:
    assert await _claim(held, "dead") == "assessment-1"
    assert await _claim(held, "alive", after_s=59) is None
    assert await _claim(held, "alive", after_s=60) == "assessment-1"
    assert await _state(held) == (AssessmentState.RUNNING, 2)
    async with held.write() as unit:
        with pytest.raises(LeaseLost) as lost:
            await unit.assessments.finish("assessment-1", owner="dead", now=LATER, score=a_score())
        assert (lost.value.work, lost.value.work_id, lost.value.owner) == ("assessment", "assessment-1", "dead")
        with pytest.raises(LeaseLost):
            await unit.assessments.renew("assessment-1", owner="dead", now=LATER, lease_s=60)
        with pytest.raises(LeaseLost):
            await unit.assessments.fail("assessment-1", owner="dead", now=LATER, error="late")
        with pytest.raises(LeaseLost):
            await unit.assessments.release("assessment-1", owner="dead")
        assert await unit.scores.list_current("interview-1") == ()
        await unit.assessments.finish("assessment-1", owner="alive", now=LATER, score=a_score())
        with pytest.raises(LeaseLost):
            await unit.assessments.finish("assessment-1", owner="alive", now=LATER, score=a_score())
        await unit.commit()
    assert await _claim(held, "third", after_s=10_000) is None


async def test_a_renewed_lease_holds_longer(held: Store) -> None:
    assert await _claim(held, "one") == "assessment-1"
    async with held.write() as unit:
        await unit.assessments.renew("assessment-1", owner="one", now=NOW + timedelta(seconds=50), lease_s=60)
        await unit.commit()
    assert await _claim(held, "two", after_s=109) is None
    assert await _claim(held, "two", after_s=110) == "assessment-1"


async def test_a_finished_assessment_carries_its_score_and_it_is_the_current_one(held: Store) -> None:
    assert await _claim(held, "one") == "assessment-1"
    async with held.write() as unit:
        await unit.assessments.finish("assessment-1", owner="one", now=LATER, score=a_score())
        await unit.commit()
    done = an_assessment(state=AssessmentState.DONE, attempts=1, finished_at=LATER, score=a_score())
    async with held.read() as unit:
        assert await unit.assessments.list("interview-1") == (done,)
        assert await unit.scores.list_current("interview-1") == (a_score(),)
        counts = await unit.assessments.count_by_state("interview-1")
    assert counts == {**dict.fromkeys(AssessmentState, 0), AssessmentState.DONE: 1}


async def test_adding_an_assessment_again_changes_nothing(held: Store) -> None:
    await _claim(held, "one")
    async with held.write() as unit:
        assert not await unit.assessments.add(an_assessment())
        await unit.commit()
    assert await _state(held) == (AssessmentState.RUNNING, 1)


async def test_a_failing_assessment_is_tried_again_after_a_while_and_then_given_up(held: Store) -> None:
    for attempt in (1, 2):
        now = NOW + timedelta(seconds=100 * attempt)
        assert await _claim(held, "one", after_s=100 * attempt) == "assessment-1"
        async with held.write() as unit:
            await unit.assessments.fail(
                "assessment-1", owner="one", now=now, error="rate limited", max_attempts=2, retry_after_s=30
            )
            await unit.commit()
        assert await _claim(held, "one", after_s=100 * attempt + 29) is None
    assert await _claim(held, "one", after_s=10_000) is None
    async with held.read() as unit:
        stored = await unit.assessments.get("assessment-1")
    assert stored == an_assessment(
        state=AssessmentState.FAILED, attempts=2, error="rate limited", finished_at=NOW + timedelta(seconds=200)
    )


async def test_released_work_waits_again_and_the_try_is_not_counted(held: Store) -> None:
    assert await _claim(held, "one") == "assessment-1"
    async with held.write() as unit:
        await unit.assessments.release("assessment-1", owner="one")
        await unit.commit()
    assert await _state(held) == (AssessmentState.PENDING, 0)
    assert await _claim(held, "two") == "assessment-1"


async def test_work_that_kills_its_worker_is_given_up_in_the_end(held: Store) -> None:
    for attempt in range(5):
        assert await _claim(held, "dies", after_s=100 * attempt) == "assessment-1"
    assert await _claim(held, "dies", after_s=10_000) is None
    async with held.write() as unit:
        assert await unit.assessments.requeue_expired(now=NOW + timedelta(seconds=10_000)) == 1
        await unit.commit()
    assert await _state(held) == (AssessmentState.FAILED, 5)
    async with held.read() as unit:
        stored = await unit.assessments.get("assessment-1")
    assert stored is not None
    assert "died" in stored.error


async def test_expired_work_is_put_back_and_the_rest_left_alone(held: Store) -> None:
    await _claim(held, "one")
    async with held.write() as unit:
        assert await unit.assessments.requeue_expired(now=NOW + timedelta(seconds=59)) == 0
        assert await unit.assessments.requeue_expired(now=NOW + timedelta(seconds=60)) == 1
        await unit.commit()
    assert await _state(held) == (AssessmentState.PENDING, 1)


async def test_a_start_after_a_kill_need_not_wait_for_its_own_leases(held: Store) -> None:
    async with held.write() as unit:
        await unit.assessments.claim("laptop", now=NOW, lease_s=3600)
        await unit.replies.claim("interview-1", 1, owner="laptop", now=NOW, lease_s=3600)
        await unit.commit()
    async with held.write() as unit:
        assert await unit.assessments.release_all_of("another") == 0
        assert await unit.assessments.release_all_of("laptop") == 1
        assert await unit.replies.release_all_of("laptop") == 1
        assert len(await unit.replies.pending(now=NOW, limit=10)) == 1
        await unit.commit()
    assert await _claim(held, "laptop") == "assessment-1"


async def test_a_reply_is_made_by_one_and_its_move_outlives_them(held: Store) -> None:
    async with held.write() as unit:
        assert not await unit.replies.add(Reply("interview-1", 1, NOW))
        claimed = await unit.replies.claim("interview-1", 1, owner="dead", now=NOW, lease_s=60)
        assert claimed is not None
        assert (claimed.state, claimed.attempts, claimed.move) == (ReplyState.RUNNING, 1, None)
        assert await unit.replies.claim("interview-1", 1, owner="two", now=NOW, lease_s=60) is None
        assert await unit.replies.pending(now=NOW, limit=10) == ()
        await unit.replies.decide("interview-1", 1, owner="dead", move=a_move(), marks=MARKS)
        await unit.commit()
    # The process is killed here.
    async with held.write() as unit:
        (lost,) = await unit.replies.pending(now=LATER, limit=10)
        assert (lost.move, lost.marks) == (a_move(), MARKS)
        again = await unit.replies.claim("interview-1", 1, owner="alive", now=LATER, lease_s=60)
        assert again is not None
        assert (again.move, again.marks, again.attempts) == (a_move(), MARKS, 2)
        with pytest.raises(LeaseLost) as refused:
            await unit.replies.finish("interview-1", 1, owner="dead", now=LATER)
        assert refused.value.work_id == "interview-1/1"
        with pytest.raises(LeaseLost):
            await unit.replies.decide("interview-1", 1, owner="dead", move=a_move(), marks=())
        with pytest.raises(LeaseLost):
            await unit.replies.renew("interview-1", 1, owner="dead", now=LATER, lease_s=60)
        await unit.replies.renew("interview-1", 1, owner="alive", now=LATER, lease_s=60)
        await unit.replies.finish("interview-1", 1, owner="alive", now=LATER)
        await unit.commit()
    async with held.write() as unit:
        done = await unit.replies.get("interview-1", 1)
        assert done == Reply("interview-1", 1, NOW, ReplyState.DONE, a_move(), MARKS, attempts=2, finished_at=LATER)
        assert await unit.replies.pending(now=LATER, limit=10) == ()
        assert await unit.replies.claim("interview-1", 1, owner="late", now=LATER, lease_s=60) is None


async def test_eight_that_want_one_reply_get_it_once(held: Store) -> None:
    async def claim(owner: str) -> bool:
        async with held.write() as unit:
            claimed = await unit.replies.claim("interview-1", 1, owner=owner, now=NOW, lease_s=60)
            await unit.commit()
        return claimed is not None

    assert sorted(await asyncio.gather(*(claim(str(number)) for number in range(8)))) == [False] * 7 + [True]


async def test_a_reply_that_failed_is_not_pending_but_can_be_asked_for_again(held: Store) -> None:
    async with held.write() as unit:
        await unit.replies.claim("interview-1", 1, owner="one", now=NOW, lease_s=60)
        await unit.replies.fail("interview-1", 1, owner="one", now=NOW, error="no model", max_attempts=1)
        failed = await unit.replies.get("interview-1", 1)
        assert failed is not None
        assert (failed.state, failed.error, failed.finished_at) == (ReplyState.FAILED, "no model", NOW)
        assert await unit.replies.pending(now=LATER, limit=10) == ()
        again = await unit.replies.claim("interview-1", 1, owner="two", now=LATER, lease_s=60)
        assert again is not None
        assert (again.state, again.finished_at) == (ReplyState.RUNNING, None)


async def test_a_reply_that_kills_its_process_is_not_tried_at_every_start(held: Store) -> None:
    async with held.write() as unit:
        for attempt in range(5):
            now = NOW + timedelta(seconds=100 * attempt)
            assert len(await unit.replies.pending(now=now, limit=10)) == 1
            assert await unit.replies.claim("interview-1", 1, owner="dies", now=now, lease_s=60)
        after = NOW + timedelta(seconds=10_000)
        assert await unit.replies.pending(now=after, limit=10) == ()
        assert await unit.replies.requeue_expired(now=after) == 1
        stored = await unit.replies.get("interview-1", 1)
        assert stored is not None
        assert stored.state is ReplyState.FAILED


async def test_work_that_kills_its_process_is_left_though_each_start_lets_it_wait(held: Store) -> None:
    for _ in range(5):
        async with held.write() as unit:
            (waiting,) = await unit.replies.pending(now=NOW, limit=10)
            assert await unit.replies.claim("interview-1", waiting.for_seq, owner="laptop", now=NOW, lease_s=60)
            assert await unit.assessments.claim("laptop", now=NOW, lease_s=60) is not None
            await unit.commit()
        # The process is killed here, and starts again.
        async with held.write() as unit:
            assert await unit.replies.release_all_of("laptop") == 1
            assert await unit.assessments.release_all_of("laptop") == 1
            await unit.commit()
    async with held.write() as unit:
        assert await unit.replies.pending(now=NOW, limit=10) == ()
        assert await unit.assessments.claim("laptop", now=NOW, lease_s=60) is None
        # A report would wait for ever for what nobody may claim.
        assert await unit.assessments.requeue_expired(now=NOW) == 1
        given_up = await unit.assessments.get("assessment-1")
        assert given_up is not None
        assert given_up.state is AssessmentState.FAILED
        # Whoever names the reply wants it.
        again = await unit.replies.claim("interview-1", 1, owner="laptop", now=NOW, lease_s=60)
        assert again is not None
        assert again.attempts == 6


async def test_pending_replies_come_oldest_first_and_no_more_than_asked_for(held: Store) -> None:
    async with held.write() as unit:
        for number in range(3):
            await unit.interviews.add(an_interview(id=f"i{number}"))
            await unit.replies.add(Reply(f"i{number}", 0, NOW - timedelta(seconds=number)))
        found = await unit.replies.pending(now=NOW, limit=3)
        assert [(reply.interview_id, reply.for_seq) for reply in found] == [("i2", 0), ("i1", 0), ("i0", 0)]


async def test_work_of_a_deleted_interview_ends_without_a_trace(held: Store) -> None:
    assert await _claim(held, "one") == "assessment-1"
    async with held.write() as unit:
        await unit.interviews.delete("interview-1", candidate_id=OWNER)
        await unit.commit()
    async with held.write() as unit:
        with pytest.raises(LeaseLost):
            await unit.assessments.finish("assessment-1", owner="one", now=NOW, score=a_score())
        with pytest.raises(LeaseLost):
            await unit.replies.finish("interview-1", 1, owner="one", now=NOW)
        assert await unit.assessments.get("assessment-1") is None
        assert await unit.replies.get("interview-1", 1) is None
