"""Fits the compact scorer's logistic models on the corpus's own exemplars and examples, and reports folds over questions.

    python -m evals.fit_compact            prints agreement by held-out questions beside its floors
    python -m evals.fit_compact --write    writes app/scoring/compact_weights.json as well

A row is one text against one criterion. Texts are the exemplars with their marks, and each authored example left out of
the examples that it is compared with. Folds are whole questions: what is reported was not seen in fitting.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from app.domain.score import VerdictState
from app.domain.sentences import content_stems, sentences, words
from app.main import VECTORS, authored_sentences
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.retrieval.embedder import SentenceTransformersEmbedder, SentenceVectors
from app.scoring.criterion_model import FEATURES, denial, examples_of, features, given_back
from app.settings import load

SEED = 20261121
TARGET = Path(__file__).resolve().parents[1] / "app" / "scoring" / "compact_weights.json"


@dataclass(frozen=True)
class Row:
    """One text against one criterion."""

    question_id: str
    kind: str
    """exemplar or example."""
    units: list[dict[str, float]]
    """Features of each unit of the text."""
    mark: VerdictState
    length: int
    overlap: float


def rows(corpus: Corpus, vectors: SentenceVectors) -> Iterator[Row]:
    """Every labelled pair of the corpus, and seeded off-topic ones."""
    generator = random.Random(SEED)
    elsewhere = [(question.id, exemplar) for question in corpus.questions.values() for exemplar in question.exemplars]
    for entry in corpus.asked():
        rubric = corpus.rubric(entry.id)
        for each in rubric.criteria:
            criterion = each.criterion
            if criterion.evidence != "words":
                continue
            examples = {name: list(texts) for name, texts in examples_of(criterion).items()}
            others = [
                text
                for other in rubric.criteria
                if other.criterion.id != criterion.id
                for text in examples_of(other.criterion)["for"]
            ]
            for exemplar in rubric.exemplars:
                mark = exemplar.marks[criterion.id]
                yield _row(entry.id, "exemplar", exemplar.text, examples, others, vectors, mark)
            # Answers to other questions show nothing here, however fluent: two for each criterion, drawn.
            for other, exemplar in generator.sample(elsewhere, 4):
                if other != entry.id and not _share_topics(corpus, other, entry.id):
                    yield _row(entry.id, "off-topic", exemplar.text, examples, others, vectors, VerdictState.ABSENT)
            for name, label in (("for", VerdictState.SHOWN), ("against", VerdictState.ABSENT)):
                for text in examples[name]:
                    if name == "for" and text not in criterion.shown_by:
                        continue
                    left = {part: [one for one in texts if one != text] for part, texts in examples.items()}
                    yield _row(entry.id, "example", text, left, others, vectors, label)


def _share_topics(corpus: Corpus, one: str, other: str) -> bool:
    return bool(set(corpus.entry(one).topics) & set(corpus.entry(other).topics))


def _row(
    question_id: str,
    kind: str,
    text: str,
    examples: dict[str, list[str]],
    others: list[str],
    vectors: SentenceVectors,
    mark: VerdictState,
) -> Row:
    known = {name: vectors.encode(texts) for name, texts in examples.items()}
    units = units_of_text(text)
    mine = vectors.encode(units)
    rival = (mine @ vectors.encode(others).T).max(axis=1) if others else np.zeros(len(units))
    told = content_stems(examples["states"][0])
    seen = [features(unit, mine[index], examples, known, float(rival[index])) for index, unit in enumerate(units)]
    # What the scorer passes over as the question given back is not there in fitting either.
    kept = [values for index, values in enumerate(seen) if not given_back(mine[index], known, values)]
    return Row(
        question_id,
        kind,
        kept or seen,
        mark,
        len(words(text)),
        len(told & content_stems(text)) / max(1, len(told)),
    )


def units_of_text(text: str) -> list[str]:
    """Sentences and short neighbours together, as the scorer cuts an answer."""
    parts = [part for part in sentences(text) if words(part.text)]
    found = [part.text for part in parts]
    for first, second in itertools.pairwise(parts):
        if min(len(words(first.text)), len(words(second.text))) <= 7:
            found.append(text[first.start : second.end])
    return found


def _table(units: Sequence[dict[str, float]]) -> np.ndarray:
    return np.array([[unit[name] for name in FEATURES] for unit in units])


class _Bags:
    """All units of some rows in one table, so that a model looks at them at once."""

    def __init__(self, data: Sequence[Row]) -> None:
        self._table = np.concatenate([_table(row.units) for row in data])
        self._starts = np.cumsum([0, *(len(row.units) for row in data[:-1])])
        self._sizes = [len(row.units) for row in data]

    def chances(self, model: LogisticRegression) -> np.ndarray:
        """(units,) probabilities of `shown`."""
        found: np.ndarray = model.predict_proba(self._table)[:, 1]
        return found

    def best(self, model: LogisticRegression) -> np.ndarray:
        """(rows,) the highest probability of each row's units."""
        found: np.ndarray = np.maximum.reduceat(self.chances(model), self._starts)
        return found

    def most_telling(self, model: LogisticRegression) -> np.ndarray:
        """(rows, features) of the unit with the highest probability in each row."""
        chances = self.chances(model)
        places = [
            start + int(chances[start : start + size].argmax())
            for start, size in zip(self._starts, self._sizes, strict=True)
        ]
        found: np.ndarray = self._table[places]
        return found


def fit(data: Sequence[Row]) -> LogisticRegression:
    """Multiple-instance fit: a text counts by the unit that looks most like showing it, whichever side it is on."""
    usable = [row for row in data if row.mark is not VerdictState.PARTLY]
    labels = np.array([row.mark is VerdictState.SHOWN for row in usable])
    # Whole answers are what is judged later; single sentences help where exemplars are few.
    weights = np.array([{"exemplar": 1.0, "off-topic": 0.5, "example": 0.3}[row.kind] for row in usable])
    bags = _Bags(usable)
    picked = _table([max(row.units, key=lambda unit: unit["margin"] + unit["for"]) for row in usable])
    for _ in range(5):
        model = LogisticRegression(C=10.0, max_iter=2000, random_state=SEED)
        model.fit(picked, labels, sample_weight=weights)
        picked = bags.most_telling(model)
    return model


def figures(truth: np.ndarray, p: np.ndarray, data: Sequence[Row], at: float = 0.5) -> dict[str, float]:
    """Agreement beside its floors."""
    said = p >= at
    return {
        "n": len(truth),
        "positive_share": round(float(truth.mean()), 3),
        "auc": round(float(roc_auc_score(truth, p)), 3),
        "auc_floor_length": round(float(roc_auc_score(truth, [row.length for row in data])), 3),
        "auc_floor_overlap": round(float(roc_auc_score(truth, [row.overlap for row in data])), 3),
        "accuracy": round(float((said == truth).mean()), 3),
        "accuracy_floor_majority": round(float(max(truth.mean(), 1 - truth.mean())), 3),
        "false_high": round(float((said & ~truth).sum() / max(1, (~truth).sum())), 3),
        "false_low": round(float((~said & truth).sum() / max(1, truth.sum())), 3),
    }


def main() -> None:
    """Reports, and writes if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    settings = load()
    embedder = SentenceTransformersEmbedder(settings.retrieval.embedder, threads=2)
    embedder.load()
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    vectors = SentenceVectors(embedder, folder=settings.data_dir / VECTORS, capacity=1_000_000)
    vectors.encode_cached(sorted(authored_sentences(corpus), key=len))
    data = list(rows(corpus, vectors))
    groups = np.array([row.question_id for row in data])
    held = np.zeros(len(data))
    for train, test in GroupKFold(n_splits=5).split(data, groups=groups):
        model = fit([data[index] for index in train])
        held[test] = _Bags([data[index] for index in test]).best(model)
    report: dict[str, object] = {"rows": len(data), "questions": len(set(groups))}
    for kind in ("exemplar", "example"):
        mask = np.array([row.kind == kind and row.mark is not VerdictState.PARTLY for row in data])
        some = [row for row, kept in zip(data, mask, strict=True) if kept]
        truth = np.array([row.mark is VerdictState.SHOWN for row in some])
        report[f"shown/{kind}"] = figures(truth, held[mask], some)
    strange = [index for index, row in enumerate(data) if row.kind == "off-topic"]
    report["off_topic"] = {"n": len(strange), "false_high": round(float((held[strange] >= 0.5).mean()), 3)}
    answers = [row for row in data if row.kind == "exemplar"]
    truth = np.array([row.mark is VerdictState.CONTRADICTED for row in answers])
    report["contradicted/exemplar"] = figures(
        truth, np.array([max(denial(unit) for unit in row.units) for row in answers]), answers
    )
    print(json.dumps(report, indent=1))
    if arguments.write:
        model = fit(data)
        shown = {name: round(float(value), 4) for name, value in zip(FEATURES, model.coef_[0], strict=True)}
        made = {
            "made_by": "python -m evals.fit_compact --write",
            "seed": SEED,
            "embedder": embedder.id,
            "held_out_by_question": report,
            "weights": {"shown": {**shown, "bias": round(float(model.intercept_[0]), 4)}},
        }
        TARGET.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
