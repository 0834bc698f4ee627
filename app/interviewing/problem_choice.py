"""Which coding problems a round gets. Pure: the same seed picks the same ones."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from app.domain.interview import PlannedQuestion, Seniority
from app.material.corpus import Corpus
from app.material.entries import Chain
from app.material.tasks import Problem

FITTING_DIFFICULTY = {Seniority.JUNIOR: 1, Seniority.MID: 2, Seniority.SENIOR: 3, Seniority.STAFF: 3}
"""Of the problem that is asked first, where there is time for it."""


def has_problems(corpus: Corpus, slug: str) -> bool:
    """Whether the round is one of problems."""
    return any(problem.round == slug for problem in corpus.problems.values())


def choose_problems(
    corpus: Corpus,
    role: str,
    seniority: Seniority,
    slug: str,
    budget_s: float,
    generator: random.Random,
    chosen: Collection[str],
    asked_before: Collection[str],
) -> tuple[PlannedQuestion, ...]:
    """Problems that fit into the budget, one at least where any fits role and seniority.

    Unheard ones first, then those whose time the budget holds, then the nearest to the seniority's difficulty, then as
    shuffled. A second one is of another topic and difficulty order, and none is the enemy of what was chosen.
    """
    fitting = sorted(
        (
            each
            for each in corpus.problems.values()
            if each.round == slug and role in each.roles and seniority in each.seniority
        ),
        key=lambda problem: problem.id,
    )
    generator.shuffle(fitting)
    picked: list[Problem] = []
    left_s = budget_s

    def worth(problem: Problem) -> tuple[float, ...]:
        return (
            problem.id in asked_before,
            problem.seconds.first_answer > left_s,
            any(set(problem.topics[:1]) & set(other.topics[:1]) for other in picked),
            abs(problem.difficulty - FITTING_DIFFICULTY[seniority]),
        )

    while True:
        taken = [*chosen, *(one.id for one in picked)]
        eligible = [
            problem
            for problem in fitting
            if problem.id not in taken
            and (not picked or (problem.seconds.whole <= left_s and problem.id not in asked_before))
            and not _hostile(corpus, problem, taken)
        ]
        if not eligible:
            break
        best = min(eligible, key=worth)
        picked.append(best)
        left_s -= best.seconds.whole
    return tuple(PlannedQuestion(each.id, int(min(each.seconds.whole, max(budget_s, 60)))) for each in picked)


def _hostile(corpus: Corpus, problem: Problem, taken: Sequence[str]) -> bool:
    """Whether it answers, or is answered by, one already chosen."""
    others = [corpus.entry(other) for other in taken]
    return bool(set(problem.enemies) & set(taken)) or any(
        problem.id in other.enemies for other in others if not isinstance(other, Chain)
    )
