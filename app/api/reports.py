"""What came of an interview: transcript and report, as JSON and as Markdown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api import render, schemas
from app.api.dependencies import CandidateDep, ServicesDep
from app.api.responses import CONFLICT, NOT_FOUND
from app.domain.errors import ReportNotYet
from app.domain.score import AssessmentState
from app.review import markdown
from app.review.report import build
from app.scoring.levels import competency

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])

Format = Annotated[Literal["json", "md"], Query(description="`md` for Markdown.")]
SKILLS = ("technical", "problem-solving")
_MARKDOWN: dict[int | str, dict[str, Any]] = {200: {"content": {"text/markdown": {"schema": {"type": "string"}}}}}


@router.get(
    "/transcript",
    operation_id="readTranscript",
    response_model=schemas.TranscriptOut,
    responses={**NOT_FOUND, **_MARKDOWN},
)
async def transcript(
    interview_id: schemas.Id, held: ServicesDep, candidate_id: CandidateDep, format: Format = "json"
) -> Response | schemas.TranscriptOut:
    """The conversation. Reasons and criteria of the interviewer's moves are in it once the interview is closed."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id)
    if format == "md":
        text = markdown.transcript(interview, turns, revealed=render.revealed(interview))
        return Response(text, media_type="text/markdown; charset=utf-8")
    shown = [render.turn(turn, revealed=render.revealed(interview)) for turn in turns]
    return schemas.TranscriptOut(interview=render.interview(interview), turns=shown)


@router.get("/report", operation_id="readReport", response_model=schemas.ReportOut, responses={**CONFLICT, **_MARKDOWN})
async def report(
    interview_id: schemas.Id, held: ServicesDep, candidate_id: CandidateDep, format: Format = "json"
) -> Response | schemas.ReportOut:
    """What was shown, with the words that showed it; what was missed; what was never asked. `pending` counts what is still judged."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        turns = await work.turns.list(interview_id)
        scores = await work.scores.list_current(interview_id)
        jobs = await work.assessments.list(interview_id)
    waiting = {AssessmentState.PENDING, AssessmentState.RUNNING}
    made = build(
        interview,
        turns,
        scores,
        pending=sum(1 for job in jobs if job.state in waiting),
        failures={job.question_id: job.error for job in jobs if job.state is AssessmentState.FAILED},
        competencies=[competency(skill, scores, seed=interview.seed) for skill in SKILLS],
    )
    if format == "md":
        return Response(markdown.report(made, turns), media_type="text/markdown; charset=utf-8")
    return render.report(made)
