"""The use cases of a loop: several linked interviews are planned at once, and deleted at once.

Each is held like any other interview. What links them is that no question is asked twice, and that later ones prefer
skills which the earlier ones do not test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.errors import LoopUnknown, PlanImpossible
from app.domain.interview import Interview, Plan
from app.domain.loop import Loop, LoopStage
from app.domain.resume import Resume
from app.interviewing.setup import Setup, check_setup, planned_interview
from app.material.corpus import Corpus
from app.material.overlays import Company, LoopInterview
from app.persistence.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class PlannedLoop:
    """A loop with its interviews, in order."""

    loop: Loop
    interviews: tuple[Interview, ...]


class LoopPlanner:
    """One for the process; has no state."""

    def __init__(self, *, store: Store, corpus: Corpus, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._store = store
        self._corpus = corpus
        self._now = now
        self._new_id = new_id

    async def plan(self, candidate_id: str, setup: Setup, held: Sequence[str] = ()) -> PlannedLoop:
        """Stores the planned interviews of the company's loop; rounds and minutes of `setup` are the loop's own.

        Args:
            candidate_id: Whose loop it is.
            setup: For whom and what.
            held: Ids of the interviews to hold; all where it is empty.

        Raises:
            RoleUnknown, CompanyUnknown, LoopUnknown, PlanImpossible, ResumeNotFound.
        """
        check_setup(self._corpus, setup)
        chosen = wanted_interviews(self._corpus, self._corpus.companies[setup.company], held)
        async with self._store.write() as work:
            resume = await work.resumes.get(setup.resume_id, candidate_id=candidate_id) if setup.resume_id else None
            heard = await work.interviews.questions_asked(candidate_id)
            planned = self._planned(candidate_id, setup, resume, chosen, heard)
            loop = Loop(
                id=self._new_id(),
                candidate_id=candidate_id,
                company=setup.company,
                role=setup.role,
                seniority=setup.seniority,
                created_at=self._now(),
                stages=tuple(LoopStage(interview.id, stage.title) for stage, interview in planned),
            )
            for _, interview in planned:
                await work.interviews.add(interview)
            await work.loops.add(loop)
            await work.commit()
        return PlannedLoop(loop, tuple(interview for _, interview in planned))

    async def delete(self, candidate_id: str, loop_id: str) -> tuple[str, ...]:
        """Deletes a loop with its interviews, and gives their ids. Raises `LoopNotFound`."""
        async with self._store.write() as work:
            loop = await work.loops.get(loop_id, candidate_id=candidate_id)
            await work.loops.delete(loop_id, candidate_id=candidate_id)
            await work.searches.shrink()
            await work.commit()
        await self._store.scrub()
        return tuple(stage.interview_id for stage in loop.stages)

    def _planned(
        self,
        candidate_id: str,
        setup: Setup,
        resume: Resume | None,
        chosen: Sequence[LoopInterview],
        heard: frozenset[str],
    ) -> list[tuple[LoopInterview, Interview]]:
        planned: list[tuple[LoopInterview, Interview]] = []
        asked: set[str] = set()
        for number, stage in enumerate(chosen, 1):
            own = replace(setup, rounds=stage.rounds, minutes=stage.minutes, seed=setup.seed + number - 1)
            try:
                interview = planned_interview(
                    self._corpus,
                    candidate_id,
                    own,
                    resume,
                    new_id=self._new_id(),
                    now=self._now(),
                    heard=heard,
                    excluded=asked,
                )
            except PlanImpossible:
                continue  # Nothing fits role and seniority: the loop is held without it.
            asked |= {question.question_id for question in interview.plan.questions}
            note = f"Interview {number} of {len(chosen)} of a loop: {stage.title}."
            plan = Plan(interview.plan.rounds, (note, *interview.plan.notes))
            planned.append((stage, replace(interview, plan=plan)))
        if not planned:
            raise PlanImpossible(role=setup.role, seniority=str(setup.seniority))
        return _reserves_apart(planned, asked)


def _reserves_apart(
    planned: Sequence[tuple[LoopInterview, Interview]], asked: Collection[str]
) -> list[tuple[LoopInterview, Interview]]:
    """The interviews, nothing in a reserve that another of them asks or has in reserve: planned questions go first."""
    taken = set(asked)
    apart = []
    for stage, interview in planned:
        rounds = []
        for each in interview.plan.rounds:
            reserve = tuple(question for question in each.reserve if question.question_id not in taken)
            taken |= {question.question_id for question in reserve}
            rounds.append(replace(each, reserve=reserve))
        apart.append((stage, replace(interview, plan=replace(interview.plan, rounds=tuple(rounds)))))
    return apart


def wanted_interviews(corpus: Corpus, company: Company, held: Sequence[str]) -> tuple[LoopInterview, ...]:
    """The company's interviews with these ids, in its own order; all where `held` is empty.

    Raises:
        LoopUnknown: no guide tells of a loop of this company, or it has no interview of such an id.
    """
    if not company.loop:
        raise LoopUnknown(company.id, tuple(sorted(each.id for each in corpus.companies.values() if each.loop)))
    known = [stage.id for stage in company.loop]
    if set(held) - set(known):
        raise LoopUnknown(f"{company.id}: {sorted(set(held) - set(known))[0]}", tuple(known))
    return tuple(stage for stage in company.loop if not held or stage.id in held)
