"""Answers that can be computed are: reference solutions run against their tests, tables made and their questions answered."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.domain.errors import Fault
from app.exercises.computations import compute
from app.exercises.references import Expected, failures_of_python, failures_of_sql
from app.exercises.tables import TableInvalid, make_table
from app.material.corpus import Corpus
from app.material.structure import file_of
from app.material.tasks import Problem

SEEDS = 20
"""Tables that are made of each exercise."""


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


def wrong_tables(corpus: Corpus, *, seeds: int = SEEDS) -> Iterator[Fault]:
    """Exercises whose table or answer cannot be computed for some seed, or which have the same answers every time."""
    for entry in corpus.analytics.values():
        file = file_of(corpus, entry)
        answers: dict[str, set[float]] = {}
        try:
            for seed in range(seeds):
                table = make_table(entry.table, entry.parameters, seed)
                if make_table(entry.table, entry.parameters, seed) != table:
                    yield Fault(file, "table", f"seed {seed} gives two tables", "Draw from the generator handed in")
                for question in entry.questions:
                    if question.computed_by is not None:
                        values = compute(question.computed_by, table)
                        if not all(math.isfinite(value) for value in values):
                            raise TableInvalid(f"'{question.computed_by}' gives {values} for seed {seed}")
                        answers.setdefault(question.id, set()).add(values[0])
        except TableInvalid as error:
            yield Fault(file, "table", str(error), "Mend the parameters, or the name")
            continue
        if answers and all(len(found) == 1 for found in answers.values()):
            says = "its answers are the same for every seed"
            yield Fault(file, "parameters", says, "Vary the parameters, so that a retry is new")
