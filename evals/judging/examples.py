"""The corpus's own examples, each held out in turn: is one that shows a criterion above those that do not?

    python -m evals.judging.examples

Questions that the pair model did not learn; the likenesses never see the example that is judged. The joining weights are fitted on
a part of these questions, which is told apart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.curation.lessons import held_out, split_of
from app.domain.sentences import content_stems
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.material.load import load as load_corpus
from app.retrieval.embedder import Vectors
from app.scoring.authored import examples_of
from app.scoring.criterion_model import joined_weights, plainly, probability
from app.scoring.features import Apart, Known, given_back, held_of, known_of, likeness_of, statements_of, values_of
from app.scoring.pair_model import PairModel
from app.settings import Settings, load
from app.wiring.reading import sentence_vectors

PARTS = ("shown", "against", "denies")


def judged(
    criterion: Criterion, text: str, row: Vectors, known: Sequence[Known], at: int, model: PairModel
) -> tuple[float, float]:
    """Probabilities of shown and contradicted for one sentence as the whole answer, without it among the criterion's examples."""
    (held,) = held_of([criterion], model.hold(statements_of([criterion]), plainly(text)))
    likeness = likeness_of(row[None, :], known, at)
    values = values_of(criterion, content_stems(text), held, likeness, Apart.of_one_sentence(held))
    fitted = joined_weights()
    shown, denied = (probability(values, fitted[state]) for state in ("shown", "contradicted"))
    return (0.0 if given_back(row, known[at]) else shown), denied


def bare_of(criterion: Criterion, text: str) -> Criterion:
    """The criterion without a text among its examples and denials."""
    parts = {name: getattr(criterion, name) for name in ("shown_by", "also_shown_by", "denied_by")}
    return criterion.model_copy(
        update={name: tuple(each for each in texts if each != text) for name, texts in parts.items()}
    )


def without(known: Known, part: str, place: int) -> Known:
    """The same without one example."""
    return replace(known, **{part: np.delete(getattr(known, part), place, axis=0)})


def measure(settings: Settings, corpus: Corpus) -> dict[str, Any]:
    """Shares for the questions held out, and for those that the joining weights were fitted on."""
    vectors = sentence_vectors(settings)
    model = PairModel(threads=2)
    found: dict[str, Any] = {}
    for name, ids in (("held out", held_out()), ("joined on", split_of(corpus).joined)):
        counts: Counter[str] = Counter()
        for entry_id in sorted(ids):
            criteria = [
                each.criterion for each in corpus.rubric(entry_id).criteria if each.criterion.evidence == "words"
            ]
            parts = [examples_of(criterion) for criterion in criteria]
            rows = vectors.encode([text for of in parts for texts in of for text in texts])
            table = known_of(parts, rows)
            for at, (criterion, known) in enumerate(zip(criteria, table, strict=True)):
                marks: dict[str, list[tuple[float, float]]] = {part: [] for part in PARTS}
                texts_of = dict(
                    zip(
                        PARTS,
                        ((*criterion.shown_by, *criterion.also_shown_by), parts[at][1], parts[at][2]),
                        strict=True,
                    )
                )
                for part, texts in texts_of.items():
                    for place, text in enumerate(texts):
                        row = getattr(known, part)[place]
                        left = [*table[:at], without(known, part, place), *table[at + 1 :]]
                        marks[part].append(judged(bare_of(criterion, text), text, row, left, at, model))
                for shown, _ in marks["shown"]:
                    counts["pairs"] += len(marks["against"])
                    counts["above"] += sum(shown > other for other, _ in marks["against"])
                    counts["shown"] += 1
                    counts["above_all"] += all(shown > other for other, _ in marks["against"])
                    counts["credited"] += shown >= 0.5
                counts["against"] += len(marks["against"])
                counts["credited_wrongly"] += sum(other >= 0.5 for other, _ in marks["against"])
                for shown, denied in marks["denies"]:
                    counts["denials"] += 1
                    counts["recognised"] += denied >= 0.5 and denied > shown
        found[name] = {
            "questions": len(ids),
            "shown_above_not_shown": round(counts["above"] / counts["pairs"], 3),
            "pairs": counts["pairs"],
            "shown_above_every_not_shown": round(counts["above_all"] / counts["shown"], 3),
            "shown_credited": round(counts["credited"] / counts["shown"], 3),
            "not_shown_credited": round(counts["credited_wrongly"] / counts["against"], 3),
            "denials_recognised": round(counts["recognised"] / counts["denials"], 3),
            "denials": counts["denials"],
        }
    return found


def main() -> None:
    """Prints what was found."""
    settings = load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    print(json.dumps(measure(settings, corpus), indent=1))


if __name__ == "__main__":
    main()
