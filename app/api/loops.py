"""Loops: the several interviews of one company, set up, read and deleted together."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Query, status

from app.api import render
from app.api.dependencies import SKILLS, CandidateDep, ConductorDep, ServicesDep
from app.api.loop_schemas import CompetencyOut, LoopCreatedOut, LoopIn, LoopList, LoopOut, LoopStageOut, RoundLevelsOut
from app.api.responses import NOT_FOUND, problems
from app.api.schemas import Id
from app.domain.interview import Interview, InterviewState
from app.domain.loop import Loop
from app.domain.score import AssessmentState, Score
from app.interviewing.loops import LoopPlanner
from app.interviewing.setup import Setup
from app.persistence.unit_of_work import ReadUnit
from app.review.loop_summary import levels_by_round
from app.scoring.levels import competency

router = APIRouter(prefix="/v1/loops", tags=["loops"])

_WAITING = frozenset({AssessmentState.PENDING, AssessmentState.RUNNING})


@router.post("", status_code=status.HTTP_201_CREATED, operation_id="createLoop", responses=problems(400, 404, 413, 422))
async def create(wish: LoopIn, _: ConductorDep, held: ServicesDep, candidate_id: CandidateDep) -> LoopCreatedOut:
    """Plans the interviews that the company's guide tells of. Each is opened by `POST /v1/interviews/{id}/open`.

    No question is planned in two of them, and later ones prefer what the earlier ones do not test.
    """
    setup = Setup(
        role=wish.role,
        seniority=wish.seniority,
        company=wish.company,
        mode=wish.mode,
        strictness=wish.strictness,
        resume_id=wish.resume_id,
        job_description=wish.job_description,
        seed=secrets.randbelow(2**31 - 100) if wish.seed is None else wish.seed,
    )
    made = await _planner(held).plan(candidate_id, setup, wish.interviews)
    async with held.store.read() as work:
        shown = await _shown(work, made.loop)
    return LoopCreatedOut(loop=shown, interviews=[render.interview(each) for each in made.interviews])


@router.get("", operation_id="listLoops", responses=problems(422))
async def list_all(
    held: ServicesDep, candidate_id: CandidateDep, limit: Annotated[int, Query(ge=1, le=50)] = 20
) -> LoopList:
    """One's loops, newest first."""
    async with held.store.read() as work:
        return LoopList(loops=[await _shown(work, loop) for loop in await work.loops.list(candidate_id, limit=limit)])


@router.get("/{loop_id}", operation_id="readLoop", responses=NOT_FOUND)
async def read(loop_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> LoopOut:
    """A loop, how far it has come, and the levels by round over all of its interviews."""
    async with held.store.read() as work:
        return await _shown(work, await work.loops.get(loop_id, candidate_id=candidate_id))


@router.delete("/{loop_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="deleteLoop", responses=NOT_FOUND)
async def delete(loop_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """Deletes a loop with its interviews and all that was said and judged in them. It cannot be undone."""
    held.forget(await _planner(held).delete(candidate_id, loop_id))


def _planner(held: ServicesDep) -> LoopPlanner:
    return LoopPlanner(store=held.store, corpus=held.corpus, now=held.now, new_id=held.new_id)


async def _shown(work: ReadUnit, loop: Loop) -> LoopOut:
    interviews = [await work.interviews.get(each.interview_id, candidate_id=loop.candidate_id) for each in loop.stages]
    readable = [each for each in interviews if each.report_readable]
    found = {each.id: await work.scores.list_current(each.id) for each in readable}
    hidden = await work.confidences.hidden(loop.candidate_id)
    scores = {of: tuple(each for each in those if (of, each.question_id) not in hidden) for of, those in found.items()}
    jobs = [job for each in readable for job in await work.assessments.list(each.id)]
    every: list[Score] = [score for each in readable for score in scores[each.id]]
    return LoopOut(
        id=loop.id,
        company=loop.company,
        role=loop.role,
        seniority=loop.seniority,
        created_at=loop.created_at,
        state=_state(interviews),
        interviews=[
            LoopStageOut(
                interview_id=each.id,
                title=stage.title,
                state=each.state,
                minutes=each.minutes,
                rounds=[planned.round for planned in each.plan.rounds],
            )
            for stage, each in zip(loop.stages, interviews, strict=True)
        ],
        withheld=[each.id for each in interviews if not each.report_readable],
        pending=sum(1 for job in jobs if job.state in _WAITING),
        rounds=[RoundLevelsOut.model_validate(each) for each in levels_by_round(interviews, scores)],
        competencies=[
            CompetencyOut.model_validate(competency(skill, every, seed=interviews[0].seed if interviews else 0))
            for skill in SKILLS
        ],
    )


def _state(interviews: list[Interview]) -> InterviewState:
    states = {each.state for each in interviews}
    return states.pop() if len(states) == 1 else InterviewState.OPEN
