"""The conversation: what was said, and a place to answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.page import VisitDep

router = APIRouter()

DESIGNS = frozenset({"high-level-design", "low-level-design", "case-study"})
"""Rounds in which a sketch of boxes and arrows helps."""


@router.get("/interviews/{interview_id}")
async def talk(visit: VisitDep, interview_id: str) -> Response:
    """An open interview to go on with; one that is over to read."""
    interview = await visit.api.get(f"/v1/interviews/{interview_id}")
    if interview["state"] == "planned":
        return RedirectResponse(f"/interviews/{interview_id}/plan", 303)
    turns = (await visit.api.get(f"/v1/interviews/{interview_id}/turns"))["turns"]
    clock = await visit.api.get(f"/v1/interviews/{interview_id}/clock")
    return await visit.show("talk.html", interview=interview, turns=_shown(turns), clock=clock, designs=sorted(DESIGNS))


@router.get("/parts/turns/{interview_id}")
async def turns(visit: VisitDep, interview_id: str, after: Annotated[int, Query(ge=0)] = 0) -> HTMLResponse:
    """The turns with a higher seq."""
    interview = await visit.api.get(f"/v1/interviews/{interview_id}")
    found = (await visit.api.get(f"/v1/interviews/{interview_id}/turns"))["turns"]
    shown = [each for each in _shown(found) if each["seq"] > after]
    return visit.part("parts/turns.html", turns=shown, interview=interview)


@router.get("/parts/problem/{interview_id}")
async def problem(visit: VisitDep, interview_id: str) -> HTMLResponse:
    """The coding problem that is open."""
    found = await visit.api.get(f"/v1/interviews/{interview_id}/code")
    return visit.part("parts/problem.html", problem=found)


@router.post("/parts/run/{interview_id}")
async def run(visit: VisitDep, interview_id: str, code: Annotated[str, Body(embed=True)]) -> HTMLResponse:
    """What the visible tests make of code."""
    ran = await visit.api.call("POST", f"/v1/interviews/{interview_id}/code/run", json={"code": code}, timeout=60)
    found = ran.json()
    return visit.part("parts/run.html", tests=found["tests"], runs_left=found["runs_left"])


@router.get("/parts/feedback/{interview_id}/{shelf}/{name}")
async def feedback(visit: VisitDep, interview_id: str, shelf: str, name: str, reveal: bool = False) -> HTMLResponse:
    """How the answers to one question did; asks first how sure one is, as long as that can be said without knowing."""
    question = f"{shelf}/{name}"
    if not reveal:
        status = await visit.api.get(f"/v1/interviews/{interview_id}/report/status")
        found = next((each for each in status["questions"] if each["question_id"] == question), None)
        if found is not None and found["can_rate"] and found["percent"] is None:
            return visit.part("parts/how_sure.html", question=question)
    marks = await visit.api.get(f"/v1/interviews/{interview_id}/questions/{question}/feedback")
    return visit.part("parts/feedback.html", marks=marks)


def _shown(turns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Turns with what stands above them: the round where a new one begins."""
    before = ""
    shown = []
    for turn in turns:
        here = (turn["move"] or {}).get("round", "")
        shown.append({**turn, "begins": here if here and here != before else ""})
        before = here or before
    return shown
