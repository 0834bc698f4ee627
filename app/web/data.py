"""One's own data: what is stored, taken away as a file, brought back, deleted; and conversations from elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.door import Refused
from app.web.page import Visit, VisitDep

router = APIRouter()

NAMES = {
    "interviews": ("interview", "interviews"),
    "turns": ("turn", "turns"),
    "resumes": ("resume", "resumes"),
    "scores": ("score", "scores"),
    "appeals": ("appeal", "appeals"),
    "annotations": ("note", "notes"),
    "overrides": ("correction", "corrections"),
    "afterwards": ("reflection or note of thanks", "reflections and notes of thanks"),
    "confidences": ("answer you rated or saw marked", "answers you rated or saw marked"),
    "study_plans": ("study plan", "study plans"),
    "code_runs": ("run of code", "runs of code"),
}
"""Tables that a person knows, one row and several, by their names in the export."""
CONFIRMED = "delete everything"
IMPORT_PATH = "/data/import"
FORM_BYTES = 64 * 1024
"""What a form may have around its file."""
_NO_CONVERSATION = {"transcript": "", "title": "", "role": "ml-engineer", "seniority": "mid"}


@router.get("/data")
async def data(
    visit: VisitDep,
    gone: Annotated[bool, Query()] = False,
    resume_gone: Annotated[bool, Query()] = False,
    after: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """What is stored of the visitor, and what they can do with it; resumes `after` a place in their list."""
    return await _page(visit, gone=gone, resume_gone=resume_gone, after=after)


@router.get("/data/resumes/{resume_id}/delete")
async def before_resume(visit: VisitDep, resume_id: str) -> HTMLResponse:
    """What would go with a resume."""
    resume = await visit.api.get(f"/v1/resumes/{resume_id}")
    return await visit.show("delete_resume.html", resume=resume, unsure=False)


@router.post("/data/resumes/{resume_id}/delete")
async def delete_resume(visit: VisitDep, resume_id: str, sure: Annotated[str, Form()] = "") -> Response:
    """Deletes the resume, if the box was ticked."""
    if not sure:
        resume = await visit.api.get(f"/v1/resumes/{resume_id}")
        return await visit.show("delete_resume.html", 422, resume=resume, unsure=True)
    await visit.api.call("DELETE", f"/v1/resumes/{resume_id}")
    return RedirectResponse("/data?resume_gone=true#resumes", 303)


@router.post(IMPORT_PATH)
async def bring_back(visit: VisitDep, file: Annotated[UploadFile, File()]) -> HTMLResponse:
    """Stores a file that was taken away before."""
    content = await file.read()
    try:
        restored = (
            await visit.api.call("POST", "/v1/me/import", content=content, headers={"content-type": "application/json"})
        ).json()
    except Refused as refused:
        if refused.status not in {400, 409, 413, 422}:
            raise
        return await _page(visit, refused=refused.problem["detail"], status=refused.status)
    return await _page(visit, restored=restored)


@router.post("/data/delete")
async def delete(visit: VisitDep, confirm: Annotated[str, Form()] = "") -> Response:
    """Deletes all of it, if the words were written."""
    if " ".join(confirm.lower().split()) != CONFIRMED:
        return await _page(visit, unsure=True, status=422)
    await visit.api.call("DELETE", "/v1/me", params={"confirm": "everything"})
    return RedirectResponse("/data?gone=true", 303)


@router.post("/data/conversation")
async def bring_conversation(
    visit: VisitDep,
    transcript: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "ml-engineer",
    seniority: Annotated[str, Form()] = "mid",
) -> Response:
    """Stores a conversation that was held elsewhere, and goes to its transcript."""
    body = {"transcript": transcript, "title": title.strip(), "role": role, "seniority": seniority}
    try:
        made = (await visit.api.call("POST", "/v1/interviews/import", json=body)).json()
    except Refused as refused:
        if refused.status not in {400, 409, 413, 422}:
            raise
        said = refused.problem["detail"] if transcript.strip() else "Paste the conversation first."
        return await _page(visit, unread=said, conversation=body, status=refused.status)
    return RedirectResponse(f"/interviews/{made['interview']['id']}/transcript", 303)


async def _page(visit: Visit, status: int = 200, *, after: str = "", **told: Any) -> HTMLResponse:
    stored = (await visit.api.get("/v1/me"))["stored"]
    shares = (await visit.api.get("/v1/shares"))["shares"]
    resumes = await visit.api.get("/v1/resumes", **({"after": after} if after else {}))
    shown = {
        "gone": False,
        "resume_gone": False,
        "restored": None,
        "refused": "",
        "unsure": False,
        "unread": "",
        "conversation": _NO_CONVERSATION,
        **told,
    }
    return await visit.show(
        "data.html",
        status,
        stored=[
            (one if stored[table] == 1 else several, stored[table])
            for table, (one, several) in NAMES.items()
            if stored.get(table)
        ],
        rows=sum(stored.values()),
        shares=[each for each in shares if each["open"]],
        resumes=resumes["resumes"],
        more_resumes=resumes["next"],
        confirmed=CONFIRMED,
        roles=(await visit.api.get("/v1/catalog/roles"))["roles"],
        seniorities=("junior", "mid", "senior", "staff"),
        **shown,
    )
