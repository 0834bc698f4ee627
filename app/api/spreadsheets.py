"""Transcript and report for a spreadsheet."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.api import render
from app.api.dependencies import CandidateDep, DeskDep, ServicesDep
from app.api.responses import CONFLICT, NOT_FOUND
from app.api.schemas import Id
from app.domain.errors import ReportNotYet
from app.domain.interview import Interview
from app.exercises.tables import Table
from app.review import spreadsheet

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])

CSV = "text/csv"
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "RFC 4180, in UTF-8.", "content": {CSV: {"schema": {"type": "string"}}}}
}


@router.get(
    "/transcript.csv",
    operation_id="readTranscriptTable",
    response_class=Response,
    responses={**NOT_FOUND, **_CSV},
)
async def transcript(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> Response:
    """The conversation, a row for each turn."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
    table = spreadsheet.transcript(turns, revealed=render.revealed(interview))
    return _file(table, "transcript", interview)


@router.get("/report.csv", operation_id="readReportTable", response_class=Response, responses={**CONFLICT, **_CSV})
async def report(interview_id: Id, held: ServicesDep, desk: DeskDep, candidate_id: CandidateDep) -> Response:
    """What was judged, a row for each criterion, with what persons say beside it."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        turns = await work.turns.list(interview_id)
        scores = await work.scores.list_current(interview_id)
        overrides = await work.overrides.list(interview_id)
    await desk.show(candidate_id, interview_id, {each.question_id for each in scores})
    return _file(spreadsheet.report(turns, scores, overrides), "report", interview)


def _file(table: Table, what: str, interview: Interview) -> Response:
    name = spreadsheet.file_name(what, interview)
    return Response(table.csv(), media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})
