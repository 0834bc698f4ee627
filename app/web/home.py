"""The first page: begin an interview, and find those that were begun."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.web.page import VisitDep

router = APIRouter()

SHOWN = 200


@router.get("/")
async def home(visit: VisitDep) -> HTMLResponse:
    """One's interviews, newest first; for whoever has none, the set-up."""
    found = (await visit.api.get("/v1/interviews", limit=SHOWN))["interviews"]
    return await visit.show("home.html", interviews=found)


@router.get("/privacy")
async def privacy(visit: VisitDep) -> HTMLResponse:
    """What leaves the machine, in full."""
    return await visit.show("privacy.html")
