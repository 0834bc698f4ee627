"""One question over time: before and after by criterion, and every score that it had in this interview."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.web.door import Refused
from app.web.how_sure import asked_first
from app.web.page import VisitDep

router = APIRouter(prefix="/interviews/{interview_id}/questions/{shelf}/{name}")


@router.get("")
async def question(
    visit: VisitDep, interview_id: str, shelf: str, name: str, earlier: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """Sets the answer beside an earlier one to the same question, where there is one, and shows how its score changed."""
    first = await asked_first(visit, interview_id, f"{shelf}/{name}")
    if first is not None:
        return first
    place = f"/v1/interviews/{interview_id}"
    interview = await visit.api.get(place)
    history = (await visit.api.get(f"{place}/questions/{shelf}/{name}/scores"))["scores"]
    compared: dict[str, Any] | None = None
    why_not = ""
    try:
        wish = {"earlier": earlier} if earlier else {}
        compared = await visit.api.get(f"{place}/questions/{shelf}/{name}/comparison", **wish)
    except Refused as refused:
        if refused.status != 409:
            raise
        why_not = "" if refused.slug == "nothing-to-compare" else refused.problem["detail"]
    return await visit.show(
        "question.html",
        interview=interview,
        question_id=f"{shelf}/{name}",
        history=history,
        compared=compared,
        why_not=why_not,
    )
