"""The form of a study plan's days: what it writes it reads, and no task is lost or doubled on the way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.study_days import days_of, key, read, rows

slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
minutes = st.integers(1, 480)


def drill(shelf: str, name: str, criterion: str, length: int) -> dict[str, Any]:
    return {
        "kind": "drill",
        "question_id": f"{shelf}/{name}",
        "criterion_id": criterion,
        "topic": None,
        "minutes": length,
    }


def topic(name: str, length: int) -> dict[str, Any]:
    return {"kind": "topic", "question_id": None, "criterion_id": None, "topic": name, "minutes": length}


tasks = st.one_of(st.builds(drill, slugs, slugs, slugs, minutes), st.builds(topic, slugs, minutes))


def plan_of(found: list[dict[str, Any]]) -> dict[str, Any]:
    half = len(found) // 2
    return {
        "days": [{"day": "2026-11-22", "tasks": found[:half]}, {"day": "2026-11-23", "tasks": []}],
        "left_out": [{"task": task, "why": "no room"} for task in found[half:]],
    }


@given(tasks)
def test_a_task_is_read_as_it_was_written(task: dict[str, Any]) -> None:
    assert read(key(task)) == task


@pytest.mark.parametrize(
    "written", ["", "drill a/b c -", "drill a/b c - many", "drill a/b c - 5 more", "drill a/b c - -5"]
)
def test_what_the_form_never_wrote_is_no_task(written: str) -> None:
    assert read(written) is None


@given(st.lists(tasks, max_size=12, unique_by=key), st.data())
def test_every_task_stands_in_the_day_that_was_chosen_for_it(found: list[dict[str, Any]], data: st.DataObject) -> None:
    plan = plan_of(found)
    wanted = [(row.key, data.draw(st.sampled_from(["", "2026-11-22", "2026-11-29"]))) for row in rows(plan)]
    days = days_of(plan, wanted)
    assert [day["day"] for day in days] == sorted({day["day"] for day in days})
    assert {"2026-11-22", "2026-11-23"} <= {day["day"] for day in days}
    placed = {(key(task), day["day"]) for day in days for task in day["tasks"]}
    assert placed == {(written, day) for written, day in wanted if day}
    assert sum(len(day["tasks"]) for day in days) == len(placed)


@given(st.lists(tasks, max_size=12, unique_by=key))
def test_a_form_that_is_sent_as_it_came_changes_nothing(found: list[dict[str, Any]]) -> None:
    plan = plan_of(found)
    assert days_of(plan, [(row.key, row.day) for row in rows(plan)]) == plan["days"]
