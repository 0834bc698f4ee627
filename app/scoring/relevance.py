"""Whether an answer is one to the question that was asked, or to the question next door.

There it has the same subject and the same words, and nothing that was asked for. Each criterion is judged by itself, and such an
answer is a little like all of them. Seen as a whole it is plainer: its sentences lie nearer to what another question's criteria
are earned by. A logistic model over that, fitted by `viva train-scorer`, tells the two apart.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from app.retrieval.embedder import Vectors

VOICES = ("best", "mean", "gap_mean", "gap_best", "mine_mean", "mine_max", "other_mean", "other_max", "place")
"""Of a stretch of an answer: the greatest and the mean log odds that a criterion is shown; by how much its sentences, and the best of
them, lie nearer to what earns a criterion of this question than to what earns one of any other; likenesses of the two kinds, -1..1;
and the logarithm of the question's place among all when ordered by the sentences' mean likeness (0 for the first)."""
RELEVANT_AT = 0.27
"""Probability below which nothing in the stretch earns or denies anything. **Measured** by folds: of the credit that is due and would
be given, 2 in 100 is lost there; of the credit that an answer next door would get, 4 in 10."""
FEWEST_QUESTIONS = 30
"""Of a corpus that can tell neighbours apart."""
OF_ONESELF = frozenset({"introduction", "behavioural", "company-fit"})
"""Questions about the candidate's own life, by the first part of their ids. Whoever answers tells of their work in its words: a story of
a failed forecast lies nearer to every question about forecasts. They are compared with each other alone.

**Measured** on written answers to 14 of them: 80 of 89 earned criteria are credited (79 beside all questions), and 5 of 130 of a
neighbour's (2; 33 without any comparison). Of eight stories told in other words, five more are heard."""


@dataclass(frozen=True)
class Neighbourhood:
    """What earns the criteria of all questions of a corpus."""

    names: Mapping[str, int]
    """The place of each question."""
    starts: npt.NDArray[np.int64]
    """(questions,): the first row of each."""
    rows: Vectors
    """(n, d), unit length."""

    def likeness(self, question_id: str, mine: Vectors) -> dict[str, float]:
        """The likenesses of `VOICES` for an answer's sentences (s, d); empty where the question is not among these."""
        around = self._of_oneself if _is_of_oneself(question_id) else self
        return around.compared(question_id, mine)

    def compared(self, question_id: str, mine: Vectors) -> dict[str, float]:
        """The same, beside every question that is here."""
        if question_id not in self.names or len(self.names) < FEWEST_QUESTIONS:
            return {}
        at = self.names[question_id]
        # In this order the product takes half the time of the other.
        by_question = np.maximum.reduceat(self.rows @ mine.T, self.starts, axis=0).T
        this = by_question[:, at]
        other = np.delete(by_question, at, axis=1).max(axis=1)
        mean = by_question.mean(axis=0)
        return {
            "gap_mean": float((this - other).mean()),
            "gap_best": float((this - other).max()),
            "mine_mean": float(this.mean()),
            "mine_max": float(this.max()),
            "other_mean": float(other.mean()),
            "other_max": float(other.max()),
            "place": math.log1p(int((mean > mean[at]).sum())),
        }

    @cached_property
    def _of_oneself(self) -> Neighbourhood:
        """The questions about the candidate's own life alone."""
        ends = [*self.starts[1:], len(self.rows)]
        kept = {name: self.rows[self.starts[at] : ends[at]] for name, at in self.names.items() if _is_of_oneself(name)}
        sizes = [len(rows) for rows in kept.values()]
        starts = np.array([0, *itertools.accumulate(sizes)][:-1], dtype=np.int64)
        rows = np.concatenate(list(kept.values())) if kept else self.rows[:0]
        return Neighbourhood({name: place for place, name in enumerate(kept)}, starts, rows)

    def nearest(self, question_id: str) -> list[str]:
        """All other questions, the nearest first: by the direction of their sentences' mean."""
        means = np.add.reduceat(self.rows, self.starts, axis=0)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        order = np.argsort(-(means @ means[self.names[question_id]]), kind="stable")
        names = list(self.names)
        return [names[place] for place in order if names[place] != question_id]


def _is_of_oneself(question_id: str) -> bool:
    return question_id.partition("/")[0] in OF_ONESELF


NOTHING_NEAR = Neighbourhood({}, np.empty(0, dtype=np.int64), np.empty((0, 0), dtype=np.float32))
"""Where another embedder reads than the one that the model was fitted with: nothing is told."""


def neighbourhood_of(earns: Mapping[str, Sequence[str]], rows: Vectors) -> Neighbourhood:
    """From `authored.earning` and the vectors of all its sentences in that order."""
    sizes = [len(texts) for texts in earns.values()]
    starts = np.array([0, *itertools.accumulate(sizes)][:-1], dtype=np.int64)
    return Neighbourhood({name: place for place, name in enumerate(earns)}, starts, rows)


def relevant(voices: Mapping[str, float], fitted: Mapping[str, Any]) -> bool:
    """Whether a stretch belongs to its question; where nothing can be told, it does."""
    if not voices:
        return True
    total = fitted["bias"] + sum(fitted[name] * voices[name] for name in VOICES)
    return bool(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total)))) >= RELEVANT_AT)
