"""A study plan as its person wants it: each task to another day, or out of it. One form, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from starlette.responses import RedirectResponse

from app.web.door import Refused
from app.web.page import Visit, VisitDep

router = APIRouter(prefix="/practice/plan/days")

_NONE = "-"
_WISH = ("until", "minutes_a_day", "role", "seniority", "rest_days")
_NAMES = ("kind", "question_id", "criterion_id", "topic", "minutes")


@dataclass(frozen=True, slots=True)
class Row:
    """A task on the form: `key` names it, `day` is its date or "" where it is in no day."""

    key: str
    task: Mapping[str, Any]
    day: str
    why: str
    """Why it is in no day; "" where it is in one."""


def rows(plan: Mapping[str, Any]) -> list[Row]:
    """All tasks of a plan, by day, then those that are left out."""
    placed = [Row(key(task), task, day["day"], "") for day in plan["days"] for task in day["tasks"]]
    return placed + [Row(key(each["task"]), each["task"], "", each["why"]) for each in plan["left_out"]]


def key(task: Mapping[str, Any]) -> str:
    """A task as one word for each of its names; ids have no blanks."""
    return " ".join(str(task[name] or _NONE) for name in _NAMES)


def read(written: str) -> dict[str, Any] | None:
    """The task that `key` wrote; None where it is none."""
    parts = written.split(" ")
    if len(parts) != len(_NAMES) or not parts[-1].isdecimal():
        return None
    return {
        name: int(part) if name == "minutes" else None if part == _NONE else part
        for name, part in zip(_NAMES, parts, strict=True)
    }


def days_of(plan: Mapping[str, Any], wanted: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The days of an edited plan: those there are and those that were named, each with the tasks that go to it.

    Args:
        plan: As it is.
        wanted: Tasks by their keys, each with its date; one without a date is in no day.
    """
    days: dict[str, list[dict[str, Any]]] = {day["day"]: [] for day in plan["days"]}
    for written, day in wanted:
        task = read(written)
        if task is not None and day:
            days.setdefault(day, []).append(task)
    return [{"day": day, "tasks": tasks} for day, tasks in sorted(days.items())]


@router.get("")
async def edit(visit: VisitDep) -> Response:
    """The plan with a date for each task."""
    try:
        plan = await visit.api.get("/v1/practice/plan")
    except Refused as refused:
        if refused.slug != "study-plan-not-found":
            raise
        return RedirectResponse("/practice/plan", 303)
    return await _page(visit, plan, rows(plan))


@router.post("")
async def keep(
    visit: VisitDep,
    task: Annotated[list[str] | None, Form()] = None,
    day: Annotated[list[str] | None, Form()] = None,
    drop: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Keeps the days as they were chosen; what is dropped or has no date is left out."""
    plan = await visit.api.get("/v1/practice/plan")
    dropped = set(drop or [])
    wanted = [
        (written, "" if written in dropped else date) for written, date in zip(task or [], day or [], strict=False)
    ]
    body = {name: plan[name] for name in _WISH} | {"days": days_of(plan, wanted)}
    try:
        await visit.api.call("PUT", "/v1/practice/plan", json=body)
    except Refused as refused:
        if refused.status != 422:
            raise
        chosen = dict(wanted)
        as_sent = [Row(row.key, row.task, chosen.get(row.key, row.day), row.why) for row in rows(plan)]
        return await _page(visit, plan, as_sent, refused.problem["detail"])
    return RedirectResponse("/practice/plan", 303)


async def _page(visit: Visit, plan: Mapping[str, Any], shown: Sequence[Row], refused: str = "") -> HTMLResponse:
    return await visit.show(
        "study_days.html",
        422 if refused else 200,
        plan=plan,
        placed=[row for row in shown if not row.why],
        left_out=[row for row in shown if row.why],
        first=plan["made_at"][:10],
        refused=refused,
    )
