"""Links that show what was chosen of an interview: made, listed, revoked; and the page that whoever has one sees."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.door import Refused
from app.web.how_sure import asked_first
from app.web.page import Visit, VisitDep

router = APIRouter()


@router.get("/interviews/{interview_id}/share")
async def share(visit: VisitDep, interview_id: str) -> HTMLResponse:
    """What a link is to show, and the links that there are; before them how sure one is, where that can still be said."""
    return await asked_first(visit, interview_id) or await _page(visit, interview_id)


@router.post("/interviews/{interview_id}/share")
async def issue(
    visit: VisitDep,
    interview_id: str,
    shows: Annotated[list[str] | None, Form()] = None,
    question: Annotated[list[str] | None, Form()] = None,
    some: Annotated[str, Form()] = "",
    label: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Makes a link and shows it: this once."""
    chosen = shows or []
    body: dict[str, Any] = {"transcript": "transcript" in chosen, "report": "report" in chosen, "label": label.strip()}
    if some and not question:
        # Left out, the API would show all of them.
        return await _page(visit, interview_id, refused="Choose at least one question.")
    if question:
        body["questions"] = question
    try:
        if until:
            body["expires_at"] = end_of(until)
        made = (await visit.api.call("POST", f"/v1/interviews/{interview_id}/shares", json=body)).json()
    except ValueError:
        return await _page(visit, interview_id, refused="That is not a day.")
    except Refused as refused:
        if refused.status not in {409, 422}:
            raise
        said = "Choose the report, the transcript, or both." if not chosen else refused.problem["detail"]
        return await _page(visit, interview_id, refused=said)
    return await _page(visit, interview_id, link=f"{str(visit.request.base_url).rstrip('/')}/shared/{made['token']}")


def end_of(day: str) -> str:
    """The last moment of an ISO day, in UTC. Raises `ValueError`."""
    return datetime.combine(datetime.fromisoformat(day).date(), time.max, UTC).isoformat()


@router.post("/interviews/{interview_id}/share/{share_id}/revoke")
async def revoke(visit: VisitDep, interview_id: str, share_id: str) -> Response:
    """Takes a link back."""
    await visit.api.call("DELETE", f"/v1/interviews/{interview_id}/shares/{share_id}")
    return RedirectResponse(f"/interviews/{interview_id}/share?reveal=true#links", 303)


async def _page(visit: Visit, interview_id: str, *, refused: str = "", link: str = "") -> HTMLResponse:
    place = f"/v1/interviews/{interview_id}"
    interview = await visit.api.get(place)
    turns = (await visit.api.get(f"{place}/transcript"))["turns"]
    return await visit.show(
        "share.html",
        422 if refused else 200,
        interview=interview,
        questions=list(dict.fromkeys(turn["question_id"] for turn in turns if turn["question_id"])),
        shares=(await visit.api.get(f"{place}/shares"))["shares"],
        refused=refused,
        link=link,
        today=datetime.now(UTC).date().isoformat(),
    )


@router.get("/shared/{token}")
async def shared(visit: VisitDep, token: str) -> HTMLResponse:
    """What a link shows, for anyone who has it: nothing of the visitor is asked or told."""
    try:
        found = await visit.api.get(f"/v1/shared/{token}")
    except Refused as refused:
        if refused.status not in {404, 422}:
            raise
        return _unlisted(visit.pages.render(visit.request, "shared.html", 404, shared=None))
    return _unlisted(visit.pages.render(visit.request, "shared.html", shared=found))


def _unlisted(page: HTMLResponse) -> HTMLResponse:
    page.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
