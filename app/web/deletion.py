"""Deleting one interview: says what goes and what stays, then does it. No script."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.door import Api, Refused
from app.web.page import VisitDep

router = APIRouter(prefix="/interviews/{interview_id}/delete")


@router.get("")
async def before(visit: VisitDep, interview_id: str) -> HTMLResponse:
    """What would go."""
    return await visit.show("delete_interview.html", **await _what_goes(visit.api, interview_id), unsure=False)


@router.post("")
async def delete(visit: VisitDep, interview_id: str, sure: Annotated[str, Form()] = "") -> Response:
    """Deletes the interview, if the box was ticked."""
    if not sure:
        told = await _what_goes(visit.api, interview_id)
        return await visit.show("delete_interview.html", 422, **told, unsure=True)
    await visit.api.call("DELETE", f"/v1/interviews/{interview_id}")
    return RedirectResponse("/?deleted=true", 303)


async def _what_goes(api: Api, interview_id: str) -> dict[str, Any]:
    """Counts by what a person knows; marks that were not seen yet stay unseen."""
    place = f"/v1/interviews/{interview_id}"
    review = await api.get(f"{place}/review", blind=True)
    counts = {
        "answer": sum(turn["speaker"] == "candidate" for turn in review["turns"]),
        "note": sum(len(turn["annotations"]) for turn in review["turns"]),
    }
    try:
        counts["appeal"] = len((await api.get(f"{place}/appeals"))["appeals"])
        counts["correction"] = len((await api.get(f"{place}/overrides"))["overrides"])
    except Refused as refused:
        # An exam that is open has none of either.
        if refused.status != 409:
            raise
    shares = (await api.get(f"{place}/shares"))["shares"]
    return {"interview": review["interview"], "counts": counts, "links": sum(each["open"] for each in shares)}
