"""Simulated candidates of known level: does a level's interval hold it, and is it the same in another interview?

    python -m evals.judging.simulated

A candidate answers each question of the battery with its strong, middling or weak answer, drawn by ability. Known is what the
writers' marks make of *all* sixty questions for that ability; judged is an interview of `QUESTIONS` of them, by the compact
scorer, three times with other questions and other draws. Questions, answers and marks are of no training. What the writers'
marks make of the very same draws says how much of the difference between three interviews is the draw's.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.score import Score
from app.material.load import load as load_corpus
from app.scoring.levels import competency
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from app.wiring.reading import compact_scorer, cores, listener
from evals.judging.battery import Bench, Case, as_marked, entries

SEEDS = (1, 2, 3)
QUESTIONS = 12
SKILL = "technical"
ABILITIES: Mapping[str, tuple[float, float, float]] = {
    "weak": (0.0, 0.0, 1.0),
    "mostly weak": (0.0, 0.3, 0.7),
    "below the middle": (0.1, 0.5, 0.4),
    "middling": (0.0, 1.0, 0.0),
    "above the middle": (0.4, 0.5, 0.1),
    "mostly strong": (0.7, 0.3, 0.0),
    "strong": (1.0, 0.0, 0.0),
}
"""Chances of a strong, a middling and a weak answer."""
NAMES = ("strong", "middling", "weak")


@dataclass(frozen=True)
class Sitting:
    """One interview of a simulated candidate; levels are 0..4."""

    ability: str
    seed: int
    known: float
    judged: float | None
    low: float | None
    high: float | None
    marked: float | None
    """The level of the same answers by the writers' marks."""

    @property
    def held(self) -> bool:
        """Whether the interval holds the known level."""
        return self.low is not None and self.high is not None and self.low <= self.known <= self.high


def known_level(ability: str, marked: Mapping[tuple[str, str], Score], questions: Sequence[str]) -> float:
    """What the writers' marks make of all questions, each answer counting by its chance; 0..4."""
    total = 0.0
    for name, chance in zip(NAMES, ABILITIES[ability], strict=True):
        if chance:
            found = competency(SKILL, [marked[question, name] for question in questions], seed=0)
            assert found.level is not None
            total += chance * found.level
    return total


def sit(
    ability: str,
    seed: int,
    judged: Mapping[tuple[str, str], Score],
    marked: Mapping[tuple[str, str], Score],
    questions: Sequence[str],
) -> Sitting:
    """One interview of so many questions, drawn anew."""
    generator = random.Random(f"{ability} {seed}")
    asked = generator.sample(list(questions), QUESTIONS)
    answers = [generator.choices(NAMES, ABILITIES[ability])[0] for _ in asked]
    drawn = list(zip(asked, answers, strict=True))
    found = competency(SKILL, [judged[each] for each in drawn], seed=seed)
    truth = competency(SKILL, [marked[each] for each in drawn], seed=seed).level
    return Sitting(ability, seed, known_level(ability, marked, questions), found.level, found.low, found.high, truth)


def same_level(sittings: Sequence[Sequence[float | None]]) -> float:
    """Share of candidates whose interviews all round to one level."""
    rounded = [{None if level is None else round(level) for level in mine} for mine in sittings]
    return round(sum(len(each) == 1 for each in rounded) / len(rounded), 3)


def figures(sittings: Sequence[Sitting]) -> dict[str, Any]:
    """Shares over all candidates, and each candidate's levels."""
    by_ability: dict[str, list[Sitting]] = {}
    for each in sittings:
        by_ability.setdefault(each.ability, []).append(each)
    apart = [(each.judged, each.marked) for each in sittings if each.judged is not None and each.marked is not None]
    return {
        "sittings": len(sittings),
        "interval_holds_known": round(sum(each.held for each in sittings) / len(sittings), 3),
        "same_level_over_seeds": same_level([[each.judged for each in mine] for mine in by_ability.values()]),
        "same_level_by_marks": same_level([[each.marked for each in mine] for mine in by_ability.values()]),
        "as_the_marks_round": round(sum(round(one) == round(other) for one, other in apart) / len(sittings), 3),
        "mean_difference": round(
            sum(each.judged - each.known for each in sittings if each.judged is not None) / len(sittings), 3
        ),
        "candidates": {
            ability: {
                "known": round(mine[0].known, 2),
                "judged": [each.judged for each in mine],
                "marked": [each.marked for each in mine],
                "intervals": [(each.low, each.high) for each in mine],
            }
            for ability, mine in by_ability.items()
        },
    }


async def run() -> dict[str, Any]:
    """All sittings, judged by the compact scorer alone."""
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    bench = Bench(corpus, compact_scorer(settings, corpus, pairs), listener(pairs))
    judged, marked = {}, {}
    written = entries()
    for entry in written:
        for name, text in entry["answers"].items():
            key = entry["question"], name
            judged[key] = await bench.score(Case("plain", entry["question"], text, name=name))
            marked[key] = as_marked(judged[key], entry["shows"][name])
    questions = [entry["question"] for entry in written]
    return figures([sit(ability, seed, judged, marked, questions) for ability in ABILITIES for seed in SEEDS])


def main() -> None:
    """Prints the figures."""
    print(json.dumps(asyncio.run(run()), indent=1))


if __name__ == "__main__":
    main()
