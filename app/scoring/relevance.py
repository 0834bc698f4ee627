"""Whether an answer is one to the question that was asked, or to the question next door; and whether a story is one of work.

Next door it has the same subject and the same words, and nothing that was asked for. Each criterion is judged by itself, and such an
answer is a little like all of them. Seen as a whole it is plainer: its sentences lie nearer to what another question's criteria
are earned by. A logistic model over that, fitted by `viva train-scorer`, tells the two apart.

Of a question about oneself that cannot be asked: whoever answers tells of their work in its words, and a story of a failed forecast
lies nearer to every question about forecasts. There another model asks less: whether the story is near to what such a question is
earned by, or to anything that interviews are about.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
STORY_VOICES = ("mine_mean", "mine_max", "other_mean", "any_max")
"""Of what was told up to the end of a stretch, on a question about oneself: likenesses to what earns it, and to what earns any other."""
STORY_AT = 0.65
"""Probability below which nothing in the stretch earns or denies anything. **Measured**: the most at which no more than 2 in 100 are lost
of the credit that spoken answers to such questions get, as above."""
OF_ONESELF = frozenset({"introduction", "behavioural", "company-fit"})
"""Questions about the candidate's own life, by the first part of their ids."""


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
        """The likenesses of `VOICES` and `STORY_VOICES` for an answer's sentences (s, d); empty where the question is not among these."""
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
            "any_max": float(by_question.max()),
            "place": math.log1p(int((mean > mean[at]).sum())),
        }

    def nearest(self, question_id: str) -> list[str]:
        """All other questions, the nearest first: by the direction of their sentences' mean."""
        means = np.add.reduceat(self.rows, self.starts, axis=0)
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        order = np.argsort(-(means @ means[self.names[question_id]]), kind="stable")
        names = list(self.names)
        return [names[place] for place in order if names[place] != question_id]


def is_of_oneself(question_id: str) -> bool:
    """Whether a question is about the candidate's own life."""
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
    return not voices or _probability(voices, VOICES, fitted) >= RELEVANT_AT


def is_story(voices: Mapping[str, float], fitted: Mapping[str, Any]) -> bool:
    """Whether what was told may answer a question about oneself; where nothing can be told, it does."""
    return not voices or _probability(voices, STORY_VOICES, fitted) >= STORY_AT


def _probability(voices: Mapping[str, float], names: Sequence[str], fitted: Mapping[str, Any]) -> float:
    total = fitted["bias"] + sum(fitted[name] * voices[name] for name in names)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
