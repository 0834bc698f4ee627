"""The first page: begin an interview, and find those that were begun."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.web.page import VisitDep
from app.web.set_up import choices

router = APIRouter()

SHOWN = 200


@router.get("/")
async def home(visit: VisitDep, deleted: Annotated[bool, Query()] = False) -> HTMLResponse:
    """One's interviews, newest first; for whoever has none, the set-up."""
    found = (await visit.api.get("/v1/interviews", limit=SHOWN))["interviews"]
    setting_up = {} if found else await choices(visit.api, None)
    return await visit.show("home.html", interviews=found, deleted=deleted, **setting_up)


@router.get("/privacy")
async def privacy(visit: VisitDep) -> HTMLResponse:
    """What leaves the machine, in full."""
    return await visit.show("privacy.html")
