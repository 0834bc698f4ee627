"""Plain answers of a sentence or two: is the criterion credited that they say, and no other?

    python -m evals.judging.plain

Two criteria of each of the sixty questions that no training reads, four answers each (`plain.yaml`). They were looked at while
decision 0037 was made. Of a question's other criteria nothing was marked: of 22 that were credited before, two or three were due.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from app.curation.spoken import turn_of
from app.domain.transcript import Mark
from app.material.load import load as load_corpus
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel
from app.settings import load
from app.wiring.reading import compact_scorer, cores
from evals.judging.battery import INTERVIEW

KINDS = ("right", "brief", "wrong", "beside")


def answers() -> list[dict[str, str]]:
    """A question, one of its criteria, and four answers by `KINDS`."""
    rows: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("plain.yaml").read_text(encoding="utf-8"))
    return rows


def does(mark: Mark) -> str:
    """What is made of a criterion: `credited`, `contradicted` or `nothing`."""
    if max(mark.p_shown, mark.p_contradicted) < 0.5:
        return "nothing"
    return "credited" if mark.p_shown >= mark.p_contradicted else "contradicted"


async def measure(scorer: CompactScorer, rows: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Shares of what is made of the criterion that an answer was written for, and of the question's others, by kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for kind in KINDS:
            for mark in await scorer.mark(INTERVIEW, row["question"], [turn_of(row["question"], row[kind])]):
                whose = "own" if mark.criterion_id == row["criterion"] else "others"
                found[f"{kind}, {whose}"][does(mark)] += 1
    return {
        name: {"n": counts.total()}
        | {what: round(counts[what] / counts.total(), 3) for what in ("credited", "contradicted")}
        for name, counts in found.items()
    }


def main() -> None:
    """Prints the shares, for a score and for the mark that chooses the next question."""
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    found = {
        manner: asyncio.run(measure(compact_scorer(settings, corpus, pairs, closely=manner == "closely"), answers()))
        for manner in ("closely", "at_once")
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
