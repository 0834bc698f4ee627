"""The compact scorer for a criterion that no corpus knows: the statement alone, with or without examples of it.

Several voices, joined by a logistic model: the pair model on the whole answer and on its likeliest sentences, the
embedder's likenesses, and the criterion's words, names and numbers that stand in the answer. Fitted by
`viva train-scorer`.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.domain.sentences import content_stems, sentences, words
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, Probabilities

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit rows (n, d) float32."""

FEATURES = (
    "pair", "pair_denies", "pair_sentence", "nearest", "nearest_mean", "whole", "words", "words_sentence", "words_two",
    "numbers_missing", "numbers_there", "names", "bigrams",
)  # fmt: skip
"""No lengths: on answers of one kind they help, and on another kind they mislead."""
SENTENCES_READ = 2
"""Sentences of an answer, the nearest to the criterion, that the pair model reads by themselves."""
MAX_WORDS = 150
"""Of an answer that the pair model reads at once; a longer one is read in overlapping stretches."""
CONTRADICTS_AT = 0.5
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_PLAIN = re.compile(r"[a-z0-9]+")


class PairReader(Protocol):
    """Reads criterion and text together."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """(n, 3) probabilities of absent, shown, contradicted."""
        ...


@dataclass(frozen=True, slots=True)
class Examples:
    """Authored sentences: that show a criterion, that only seem to, that deny it."""

    shown: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one criterion."""

    p: float
    """That it is shown, 0..1."""
    p_contradicted: float
    evidence: str
    """The sentence nearest to it, verbatim."""


class FreeScorer:
    """Reads answers against bare statements. Deterministic."""

    def __init__(self, encode: Encode, pairs: PairReader) -> None:
        self._encode = encode
        self._pairs = pairs
        self._weights: Mapping[str, Mapping[str, float]] | None = None

    def use(self, fitted: Mapping[str, Mapping[str, float]]) -> None:
        """Takes other weights than the packaged ones: `free` and `taught`."""
        self._weights = fitted

    def read(self, criteria: Sequence[tuple[str, Examples]], answer: str) -> list[Reading]:
        """One reading a criterion; the answer must have a word in it.

        Raises:
            ValueError: the answer is blank.
        """
        rows, denials, evidence = self.features([says for says, _ in criteria], answer)
        fitted = (self._weights or _loaded())["free"]
        found = []
        for (_, examples), row, denies, quote in zip(criteria, rows, denials, evidence, strict=True):
            p = _sigmoid(fitted["bias"] + sum(fitted[name] * value for name, value in row.items()))
            if examples.shown or examples.not_shown or examples.denied:
                p, denies, quote = self._taught(p, denies, examples, answer)
            found.append(Reading(p, denies, quote))
        return found

    def features(self, statements: Sequence[str], answer: str) -> tuple[list[dict[str, float]], list[float], list[str]]:
        """For each statement what the logistic model sees, the pair model's denial 0..1, and the nearest sentence."""
        said = [part.text for part in sentences(answer)]
        if not said:
            raise ValueError("the answer is blank")
        stretches = stretches_of(said)
        vectors = self._encode([*statements, *said, answer])
        likeness = vectors[: len(statements)] @ vectors[len(statements) :].T
        pairs: list[tuple[str, str]] = []
        nearest = []
        for index, says in enumerate(statements):
            order = np.argsort(-likeness[index, : len(said)], kind="stable")[:SENTENCES_READ]
            nearest.append([int(place) for place in order])
            pairs += [(says, each) for each in stretches] + [(says, said[place]) for place in order]
        read = self._pairs.read(pairs)
        rows, denials, start = [], [], 0
        for index, says in enumerate(statements):
            wholes = read[start : start + len(stretches)]
            singles = read[start + len(stretches) : start + len(stretches) + len(nearest[index])]
            start += len(stretches) + len(nearest[index])
            near = likeness[index, nearest[index]]
            best = wholes[int(np.argmax(wholes[:, SHOWN]))]
            rows.append(
                {
                    "pair": _log_odds(best[SHOWN]),
                    "pair_denies": float(np.log(best[CONTRADICTED] + 1e-6) - np.log(best[ABSENT] + 1e-6)),
                    "pair_sentence": max(_log_odds(each) for each in singles[:, SHOWN]),
                    "nearest": float(near[0]),
                    "nearest_mean": float(near.mean()),
                    "whole": float(likeness[index, -1]),
                    **lexical(says, answer, said),
                }
            )
            denials.append(float(max(wholes[:, CONTRADICTED].max(), singles[:, CONTRADICTED].max())))
        return rows, denials, [said[places[0]] for places in nearest]

    def _taught(self, p: float, denies: float, examples: Examples, answer: str) -> tuple[float, float, str]:
        """The reading moved by how much nearer the answer lies to examples for than to examples against."""
        near, margin, denied, quote = self.held_against(examples, answer)
        fitted = (self._weights or _loaded())["taught"]
        total = fitted["bias"] + fitted["free"] * _log_odds(p) + fitted["for"] * near + fitted["margin"] * margin
        return _sigmoid(total), denied if examples.denied else denies, quote

    def held_against(self, examples: Examples, answer: str) -> tuple[float, float, float, str]:
        """Of the sentence that speaks most for the criterion: likeness to examples for, and by how much it is the nearer.

        Then the chance, 0..1, that some sentence denies it, and the sentence.
        """
        said = [part.text for part in sentences(answer)]
        parts = (examples.shown, examples.not_shown, examples.denied)
        vectors = self._encode([*said, *itertools.chain(*parts)])
        mine, place = vectors[: len(said)], len(said)
        best = []
        for part in parts:
            rows = vectors[place : place + len(part)]
            place += len(part)
            best.append((mine @ rows.T).max(axis=1) if len(part) else np.zeros(len(said), dtype=np.float32))
        shown, against, denied = best
        margins = shown - np.maximum(against, denied)
        chosen = int(np.argmax(shown + margins))
        gaps = denied - np.maximum(shown, against)
        worst = int(np.argmax(gaps))
        denies = _sigmoid((float(denied[worst]) - 0.6) / 0.05) * _sigmoid(float(gaps[worst]) / 0.03)
        return float(shown[chosen]), float(margins[chosen]), denies, said[chosen]


def lexical(criterion: str, answer: str, said: Sequence[str]) -> dict[str, float]:
    """Shares of the criterion's content, names and numbers that stand in the answer."""
    wanted, there = content_stems(criterion), content_stems(answer)
    stems = [content_stems(each) for each in said]
    size = max(1, len(wanted))
    single = max(len(wanted & each) / size for each in stems)
    double = max((len(wanted & (one | two)) / size for one, two in itertools.pairwise(stems)), default=single)
    numbers, known = set(_NUMBER.findall(criterion)), set(_NUMBER.findall(answer))
    names = {name.lower() for name in _NAME.findall(criterion) if name[0].isupper()}
    plain = set(_PLAIN.findall(answer.lower()))
    mine, theirs = words(criterion), words(answer)
    bigrams, others = set(itertools.pairwise(mine)), set(itertools.pairwise(theirs))
    return {
        "words": len(wanted & there) / size,
        "words_sentence": single,
        "words_two": double,
        "numbers_missing": len(numbers - known) / len(numbers) if numbers else 0.0,
        "numbers_there": float(bool(numbers & known)),
        "names": len(names & plain) / len(names) if names else 0.5,
        "bigrams": len(bigrams & others) / max(1, len(bigrams)),
    }


def stretches_of(said: Sequence[str]) -> list[str]:
    """The answer in stretches of whole sentences, each within `MAX_WORDS` where its sentences are, overlapping by one."""
    found: list[str] = []
    current: list[str] = []
    for sentence in said:
        if current and len(words(" ".join([*current, sentence]))) > MAX_WORDS:
            found.append(" ".join(current))
            current = current[-1:]
        current.append(sentence)
    return [*found, " ".join(current)]


@lru_cache(maxsize=1)
def _loaded() -> Mapping[str, Mapping[str, float]]:
    text = resources.files("app.scoring").joinpath("weights").joinpath("free.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return loaded


def _log_odds(p: float) -> float:
    held = min(1 - 1e-6, max(1e-6, float(p)))
    return math.log(held / (1 - held))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))
