"""Practice: the queue, drills, the same question again with before and after, progress, a study plan."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from app.api import practice_schemas as wire
from app.api import render
from app.api.dependencies import CandidateDep, ConductorDep, DeskDep, PracticeDep, ServicesDep
from app.api.interview_schemas import InterviewOut
from app.api.responses import CONFLICT, NOT_FOUND, problems
from app.api.schemas import Id, Slug
from app.api.score_schemas import DifferenceOut, EvidenceOut
from app.domain.interview import Interview, Mode, Plan
from app.domain.practice import PracticeItem, StudyDay, StudyWish, Task, Want
from app.domain.score import CriterionState
from app.interviewing.conduct import Conductor
from app.interviewing.drilling import make_drill, make_retry, minutes_of, seconds_for
from app.interviewing.setup import Setup
from app.material.corpus import Corpus
from app.material.surfaces import fixed_surfaces, further_words, own_words
from app.persistence.unit_of_work import Store
from app.review.practice import by_question, is_due, queue, together
from app.review.practice_desk import Compared, Planned, Scored
from app.review.progress import By, Series
from app.review.spacing import recall
from app.review.study_plan import missing_minutes, summary

router = APIRouter(tags=["practice"])

Shelf = Annotated[Slug, Path(description="Of the question's id, what stands before the slash.")]
Name = Annotated[Slug, Path(description="Of the question's id, what stands after the slash.")]


@router.get("/v1/practice/queue", operation_id="readQueue", responses=problems(422))
async def read_queue(
    held: ServicesDep, desk: PracticeDep, candidate_id: CandidateDep, limit: Annotated[int, Query(ge=1, le=200)] = 20
) -> wire.QueueOut:
    """What to practise next: due first, then what was said wrongly, then musts before shoulds."""
    now = held.now()
    items = await desk.items(candidate_id)
    seen = await desk.surfaces_seen(candidate_id)
    waiting = queue(items, now)
    later = [item.memory.due_at for item in items if item.learned_at is None and not is_due(item, now)]
    return wire.QueueOut(
        questions=[_queued(held.corpus, group, now, seen) for group in by_question(waiting)[:limit]],
        items=[_item(held.corpus, item, now, seen) for item in waiting[:limit]],
        total=len(waiting),
        due=sum(1 for item in waiting if is_due(item, now)),
        next_due=min(later, default=None),
    )


@router.get("/v1/practice/items/{shelf}/{name}/{criterion_id}", operation_id="readPracticeItem", responses=NOT_FOUND)
async def read_item(
    shelf: Shelf,
    name: Name,
    criterion_id: Slug,
    held: ServicesDep,
    desk: PracticeDep,
    candidate_id: CandidateDep,
) -> wire.ItemHistoryOut:
    """One criterion with every time that it came up, and the date that followed from it."""
    item, known = await desk.history(candidate_id, f"{shelf}/{name}", criterion_id)
    criterion = held.corpus.rubric(item.question_id).criterion(criterion_id)
    shown = _item(held.corpus, item, held.now(), await desk.surfaces_seen(candidate_id))
    return wire.ItemHistoryOut(
        **shown.model_dump(),
        says=criterion.says,
        next_time=criterion.next_time,
        passage_id=criterion.cites,
        learned_at=item.learned_at,
        reviews=[
            wire.ReviewOut(
                interview_id=review.interview_id,
                at=review.at,
                state=review.state,
                reached=review.reached,
                surface=review.surface,
                drill=review.drill,
                rating=rating,
                due_at=memory.due_at,
                quotes=[EvidenceOut.model_validate(each) for each in review.evidence],
            )
            for review, rating, memory in known
        ],
    )


@router.post(
    "/v1/practice/drills",
    status_code=status.HTTP_201_CREATED,
    operation_id="createDrill",
    responses=problems(400, 404, 409, 413, 422),
)
async def drill(
    held: ServicesDep,
    desk: PracticeDep,
    conductor: ConductorDep,
    candidate_id: CandidateDep,
    wish: wire.DrillIn | None = None,
) -> InterviewOut:
    """A short interview on just these criteria. It is scored on them alone, and makes no level of a question."""
    wish = wish or wire.DrillIn()
    found = await desk.drill(candidate_id, [(item.question_id, item.criterion_id or "") for item in wish.items])
    seconds = float("inf") if wish.items else wish.minutes * 60.0
    plan = make_drill(held.corpus, found.wants, seconds=seconds)
    return await _begun(conductor, held.store, candidate_id, found.like, plan, start=wish.start, seed=wish.seed)


@router.post(
    "/v1/interviews/{interview_id}/questions/{shelf}/{name}/retry",
    status_code=status.HTTP_201_CREATED,
    operation_id="retryQuestion",
    responses=problems(400, 404, 409, 413, 422),
)
async def retry(
    interview_id: Id,
    shelf: Shelf,
    name: Name,
    held: ServicesDep,
    desk: PracticeDep,
    conductor: ConductorDep,
    candidate_id: CandidateDep,
    wish: wire.RetryIn | None = None,
) -> InterviewOut:
    """An interview of this one question with its whole rubric, on its next surface."""
    wish = wish or wire.RetryIn()
    before, planned = await desk.asked_in(candidate_id, interview_id, f"{shelf}/{name}")
    plan = make_retry(held.corpus, planned)
    return await _begun(conductor, held.store, candidate_id, before, plan, start=wish.start, seed=wish.seed)


@router.get(
    "/v1/interviews/{interview_id}/questions/{shelf}/{name}/comparison",
    operation_id="compareAnswers",
    responses=CONFLICT,
)
async def comparison(
    interview_id: Id,
    shelf: Shelf,
    name: Name,
    desk: PracticeDep,
    reports: DeskDep,
    candidate_id: CandidateDep,
    earlier: Annotated[
        Id | None, Query(description="An interview; without it, the latest one before that has the question.")
    ] = None,
) -> wire.ComparisonOut:
    """Before and after, by criterion."""
    found = await desk.compare(candidate_id, interview_id, f"{shelf}/{name}", earlier)
    for each in (found.earlier, found.later):
        await reports.show(candidate_id, each.interview.id, {each.score.question_id})
    return _comparison(found)


@router.get("/v1/practice/progress", operation_id="readProgress", responses=problems(422))
async def read_progress(
    desk: PracticeDep,
    candidate_id: CandidateDep,
    by: Annotated[By, Query(description="What the series are.")] = By.TOPIC,
) -> wire.ProgressOut:
    """What each closed interview showed, and the words behind it."""
    return wire.ProgressOut(by=by, series=[_series(each) for each in await desk.progress(candidate_id, by)])


@router.put("/v1/practice/plan", operation_id="putStudyPlan", responses=problems(400, 413, 422))
async def put_plan(
    wish: wire.StudyPlanIn, held: ServicesDep, desk: PracticeDep, candidate_id: CandidateDep
) -> wire.StudyPlanOut:
    """Makes a study plan anew, or keeps the edited days."""
    made = await desk.make_plan(
        candidate_id,
        StudyWish(wish.until, wish.minutes_a_day, wish.role, wish.seniority, tuple(sorted(set(wish.rest_days)))),
        lambda item: _seconds(held.corpus, item),
        None if wish.days is None else [_day(each) for each in wish.days],
    )
    return _plan(made)


@router.get("/v1/practice/plan", operation_id="readStudyPlan", responses=NOT_FOUND)
async def read_plan(desk: PracticeDep, candidate_id: CandidateDep) -> wire.StudyPlanOut:
    """The study plan, with what is done of it."""
    return _plan(await desk.plan(candidate_id))


@router.delete(
    "/v1/practice/plan",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="deleteStudyPlan",
    responses=NOT_FOUND,
)
async def delete_plan(desk: PracticeDep, candidate_id: CandidateDep) -> None:
    """Removes the study plan."""
    await desk.delete_plan(candidate_id)


async def _begun(
    conductor: Conductor, store: Store, candidate_id: str, like: Interview, plan: Plan, *, start: bool, seed: int | None
) -> InterviewOut:
    """An interview of this plan, for the same role as `like`."""
    setup = Setup(
        role=like.role,
        seniority=like.seniority,
        company=like.company,
        minutes=minutes_of(plan),
        mode=Mode.PRACTICE,
        strictness=like.strictness,
        seed=secrets.randbelow(2**31) if seed is None else seed,
    )
    interview = await conductor.plan(candidate_id, setup, start=start, plan=plan)
    async with store.read() as work:
        turns = await work.turns.list(interview.id)
    return render.interview(interview, turns)


def _item(
    corpus: Corpus, item: PracticeItem, now: datetime, seen: dict[tuple[str, str], frozenset[str]]
) -> wire.ItemOut:
    known = fixed_surfaces(corpus, item.question_id)
    met = seen.get((item.question_id, item.criterion_id), frozenset())
    return wire.ItemOut(
        question_id=item.question_id,
        criterion_id=item.criterion_id,
        round=item.round,
        topics=list(corpus.entry(item.question_id).topics),
        kind=item.kind,
        skill=item.skill,
        about=own_words(corpus, item.question_id),
        # Who missed it was asked for it. What was said wrongly may have been said unasked.
        asked=further_words(corpus, item.question_id, item.criterion_id) if item.state is CriterionState.MISSED else "",
        state=item.state,
        misconception=item.state is CriterionState.CONTRADICTED,
        missed=item.missed,
        interview_id=item.interview_id,
        reviewed_at=item.memory.reviewed_at,
        due_at=item.memory.due_at,
        due=is_due(item, now),
        stability_days=round(item.memory.stability_days, 2),
        difficulty=round(item.memory.difficulty, 2),
        recall=round(recall(item.memory, now), 3),
        new_surfaces=None if known is None else len(set(known) - met),
        seconds=_seconds(corpus, item),
    )


def _queued(
    corpus: Corpus, group: Sequence[PracticeItem], now: datetime, seen: dict[tuple[str, str], frozenset[str]]
) -> wire.QueuedQuestionOut:
    taken = together(group, now)
    first = group[0]
    return wire.QueuedQuestionOut(
        question_id=first.question_id,
        round=first.round,
        about=own_words(corpus, first.question_id),
        due=sum(1 for item in group if is_due(item, now)),
        together=[item.criterion_id for item in taken],
        seconds=seconds_for(corpus, Want(first.question_id, tuple(item.criterion_id for item in taken))),
        items=[_item(corpus, item, now, seen) for item in group],
    )


def _seconds(corpus: Corpus, item: PracticeItem) -> int:
    return seconds_for(corpus, Want(item.question_id, (item.criterion_id,)))


def _comparison(found: Compared) -> wire.ComparisonOut:
    return wire.ComparisonOut(
        question_id=found.later.score.question_id,
        earlier=_scored(found.earlier),
        later=_scored(found.later),
        criteria=[
            wire.CriterionChangeOut(
                criterion_id=each.after.criterion_id,
                says=each.after.says,
                kind=each.after.kind,
                before=each.before.state,
                after=each.after.state,
                change=each.change,
                reached_before=each.before.reached,
                reached_after=each.after.reached,
                evidence_before=[EvidenceOut.model_validate(one) for one in each.before.evidence],
                evidence_after=[EvidenceOut.model_validate(one) for one in each.after.evidence],
                next_time=each.after.next_time,
            )
            for each in found.comparison.criteria
        ],
        changed=list(found.comparison.changed),
        difference=DifferenceOut.model_validate(found.comparison.difference),
    )


def _scored(found: Scored) -> wire.ScoredOut:
    return wire.ScoredOut(
        interview_id=found.interview.id,
        at=found.interview.closed_at,
        asked=found.asked,
        level=found.score.level,
        drill=found.score.drill,
    )


def _series(found: Series) -> wire.SeriesOut:
    return wire.SeriesOut(
        name=found.name,
        points=[
            wire.PointOut(
                interview_id=point.interview_id,
                at=point.at,
                drill=point.drill,
                shown=point.count(CriterionState.SHOWN),
                partly=point.count(CriterionState.PARTLY),
                missed=point.count(CriterionState.MISSED),
                contradicted=point.count(CriterionState.CONTRADICTED),
                assessed=len(point.reviews),
                share=round(point.share, 3),
                evidence=[
                    wire.PointEvidenceOut(
                        question_id=review.question_id,
                        criterion_id=review.criterion_id,
                        says=review.says,
                        kind=review.kind,
                        state=review.state,
                        reached=review.reached,
                        quotes=[EvidenceOut.model_validate(each) for each in review.evidence],
                    )
                    for review in point.reviews
                ],
            )
            for point in found.points
        ],
        open=found.open,
        learned=found.learned,
    )


def _day(given: wire.StudyDayIn) -> StudyDay:
    return StudyDay(
        given.day,
        tuple(
            Task(task.kind, task.minutes, task.question_id or "", task.criterion_id or "", task.topic or "")
            for task in given.tasks
        ),
    )


def _plan(found: Planned) -> wire.StudyPlanOut:
    plan = found.plan
    return wire.StudyPlanOut(
        until=plan.wish.until,
        minutes_a_day=plan.wish.minutes_a_day,
        role=plan.wish.role,
        seniority=plan.wish.seniority,
        rest_days=list(plan.wish.rest_days),
        made_at=plan.made_at,
        edited=plan.edited,
        days=[
            wire.StudyDayOut(day=day.day, minutes=day.minutes, tasks=[_task(task, found) for task in day.tasks])
            for day in plan.days
        ],
        left_out=[wire.LeftOutOut(task=_task(each.task, found), why=each.why) for each in plan.left_out],
        gone=found.gone,
        missing_minutes=missing_minutes(plan),
        summary=summary(plan),
    )


def _task(task: Task, found: Planned) -> wire.TaskOut:
    return wire.TaskOut(
        kind=task.kind,
        minutes=task.minutes,
        question_id=task.question_id or None,
        criterion_id=task.criterion_id or None,
        topic=task.topic or None,
        round=task.round or None,
        done=task.place in found.done,
    )
