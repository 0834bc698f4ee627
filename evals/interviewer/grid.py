"""Which sittings there are: every candidate in every round for every role, in an order in which a part of them is a sample."""

from __future__ import annotations

import random
from collections.abc import Iterator

from app.domain.interview import Seniority
from app.interviewing.planning import askable
from app.interviewing.round_minutes import rounds_with_material
from app.material.corpus import DEEP_DIVE, Corpus
from evals.interviewer.candidates import MANNERS
from evals.interviewer.sitting import VIVA, WEAKEST, Wanted

SEED = 20261121
LADDER = ("strong", "middling", "weak")
SAMPLE = 40
WHOLE_MIN = 45
"""Of an interview with all rounds of a role."""


def pairs(corpus: Corpus) -> list[tuple[str, str]]:
    """(round, role) for which there is material."""
    found = {(each.round, role) for each in askable(corpus) for role in each.roles if Seniority.MID in each.seniority}
    found |= {(DEEP_DIVE, role) for role in corpus.roles}
    return sorted(pair for pair in found if pair[0] in rounds_with_material(corpus))


def grid(corpus: Corpus) -> list[Wanted]:
    """All of them: one round each, seeded by round and role so that all candidates of a pair are asked the same."""
    generator = random.Random(SEED)
    shuffled = pairs(corpus)
    generator.shuffle(shuffled)
    ladder = [_wanted(who, *pair) for pair in shuffled for who in LADDER]
    others = [_wanted(manner.slug, *pair) for pair in shuffled for manner in MANNERS if manner.slug not in LADDER]
    generator.shuffle(others)
    return [*_interleaved(ladder, others), *whole(corpus)]


def whole(corpus: Corpus) -> list[Wanted]:
    """Interviews with all rounds of a role, for changes from round to round: each candidate in each role."""
    return [
        Wanted(manner.slug, role, (), SEED % 1000 + number, minutes=WHOLE_MIN)
        for manner in MANNERS
        for number, role in enumerate(sorted(corpus.roles))
    ]


def rivals(corpus: Corpus) -> list[Wanted]:
    """The same candidates before a director that always asks for what it believes least."""
    return [
        Wanted(each.who, each.role, each.rounds, each.seed, WEAKEST)
        for each in grid(corpus)
        if each.who in LADDER and each.rounds and each.director == VIVA
    ]


def sample(corpus: Corpus) -> list[Wanted]:
    """Forty for the embedded model: every candidate at least twice, every round at least once, roles as they fall."""
    generator = random.Random(SEED + 1)
    rest = [each for each in grid(corpus) if each.rounds]
    generator.shuffle(rest)
    held_by = {manner.slug: 0 for manner in MANNERS}
    held_in = {each.rounds: 0 for each in rest}
    chosen: list[Wanted] = []
    while len(chosen) < SAMPLE:
        drawn = min(rest, key=lambda each: (held_in[each.rounds], held_by[each.who]))
        rest.remove(drawn)
        chosen.append(drawn)
        held_by[drawn.who] += 1
        held_in[drawn.rounds] += 1
    return chosen


def drawn(found: list[Wanted], count: int, seed: int) -> list[Wanted]:
    """So many of them by seed; a longer draw begins with a shorter one."""
    return random.Random(seed).sample(found, len(found))[:count]


def _wanted(who: str, slug: str, role: str) -> Wanted:
    return Wanted(who, role, (slug,), random.Random(f"{SEED}/{slug}/{role}").randrange(1, 1000))


def _interleaved(first: list[Wanted], second: list[Wanted]) -> Iterator[Wanted]:
    """Three of the one, then as many of the other as keeps both until the end."""
    share = max(1, round(3 * len(second) / max(1, len(first))))
    while first or second:
        yield from first[:3]
        yield from second[:share]
        first, second = first[3:], second[share:]
