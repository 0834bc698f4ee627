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
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.domain.sentences import content_stems, sentences, words
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, Probabilities
from app.scoring.wording import Told, told

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
FARTHER = 1.2
"""Log odds: an answer from elsewhere lies farther from its examples than what the weights were fitted on, whose writers had them
before them. **Measured** on 300 sentences of questions that nothing had learned, each held against its criterion's other examples:
accuracy .730 before and .787 with it, at .083 and .122 of false credit."""
CUT_WORDS = 50
"""Of a sentence that is longer than that, in each piece."""
SAID_P = 0.95
"""That something is shown which stands there word for word; and that it is denied where it is denied in its own words."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_PLAIN = re.compile(r"[a-z0-9]+")
_SPACED = re.compile(r"\S+")


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
    denial: str = ""
    """The sentence that comes nearest to denying it, verbatim."""


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
        said = parts_of(answer)
        rows, denials, evidence, denying = self._read([says for says, _ in criteria], said, answer)
        fitted = (self._weights or _loaded())["free"]
        found = []
        for (says, examples), row, denies, quote, denial in zip(
            criteria, rows, denials, evidence, denying, strict=True
        ):
            p = _sigmoid(fitted["bias"] + sum(fitted[name] * value for name, value in row.items()))
            reading = Reading(p, denies, quote, denial)
            if examples.shown or examples.not_shown or examples.denied:
                # Where none shows it, its own words do; otherwise all that is near to a denial would be one.
                reading = self._taught(reading, replace(examples, shown=examples.shown or (says,)), said)
            found.append(_worded(reading, says, said))
        return found

    def features(self, statements: Sequence[str], answer: str) -> tuple[list[dict[str, float]], list[float], list[str]]:
        """For each statement what the logistic model sees, the pair model's denial 0..1, and the nearest sentence."""
        return self._read(statements, parts_of(answer), answer)[:3]

    def _read(
        self, statements: Sequence[str], said: Sequence[str], answer: str
    ) -> tuple[list[dict[str, float]], list[float], list[str], list[str]]:
        """What `features` gives, and for each statement the sentence in which the pair model sees most of a denial."""
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
        rows, denials, denying, start = [], [], [], 0
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
            denying.append(said[nearest[index][int(np.argmax(singles[:, CONTRADICTED]))]])
        return rows, denials, [said[places[0]] for places in nearest], denying

    def _taught(self, reading: Reading, examples: Examples, said: Sequence[str]) -> Reading:
        """The reading moved by how much nearer the answer lies to examples for than to examples against.

        Either voice may hear a denial, the pair model's or the likeness to an example of one, and what is denied is shown by so much less.
        """
        near, margin, denied, quote, denial = self.held_against(examples, said)
        fitted = (self._weights or _loaded())["taught"]
        total = (
            fitted["bias"] + fitted["free"] * _log_odds(reading.p) + fitted["for"] * near + fitted["margin"] * margin
        )
        denies = max(denied, reading.p_contradicted)
        denying = denial if denied > reading.p_contradicted else reading.denial
        return Reading(_sigmoid(total + FARTHER) * (1.0 - denies), denies, quote, denying)

    def held_against(self, examples: Examples, said: Sequence[str]) -> tuple[float, float, float, str, str]:
        """Of the sentence that speaks most for the criterion: likeness to examples for, and by how much it is the nearer.

        The latter is 0 without any against. Then the chance, 0..1, that some sentence denies it; the sentence for it, and the one
        that denies it.
        """
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
        margin = float(margins[chosen]) if examples.not_shown or examples.denied else 0.0
        return float(shown[chosen]), margin, denies, said[chosen], said[worst]


def _worded(reading: Reading, says: str, said: Sequence[str]) -> Reading:
    """The reading after what the statement's own words tell."""
    found = told(says, said)
    if found is None:
        return reading
    what, at = found
    if what is Told.SAID:
        return Reading(max(reading.p, SAID_P), 0.0, said[at], reading.denial)
    return Reading(min(reading.p, 1 - SAID_P), max(reading.p_contradicted, SAID_P), reading.evidence, said[at])


def parts_of(answer: str) -> list[str]:
    """The sentences of an answer, verbatim; what a recogniser gives without a full stop is cut where it is too long to be read at once."""
    found = []
    for sentence in sentences(answer):
        each = list(_SPACED.finditer(sentence.text))
        if len(each) <= MAX_WORDS:
            found.append(sentence.text)
            continue
        for first in range(0, len(each), CUT_WORDS):
            piece = each[first : first + CUT_WORDS]
            found.append(sentence.text[piece[0].start() : piece[-1].end()])
    return found


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
