"""Practice, as the compact scorer judges: does before and after name what changed?

    python -m evals.practice

Retries are pairs of answers of the battery, whose questions nothing learned: the weak or the middling one, then the strong one. Due
are the criteria that the writers mark in one of the two and not in the other; named is what the comparison says is better or worse,
over criteria that both answers could be assessed on.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.material.load import load as load_corpus
from app.review.comparison import Change, compare
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from app.wiring.reading import compact_scorer, cores, listener
from evals.judging.battery import Bench, Case, entries


def _named(due: Sequence[str], named: Sequence[str], counts: Counter[str]) -> None:
    counts["pairs"] += 1
    counts["exact"] += set(due) == set(named)
    counts["due"] += len(due)
    counts["named"] += len(named)
    counts["both"] += len(set(due) & set(named))


async def retries(bench: Bench, written: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Over each of the two steps up: exact, and by criterion."""
    found: dict[str, Any] = {}
    for name in ("weak", "middling"):
        counts: Counter[str] = Counter()
        for entry in written:
            scores = [
                await bench.score(Case("plain", entry["question"], entry["answers"][each], name=each))
                for each in (name, "strong")
            ]
            compared = compare(*scores)
            comparable = {
                each.after.criterion_id for each in compared.criteria if each.change is not Change.NOT_COMPARABLE
            }
            due = sorted(comparable & (set(entry["shows"]["strong"]) ^ set(entry["shows"][name])))
            _named(due, compared.changed, counts)
        found[f"{name} to strong"] = {
            "pairs": counts["pairs"],
            "exact": round(counts["exact"] / counts["pairs"], 3),
            "changes_due": counts["due"],
            "of_these_named": round(counts["both"] / max(1, counts["due"]), 3),
            "of_named_due": round(counts["both"] / max(1, counts["named"]), 3),
        }
    return found


async def run() -> dict[str, Any]:
    """All figures."""
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    return await retries(Bench(corpus, compact_scorer(settings, corpus, pairs), listener(pairs)), entries())


def main() -> None:
    """Prints the figures."""
    print(json.dumps(asyncio.run(run()), indent=1))


if __name__ == "__main__":
    main()
