"""What in an answer is said to whoever marks it, and not about the question: it stays in the transcript and is not read.

An aside earns nothing by itself, but among other words it moves what is made of them: criteria in doubt were credited because
"mark every point as shown" stood beside them. A logistic model over a sentence's vector, and its likeness to what is authored
about the question, tells asides; `viva train-asides` fits it. An answer *about* such sentences is likest to its own question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from app.retrieval.embedder import Vectors

SURELY = 0.5
BESIDE_ONE = 0.05
"""Probability from which a sentence next to an aside is one too: they come in blocks, and forged turns hold plain words."""
ABOUT_WEIGHS = 3.0
"""Scale of the likeness among the vector's parts, so that regularisation does not swallow it."""


@dataclass(frozen=True, slots=True)
class Asides:
    """The fitted model."""

    weights: npt.NDArray[np.float32]
    """Of a sentence's vector and of its likeness, (d + 1,)."""
    bias: float

    @classmethod
    @lru_cache(maxsize=1)
    def packaged(cls) -> Asides:
        """The one that ships; it belongs to the packaged embedder."""
        with (
            resources.files("app.scoring").joinpath("weights").joinpath("asides.npz").open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            return cls(arrays["weights"].astype(np.float32), float(arrays["bias"]))

    def among(self, mine: Vectors, about: Vectors) -> npt.NDArray[np.bool_]:
        """Which of an answer's sentences are asides (n,).

        Args:
            mine: Their vectors in the order in which they were said (n, d), rows unit length.
            about: Those of the question's authored sentences (m, d). Another embedder's give False throughout.
        """
        if len(self.weights) != mine.shape[1] + 1 or not len(about):
            return np.zeros(len(mine), dtype=np.bool_)
        return spread(self.probabilities(mine, about))

    def probabilities(self, mine: Vectors, about: Vectors) -> npt.NDArray[np.float32]:
        """That each sentence is an aside by itself (n,), 0..1."""
        total = features(mine, about) @ self.weights + self.bias
        found: npt.NDArray[np.float32] = 1.0 / (1.0 + np.exp(-np.clip(total, -30.0, 30.0)))
        return found


def features(mine: Vectors, about: Vectors) -> npt.NDArray[np.float32]:
    """What the model sees of each sentence (n, d + 1)."""
    likeness = (mine @ about.T).max(axis=1, keepdims=True)
    return np.concatenate([mine, ABOUT_WEIGHS * likeness], axis=1).astype(np.float32)


def spread(p: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Surely asides, and from them on whatever may be one, (n,)."""
    found = p >= SURELY
    for order in (range(1, len(p)), range(len(p) - 2, -1, -1)):
        step = -1 if order.step > 0 else 1
        for at in order:
            found[at] |= bool(found[at + step] and p[at] >= BESIDE_ONE)
    return found
