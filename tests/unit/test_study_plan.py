"""Progress, and a study plan to a date: rules over any history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.errors import StudyPlanInvalid
from app.domain.interview import Seniority
from app.domain.practice import PracticeItem, Review, StudyDay, StudyPlan, StudyWish, Task, TaskKind
from app.domain.score import CriterionKind, CriterionState
from app.review.practice import item_of
from app.review.progress import By, progress
from app.review.study_plan import MOST_DAYS, OpenTopic, done, edited, missing_minutes, study_plan, summary
from tests.support.builders import NOW, QUESTION, a_review

TODAY = NOW.date()
TOPICS = [OpenTopic("calibration", "fundamentals", 6), OpenTopic("serving", "python", 4)]


def a_wish(days: int = 6, minutes: int = 20, rest: tuple[int, ...] = ()) -> StudyWish:
    return StudyWish(TODAY + timedelta(days=days), minutes, "ml-engineer", Seniority.MID, rest)


def an_item(criterion_id: str = "c1", *later: Review, **changes: object) -> PracticeItem:
    item = item_of([a_review(criterion_id=criterion_id, **changes), *later])
    assert item is not None
    return item


def plan_of(
    wish: StudyWish, items: list[PracticeItem], minutes: int = 3, topics: list[OpenTopic] | None = None
) -> StudyPlan:
    takes = {(item.question_id, item.criterion_id): minutes for item in items}
    return study_plan(wish, NOW, items, takes, TOPICS if topics is None else topics)


def when(plan: StudyPlan) -> dict[str, date]:
    return {task.criterion_id or task.topic: day.day for day in plan.days for task in day.tasks}


@st.composite
def histories(draw: st.DrawFn) -> list[PracticeItem]:
    kinds = st.sampled_from(list(CriterionKind))
    ages = st.integers(0, 20)
    return [
        an_item(f"c{number}", kind=draw(kinds), at=NOW - timedelta(days=draw(ages)))
        for number in range(draw(st.integers(0, 12)))
    ]


wishes = st.builds(
    a_wish,
    st.integers(0, 20),
    st.integers(5, 60),
    st.lists(st.integers(0, 6), max_size=4, unique=True).map(lambda days: tuple(sorted(days))),
)


@given(wishes, histories(), st.integers(1, 30))
def test_every_task_is_planned_once_or_left_out_and_no_day_is_overfull(
    wish: StudyWish, items: list[PracticeItem], minutes: int
) -> None:
    every = [TODAY + timedelta(days=number) for number in range((wish.until - TODAY).days + 1)]
    assume(any(day.weekday() not in wish.rest_days for day in every))
    plan = plan_of(wish, items, minutes)
    planned = [task.place for day in plan.days for task in day.tasks]
    left = [each.task.place for each in plan.left_out]
    assert len(planned) + len(left) == len(items) + len(TOPICS) == len({*planned, *left})
    for day in plan.days:
        assert day.minutes <= wish.minutes_a_day
        assert TODAY <= day.day <= wish.until
        assert day.day.weekday() not in wish.rest_days
    assert plan_of(wish, list(reversed(items)), minutes) == plan
    assert (missing_minutes(plan) == 0) == (not plan.left_out) == summary(plan).endswith("nothing was left out.")
    # What is left out finds no room on any day that it may be done on.
    for each in plan.left_out:
        assert all(wish.minutes_a_day - day.minutes < each.task.minutes for day in plan.days)


def test_musts_take_the_time_before_the_rest_and_items_before_topics() -> None:
    items = [an_item("should", kind=CriterionKind.SHOULD), an_item("must"), an_item("bonus", kind=CriterionKind.BONUS)]
    plan = plan_of(a_wish(days=1, minutes=5), items, minutes=5)
    assert set(when(plan)) == {"must", "should"}
    assert [each.task.criterion_id or each.task.topic for each in plan.left_out] == ["bonus", "calibration", "serving"]
    assert (
        summary(plan)
        == f"2 tasks, 10 minutes until {plan.wish.until.day} {plan.wish.until:%B %Y}; left out: 1 drill and 2 topics, 15 minutes more."
    )


def test_an_item_goes_to_its_day_and_before_it_where_that_is_full() -> None:
    assert when(plan_of(a_wish(), [an_item("c1")], topics=[])) == {"c1": TODAY + timedelta(days=1)}
    plan = plan_of(a_wish(days=1, minutes=5), [an_item("c1"), an_item("c2")], minutes=5, topics=[])
    assert when(plan) == {"c1": TODAY + timedelta(days=1), "c2": TODAY}


def test_what_was_shown_waits_for_its_date() -> None:
    again = a_review(state=CriterionState.SHOWN, interview_id="i2", at=NOW, surface="question", criterion_id="c1")
    item = an_item("c1", again, at=NOW - timedelta(days=9))
    assert item.learned_at is None
    due = item.memory.due_at.date()
    soon = plan_of(a_wish(days=(due - TODAY).days), [item], topics=[])
    assert when(soon) == {"c1": due}
    (left,) = plan_of(a_wish(days=(due - TODAY).days - 1), [item], topics=[]).left_out
    assert left.why == f"it is due on {due}, after the last day"


def test_what_is_too_long_for_a_day_says_so() -> None:
    (left,) = plan_of(a_wish(minutes=5), [an_item()], minutes=8, topics=[]).left_out
    assert left.why == "it takes 8 minutes, and a day has 5"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (a_wish(days=-1), "is over"),
        (a_wish(days=MOST_DAYS + 1), "more than 365 days"),
        (a_wish(days=0, rest=(TODAY.weekday(),)), "rest days"),
    ],
)
def test_a_plan_without_a_day_is_refused(wish: StudyWish, says: str) -> None:
    with pytest.raises(StudyPlanInvalid, match=says):
        plan_of(wish, [])


def test_an_edited_plan_is_kept_and_says_what_was_taken_out() -> None:
    fresh = plan_of(a_wish(), [an_item("c1"), an_item("c2")])
    task = Task(TaskKind.DRILL, 9, QUESTION, "c2", round="what somebody sent")
    days = [StudyDay(TODAY + timedelta(days=5), (task,)), StudyDay(TODAY, ())]
    plan = edited(fresh, None, days)
    assert plan.edited
    assert [day.day for day in plan.days] == [TODAY, TODAY + timedelta(days=5)]
    (kept,) = plan.days[1].tasks
    assert (kept.minutes, kept.round) == (9, "fundamentals")
    assert {each.task.criterion_id or each.task.topic for each in plan.left_out} == {"c1", "calibration", "serving"}
    # Once more, when c2 is learned and gone from a fresh plan: what was done may stay where it stands.
    later = plan_of(a_wish(), [an_item("c1")])
    assert edited(later, plan, days).days == plan.days


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([StudyDay(TODAY - timedelta(days=1), ())], "is not between"),
        ([StudyDay(TODAY, ()), StudyDay(TODAY, ())], "twice"),
        ([StudyDay(TODAY, (Task(TaskKind.TOPIC, 5, topic="astrology"),))], "astrology is nothing"),
        ([StudyDay(TODAY, (Task(TaskKind.DRILL, 5, QUESTION, "c9"),))], "c9 of"),
        ([StudyDay(TODAY, (Task(TaskKind.DRILL, 1, QUESTION, "c1"),) * 61)], "more than 60"),
    ],
)
def test_an_edit_that_cannot_be_kept_is_refused(days: list[StudyDay], says: str) -> None:
    with pytest.raises(StudyPlanInvalid, match=says):
        edited(plan_of(a_wish(), [an_item("c1")]), None, days)


def test_a_task_is_done_by_an_interview_after_the_plan() -> None:
    plan = plan_of(a_wish(), [an_item("c1")])
    drill, topic = Task(TaskKind.DRILL, 3, QUESTION, "c1"), Task(TaskKind.TOPIC, 6, topic="calibration")

    def is_done(task: Task, *reviews: Review) -> bool:
        return done(task, plan, reviews, lambda question_id: ("calibration",) if question_id == QUESTION else ())

    after = a_review(at=NOW + timedelta(hours=1))
    assert is_done(drill, after)
    assert is_done(topic, after)
    assert not is_done(drill, a_review(at=NOW))
    assert not is_done(drill, a_review(at=NOW + timedelta(hours=1), criterion_id="c2"))
    assert not is_done(topic, a_review(at=NOW + timedelta(hours=1), question_id="fundamentals/other"))


def test_what_was_missed_before_it_was_put_into_the_plan_is_still_to_do() -> None:
    first = plan_of(a_wish(), [an_item("c1")])
    fresh = replace(plan_of(a_wish(), [an_item("c1"), an_item("c2")]), made_at=NOW + timedelta(days=2))
    both = (Task(TaskKind.DRILL, 3, QUESTION, "c1"), Task(TaskKind.DRILL, 3, QUESTION, "c2"))
    plan = edited(fresh, first, [StudyDay(TODAY + timedelta(days=3), both)])
    old, new = plan.days[0].tasks

    def is_done(task: Task, days: int) -> bool:
        review = a_review(at=NOW + timedelta(days=days), criterion_id=task.criterion_id)
        return done(task, plan, [review], lambda _: ())

    assert is_done(old, 1)
    assert not is_done(new, 1)
    assert is_done(new, 3)
    # Edited once more, each keeps its own time.
    again = edited(replace(fresh, made_at=NOW + timedelta(days=4)), plan, plan.days)
    assert again.days == plan.days


# --- progress -----------------------------------------------------------------------------------------------------------


def topics_of(question_id: str) -> tuple[str, ...]:
    return {"a/x": ("trees", "metrics"), "a/y": ("metrics",)}.get(question_id, ())


def test_progress_counts_what_each_interview_showed_by_topic() -> None:
    reviews = [
        a_review(question_id="a/x", criterion_id="c1", state=CriterionState.SHOWN),
        a_review(question_id="a/x", criterion_id="c2", state=CriterionState.PARTLY),
        a_review(question_id="a/x", criterion_id="c3", kind=CriterionKind.BONUS),
        a_review(question_id="a/y", criterion_id="c4", interview_id="i2", at=NOW + timedelta(days=1), drill=True),
    ]
    trees_then_metrics = progress(reviews, [an_item("c4", question_id="a/y")], By.TOPIC, topics_of)
    metrics, trees = trees_then_metrics
    assert (metrics.name, trees.name) == ("metrics", "trees")
    assert [(point.interview_id, point.share, point.drill) for point in metrics.points] == [
        ("interview-1", 0.75, False),
        ("i2", 0.0, True),
    ]
    assert [review.criterion_id for review in trees.points[0].reviews] == ["c1", "c2"]
    assert (metrics.open, metrics.learned, trees.open) == (1, 0, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a/x", "a/y", "gone/z"]),
            st.integers(0, 3),
            st.sampled_from([CriterionState.SHOWN, CriterionState.MISSED, CriterionState.PARTLY]),
        ),
        max_size=12,
        unique_by=lambda drawn: drawn[:2],
    )
)
def test_every_point_is_made_of_its_evidence(drawn: list[tuple[str, int, CriterionState]]) -> None:
    reviews = [
        a_review(question_id=question, interview_id=f"i{day}", at=NOW + timedelta(days=day), state=state)
        for question, day, state in drawn
    ]
    for by in By:
        for series in progress(reviews, [], by, topics_of):
            days = [point.at for point in series.points]
            assert days == sorted(set(days))
            for point in series.points:
                assert point.reviews
                assert 0.0 <= point.share <= 1.0
                assert all(review.interview_id == point.interview_id for review in point.reviews)
    (one,) = progress(reviews, [], By.ROUND, topics_of) or (None,)
    assert (0 if one is None else sum(len(point.reviews) for point in one.points)) == len(reviews)
