"""How sure candidates are of their answers: said before the marks are seen, and held against them afterwards."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import report_render
from app.api import report_schemas as out
from app.api.dependencies import CandidateDep, DeskDep
from app.api.reports import Name, Shelf
from app.api.responses import problems
from app.api.schemas import Id

router = APIRouter(prefix="/v1", tags=["review"])


@router.put(
    "/interviews/{interview_id}/questions/{shelf}/{name}/confidence",
    operation_id="putConfidence",
    responses=problems(400, 404, 409, 413, 422),
)
async def say(
    interview_id: Id,
    shelf: Shelf,
    name: Name,
    sure: out.ConfidenceIn,
    desk: DeskDep,
    candidate_id: CandidateDep,
) -> out.ConfidenceOut:
    """Says how likely it is, to the candidate's mind, that the answer holds all that the question owes. Until its marks are seen."""
    said = await desk.say_confidence(candidate_id, interview_id, f"{shelf}/{name}", sure.percent)
    return out.ConfidenceOut.model_validate(said)


@router.get("/confidence/hidden", operation_id="listHiddenMarks", responses=problems(422))
async def hidden(desk: DeskDep, candidate_id: CandidateDep) -> out.HiddenMarksOut:
    """Closed interviews whose marks search and practice leave out: never seen, and nothing said on how sure one was."""
    return out.HiddenMarksOut(
        interviews=[
            out.HiddenInInterviewOut(
                interview_id=each.interview.id,
                role=each.interview.role,
                seniority=each.interview.seniority,
                title=each.interview.title,
                closed_at=each.interview.closed_at,
                drill=each.interview.drill,
                questions=list(each.questions),
            )
            for each in await desk.hidden(candidate_id)
        ]
    )


@router.get("/confidence", operation_id="readLedger", responses=problems(422))
async def ledger(desk: DeskDep, candidate_id: CandidateDep) -> out.LedgerOut:
    """How sure one said one was, over all interviews, against what was shown; only where the marks were seen."""
    return report_render.ledger(await desk.ledger(candidate_id))
