"""What came of an interview: transcript and report in their formats, feedback while practising, and what is written afterwards."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from app.api import render, report_render
from app.api import report_schemas as out
from app.api.dependencies import CandidateDep, DeskDep, ServicesDep
from app.api.interview_schemas import TranscriptOut
from app.api.responses import CONFLICT, NOT_FOUND, problems
from app.api.schemas import Id, Slug
from app.review import markdown, page, pdf, report_markdown
from app.review.desk import PATIENCE_FOR_DOCUMENTS_S, PATIENCE_S
from app.review.report import Reflection, ThankYou

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])

Format = Annotated[Literal["json", "md"], Query(description="`md` for Markdown.")]
ReportFormat = Annotated[
    Literal["json", "md", "html", "pdf"],
    Query(description="`md` for Markdown, `html` for a page, `pdf` for a file to print."),
]
Shelf = Annotated[Slug, Path(description="Of the question's id, what stands before the slash.")]
Name = Annotated[Slug, Path(description="Of the question's id, what stands after the slash.")]
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"text/markdown": _TEXT}}}
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/markdown": _TEXT,
            "text/html": _TEXT,
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


@router.get(
    "/transcript",
    operation_id="readTranscript",
    response_model=TranscriptOut,
    responses={**NOT_FOUND, **_MARKDOWN},
)
async def transcript(
    interview_id: Id, held: ServicesDep, candidate_id: CandidateDep, format: Format = "json"
) -> Response | TranscriptOut:
    """The conversation. Reasons and criteria of the interviewer's moves are in it once the interview is closed."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
    if format == "md":
        text = markdown.transcript(interview, turns, revealed=render.revealed(interview))
        return Response(text, media_type="text/markdown; charset=utf-8")
    shown = [render.turn(turn, revealed=render.revealed(interview)) for turn in turns]
    return TranscriptOut(interview=render.interview(interview), turns=shown)


@router.get("/report", operation_id="readReport", response_model=out.ReportOut, responses={**CONFLICT, **_FORMATS})
async def report(
    interview_id: Id, desk: DeskDep, candidate_id: CandidateDep, format: ReportFormat = "json"
) -> Response | out.ReportOut:
    """What was shown, with the words that showed it; what was missed, with what would have earned it; what was never asked.

    Every number has its places beside it. From here on how sure one was of the questions in it can no longer be said.
    """
    patience_s = PATIENCE_S if format == "json" else PATIENCE_FOR_DOCUMENTS_S
    made = await desk.report(candidate_id, interview_id, patience_s=patience_s)
    if format == "md":
        return Response(report_markdown.report(made.report), media_type="text/markdown; charset=utf-8")
    if format == "html":
        text = page.report(made.report)
        return Response(
            text, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": page.SECURITY_POLICY}
        )
    if format == "pdf":
        data = await to_thread.run_sync(pdf.report, made.report)
        name = f'attachment; filename="viva-report-{interview_id}.pdf"'
        return Response(data, media_type="application/pdf", headers={"Content-Disposition": name})
    return report_render.report(made)


@router.get("/report/status", operation_id="readReportStatus", responses=NOT_FOUND)
async def status(interview_id: Id, desk: DeskDep, candidate_id: CandidateDep) -> out.StatusOut:
    """What the report waits for, and which questions can still be rated. No mark is in it."""
    return out.StatusOut.model_validate(await desk.status(candidate_id, interview_id))


# A question's id holds a slash, and a path parameter of OpenAPI must not.
@router.get("/questions/{shelf}/{name}/feedback", operation_id="readFeedback", responses=CONFLICT)
async def feedback(
    interview_id: Id, shelf: Shelf, name: Name, desk: DeskDep, candidate_id: CandidateDep
) -> out.FeedbackOut:
    """While practising: the marks of one question right after its answer, by the compact scorer where no judge was there yet."""
    return report_render.feedback(await desk.feedback(candidate_id, interview_id, f"{shelf}/{name}"))


@router.put("/reflection", operation_id="putReflection", responses=problems(400, 404, 409, 413, 422))
async def reflect(
    interview_id: Id, written: out.ReflectionIn, desk: DeskDep, candidate_id: CandidateDep
) -> out.ReflectionOut:
    """Stores what the candidate makes of the interview, in place of what was written before."""
    stored = await desk.reflect(
        candidate_id,
        interview_id,
        went_well=written.went_well,
        was_hard=written.was_hard,
        will_do=written.will_do,
    )
    return report_render.reflection(Reflection(stored.went_well, stored.was_hard, stored.will_do, stored.reflected_at))


@router.put("/thank-you", operation_id="putThankYou", responses=problems(400, 404, 409, 413, 422))
async def thank(
    interview_id: Id, written: out.ThankYouIn, desk: DeskDep, candidate_id: CandidateDep
) -> out.ThankYouOut:
    """Stores the note of thanks as its writer wants it; an empty text brings the draft back."""
    note: ThankYou = (await desk.thank(candidate_id, interview_id, written.text)).thank_you
    return out.ThankYouOut.model_validate(note)
