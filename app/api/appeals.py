"""How a question was scored over time, and appeals against it."""

from __future__ import annotations

import itertools
from typing import Annotated

from fastapi import APIRouter, Path

from app.api import render
from app.api.dependencies import CandidateDep, CourtDep, DeskDep, ServicesDep
from app.api.responses import CONFLICT, problems
from app.api.schemas import Id, Slug
from app.api.score_schemas import AppealIn, AppealOut, AppealsOut, DifferenceOut, ScoresOut, StoredScoreOut
from app.domain.errors import ReportNotYet
from app.review.difference import difference
from app.scoring.court import MAX_APPEALS, AppealWish

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["review"])


# A question's id holds a slash, and a path parameter of OpenAPI must not.
@router.get("/questions/{shelf}/{name}/scores", operation_id="listScores", responses=CONFLICT)
async def scores(
    interview_id: Id,
    shelf: Annotated[Slug, Path(description="Of the question's id, what stands before the slash.")],
    name: Annotated[Slug, Path(description="Of the question's id, what stands after the slash.")],
    held: ServicesDep,
    desk: DeskDep,
    candidate_id: CandidateDep,
) -> ScoresOut:
    """All scores of a question, oldest first; the last one is the current one. Empty where it has none."""
    question_id = f"{shelf}/{name}"
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        history = await work.scores.history(interview_id, question_id)
    await desk.show(candidate_id, interview_id, {question_id})
    changes = [None, *(difference(one.score, other.score) for one, other in itertools.pairwise(history))]
    return ScoresOut(
        question_id=question_id,
        scores=[
            StoredScoreOut(
                score=render.score(stored.score),
                superseded_at=stored.superseded_at,
                difference=DifferenceOut.model_validate(change) if change else None,
            )
            for stored, change in zip(history, changes, strict=False)
        ],
    )


@router.post("/appeals", operation_id="postAppeal", responses=problems(400, 404, 409, 413, 422))
async def appeal(interview_id: Id, wish: AppealIn, court: CourtDep, candidate_id: CandidateDep) -> AppealOut:
    """Has words of an answer judged again against one criterion, and says at once what became of it.

    Upheld, the criterion is credited and the question has a new score; rejected, the score stays. Both are kept. The same
    words against the same criterion have the same answer, however often they are sent.
    """
    decided = await court.decide(
        candidate_id,
        interview_id,
        AppealWish(wish.question_id, wish.criterion_id, wish.turn_id, wish.start, wish.end),
    )
    return AppealOut.model_validate(decided)


@router.get("/appeals", operation_id="listAppeals", responses=CONFLICT)
async def list_all(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> AppealsOut:
    """All appeals of the interview, oldest first, and how many more are heard."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        found = await work.appeals.list(interview_id)
    return AppealsOut(appeals=[AppealOut.model_validate(each) for each in found], left=max(0, MAX_APPEALS - len(found)))
