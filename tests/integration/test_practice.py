"""Practice over the store, on both databases: it follows the scores, whatever changes them, and is gone with its interview."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import NothingToCompare, NothingToPractise, PracticeItemNotFound, ScoreNotYet
from app.domain.interview import Interview, InterviewState, Plan, PlannedQuestion, PlannedRound
from app.domain.score import CriterionScore, CriterionState, Reached, Score
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import Candidate
from app.persistence.unit_of_work import Store
from app.review.practice_desk import PracticeDesk
from app.review.progress import By
from tests.support.builders import NOW, OWNER, a_score, a_turn, an_assessment, an_interview

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

LEAKAGE = "fundamentals/data-leakage"
OTHER = "fundamentals/feature-scaling"
S = CriterionState


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.fixture
def desk(store: Store, corpus: Corpus) -> PracticeDesk:
    return PracticeDesk(store=store, corpus=corpus, now=lambda: NOW + timedelta(hours=1))


def closed(name: str, at: datetime = NOW, **planned: object) -> Interview:
    question = replace(PlannedQuestion(LEAKAGE, 300), **planned)  # type: ignore[arg-type]
    return an_interview(
        id=name,
        state=InterviewState.CLOSED,
        created_at=at - timedelta(minutes=20),
        opened_at=at - timedelta(minutes=20),
        closed_at=at,
        plan=Plan((PlannedRound("fundamentals", 6, (question,)),)),
    )


def scored(corpus: Corpus, *states: CriterionState, reached: Reached = Reached.PROBED) -> Score:
    """The question's criteria in these states, as far as they go."""
    entries = [entry.criterion for entry in corpus.rubric(LEAKAGE).criteria]
    return a_score(
        question_id=LEAKAGE,
        criteria=tuple(
            CriterionScore(
                each.id,
                each.says,
                each.kind,
                each.skill,
                state,
                each.cites,
                reached=reached if state is S.SHOWN else None,
            )
            for each, state in zip(entries, states, strict=False)
        ),
    )


async def hold(store: Store, interview: Interview, score: Score | None) -> None:
    async with store.write() as work:
        await work.interviews.add(interview)
        if score is not None:
            await work.scores.add(interview.id, score)
        await work.commit()


async def queued(desk: PracticeDesk) -> list[tuple[str, CriterionState]]:
    return [(item.criterion_id, item.state) for item in await desk.queue(OWNER)]


def ids(corpus: Corpus) -> Sequence[str]:
    return [entry.criterion.id for entry in corpus.rubric(LEAKAGE).criteria]


async def test_the_queue_follows_a_closed_interview(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    assert await queued(desk) == []
    await hold(store, closed("i1"), scored(corpus, S.MISSED, S.SHOWN, S.CONTRADICTED))
    first, _, third = ids(corpus)[:3]
    assert await queued(desk) == [(third, S.CONTRADICTED), (first, S.MISSED)]
    assert await queued(desk) == [(third, S.CONTRADICTED), (first, S.MISSED)]
    async with store.read() as work:
        assert len(await work.practice.reviews(OWNER)) == 3
        assert await work.practice.fresh(OWNER) == ()


async def test_nothing_is_taken_in_while_something_is_judged(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, closed("i1"), scored(corpus, S.MISSED))
    async with store.write() as work:
        await work.assessments.add(an_assessment(interview_id="i1"))
        await work.commit()
    assert await queued(desk) == []
    async with store.write() as work:
        await work.assessments.claim("worker", now=NOW, lease_s=60)
        await work.assessments.fail("assessment-1", owner="worker", now=NOW, error="gone", max_attempts=1)
        await work.commit()
    assert await queued(desk) == [(ids(corpus)[0], S.MISSED)]


async def test_nothing_comes_of_an_interview_that_goes_on(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, replace(closed("i1"), state=InterviewState.OPEN, closed_at=None), scored(corpus, S.MISSED))
    assert await queued(desk) == []


async def test_a_score_that_is_changed_later_changes_the_queue(
    store: Store, desk: PracticeDesk, corpus: Corpus
) -> None:
    """As an appeal or a rescoring does it: by a newer score."""
    await hold(store, closed("i1"), scored(corpus, S.MISSED, S.MISSED))
    assert len(await queued(desk)) == 2
    async with store.write() as work:
        await work.scores.add("i1", scored(corpus, S.SHOWN, S.MISSED))
        await work.commit()
    assert await queued(desk) == [(ids(corpus)[1], S.MISSED)]
    async with store.write() as work:
        await work.scores.add("i1", scored(corpus, S.SHOWN, S.NOT_ASSESSED))
        await work.commit()
    assert await queued(desk) == []


async def test_two_that_read_at_once_take_in_the_same(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    for number in range(3):
        await hold(store, closed(f"i{number}", NOW - timedelta(days=number)), scored(corpus, S.MISSED, S.SHOWN))
    found = await asyncio.gather(*(desk.queue(OWNER) for _ in range(4)))
    assert all(each == found[0] for each in found)
    (item,) = found[0]
    assert item.missed == 3


async def test_deleting_an_interview_takes_its_reviews_back(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=9)), scored(corpus, S.MISSED, S.MISSED))
    first = await desk.queue(OWNER)
    await hold(store, closed("i2"), scored(corpus, S.MISSED, S.SHOWN, S.MISSED))
    assert {item.criterion_id: item.missed for item in await desk.queue(OWNER)} == {
        ids(corpus)[0]: 2,
        ids(corpus)[2]: 1,
    }
    async with store.write() as work:
        await work.interviews.delete("i2", candidate_id=OWNER)
        await work.commit()
    assert await desk.queue(OWNER) == first
    async with store.write() as work:
        await work.interviews.delete("i1", candidate_id=OWNER)
        assert await work.practice.items(OWNER) == ()
        await work.commit()
    assert await desk.queue(OWNER) == []


async def test_practice_is_ones_own(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, closed("i1"), scored(corpus, S.MISSED))
    async with store.write() as work:
        await work.candidates.add(Candidate("other", NOW, "other"))
        await work.commit()
    assert len(await desk.queue(OWNER)) == 1
    assert await desk.queue("other") == []
    assert await desk.progress("other", By.TOPIC) == ()
    with pytest.raises(PracticeItemNotFound):
        await desk.drill("other", [(LEAKAGE, ids(corpus)[0])])
    with pytest.raises(NothingToPractise):
        await desk.drill("other", [])


async def answered(store: Store, name: str) -> None:
    """The question was answered in the interview, so that its marks are hidden until something is said of it."""
    async with store.write() as work:
        await work.turns.append(
            a_turn(id=f"{name}-1", interview_id=name, seq=1, question_id=LEAKAGE, spans=(), idempotency_key="")
        )
        await work.commit()


async def test_what_nobody_has_seen_is_in_no_part_of_practice(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    first = ids(corpus)[0]
    await hold(store, closed("i1"), scored(corpus, S.MISSED, S.SHOWN))
    await answered(store, "i1")
    assert await queued(desk) == []
    assert await desk.progress(OWNER, By.TOPIC) == ()
    with pytest.raises(NothingToPractise):
        await desk.drill(OWNER, [])
    for chosen in (first, ""):
        with pytest.raises(PracticeItemNotFound):
            await desk.drill(OWNER, [(LEAKAGE, chosen)])
    with pytest.raises(PracticeItemNotFound):
        await desk.history(OWNER, LEAKAGE, first)
    async with store.write() as work:
        assert await desk.callback(work, an_interview(id="i9")) == ""
    async with store.write() as work:
        await work.confidences.show("i1", [LEAKAGE], now=NOW)
        await work.commit()
    assert await queued(desk) == [(first, S.MISSED)]
    assert len(await desk.progress(OWNER, By.TOPIC)) > 0


async def test_an_item_stands_as_it_did_before_an_answer_that_nobody_has_seen(
    store: Store, desk: PracticeDesk, corpus: Corpus
) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=9)), scored(corpus, S.MISSED))
    (before,) = await desk.queue(OWNER)
    await hold(store, closed("i2"), scored(corpus, S.CONTRADICTED, S.MISSED))
    await answered(store, "i2")
    assert await desk.queue(OWNER) == [before]
    _, known = await desk.history(OWNER, LEAKAGE, before.criterion_id)
    assert [review.interview_id for review, _, _ in known] == ["i1"]
    async with store.write() as work:
        await work.confidences.show("i2", [LEAKAGE], now=NOW)
        await work.commit()
    assert [(item.state, item.missed) for item in await desk.queue(OWNER)] == [(S.CONTRADICTED, 2), (S.MISSED, 1)]


async def test_what_was_said_of_an_answer_stands_once_practice_tells_of_it(
    store: Store, desk: PracticeDesk, corpus: Corpus
) -> None:
    await hold(store, closed("i1"), scored(corpus, S.MISSED))
    await answered(store, "i1")
    assert await queued(desk) == []
    for percent in (40, 60):
        async with store.write() as work:
            assert await work.confidences.say("i1", LEAKAGE, percent=percent, now=NOW)
            await work.commit()
    assert len(await queued(desk)) == 1
    async with store.write() as work:
        assert not await work.confidences.say("i1", LEAKAGE, percent=5, now=NOW)
        (kept,) = await work.confidences.list("i1")
    assert kept.percent == 60
    assert kept.shown_at is not None


async def test_a_drill_knows_where_its_criteria_came_up(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=3)), scored(corpus, S.MISSED))
    await hold(store, closed("i2", parallel=1), scored(corpus, S.MISSED))
    found = await desk.drill(OWNER, [])
    (want,) = found.wants
    assert (want.question_id, want.criterion_ids) == (LEAKAGE, (ids(corpus)[0],))
    assert want.seen == ("question", "parallel-1")
    assert found.like.id == "i2"


async def test_a_question_is_drilled_for_all_that_is_due_together(
    store: Store, desk: PracticeDesk, corpus: Corpus
) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=3)), scored(corpus, S.MISSED, S.MISSED, S.MISSED))
    (want,) = (await desk.drill(OWNER, [(LEAKAGE, "")])).wants
    assert set(want.criterion_ids) == set(ids(corpus)[:3])
    (want,) = (await desk.drill(OWNER, [])).wants
    assert set(want.criterion_ids) == set(ids(corpus)[:3])
    # What is not due yet waits for its own date.
    await hold(store, closed("i2", NOW), scored(corpus, S.PARTLY))
    (want,) = (await desk.drill(OWNER, [(LEAKAGE, "")])).wants
    assert set(want.criterion_ids) == set(ids(corpus)[1:3])
    with pytest.raises(PracticeItemNotFound, match="Nothing of fundamentals/other is in your queue"):
        await desk.drill(OWNER, [("fundamentals/other", "")])


async def test_what_is_gone_from_the_corpus_is_not_asked(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    gone = replace(scored(corpus, S.MISSED).criteria[0], criterion_id="was-here-once")
    await hold(store, closed("i1"), replace(scored(corpus), criteria=(gone,)))
    assert await desk.queue(OWNER) == []
    with pytest.raises(PracticeItemNotFound):
        await desk.history(OWNER, LEAKAGE, "was-here-once")


async def test_an_items_history_ends_with_its_date(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=8)), scored(corpus, S.MISSED))
    await hold(store, closed("i2", parallel=1), scored(corpus, S.SHOWN))
    item, known = await desk.history(OWNER, LEAKAGE, ids(corpus)[0])
    assert [review.interview_id for review, _, _ in known] == ["i1", "i2"]
    assert known[-1][2] == item.memory
    assert item.learned_at == NOW
    assert await desk.queue(OWNER) == []


async def test_two_answers_are_compared_with_the_latest_one_before(
    store: Store, desk: PracticeDesk, corpus: Corpus
) -> None:
    await hold(store, closed("i1", NOW - timedelta(days=2)), scored(corpus, S.MISSED, S.SHOWN, S.MISSED))
    await hold(store, closed("i2", NOW - timedelta(days=1)), scored(corpus, S.MISSED, S.SHOWN, S.PARTLY))
    await hold(store, closed("drill"), replace(scored(corpus, S.SHOWN), drill=True, level=None))
    await hold(store, closed("i3", NOW + timedelta(days=1)), scored(corpus, S.SHOWN, S.SHOWN, S.MISSED))
    first, _, third = ids(corpus)[:3]
    found = await desk.compare(OWNER, "i3", LEAKAGE, None)
    assert found.earlier.interview.id == "i2"
    assert found.comparison.changed == (first, third)
    assert (await desk.compare(OWNER, "i3", LEAKAGE, "i1")).comparison.changed == (first,)
    assert (await desk.compare(OWNER, "drill", LEAKAGE, None)).comparison.changed == (first,)
    with pytest.raises(NothingToCompare):
        await desk.compare(OWNER, "i1", LEAKAGE, None)
    with pytest.raises(NothingToCompare):
        await desk.compare(OWNER, "i1", LEAKAGE, "i1")
    with pytest.raises(ScoreNotYet):
        await desk.compare(OWNER, "i1", "fundamentals/detect-overfitting", None)


async def test_the_next_interview_comes_back_to_the_last_miss(store: Store, desk: PracticeDesk, corpus: Corpus) -> None:
    async with store.write() as work:
        assert await desk.callback(work, an_interview()) == ""
    await hold(store, closed("i1"), scored(corpus, S.MISSED))
    elsewhere = an_interview(plan=Plan((PlannedRound("fundamentals", 5, (PlannedQuestion(OTHER, 60),)),)))
    again = an_interview(plan=closed("any").plan)
    async with store.write() as work:
        said = await desk.callback(work, elsewhere)
        assert said.startswith("Last time a point ")
        assert "?" not in said
        # The question itself is asked again: its subject would be a hint.
        assert await desk.callback(work, again) == (
            "Last time a point in the part on fundamentals stayed open, and I may come back to it."
        )
        drill = replace(again, plan=closed("any", focus=("any",)).plan)
        assert await desk.callback(work, drill) == ""
