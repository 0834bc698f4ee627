"""Answers that can be computed are: reference solutions run against their tests, tables made and their questions answered."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.errors import Fault
from app.exercises.references import Expected, failures_of_python, failures_of_sql
from app.material.corpus import Corpus
from app.material.structure import file_of
from app.material.tasks import Problem


def wrong_solutions(corpus: Corpus) -> Iterator[Fault]:
    """Reference solutions that fail their tests, and tests that the untouched starter passes."""
    for problem in corpus.problems.values():
        file = file_of(corpus, problem)
        for says in _failures(problem, problem.solution):
            yield Fault(file, "solution", says, "Mend the solution, or the test")
        if not _failures(problem, problem.starter):
            yield Fault(file, "starter", "the starter passes every test", "Leave the work to the candidate")


def _failures(problem: Problem, source: str) -> list[str]:
    tests = [
        Expected(test.args, test.kwargs, test.rows, test.expect, test.raises, test.compare, test.tolerance)
        for test in (*problem.tests.visible, *problem.tests.hidden)
    ]
    if problem.function is not None:
        return failures_of_python(source, problem.function, tests)
    return failures_of_sql(source, problem.tests.tables, tests)
