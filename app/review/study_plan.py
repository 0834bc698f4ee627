"""A study plan to a date: which items and which topics on which day. Pure; the same history and wish on one day give the same plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.errors import StudyPlanInvalid
from app.domain.practice import LeftOut, PracticeItem, Review, StudyDay, StudyPlan, StudyWish, Task, TaskKind
from app.review.practice import FIRST

MOST_DAYS = 365
MOST_TASKS_A_DAY = 60


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic of the role that no interview has assessed."""

    topic: str
    round: str
    """The one to sit for it."""
    minutes: int


def study_plan(
    wish: StudyWish,
    now: datetime,
    items: Sequence[PracticeItem],
    minutes_of: Mapping[tuple[str, str], int],
    topics: Sequence[OpenTopic],
) -> StudyPlan:
    """The plan from today on. Items go before topics, each on the first day from its date on that has room.

    Args:
        wish: What there is to give.
        now: UTC; today is its date.
        items: All that are not learned, in any order.
        minutes_of: What each item takes, by ids of question and criterion.
        topics: In the order in which they matter.

    Raises:
        StudyPlanInvalid: no day is left, or too many are.
    """
    days = _days(wish, now.date())
    left = dict.fromkeys(days, wish.minutes_a_day)
    placed: dict[date, list[Task]] = {day: [] for day in days}
    left_out: list[LeftOut] = []

    def place(task: Task, earliest: date, *, waits: bool = False) -> None:
        later = (day for day in days if day >= earliest and left[day] >= task.minutes)
        sooner = (day for day in days if not waits and left[day] >= task.minutes)
        room = next(later, None) or next(sooner, None)
        if room is not None:
            left[room] -= task.minutes
            placed[room].append(task)
        elif waits and earliest > days[-1]:
            left_out.append(LeftOut(task, f"it is due on {earliest}, after the last day"))
        else:
            left_out.append(LeftOut(task, _no_room(task, wish)))

    for item in sorted((each for each in items if each.learned_at is None), key=_matters):
        of = (item.question_id, item.criterion_id)
        task = Task(TaskKind.DRILL, minutes_of[of], *of, round=item.round)
        # What was not shown can be drilled before its date where that day is full; what was shown waits for it.
        place(task, item.memory.due_at.date(), waits=item.met)
    for each in topics:
        place(Task(TaskKind.TOPIC, each.minutes, topic=each.topic, round=each.round), days[0])
    return StudyPlan(
        wish=wish,
        made_at=now,
        days=tuple(StudyDay(day, tuple(placed[day])) for day in days),
        left_out=tuple(left_out),
    )


def edited(fresh: StudyPlan, before: StudyPlan | None, days: Sequence[StudyDay]) -> StudyPlan:
    """The days as a person wants them; what a `fresh` plan has and they have not is left out.

    Args:
        fresh: As it would be made now, of the same wish.
        before: The one that is edited, if there is one: what is done since it was made stays done, and may stay in it.
        days: In any order.

    Raises:
        StudyPlanInvalid: a day is outside of the plan or stands in it twice, or a task is none that a plan could hold.
    """
    wish, made_at = fresh.wish, before.made_at if before is not None else fresh.made_at
    wanted = {task.place: task for task in _tasks(fresh)}
    old = {task.place: task for task in (_tasks(before) if before is not None else ())}
    known = old | wanted

    def since(place: tuple[str, str, str, str]) -> datetime | None:
        if before is None:
            return None
        return old[place].since if place in old else fresh.made_at

    first, last = made_at.date(), wish.until
    seen: set[date] = set()
    kept: list[StudyDay] = []
    for day in sorted(days, key=lambda each: each.day):
        if day.day in seen:
            raise StudyPlanInvalid(f"{day.day} stands in it twice")
        if not first <= day.day <= last:
            raise StudyPlanInvalid(f"{day.day} is not between {first} and {last}")
        if len(day.tasks) > MOST_TASKS_A_DAY:
            raise StudyPlanInvalid(f"{day.day} has more than {MOST_TASKS_A_DAY} tasks")
        seen.add(day.day)
        for task in day.tasks:
            if task.place not in known:
                named = task.topic or f"{task.criterion_id} of {task.question_id}"
                raise StudyPlanInvalid(f"{named} is nothing that is left to practise or to cover")
        # The round is the plan's own: what a person sends is which task, and how long.
        tasks = tuple(
            Task(
                task.kind,
                task.minutes,
                task.question_id,
                task.criterion_id,
                task.topic,
                known[task.place].round,
                since(task.place),
            )
            for task in day.tasks
        )
        kept.append(StudyDay(day.day, tasks))
    mine = {task.place for day in kept for task in day.tasks}
    no_room = {each.task.place: each.why for each in fresh.left_out}
    left_out = tuple(
        LeftOut(replace(task, since=since(place)), no_room.get(place, "it was taken out by hand"))
        for place, task in wanted.items()
        if place not in mine
    )
    return StudyPlan(wish=wish, made_at=made_at, days=tuple(kept), left_out=left_out, edited=True)


def without_gone(plan: StudyPlan, items: Sequence[PracticeItem]) -> tuple[StudyPlan, int]:
    """The plan without drills on what is no item any more, and how many of these stood on its days.

    Args:
        plan: As it was made; interviews may have been deleted since, and criteria have left the corpus.
        items: All that there are, learned ones too.
    """
    there = {(item.question_id, item.criterion_id) for item in items}

    def stays(task: Task) -> bool:
        return task.kind is not TaskKind.DRILL or (task.question_id, task.criterion_id) in there

    days = tuple(replace(day, tasks=tuple(filter(stays, day.tasks))) for day in plan.days)
    left_out = tuple(each for each in plan.left_out if stays(each.task))
    gone = sum(len(before.tasks) - len(after.tasks) for before, after in zip(plan.days, days, strict=True))
    return replace(plan, days=days, left_out=left_out), gone


def _tasks(plan: StudyPlan) -> list[Task]:
    return [task for day in plan.days for task in day.tasks] + [each.task for each in plan.left_out]


def done(task: Task, plan: StudyPlan, reviews: Sequence[Review], topics_of: Callable[[str], Sequence[str]]) -> bool:
    """Whether it came up in an interview that was closed after it was put into the plan."""
    after = (review for review in reviews if review.at > (task.since or plan.made_at))
    if task.kind is TaskKind.DRILL:
        return any((each.question_id, each.criterion_id) == (task.question_id, task.criterion_id) for each in after)
    return any(task.topic in topics_of(each.question_id) for each in after)


def summary(plan: StudyPlan) -> str:
    """One sentence for a person: what fits, and what does not."""
    count = sum(len(day.tasks) for day in plan.days)
    minutes = sum(day.minutes for day in plan.days)
    held = f"{count} tasks, {minutes} minutes until {plan.wish.until.day} {plan.wish.until:%B %Y}"
    if not plan.left_out:
        return f"{held}; nothing was left out."
    drills = sum(1 for each in plan.left_out if each.task.kind is TaskKind.DRILL)
    topics = len(plan.left_out) - drills
    what = " and ".join(
        f"{number} {name}{'' if number == 1 else 's'}"
        for number, name in ((drills, "drill"), (topics, "topic"))
        if number
    )
    return f"{held}; left out: {what}, {missing_minutes(plan)} minutes more."


def missing_minutes(plan: StudyPlan) -> int:
    """What all that is left out would take."""
    return sum(each.task.minutes for each in plan.left_out)


def _days(wish: StudyWish, today: date) -> list[date]:
    if wish.until < today:
        raise StudyPlanInvalid(f"{wish.until} is over")
    if (wish.until - today).days > MOST_DAYS:
        raise StudyPlanInvalid(f"{wish.until} is more than {MOST_DAYS} days away")
    every = [today + timedelta(days=number) for number in range((wish.until - today).days + 1)]
    days = [day for day in every if day.weekday() not in wish.rest_days]
    if not days:
        raise StudyPlanInvalid(f"all days until {wish.until} are rest days")
    return days


def _no_room(task: Task, wish: StudyWish) -> str:
    if task.minutes > wish.minutes_a_day:
        return f"it takes {task.minutes} minutes, and a day has {wish.minutes_a_day}"
    return f"no day until {wish.until} has {task.minutes} minutes left"


def _matters(item: PracticeItem) -> tuple[int, datetime, str, str]:
    return (FIRST[item.kind], item.memory.due_at, item.question_id, item.criterion_id)
