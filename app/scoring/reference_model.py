"""How much of a reference answer an answer says, where nobody has written criteria: `viva judge` with a `reference`.

Three voices, joined with weights that cannot be negative: how well each word piece of the reference is met by some piece of the
answer in its context (recall of BERTScore, Zhang et al. 2020), counting what carries content and does not stand in the question
already; the share of the reference's words; and the likeness of letters, which forgives spelling. `viva train-scorer` fits them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from app.domain.sentences import STOP_WORDS, content_stems, sentences, words

Vectors = npt.NDArray[np.float32]
ReadPieces = Callable[[Sequence[str]], list[tuple[list[str], Vectors]]]
"""Each text's word pieces, and their rows (pieces, d) of unit length."""

VOICES = ("pieces", "words", "letters")
CHUNK_WORDS = 120
"""Read at once: the embedder reads 256 pieces."""
NOTHING_AT = 0.55
"""Of the joined voices: the least that an answer to another question gets. The weights are fitted on teachers' grades, which begin far
above 0, and a share begins at 0. **Measured** on 186 answers to 36 questions of the corpus, a fifth of them meant for another question:
the share of the criteria that an answer shows is missed by .52 in the mean without this, by .27 with it; whether it is half or more is
right for .263 and for .849. Who is above whom does not change."""
NEXT_TO_NOTHING = 0.02
"""The share that `NOTHING_AT` comes to: below it answers are told apart still."""
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Share:
    """What was made of an answer beside a reference."""

    p: float
    """Of what the reference says, 0..1."""
    evidence: str
    """The sentence that meets most of it, verbatim; "" for a blank answer."""


def share_of(p: float) -> float:
    """The share, 0..1, that the joined voices come to; of two answers the better one never has the smaller."""
    kept = min(1.0, max(0.0, p))
    if kept <= NOTHING_AT:
        return NEXT_TO_NOTHING * kept / NOTHING_AT
    return NEXT_TO_NOTHING + (1.0 - NEXT_TO_NOTHING) * (kept - NOTHING_AT) / (1.0 - NOTHING_AT)


class ReferenceScorer:
    """Holds answers against references. Deterministic."""

    def __init__(self, read: ReadPieces) -> None:
        self._read = read
        # The same question and reference come with many answers.
        self._known = lru_cache(maxsize=64)(self._whole)

    def share(self, reference: str, answer: str, question: str = "") -> Share:
        """The share of the reference that is in the answer, and the sentence that gives most of it."""
        if not words(answer):
            return Share(0.0, "")
        found = self.voices(reference, answer, question)
        fitted = _loaded()
        p = fitted["bias"] + sum(fitted[name] * found[name] for name in VOICES)
        said = [part.text for part in sentences(answer)]
        wanted = content_stems(reference)
        return Share(share_of(p), max(said, key=lambda text: len(content_stems(text) & wanted)))

    def voices(self, reference: str, answer: str, question: str = "") -> dict[str, float]:
        """Each voice, 0..1. Both texts must have a word in them."""
        wanted, there = content_stems(reference), content_stems(answer)
        return {
            "pieces": self._pieces(reference, answer, question),
            "words": len(wanted & there) / max(1, len(wanted)),
            "letters": _cosine(_grams(reference), _grams(answer)),
        }

    def _pieces(self, reference: str, answer: str, question: str) -> float:
        names, mine = self._known(reference)
        _, theirs = self._whole(answer)
        if not len(mine) or not len(theirs):
            return 0.0
        weights = np.array([_carries(name) for name in names], dtype=np.float64) + 1e-6
        if words(question):
            _, asked = self._known(question)
            # What the question says already is no merit of the answer.
            weights *= np.clip(1.0 - (mine @ asked.T).max(axis=1), 0.0, 1.0)
        total = float(weights.sum())
        if not total:
            return 0.0
        # Rows of unrelated pieces may point away from each other.
        return max(0.0, float((mine @ theirs.T).max(axis=1) @ weights) / total)

    def _whole(self, text: str) -> tuple[list[str], Vectors]:
        each = text.split()
        read = self._read([" ".join(each[at : at + CHUNK_WORDS]) for at in range(0, len(each), CHUNK_WORDS)])
        return [name for names, _ in read for name in names], np.concatenate([rows for _, rows in read])


def _carries(piece: str) -> bool:
    """Whether a word piece carries content: no stop word, and no lone letter or mark."""
    return piece.lower() not in STOP_WORDS and (len(piece) >= 3 or piece.isdigit())


def _grams(text: str) -> Mapping[str, int]:
    line = f" {' '.join(words(text))} "
    return Counter(line[at : at + _GRAM] for at in range(len(line) - _GRAM + 1))


def _cosine(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    shared = sum(count * other[gram] for gram, count in one.items() if gram in other)
    lengths = sum(n * n for n in one.values()) * sum(n * n for n in other.values())
    return shared / float(np.sqrt(lengths)) if lengths else 0.0


@lru_cache(maxsize=1)
def _loaded() -> Mapping[str, float]:
    text = resources.files("app.scoring").joinpath("weights").joinpath("reference.json").read_text(encoding="utf-8")
    loaded: dict[str, float] = json.loads(text)["weights"]
    return loaded
