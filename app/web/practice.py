"""Practice: the queue and its drills, one point with its history, progress with the evidence, a study plan to a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response
from starlette.responses import RedirectResponse

from app.web import charts
from app.web.door import Api, Refused
from app.web.page import VisitDep

router = APIRouter(prefix="/practice")

QUEUED = 100
MINUTES = (5, 10, 15, 20, 30)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SENIORITIES = ("junior", "mid", "senior", "staff")
By = Literal["topic", "skill", "round"]


@router.get("")
async def queue(visit: VisitDep) -> HTMLResponse:
    """What to practise next, due first, and a drill on it."""
    return await _queue_page(visit)


@router.post("/drills")
async def drill(
    visit: VisitDep,
    item: Annotated[list[str] | None, Form()] = None,
    minutes: Annotated[str, Form()] = "10",
) -> Response:
    """Begins a drill: on the chosen items, each `question criterion` or a queued `question`, or on the head of the queue."""
    body: dict[str, Any] = {"minutes": int(minutes) if minutes.isdecimal() else 10}
    if item:
        body["items"] = [
            {"question_id": question_id, "criterion_id": criterion_id or None}
            for question_id, _, criterion_id in (each.partition(" ") for each in item)
        ]
    try:
        made = (await visit.api.call("POST", "/v1/practice/drills", json=body)).json()
    except Refused as refused:
        if refused.status not in {404, 409}:
            raise
        return await _queue_page(visit, refused.status, refused.problem["detail"])
    return RedirectResponse(f"/interviews/{made['id']}", 303)


async def _queue_page(visit: VisitDep, status: int = 200, refused: str = "") -> HTMLResponse:
    return await visit.show(
        "practice.html",
        status,
        queue=await visit.api.get("/v1/practice/queue", limit=QUEUED),
        hidden=await _hidden(visit.api),
        minutes=MINUTES,
        refused=refused,
    )


async def _hidden(api: Api) -> Any:
    """Interviews that practice leaves out until their marks were seen."""
    return (await api.get("/v1/confidence/hidden"))["interviews"]


@router.get("/items/{shelf}/{name}/{criterion_id}")
async def item(visit: VisitDep, shelf: str, name: str, criterion_id: str) -> HTMLResponse:
    """One point with every time that it came up. It tells what was looked for."""
    found = await visit.api.get(f"/v1/practice/items/{shelf}/{name}/{criterion_id}")
    passage = await _passage(visit.api, found["passage_id"])
    return await visit.show("practice_item.html", item=found, passage=passage)


async def _passage(api: Api, passage_id: str) -> Any:
    note, _, part = passage_id.partition("#")
    if not part:
        return None
    try:
        return await api.get(f"/v1/passages/{note}/{part}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


@router.get("/progress")
async def progress(visit: VisitDep, by: Annotated[By, Query()] = "topic") -> HTMLResponse:
    """Shares of what was shown over time, in small charts, each point with its words."""
    found = (await visit.api.get("/v1/practice/progress", by=by))["series"]
    shown = alike(each for each in by_weight(found) if each["points"])
    series = [{**each, "plot": charts.progress_plot(each["points"])} for each in shown]
    return await visit.show(
        "progress.html",
        by=by,
        series=series,
        hidden=await _hidden(visit.api),
        plot_y=charts.plot_y,
        height=charts.PLOT_HEIGHT,
    )


def by_weight(series: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where most is open comes first, then where most was assessed."""
    return sorted(
        series, key=lambda each: (-each["open"], -sum(point["assessed"] for point in each["points"]), each["name"])
    )


def alike(series: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Series with the same evidence behind every point as one, with all their names: a question is often on several topics."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in series:
        points = tuple(
            (point["interview_id"], *((one["question_id"], one["criterion_id"]) for one in point["evidence"]))
            for point in each["points"]
        )
        one = found.setdefault((each["open"], each["learned"], *points), {**each, "names": []})
        one["names"].append(each["name"])
    return list(found.values())


@router.get("/plan")
async def plan(visit: VisitDep) -> HTMLResponse:
    """The study plan, or the form that makes one."""
    return await _plan_page(visit)


@router.post("/plan")
async def make_plan(
    visit: VisitDep,
    until: Annotated[str, Form()] = "",
    minutes_a_day: Annotated[str, Form()] = "30",
    role: Annotated[str, Form()] = "",
    seniority: Annotated[str, Form()] = "mid",
    rest_day: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Makes a plan anew."""
    body = {
        "until": until,
        "minutes_a_day": minutes_a_day,
        "role": role,
        "seniority": seniority,
        "rest_days": rest_day or [],
    }
    try:
        await visit.api.call("PUT", "/v1/practice/plan", json=body)
    except Refused as refused:
        if refused.status != 422:
            raise
        return await _plan_page(visit, refused.problem["detail"], body)
    return RedirectResponse("/practice/plan", 303)


@router.post("/plan/delete")
async def delete_plan(visit: VisitDep) -> Response:
    """Removes the plan."""
    await visit.api.call("DELETE", "/v1/practice/plan")
    return RedirectResponse("/practice/plan", 303)


def stretches(days: Iterable[dict[str, Any]], today: str) -> list[list[dict[str, Any]]]:
    """Days of a plan, each by itself, but those with nothing on them that follow one another together; today stays alone."""
    found: list[list[dict[str, Any]]] = []
    for day in days:
        free = not day["tasks"] and day["day"] != today
        if free and found and not found[-1][-1]["tasks"] and found[-1][-1]["day"] != today:
            found[-1].append(day)
        else:
            found.append([day])
    return found


async def _plan_page(visit: VisitDep, refused: str = "", wish: dict[str, Any] | None = None) -> HTMLResponse:
    try:
        found = await visit.api.get("/v1/practice/plan")
    except Refused as error:
        if error.slug != "study-plan-not-found":
            raise
        found = None
    today = datetime.now(UTC).date()
    last = (await visit.api.get("/v1/interviews", limit=1))["interviews"]
    usual: dict[str, Any] = {
        "until": (today + timedelta(days=14)).isoformat(),
        "minutes_a_day": 30,
        "role": last[0]["role"] if last else "ml-engineer",
        "seniority": last[0]["seniority"] if last else "mid",
        "rest_days": [],
    }
    return await visit.show(
        "study_plan.html",
        422 if refused else 200,
        plan=found,
        stretches=stretches(found["days"], today.isoformat()) if found else (),
        wish=wish or ({name: found[name] for name in usual} if found else usual),
        refused=refused,
        today=today.isoformat(),
        roles=(await visit.api.get("/v1/catalog/roles"))["roles"],
        seniorities=SENIORITIES,
        weekdays=WEEKDAYS,
    )
