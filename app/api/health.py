"""Signs of life: live as soon as the port is open, ready when an interview can begin."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from app.api.dependencies import ServicesDep
from app.api.responses import problems
from app.api.schemas import Out
from app.domain.errors import NotReady

router = APIRouter(prefix="/v1/health", tags=["health"])


class HealthOut(Out):
    """A sign of life."""

    status: Literal["live", "ready"]
    version: str
    interviewer: str = ""
    judge: str = ""


@router.get("/live", operation_id="live")
async def live(held: ServicesDep) -> HealthOut:
    """The process runs."""
    return HealthOut(status="live", version=held.version)


@router.get("/ready", operation_id="ready", responses=problems())
async def ready(held: ServicesDep) -> HealthOut:
    """An interview can begin: database, index and models are there. 503 says what is missing."""
    if held.not_ready:
        raise NotReady(held.not_ready)
    await held.store.ping()
    return HealthOut(status="ready", version=held.version, interviewer=held.interviewer, judge=held.judge)
