"""Interviews: set up, read, pause, close, delete."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, status

from app.api import moments, render
from app.api.dependencies import CandidateDep, ConductorDep, ServicesDep
from app.api.interview_schemas import InterviewIn, InterviewList, InterviewOut, PlanIn, PlannedRoundIn
from app.api.responses import CONFLICT, NOT_FOUND, problems
from app.api.schemas import Id
from app.domain.errors import PlanInvalid, QuestionUnknown
from app.domain.interview import Interview, Plan, PlannedQuestion, PlannedRound
from app.interviewing.planning import are_enemies, can_be_asked, explained
from app.interviewing.setup import Setup
from app.material.corpus import Corpus
from app.persistence.records import ListPlace

router = APIRouter(prefix="/v1/interviews", tags=["interviews"])


@router.post(
    "", status_code=status.HTTP_201_CREATED, operation_id="createInterview", responses=problems(400, 404, 413, 422)
)
async def create(
    wish: InterviewIn, conductor: ConductorDep, candidate_id: CandidateDep, held: ServicesDep
) -> InterviewOut:
    """Plans an interview and, unless `start` is false, opens it: then `turns` holds the interviewer's first words."""
    interview = await conductor.plan(candidate_id, setup_of(wish), start=wish.start)
    return await _with_turns(held, interview)


def setup_of(wish: InterviewIn) -> Setup:
    """What was chosen, with a seed of chance where none was."""
    return Setup(
        role=wish.role,
        seniority=wish.seniority,
        company=wish.company,
        rounds=tuple(wish.rounds),
        minutes=wish.minutes,
        mode=wish.mode,
        strictness=wish.strictness,
        resume_id=wish.resume_id,
        job_description=wish.job_description,
        seed=secrets.randbelow(2**31) if wish.seed is None else wish.seed,
    )


async def _with_turns(held: ServicesDep, interview: Interview) -> InterviewOut:
    async with held.store.read() as work:
        turns = await work.turns.list(interview.id)
    return render.interview(interview, turns)


@router.get("", operation_id="listInterviews", responses=problems(422))
async def list_all(
    held: ServicesDep,
    candidate_id: CandidateDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[moments.ListPlace | None, Query(description="`next` of the page before.")] = None,
) -> InterviewList:
    """One's interviews, newest first."""
    before = ListPlace(*moments.place(after)) if after else None
    async with held.store.read() as work:
        found = await work.interviews.list(candidate_id, limit=limit + 1, before=before)
    page = found[:limit]
    return InterviewList(
        interviews=[render.interview(each) for each in page],
        next=moments.written(page[-1].created_at, page[-1].id) if len(found) > limit else None,
    )


@router.get("/{interview_id}", operation_id="readInterview", responses=NOT_FOUND)
async def read(interview_id: Id, held: ServicesDep, candidate_id: CandidateDep) -> InterviewOut:
    """An interview with its plan."""
    async with held.store.read() as work:
        return render.interview(await work.interviews.get(interview_id, candidate_id=candidate_id))


@router.patch("/{interview_id}", operation_id="editPlan", responses=problems(400, 404, 409, 413, 422))
async def edit(
    interview_id: Id,
    wish: PlanIn,
    conductor: ConductorDep,
    candidate_id: CandidateDep,
    held: ServicesDep,
) -> InterviewOut:
    """Replaces the plan of an interview that has not begun."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
    plan = _plan(wish, interview, held.corpus)
    return render.interview(await conductor.edit_plan(candidate_id, interview_id, plan))


def _plan(wish: PlanIn, interview: Interview, corpus: Corpus) -> Plan:
    kept = {question.question_id: question for question in interview.plan.askable}
    wanted = {question.question_id for planned in wish.rounds for question in planned.questions}
    rounds: list[PlannedRound] = []
    seen: set[str] = set()
    for planned in wish.rounds:
        # A round's clock runs by its name: the second of one name would have no time of its own.
        if any(each.round == planned.round for each in rounds):
            raise PlanInvalid(f"the round {planned.round} stands in it twice")
        questions = []
        for question in planned.questions:
            if not can_be_asked(corpus, question.question_id):
                raise QuestionUnknown(question.question_id)
            before = kept.get(question.question_id)
            if question.question_id in seen:
                raise PlanInvalid(f"{question.question_id} stands in it twice")
            seen.add(question.question_id)
            if corpus.rubric(question.question_id).round != planned.round:
                raise PlanInvalid(f"{question.question_id} is no question of the round {planned.round}")
            chain = corpus.chains.get(question.question_id)
            if chain is not None and not chain.any_project and (before is None or before.claim is None):
                raise PlanInvalid(f"{question.question_id} needs a claim of the resume, and the plan had none for it")
            if before is not None and before in interview.plan.questions:
                questions.append(replace(before, seconds=question.seconds))
            else:
                why, tests = explained(corpus, interview, question.question_id)
                fresh = before or PlannedQuestion(question.question_id, question.seconds)
                questions.append(replace(fresh, seconds=question.seconds, why=why, tests=tests))
        reserve = _reserve(planned, interview.plan, corpus, wanted)
        rounds.append(PlannedRound(planned.round, planned.minutes, tuple(questions), reserve))
    return Plan(tuple(rounds))


def _reserve(planned: PlannedRoundIn, plan: Plan, corpus: Corpus, wanted: set[str]) -> tuple[PlannedQuestion, ...]:
    """What an edited round keeps of its reserve: what was chosen of it, no enemy of a question that is planned now.

    Raises:
        PlanInvalid: an id that is not in the round's reserve.
    """
    before = {each.question_id: each for one in plan.rounds if one.round == planned.round for each in one.reserve}
    for question_id in planned.reserve:
        if question_id not in before:
            raise PlanInvalid(f"{question_id} is not in the reserve of the round {planned.round}")
    return tuple(
        each
        for each in (before[question_id] for question_id in dict.fromkeys(planned.reserve))
        if each.question_id not in wanted and not are_enemies(corpus, each.question_id, sorted(wanted))
    )


@router.post("/{interview_id}/open", operation_id="openInterview", responses=CONFLICT)
async def open_(
    interview_id: Id, conductor: ConductorDep, candidate_id: CandidateDep, held: ServicesDep
) -> InterviewOut:
    """Begins a planned interview. Idempotent."""
    return await _with_turns(held, await conductor.open(candidate_id, interview_id))


@router.post("/{interview_id}/pause", operation_id="pauseInterview", responses=CONFLICT)
async def pause(interview_id: Id, conductor: ConductorDep, candidate_id: CandidateDep) -> InterviewOut:
    """Stops the clock of a practice interview until the next answer, or until it is resumed. Idempotent."""
    return render.interview(await conductor.pause(candidate_id, interview_id, paused=True))


@router.post("/{interview_id}/resume", operation_id="resumeInterview", responses=CONFLICT)
async def resume(interview_id: Id, conductor: ConductorDep, candidate_id: CandidateDep) -> InterviewOut:
    """Lets the clock run on. Idempotent."""
    return render.interview(await conductor.pause(candidate_id, interview_id, paused=False))


@router.post("/{interview_id}/close", operation_id="closeInterview", responses=CONFLICT)
async def close(interview_id: Id, conductor: ConductorDep, candidate_id: CandidateDep) -> InterviewOut:
    """Ends an interview; its report is made from what was said. Idempotent."""
    return render.interview(await conductor.close(candidate_id, interview_id))


@router.delete(
    "/{interview_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="deleteInterview", responses=NOT_FOUND
)
async def delete(interview_id: Id, conductor: ConductorDep, held: ServicesDep, candidate_id: CandidateDep) -> None:
    """Deletes an interview with all that was said and judged in it. It cannot be undone."""
    await conductor.delete(candidate_id, interview_id)
    held.forget([interview_id])
