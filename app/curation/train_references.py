"""Fits what marks an answer against a whole reference, on answers that teachers graded."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.errors import TrainingDataMissing
from app.domain.sentences import words
from app.scoring.reference_model import VOICES, ReferenceScorer

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """A row of SAF: an answer beside a reference, with a teacher's score 0..1."""

    question_id: str
    question: str
    reference: str
    answer: str
    score: float
    learned: bool
    """Whether it is of the training split."""


def graded_of(data: Path) -> list[Graded]:
    """SAF's rows with an answer.

    Raises:
        TrainingDataMissing: the file is not there.
    """
    file = data / "saf_en" / "saf_en.jsonl"
    if not file.is_file():
        raise TrainingDataMissing(
            str(file), "One object a line: question_id, question, reference, answer, score, max_score, split."
        )
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Graded(
            row["question_id"],
            row["question"],
            row["reference"],
            row["answer"],
            float(row["score"]) / float(row["max_score"]),
            row["split"] == "training",
        )
        for row in rows
        if words(row["answer"])
    ]


def voices_of(graded: Sequence[Graded], scorer: ReferenceScorer) -> npt.NDArray[np.float64]:
    """(answers, voices): what each voice says of each answer."""
    return np.array(
        [[scorer.voices(one.reference, one.answer, one.question)[name] for name in VOICES] for one in graded]
    )


def left_out_in_turn(table: npt.NDArray[np.float64], graded: Sequence[Graded]) -> npt.NDArray[np.float64]:
    """Shares (answers,), each question's by a fit on all others."""
    due = np.array([one.score for one in graded])
    by = np.array([one.question_id for one in graded])
    held = np.zeros(len(graded))
    for question in sorted(set(by)):
        test = by == question
        weights, bias = _shares(table[~test], due[~test], by[~test])
        held[test] = table[test] @ weights + bias
    return held


def join_references(graded: Sequence[Graded], scorer: ReferenceScorer, say: Say) -> dict[str, Any]:
    """Fits the voices of a share on SAF's training split; the figures leave out each of all its questions in turn."""
    table = voices_of(graded, scorer)
    say(f"{len(graded)} graded answers read")
    due = np.array([one.score for one in graded])
    by = np.array([one.question_id for one in graded])
    learned = np.array([one.learned for one in graded])
    held = left_out_in_turn(table, graded)
    lengths = np.array([float(len(words(one.answer))) for one in graded])
    weights, bias = _shares(table[learned], due[learned], by[learned])
    named = {name: round(float(value), 5) for name, value in zip(VOICES, weights, strict=True)}
    return {
        "weights": {**named, "bias": round(bias, 5)},
        "figures": {
            "questions": len(set(by)),
            "answers": len(graded),
            "mean_r_within_question": round(float(np.mean(within(held, due, by))), 3),
            "floor_words": round(float(np.mean(within(table[:, VOICES.index("words")], due, by))), 3),
            "floor_length": round(float(np.mean(within(lengths, due, by))), 3),
            "r_of_all": round(float(np.corrcoef(held, due)[0, 1]), 3),
        },
    }


def _shares(
    table: npt.NDArray[np.float64], due: npt.NDArray[np.float64], by: npt.NDArray[Any]
) -> tuple[npt.NDArray[np.float64], float]:
    """Weights >= 0 that rank answers within each question, brought to the scale of the scores over all; and the bias."""
    from sklearn.linear_model import LinearRegression, Ridge

    spread = table.std(axis=0) + 1e-9
    mine, wanted, weight = table / spread, due.copy(), np.ones(len(due))
    for question in sorted(set(by)):
        here = by == question
        mine[here] -= mine[here].mean(axis=0)
        wanted[here] = (wanted[here] - wanted[here].mean()) / (wanted[here].std() + 0.05)
        weight[here] = 1.0 / here.sum()
    weight *= len(due) / weight.sum()
    ranked = Ridge(alpha=30.0, positive=True).fit(mine, wanted, sample_weight=weight).coef_ / spread
    scale = LinearRegression(positive=True).fit((table @ ranked)[:, None], due)
    return ranked * scale.coef_[0], float(scale.intercept_)


def within(
    given: npt.NDArray[np.float64], due: npt.NDArray[np.float64], by: npt.NDArray[Any]
) -> npt.NDArray[np.float64]:
    """The correlation within each question, in the order of their names; 0 where its answers are all scored alike."""
    found = []
    for question in sorted(set(by)):
        here = by == question
        varies = given[here].std() > 0 and due[here].std() > 0
        found.append(float(np.corrcoef(given[here], due[here])[0, 1]) if varies else 0.0)
    return np.array(found)
