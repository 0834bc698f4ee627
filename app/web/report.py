"""The report: how sure one was, asked before anything is shown; then what was shown, what was missed, and what to do about it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web import charts, how_sure
from app.web.door import Refused
from app.web.page import Visit, VisitDep

router = APIRouter(prefix="/interviews/{interview_id}")

NOT_SHOWN = frozenset({"missed", "partly", "contradicted"})
MAX_DRILLED = 30


@router.get("/report")
async def report(
    visit: VisitDep,
    interview_id: str,
    reveal: Annotated[bool, Query()] = False,
    partial: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """The report, once the visitor had a chance to say how sure they are, and once it is judged."""
    place = f"/v1/interviews/{interview_id}"
    interview = await visit.api.get(place)
    status = await visit.api.get(f"{place}/report/status")
    unrated = [each for each in status["questions"] if each["can_rate"]]
    if unrated and not reveal:
        return await how_sure.ask(visit, interview_id, f"/interviews/{interview_id}/report", status, unrated)
    if not status["readable"] or (status["pending"] and interview["state"] == "closed" and not partial):
        return await visit.show("report_waits.html", interview=interview, waiting=status)
    return await _page(visit, interview_id, {}, {})


async def _page(
    visit: Visit, interview_id: str, wrote: dict[str, dict[str, str]], refused: dict[str, str], status: int = 200
) -> HTMLResponse:
    """The report; what is in `wrote` stands in its forms in the place of what is stored, with why it was `refused`."""
    place = f"/v1/interviews/{interview_id}"
    made = await visit.api.get(f"{place}/report")
    turns = (await visit.api.get(f"{place}/transcript"))["turns"]
    shown = made | {form: made[form] | texts for form, texts in wrote.items()}
    return await visit.show("report.html", status, **view(shown, turns), refused=refused)


def view(report: dict[str, Any], turns: list[dict[str, Any]]) -> dict[str, Any]:
    """What the template of a report shows."""
    return {
        "report": report,
        "interview": report["interview"],
        "line": charts.time_line(turns),
        "ticks": charts.TICKS,
        "to_drill": to_drill(report),
        "level_row": charts.level_row,
        "across": charts.across,
    }


def to_drill(report: dict[str, Any]) -> list[str]:
    """What was asked for and not shown, as `question criterion`: musts first."""
    open_ones = [
        (criterion["kind"], question["question_id"], criterion["id"])
        for question in report["questions"]
        if question["score"]
        for criterion in question["score"]["criteria"]
        if criterion["state"] in NOT_SHOWN
    ]
    ordered = sorted(open_ones, key=lambda each: ("must", "should", "bonus").index(each[0]))
    return [f"{question_id} {criterion_id}" for _, question_id, criterion_id in ordered[:MAX_DRILLED]]


@router.post("/reflection")
async def reflect(
    visit: VisitDep,
    interview_id: str,
    went_well: Annotated[str, Form()] = "",
    was_hard: Annotated[str, Form()] = "",
    will_do: Annotated[str, Form()] = "",
) -> Response:
    """Stores what the visitor makes of it."""
    body = {"went_well": went_well, "was_hard": was_hard, "will_do": will_do}
    return await _keep(visit, interview_id, "reflection", body, body)


@router.post("/thank-you")
async def thank(
    visit: VisitDep, interview_id: str, text: Annotated[str, Form()] = "", again: Annotated[str, Form()] = ""
) -> Response:
    """Stores the note; `again` brings the draft back."""
    return await _keep(visit, interview_id, "thank_you", {"text": "" if again else text}, {"text": text})


async def _keep(visit: Visit, interview_id: str, form: str, body: dict[str, str], wrote: dict[str, str]) -> Response:
    """Stores what was written in a form of the report; where it is refused, it is shown again with the reason."""
    name = form.replace("_", "-")
    try:
        await visit.api.call("PUT", f"/v1/interviews/{interview_id}/{name}", json=body)
    except Refused as error:
        if error.status not in {409, 422}:
            raise
        return await _page(visit, interview_id, {form: wrote}, {form: error.problem["detail"]}, error.status)
    return RedirectResponse(f"/interviews/{interview_id}/report?reveal=true#{name}", 303)


async def leave_for(visit: Visit, path: str, body: dict[str, Any] | None = None) -> Response:
    """Has the API make an interview, and goes there."""
    made = (await visit.api.call("POST", path, json=body or {})).json()
    return RedirectResponse(f"/interviews/{made['id']}", 303)


@router.post("/questions/{shelf}/{name}/retry")
async def retry(visit: VisitDep, interview_id: str, shelf: str, name: str) -> Response:
    """The same question again, on another surface."""
    return await leave_for(visit, f"/v1/interviews/{interview_id}/questions/{shelf}/{name}/retry")
