"""Setting up an interview: who one is, what one wants, the resume, and the plan before it begins."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.door import Api, Refused
from app.web.page import VisitDep

router = APIRouter()

SENIORITIES = ("junior", "mid", "senior", "staff")
MINUTES = (10, 20, 30, 45, 60, 90)


@router.get("/new")
async def new(
    visit: VisitDep,
    role: Annotated[str, Query()] = "",
    company: Annotated[str, Query()] = "",
    round: Annotated[list[str] | None, Query()] = None,
) -> HTMLResponse:
    """The whole form; what the address names is chosen already."""
    last = (await visit.api.get("/v1/interviews", limit=1))["interviews"]
    asked = {"role": role, "company": company, "rounds": round or []}
    return await visit.show("new.html", **await choices(visit.api, last[0] if last else None, asked))


async def choices(api: Api, last: dict[str, Any] | None, asked: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the form offers and what it begins with: what was asked for, else what the last interview had."""
    before = last or {}
    chosen = {
        "role": before.get("role", "ml-engineer"),
        "seniority": before.get("seniority", "mid"),
        "minutes": before.get("minutes", 30),
        "company": "neutral",
        "mode": before.get("mode", "practice"),
        "strictness": before.get("strictness", "standard"),
        "rounds": [],
        **{name: value for name, value in (asked or {}).items() if value},
    }
    return {
        "roles": (await api.get("/v1/catalog/roles"))["roles"],
        "companies": (await api.get("/v1/catalog/companies"))["companies"],
        "rounds": (await api.get("/v1/catalog/rounds"))["rounds"],
        "seniorities": SENIORITIES,
        "lengths": sorted({*MINUTES, chosen["minutes"]}),
        "chosen": chosen,
        "resume": await _resume(api, before.get("resume_id")),
    }


async def _resume(api: Api, resume_id: str | None) -> dict[str, Any] | None:
    """The resume of the last interview, unless it was deleted."""
    if not resume_id:
        return None
    try:
        found: dict[str, Any] = await api.get(f"/v1/resumes/{resume_id}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None
    return found


@router.get("/parts/resume/{resume_id}")
async def resume(visit: VisitDep, resume_id: str) -> HTMLResponse:
    """What was read in a resume."""
    return visit.part("parts/resume.html", resume=await visit.api.get(f"/v1/resumes/{resume_id}"))


@router.get("/interviews/{interview_id}/plan")
async def plan(visit: VisitDep, interview_id: str) -> Response:
    """The plan, to be changed before the interview begins."""
    interview = await visit.api.get(f"/v1/interviews/{interview_id}")
    if interview["state"] != "planned":
        return RedirectResponse(f"/interviews/{interview_id}", 303)
    return await visit.show("plan.html", **await _plan(visit.api, interview))


@router.get("/parts/plan/{interview_id}")
async def plan_part(visit: VisitDep, interview_id: str) -> HTMLResponse:
    """The plan as it stands now."""
    interview = await visit.api.get(f"/v1/interviews/{interview_id}")
    return visit.part("parts/plan.html", **await _plan(visit.api, interview))


async def _plan(api: Api, interview: dict[str, Any]) -> dict[str, Any]:
    """The plan with, for each round, what else could be asked in it."""
    planned = {each["question_id"] for part in interview["plan"]["rounds"] for each in part["questions"]}
    more = {}
    for part in interview["plan"]["rounds"]:
        query = {"round": part["round"], "role": interview["role"], "seniority": interview["seniority"]}
        found = (await api.get("/v1/catalog/questions", **query))["questions"]
        more[part["round"]] = sorted(
            each["id"] for each in found if each["id"] not in planned and "chains/" not in each["id"]
        )
    return {"interview": interview, "more": more}
