"""The first page: begin an interview, and find those that were begun."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.web.page import VisitDep
from app.web.set_up import choices

router = APIRouter()

SHOWN = 200


@router.get("/")
async def home(visit: VisitDep) -> HTMLResponse:
    """One's interviews, newest first; for whoever has none, the set-up."""
    found = (await visit.api.get("/v1/interviews", limit=SHOWN))["interviews"]
    return await visit.show("home.html", interviews=found, **({} if found else await choices(visit.api, None)))


@router.get("/privacy")
async def privacy(visit: VisitDep) -> HTMLResponse:
    """What leaves the machine, in full."""
    return await visit.show("privacy.html")
