"""The corpus's own examples, each held out in turn: is one that shows a criterion above those that do not?

    python -m evals.judging.examples

The sixty questions that no training reads; the likenesses never see the example that is judged. Each is held against the question's
other criteria too, of which it was not written to show any: now and then it does.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.curation.alone import bare_of, read_alone, without
from app.curation.lessons import held_out
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.material.load import load as load_corpus
from app.retrieval.embedder import Vectors
from app.scoring.authored import examples_of
from app.scoring.criterion_model import Halves
from app.scoring.features import Known, given_back, known_of
from app.scoring.joined import joined_weights, probabilities
from app.scoring.pair_model import PairModel, Probabilities, Told
from app.settings import Settings, load
from app.wiring.reading import sentence_vectors

PARTS = ("shown", "against", "denies")


Judged = tuple[float, float]
"""Probabilities of shown and of contradicted."""


async def judged(
    criteria: Sequence[Criterion], at: int, text: str, row: Vectors, known: Sequence[Known], read: Halves
) -> list[Judged]:
    """Of each criterion for one sentence as the whole answer, without it among the examples of the criterion at its place."""
    bare = [*criteria[:at], bare_of(criteria[at], text), *criteria[at + 1 :]]
    fitted = joined_weights()
    found = []
    for of_it, values in zip(known, await read_alone(bare, text, row, known, read), strict=True):
        shown, denied = probabilities(values, fitted)
        found.append((0.0 if given_back(row, of_it) else shown, denied))
    return found


async def measure(settings: Settings, corpus: Corpus) -> dict[str, Any]:
    """Shares for the questions held out."""
    vectors = sentence_vectors(settings)
    model = PairModel(threads=2)

    async def hold(statements: Sequence[str], text: str) -> list[Told]:
        return model.hold(statements, text)

    async def hold_sentence(statements: Sequence[str], sentence: str) -> Probabilities:
        return model.hold_sentence(statements, sentence)

    read = Halves(hold, hold_sentence)
    counts: Counter[str] = Counter()
    for entry_id in sorted(held_out()):
        criteria = [each.criterion for each in corpus.rubric(entry_id).criteria if each.criterion.evidence == "words"]
        parts = [examples_of(criterion) for criterion in criteria]
        table = known_of(parts, vectors.encode([text for of in parts for texts in of for text in texts]))
        for at, (criterion, known) in enumerate(zip(criteria, table, strict=True)):
            texts_of = zip(
                PARTS, ((*criterion.shown_by, *criterion.also_shown_by), parts[at][1], parts[at][2]), strict=True
            )
            marks: dict[str, list[Judged]] = {}
            for part, texts in texts_of:
                marks[part] = []
                for place, text in enumerate(texts):
                    row = getattr(known, part)[place]
                    left = [*table[:at], without(known, part, place), *table[at + 1 :]]
                    every = await judged(criteria, at, text, row, left, read)
                    marks[part].append(every.pop(at))
                    counts[f"{part}_others"] += len(every)
                    counts[f"{part}_others_credited"] += sum(_credited(each) for each in every)
                    counts[f"{part}_others_denied"] += sum(_denied(each) for each in every)
            for shown in marks["shown"]:
                counts["pairs"] += len(marks["against"])
                counts["above"] += sum(shown[0] > other for other, _ in marks["against"])
                counts["shown"] += 1
                counts["above_all"] += all(shown[0] > other for other, _ in marks["against"])
                counts["credited"] += _credited(shown)
                counts["taken_for_denials"] += _denied(shown)
            counts["against"] += len(marks["against"])
            counts["credited_wrongly"] += sum(map(_credited, marks["against"]))
            counts["denials"] += len(marks["denies"])
            counts["recognised"] += sum(map(_denied, marks["denies"]))
            counts["denials_credited"] += sum(map(_credited, marks["denies"]))

    def share(name: str, of: str) -> float:
        return round(counts[name] / counts[of], 3)

    return {
        "questions": len(held_out()),
        "shown_above_not_shown": share("above", "pairs"),
        "pairs": counts["pairs"],
        "shown_above_every_not_shown": share("above_all", "shown"),
        "shown_credited": share("credited", "shown"),
        "shown_taken_for_denials": share("taken_for_denials", "shown"),
        "not_shown_credited": share("credited_wrongly", "against"),
        "denials_recognised": share("recognised", "denials"),
        "denials_credited": share("denials_credited", "denials"),
        "denials": counts["denials"],
        "of_another_criterion_credited": share("shown_others_credited", "shown_others"),
        "of_another_criterion_taken_for_denials": share("shown_others_denied", "shown_others"),
        "of_another_criterion": counts["shown_others"],
    }


def _credited(mark: Judged) -> bool:
    return mark[0] >= 0.5 and mark[0] >= mark[1]


def _denied(mark: Judged) -> bool:
    return mark[1] >= 0.5 and mark[1] > mark[0]


def main() -> None:
    """Prints what was found."""
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    print(json.dumps(asyncio.run(measure(settings, corpus)), indent=1))


if __name__ == "__main__":
    main()
