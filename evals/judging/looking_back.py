"""What somebody would do differently after a project of their own: is it credited whatever the project was about?

    python -m evals.judging.looking_back

Every chain that asks for it has a criterion that says the same. Each text of `looking_back.yaml` is held against each of these
chains: its project is another one than the chain's examples are of, as a candidate's always is.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from app.curation.spoken import turn_of
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel
from app.settings import load
from app.wiring.reading import compact_scorer, cores
from evals.judging.battery import INTERVIEW, listed
from evals.judging.plain import does

SAYS = "Names one change and the event or finding of this project that is the reason for it."


def texts() -> dict[str, list[str]]:
    """`reasoned`, which give an event of a project as the reason, `empty`, which give none, and talk about everyday life."""
    found: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {**found, "everyday": [row["text"] for row in listed("elsewhere")]}


def asked_in(corpus: Corpus) -> list[tuple[str, str]]:
    """Chains with the criterion, and its id there."""
    return [
        (entry.id, each.criterion.id)
        for entry in corpus.asked()
        for each in corpus.rubric(entry.id).criteria
        if each.criterion.says == SAYS
    ]


async def measure(scorer: CompactScorer, chains: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """By kind of text: in how many cases the criterion is credited."""
    found: dict[str, Any] = {"chains": len(chains)}
    for kind, some in texts().items():
        credited = []
        for question_id, criterion_id in chains:
            for text in some:
                marks = await scorer.mark(INTERVIEW, question_id, [turn_of(question_id, text)])
                credited += [does(mark) == "credited" for mark in marks if mark.criterion_id == criterion_id]
        found[kind] = {"n": len(credited), "credited": round(sum(credited) / len(credited), 3)}
    return found


def main() -> None:
    """Prints the figures."""
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    scorer = compact_scorer(settings, corpus, PairModel(threads=cores(settings)))
    print(json.dumps(asyncio.run(measure(scorer, asked_in(corpus))), indent=1))


if __name__ == "__main__":
    main()
