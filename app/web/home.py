"""The first page: begin an interview, and find those that were begun."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.web.page import VisitDep
from app.web.set_up import choices

router = APIRouter()

SHOWN = 200
"""On a page: as many as the API lists at once."""


@router.get("/")
async def home(
    visit: VisitDep, deleted: Annotated[bool, Query()] = False, after: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """One's interviews, newest first, a page at a time; for whoever has none, the set-up."""
    found = await visit.api.get("/v1/interviews", limit=SHOWN, **({"after": after} if after else {}))
    welcome = not found["interviews"] and not after
    setting_up = await choices(visit.api, None) if welcome else {}
    told = {"interviews": found["interviews"], "next": found["next"], "after": after, "deleted": deleted}
    return await visit.show("home.html", welcome=welcome, **told, **setting_up)


@router.get("/privacy")
async def privacy(visit: VisitDep) -> HTMLResponse:
    """What leaves the machine, in full."""
    return await visit.show("privacy.html")
