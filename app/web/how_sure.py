"""How sure one was, asked before any mark is seen: by whichever page a visitor comes to the marks first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request

from app.web.door import Api, Refused
from app.web.page import Visit, VisitDep

router = APIRouter(prefix="/interviews/{interview_id}")

SURE = ((10, "Hardly"), (30, "Doubtful"), (50, "Even"), (70, "Likely"), (90, "Nearly certain"))
"""Percent and the word for it, as the page offers them."""


async def unsaid(api: Api, interview_id: str) -> list[str]:
    """Ids of questions whose marks were never shown and of which nobody has said how sure they are."""
    status = await api.get(f"/v1/interviews/{interview_id}/report/status")
    return [each["question_id"] for each in status["questions"] if each["can_rate"] and each["percent"] is None]


async def asked_first(visit: Visit, interview_id: str, question_id: str = "") -> HTMLResponse | None:
    """The page that asks, in place of one that shows marks; None where nothing is left to ask, or the visitor would not say.

    Args:
        visit: Of a page; `reveal` in its address says that the visitor was asked.
        interview_id: Whose marks it shows.
        question_id: The one question that it shows marks of; "" for all.
    """
    if visit.request.query_params.get("reveal") == "true":
        return None
    open_ones = await unsaid(visit.api, interview_id)
    if not open_ones or (question_id and question_id not in open_ones):
        return None
    query = visit.request.url.query
    return await ask(visit, interview_id, visit.request.url.path + (f"?{query}" if query else ""))


async def ask(
    visit: Visit,
    interview_id: str,
    then: str,
    status: dict[str, Any] | None = None,
    questions: Sequence[dict[str, Any]] | None = None,
) -> HTMLResponse:
    """Asks for each question that can still be rated, and leads to `then`, an address of this server."""
    place = f"/v1/interviews/{interview_id}"
    waiting = status or await visit.api.get(f"{place}/report/status")
    return await visit.show(
        "before_report.html",
        interview=await visit.api.get(place),
        waiting=waiting,
        questions=questions or [each for each in waiting["questions"] if each["can_rate"]],
        sure=SURE,
        then=then,
        after=revealed(then),
        onward=onward(then),
    )


def onward(address: str) -> str:
    """What the button says that leads to a page."""
    page = address.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return {"report": "Show the report", "share": "Go on to sharing"}.get(page, "Show the marks")


def revealed(address: str) -> str:
    """The address with the word that its visitor was asked."""
    path, at, anchor = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}reveal=true{at}{anchor}"


def inside(address: str, interview_id: str) -> str:
    """A page of this interview; its report where the address is none."""
    home = f"/interviews/{interview_id}/"
    safe = address.startswith(home) and address.isprintable() and "\\" not in address and "/../" not in address
    return address if safe else f"{home}report"


@router.get("/before")
async def before(visit: VisitDep, interview_id: str, then: Annotated[str, Query(max_length=8000)] = "") -> Response:
    """Asks how sure one is, and goes on to a page of the interview."""
    wanted = inside(then, interview_id)
    if not await unsaid(visit.api, interview_id):
        return RedirectResponse(revealed(wanted), 303)
    return await ask(visit, interview_id, wanted)


@router.post("/sure")
async def say(request: Request, visit: VisitDep, interview_id: str) -> Response:
    """Stores how sure the visitor is of each answer that they spoke of; the rest is skipped. Then shows what they came for."""
    async with request.form() as form:
        said = {str(name): str(value) for name, value in form.items()}
    wanted = inside(said.pop("then", ""), interview_id)
    for question_id, percent in said.items():
        if not percent.isdecimal():
            continue
        try:
            await visit.api.call(
                "PUT",
                f"/v1/interviews/{interview_id}/questions/{quote(question_id)}/confidence",
                json={"percent": int(percent)},
            )
        except Refused as refused:
            if refused.slug != "confidence-too-late":
                raise
    return RedirectResponse(revealed(wanted), 303)
