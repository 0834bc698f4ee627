"""What interviews a corpus makes possible: plans for everybody, several in a row, and what they test."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.domain.errors import Fault, PlanImpossible
from app.domain.interview import Plan, Seniority
from app.interviewing.planning import Wish, make_plan
from app.material.corpus import Corpus
from app.material.entries import Chain
from app.material.overlays import Role

PLANS = 1_000
IN_A_ROW = 5
MINUTES = (30, 45)
"""The API's default, and the sum of a role's own rounds."""


def enemies_together(corpus: Corpus, *, plans: int = PLANS, seed: int = 1) -> Iterator[Fault]:
    """Pairs of enemies that stand in one of many random plans, each pair once."""
    generator = random.Random(seed)  # noqa: S311 - plans, not secrets
    seen: set[frozenset[str]] = set()
    companies = [*corpus.companies, ""]
    for number in range(plans if corpus.roles else 0):
        wish = Wish(
            role=generator.choice(sorted(corpus.roles)),
            seniority=generator.choice(list(Seniority)),
            company=generator.choice(companies),
            minutes=generator.choice((15, 30, 45, 60, 90, 180)),
            seed=number,
        )
        try:
            planned = ids_of(make_plan(corpus, wish, None))
        except PlanImpossible:
            continue
        for pair in _enemies_in(corpus, planned):
            if pair not in seen:
                seen.add(pair)
                says = f"{' and '.join(sorted(pair))} are enemies and stand in one plan ({wish})"
                yield Fault("", "enemies", says, "Mend app/interviewing/planning.py")


def _enemies_in(corpus: Corpus, planned: list[str]) -> Iterator[frozenset[str]]:
    for question_id in planned:
        entry = corpus.entry(question_id)
        if not isinstance(entry, Chain):
            for enemy in set(entry.enemies) & set(planned):
                yield frozenset((question_id, enemy))


def rows_of_interviews(corpus: Corpus, *, in_a_row: int = IN_A_ROW, seed: int = 7) -> Iterator[Fault]:
    """For every role, seniority and company: default interviews in a row, none with a question heard before.

    And over those interviews, every skill of the role tested by a question on one of its topics.
    """
    for role in corpus.roles.values():
        for seniority in Seniority:
            for company in corpus.companies:
                for minutes in MINUTES:
                    yield from _row(corpus, role, seniority, company, minutes, in_a_row, seed)


def _row(
    corpus: Corpus, role: Role, seniority: Seniority, company: str, minutes: int, in_a_row: int, seed: int
) -> Iterator[Fault]:
    who = f"{role.id}, {seniority}, {company}, {minutes} minutes"
    file = corpus.source("role", role.id)
    heard: list[str] = []
    for number in range(in_a_row):
        wish = Wish(role.id, seniority, company, minutes, seed + number)
        try:
            planned = ids_of(make_plan(corpus, wish, None, asked_before=heard))
        except PlanImpossible as error:
            yield Fault(file, "rounds", f"{who}: {error}", "Write questions for them")
            return
        again = [each for each in planned if each in heard]
        if again:
            says = f"{who}: interview {number + 1} of {in_a_row} asks {', '.join(again)} again"
            yield Fault(file, "rounds", says, "Write more questions for that round")
        heard += planned
    tested = {topic for question_id in heard for topic in corpus.entry(question_id).topics}
    for skill in role.skills:
        if not tested & set(skill.topics):
            says = f"{who}: {in_a_row} interviews do not test '{skill.name}'"
            yield Fault(file, f"skills[{skill.id}]", says, "Write questions on its topics, or change its topics")


def ids_of(plan: Plan) -> list[str]:
    """Entries that a plan asks, in order."""
    return [question.question_id for each in plan.rounds for question in each.questions]
