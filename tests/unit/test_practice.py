"""What is in the queue, when it is due, when it is learned: rules over any history of reviews."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.interview import InterviewState, Plan, PlannedQuestion, PlannedRound
from app.domain.practice import NOT_SHOWN, PracticeItem, Rating, Review
from app.domain.score import CriterionKind, CriterionScore, CriterionState, Reached
from app.review.practice import (
    FIRST,
    LEARNED_AFTER,
    by_question,
    is_due,
    item_of,
    last_miss,
    memories,
    queue,
    rating_of,
    reviews_of,
    together,
    wants_of,
)
from app.review.spacing import recall
from tests.support.builders import NOW, QUESTION, a_review, a_score, an_interview

SURFACES = ("question", "parallel-1", "parallel-2")
GRADES = {
    Rating.AGAIN: fsrs.Rating.Again,
    Rating.HARD: fsrs.Rating.Hard,
    Rating.GOOD: fsrs.Rating.Good,
    Rating.EASY: fsrs.Rating.Easy,
}


def shown(reached: Reached = Reached.PROBED, **changes: object) -> Review:
    return a_review(state=CriterionState.SHOWN, reached=reached, **changes)


def missed(**changes: object) -> Review:
    return a_review(**changes)


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


@st.composite
def reviews(draw: st.DrawFn, criterion_id: str = "c1") -> list[Review]:
    """A history of one criterion: up to eight reviews over a month, in any order of states and surfaces."""
    hours = draw(st.lists(st.integers(0, 24 * 30), min_size=1, max_size=8, unique=True))
    found = []
    for hour in hours:
        state = draw(st.sampled_from([*sorted(NOT_SHOWN), CriterionState.SHOWN]))
        reached = draw(st.sampled_from(list(Reached))) if state is CriterionState.SHOWN else None
        found.append(
            a_review(
                criterion_id=criterion_id,
                interview_id=f"i{hour}",
                at=NOW + timedelta(hours=hour),
                state=state,
                reached=reached,
                surface=draw(st.sampled_from(SURFACES)),
                kind=draw(st.sampled_from(list(CriterionKind))),
            )
        )
    return found


@st.composite
def many_items(draw: st.DrawFn) -> list[PracticeItem]:
    found = (item_of(draw(reviews(f"c{number}"))) for number in range(draw(st.integers(0, 6))))
    return [item for item in found if item is not None]


# --- ratings and dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("review", "rating"),
    [
        (missed(), Rating.AGAIN),
        (missed(state=CriterionState.CONTRADICTED), Rating.AGAIN),
        (missed(state=CriterionState.PARTLY, reached=Reached.VOLUNTEERED), Rating.HARD),
        (shown(Reached.HINTED), Rating.HARD),
        (shown(Reached.PROBED), Rating.GOOD),
        (shown(Reached.VOLUNTEERED), Rating.EASY),
    ],
)
def test_the_rating_follows_from_the_outcome(review: Review, rating: Rating) -> None:
    assert rating_of(review) is rating


@given(reviews())
def test_dates_are_those_of_the_library(history: list[Review]) -> None:
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=NOW)
    for review, rating, memory in memories(history):
        card, _ = scheduler.review_card(card, GRADES[rating], review.at)
        assert (memory.due_at, memory.reviewed_at) == (card.due, card.last_review)
        assert memory.stability_days == card.stability
        assert memory.difficulty == card.difficulty
        assert memory.due_at >= review.at + timedelta(days=1)
        assert recall(memory, review.at) == 1.0
        assert recall(memory, memory.due_at) == scheduler.get_card_retrievability(card, card.due)


def test_well_known_after_a_week_waits_longer_than_missed_again() -> None:
    first = missed(at=NOW)
    known = item_of([first, shown(Reached.VOLUNTEERED, at=day(7), interview_id="i2")])
    again = item_of([first, missed(at=day(7), interview_id="i2")])
    assert known is not None
    assert again is not None
    assert known.memory.due_at > again.memory.due_at


# --- items --------------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(list(Reached)), min_size=1, max_size=4))
def test_what_was_always_shown_is_no_item(reached: list[Reached]) -> None:
    assert item_of([shown(each, interview_id=f"i{n}", at=day(n)) for n, each in enumerate(reached)]) is None


@given(reviews(), st.randoms(use_true_random=False))
def test_an_item_does_not_depend_on_the_order_in_which_its_reviews_are_read(
    history: list[Review], random: object
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert item_of(shuffled) == item_of(history)


@given(reviews())
def test_what_came_before_the_first_miss_counts_for_nothing(history: list[Review]) -> None:
    before = shown(at=NOW - timedelta(days=3), interview_id="before")
    assert item_of([before, *history]) == item_of(history)


@given(reviews())
def test_learned_means_shown_unaided_on_another_surface_days_after_the_last_miss(history: list[Review]) -> None:
    item = item_of(history)
    if item is None or item.learned_at is None:
        return
    past = [each for each in history if not each.met]
    last = max(past, key=lambda each: each.at)
    (by,) = (each for each in history if each.at == item.learned_at)
    assert by.met
    assert by.reached in {Reached.PROBED, Reached.VOLUNTEERED}
    assert by.surface != last.surface
    assert by.at - last.at >= LEARNED_AFTER
    assert item.met


@pytest.mark.parametrize(
    ("again", "learned"),
    [
        (shown(at=day(2), surface="parallel-1"), True),
        (shown(at=day(2), surface="question"), False),
        (shown(at=day(1.9), surface="parallel-1"), False),
        (shown(Reached.HINTED, at=day(5), surface="parallel-1"), False),
        (missed(state=CriterionState.PARTLY, at=day(5), surface="parallel-1"), False),
    ],
)
def test_when_a_criterion_is_learned(again: Review, learned: bool) -> None:
    item = item_of([missed(surface="question"), replace(again, interview_id="i2")])
    assert item is not None
    assert (item.learned_at == again.at) is learned


def test_a_later_miss_brings_it_back() -> None:
    history = [
        missed(),
        shown(at=day(3), interview_id="i2", surface="parallel-1"),
        missed(at=day(9), interview_id="i3", surface="parallel-1"),
    ]
    learned, back = item_of(history[:2]), item_of(history)
    assert learned is not None
    assert back is not None
    assert learned.learned_at == day(3)
    assert queue([learned], day(400)) == []
    assert back.learned_at is None
    assert queue([back], day(9)) == [back]
    assert back.missed == 2


# --- the queue ----------------------------------------------------------------------------------------------------------


@given(many_items(), st.integers(0, 24 * 90))
def test_the_queue_holds_what_was_not_shown_and_what_is_due_again(items: list[PracticeItem], hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    found = queue(items, now)
    for item in items:
        wanted = item.learned_at is None and (item.state in NOT_SHOWN or item.memory.due_at <= now)
        assert (item in found) is wanted
    assert len(found) == len({(item.question_id, item.criterion_id) for item in found})


@given(many_items(), st.integers(0, 24 * 90))
def test_due_goes_first_then_what_was_said_wrongly_then_musts(items: list[PracticeItem], hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    found = queue(items, now)
    keys = [
        (not is_due(item, now), item.state is not CriterionState.CONTRADICTED, FIRST[item.kind], item.memory.due_at)
        for item in found
    ]
    assert keys == sorted(keys)
    assert queue(list(reversed(items)), now) == found


@given(many_items())
def test_the_last_miss_is_of_the_latest_interview_and_not_shown(items: list[PracticeItem]) -> None:
    open_ = [item for item in items if item.state in NOT_SHOWN]
    found = last_miss(items)
    assert (found is None) == (not open_)
    if found is not None:
        assert found.memory.reviewed_at == max(item.memory.reviewed_at for item in open_)


def test_items_are_drilled_question_by_question() -> None:
    items = [item_of([missed(question_id=q, criterion_id=c)]) for q, c in (("a/x", "c1"), ("a/y", "c2"), ("a/x", "c3"))]
    assert wants_of([item for item in items if item]) == [("a/x", ("c1", "c3")), ("a/y", ("c2",))]


@given(many_items(), st.integers(0, 24 * 90))
def test_a_question_is_queued_once_with_all_its_items_and_drilled_with_what_is_due(
    items: list[PracticeItem], hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    found = queue(items, now)
    groups = by_question(found)
    assert len({group[0].question_id for group in groups}) == len(groups)
    assert sorted(found.index(item) for group in groups for item in group) == list(range(len(found)))
    assert [found.index(group[0]) for group in groups] == sorted(found.index(group[0]) for group in groups)
    for group in groups:
        assert len({item.question_id for item in group}) == 1
        taken = together(group, now)
        due = [item for item in group if item.memory.due_at <= now]
        assert list(taken) == (due or list(group))


# --- from scores --------------------------------------------------------------------------------------------------------


def criterion(name: str, state: CriterionState, kind: CriterionKind = CriterionKind.MUST) -> CriterionScore:
    return CriterionScore(name, f"Says {name}.", kind, "technical", state, "note#passage")


@given(st.lists(st.tuples(st.sampled_from(list(CriterionState)), st.sampled_from(list(CriterionKind))), max_size=8))
def test_every_missed_must_of_an_interview_is_in_the_queue_and_none_that_was_met(
    judged: list[tuple[CriterionState, CriterionKind]],
) -> None:
    """The bar, as a property: whatever was judged, and whatever else was."""
    criteria = tuple(criterion(f"c{n}", state, kind) for n, (state, kind) in enumerate(judged))
    closed = an_interview(state=InterviewState.CLOSED, closed_at=NOW)
    made = reviews_of(closed, [a_score(criteria=criteria)], lambda *_: "question")
    items = [item for item in (item_of([review]) for review in made) if item is not None]
    found = {item.criterion_id for item in queue(items, NOW)}
    for each in criteria:
        if each.kind is CriterionKind.MUST and each.state is CriterionState.MISSED:
            assert each.criterion_id in found
        if each.state in {CriterionState.SHOWN, CriterionState.NOT_ASSESSED, CriterionState.UNSCORED}:
            assert each.criterion_id not in found


def test_an_open_interview_has_no_reviews() -> None:
    scores = [a_score(criteria=(criterion("c1", CriterionState.MISSED),))]
    assert reviews_of(an_interview(), scores, lambda *_: "question") == ()


def test_a_review_knows_the_surface_of_its_own_interview() -> None:
    plan = Plan((PlannedRound("fundamentals", 5, (PlannedQuestion(QUESTION, 60, parallel=1),)),))
    closed = an_interview(state=InterviewState.CLOSED, closed_at=NOW, plan=plan, seed=11)
    asked: list[tuple[int, int, str]] = []

    def surface(planned: PlannedQuestion, seed: int, criterion_id: str) -> str:
        asked.append((planned.parallel, seed, criterion_id))
        return "parallel-1"

    (review,) = reviews_of(closed, [a_score(criteria=(criterion("c9", CriterionState.MISSED),))], surface)
    assert asked == [(1, 11, "c9")]
    assert (review.at, review.surface, review.at.tzinfo) == (NOW, "parallel-1", UTC)
