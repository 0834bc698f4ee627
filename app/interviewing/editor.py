"""What a candidate does in the editor: sees the problem, tries code against the visible tests, and submits it.

Code runs with no database session open. Runs and submissions of one question are counted, since each run tells something
of what is hidden. What could not be run for a fault of ours is said to be so, and is never the candidate's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.code import CandidateView, CodeOutcome, NotRun, ReviewerView
from app.domain.errors import (
    CodeEmpty,
    CodeTooLong,
    InterviewClosed,
    InterviewNotOpen,
    NotACodingQuestion,
    SandboxBroken,
    SandboxNotInstalled,
    SandboxNotPrepared,
    VivaError,
)
from app.domain.interview import Interview, InterviewState
from app.domain.transcript import Turn
from app.exercises.outcomes import Run, Submission, reviewer_view
from app.exercises.sandbox import Attempt
from app.interviewing.intake import clean_code
from app.interviewing.state import current_question
from app.interviewing.subject import FOLLOW_UP
from app.material.corpus import Corpus
from app.material.tasks import Problem
from app.persistence.unit_of_work import Store

RUNS_A_QUESTION = 20
"""Against the visible tests."""
SUBMISSIONS_A_QUESTION = 8
"""That are held against all tests; later ones are kept and not run."""
LONGEST_S = 45.0
"""For a run with its wait for others; a reply's lease lasts longer."""
RUN_LEASE_S = 60.0
LIBRARIES = ("the standard library", "numpy")
"""What loads within the time limit; pandas and scikit-learn are there and take seconds."""


class Runner(Protocol):
    """The sandbox as the editor needs it; bound in `main`."""

    def why_not(self, *, sql: bool) -> VivaError | None:
        """The error that a run would end in at this moment, as far as a short look tells; None where it can be run."""
        ...

    async def run(self, attempt: Attempt) -> Run:
        """What became of each test."""
        ...


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """The problem that the editor is open on."""

    problem: Problem
    runs_left: int
    why_not: str
    """Why code cannot be run now; empty where it can."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A run against the visible tests."""

    view: CandidateView
    runs_left: int


class Editor:
    """One for the process; keeps nothing of any interview."""

    def __init__(self, *, store: Store, corpus: Corpus, runner: Runner, now: Callable[[], datetime]) -> None:
        self._store = store
        self._corpus = corpus
        self._runner = runner
        self._now = now

    def why_not(self, question_id: str) -> str:
        """Why code for a question cannot be run now; "" where it can, or where there is none."""
        problem = self._corpus.problems.get(question_id)
        error = self._runner.why_not(sql=problem.language == "sql") if problem is not None else None
        return str(error) if error is not None else ""

    async def show(self, candidate_id: str, interview_id: str) -> OpenProblem:
        """The problem of the question that is open now.

        Raises:
            InterviewNotFound, InterviewNotOpen, InterviewClosed, NotACodingQuestion.
        """
        async with self._store.read() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
            problem = self._open_problem(interview, await work.turns.list(interview_id))
            runs = await work.code_runs.count(interview_id, problem.id)
        why_not = await asyncio.to_thread(self.why_not, problem.id)
        return OpenProblem(problem, max(0, RUNS_A_QUESTION - runs), why_not)

    async def try_out(self, candidate_id: str, interview_id: str, code: str) -> Tried:
        """What the visible tests of the open question make of the code. Nothing of it is kept but that there was a run.

        Raises:
            InterviewNotFound, InterviewNotOpen, InterviewClosed, NotACodingQuestion: there is nothing to try.
            CodeEmpty, CodeTooLong: nothing that could be run.
            CodeRunPending, CodeRunsSpent: one at a time, and so many for a question.
            SandboxNotInstalled, SandboxNotPrepared, SandboxBroken: it was not run, and is not counted.
        """
        source = clean_code(code)
        async with self._store.read() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
            problem = self._open_problem(interview, await work.turns.list(interview_id))
        if not source:
            raise CodeEmpty
        error = await asyncio.to_thread(self._runner.why_not, sql=problem.language == "sql")
        if error is not None:
            raise error
        async with self._store.write() as work:
            await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            number = await work.code_runs.begin(
                interview_id, problem.id, now=self._now(), lease_s=RUN_LEASE_S, at_most=RUNS_A_QUESTION
            )
            await work.commit()
        ran = False
        try:
            view = await self._run(problem, source, hidden=False)
            ran = True
        finally:
            await asyncio.shield(self._end_run(interview_id, problem.id, number, ran=ran))
        return Tried(view.for_candidate(), RUNS_A_QUESTION - number)

    async def _end_run(self, interview_id: str, question_id: str, number: int, *, ran: bool) -> None:
        async with self._store.write() as work:
            if ran:
                await work.code_runs.finish(interview_id, question_id, number)
            else:
                await work.code_runs.undo(interview_id, question_id, number)
            await work.commit()

    async def hold(self, turns: Sequence[Turn]) -> CodeOutcome | None:
        """What became of the code of the last turn, held against all tests; None where it has none, or no tests."""
        last = turns[-1]
        problem = self._corpus.problems.get(last.question_id)
        if problem is None or not last.code:
            return None
        if last.part_id == FOLLOW_UP:
            return CodeOutcome(not_run=NotRun.CHANGED, reason="the tests are for the problem as it was first asked")
        held = [turn for turn in turns[:-1] if turn.question_id == problem.id and turn.outcome and turn.outcome.view]
        if len(held) >= SUBMISSIONS_A_QUESTION:
            return CodeOutcome(not_run=NotRun.SPENT, reason=f"the tests are run {SUBMISSIONS_A_QUESTION} times at most")
        try:
            return CodeOutcome(await self._run(problem, last.code, hidden=True))
        except (SandboxNotInstalled, SandboxNotPrepared, SandboxBroken, CodeTooLong) as error:
            return CodeOutcome(not_run=NotRun.UNAVAILABLE, reason=str(error))

    async def _run(self, problem: Problem, source: str, *, hidden: bool) -> ReviewerView:
        tests = problem.tests
        submission = Submission(source, problem.function, tests.tables)
        attempt = Attempt(submission, tests.visible, tests.hidden if hidden else ())
        try:
            async with asyncio.timeout(LONGEST_S):
                run = await self._runner.run(attempt)
        except TimeoutError:
            raise SandboxBroken(f"others were being served, and it had no turn within {LONGEST_S:g} s") from None
        return reviewer_view(run, submission, attempt.visible, attempt.hidden)

    def _open_problem(self, interview: Interview, turns: Sequence[Turn]) -> Problem:
        if interview.state is InterviewState.CLOSED:
            raise InterviewClosed(interview.id)
        if interview.state is InterviewState.PLANNED:
            raise InterviewNotOpen(interview.id)
        here = current_question(interview, turns)
        problem = self._corpus.problems.get(here[1].question_id) if here is not None else None
        if problem is None:
            raise NotACodingQuestion(interview.id)
        return problem
