"""Practice, as the compact scorer judges: does before and after name what changed, and is a criterion's own question judged rightly?

    python -m evals.practice

Retries are pairs of answers of the battery, whose questions nothing learned: the weak or the middling one, then the strong one. Due
are the criteria that the writers mark in one of the two and not in the other; named is what the comparison says is better or worse,
over criteria that both answers could be assessed on. A criterion's own question is answered with what the corpus says shows it.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.transcript import MoveKind, Speaker
from app.main import compact_scorer, cores, listener
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.material.surfaces import has_own_question
from app.review.comparison import Change, compare
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel
from app.settings import load as load_settings
from evals.judging.battery import INTERVIEW, Bench, Case, conversation, entries

CREDITED_AT = 0.5


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


async def own_questions(corpus: Corpus, compact: CompactScorer, bench_listener: Any) -> dict[str, Any]:
    """What the corpus says shows a criterion on its own question, held against the criterion."""
    shown: dict[str, float] = {}
    for entry in corpus.asked():
        for each in corpus.rubric(entry.id).criteria:
            drill = each.criterion.drill
            if drill is None or not has_own_question(each.criterion):
                continue
            said = [
                (Speaker.INTERVIEWER, drill.ask, MoveKind.OPEN),
                (Speaker.CANDIDATE, drill.shown_by[0], MoveKind.OPEN),
            ]
            marks = await compact.mark(INTERVIEW, entry.id, conversation(entry.id, said, bench_listener))
            shown[f"{entry.id} {each.criterion.id}"] = next(
                m.p_shown for m in marks if m.criterion_id == each.criterion.id
            )
    credited = sum(p >= CREDITED_AT for p in shown.values())
    return {
        "own_questions": len(shown),
        "credited": credited,
        "not_credited": sorted(k for k, p in shown.items() if p < CREDITED_AT),
    }


async def run() -> dict[str, Any]:
    """All figures."""
    settings = load_settings()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    pairs = PairModel(threads=cores(settings))
    compact, ears = compact_scorer(settings, corpus, pairs), listener(pairs)
    return {
        "own_questions": await own_questions(corpus, compact, ears),
        "retries": await retries(Bench(corpus, compact, ears), entries()),
    }


def main() -> None:
    """Prints the figures."""
    print(json.dumps(asyncio.run(run()), indent=1))


if __name__ == "__main__":
    main()
