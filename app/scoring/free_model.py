"""The compact scorer for a criterion that no corpus knows: the statement alone, with or without examples of it.

The pair model reads the whole answer, its likeliest sentences, and these with a neighbour. Where there are examples, it reads these as
statements too, and likeness says how much nearer the answer lies to those for than to those against. Logistic models join the voices,
fitted by `viva train-scorer`.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from app.domain.sentences import sentences, words
from app.scoring.pair_model import ABSENT, CONTRADICTED, SHOWN, Probabilities
from app.scoring.wording import Told, told

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit rows (n, d) float32."""

FEATURES = ("pair", "pair_denies", "pair_sentence", "pair_two", "two_denies")
"""What the pair model says of the whole, of the likeliest sentences, and of two neighbouring ones. Shared words, names, numbers and
likeness told nothing beside it (decision 0035); lengths help on answers of one kind and mislead on another."""
TAUGHT = ("free", "for", "margin", "denied", "denies", "examples", "examples_best", "examples_denied")
"""Where there are examples: what the statement alone comes to; likeness to examples for and by how much it is the greater; how likely a
denial is by likeness and by the pair model; and what the pair model says of examples held against the answer as statements."""
SENTENCES_READ = 2
"""Sentences of an answer, the nearest to the criterion, that the pair model reads by themselves and with each neighbour."""
EXAMPLES_READ = 3
"""Of those that show a criterion, held against the answer."""
MAX_WORDS = 150
"""Of an answer that the pair model reads at once; a longer one is read in overlapping stretches."""
FARTHER, FARTHER_FROM_EXAMPLES = 0.3, 0.6
"""Log odds: an answer from elsewhere is worded less like what it is held against than what the weights were fitted on, whose writers had
the criteria before them. Without and with examples. **Chosen** on plain answers of the half of the battery that may be looked at, held
against bare statements: marks that agree go from .82 to .84 at .06 of false credit, and from .84 to .88 at .07 (decision 0035)."""
CUT_WORDS = 50
"""Of a sentence that is longer than that, in each piece."""
SAID_P = 0.95
"""That something is shown which stands there word for word; and that it is denied where it is denied in its own words."""
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


ReadAlone = Callable[[Sequence[tuple[str, Examples]], str], Awaitable[Sequence[Reading]]]
"""Criteria, each with what examples there are of it, held against an answer by themselves: one reading a criterion."""


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
        rows, denials, evidence, denying = self._read([says for says, _ in criteria], said)
        found = []
        for (says, examples), row, denies, quote, denial in zip(
            criteria, rows, denials, evidence, denying, strict=True
        ):
            odds = _joined(row, self._fitted["free"])
            if examples.shown or examples.not_shown or examples.denied:
                # Where none shows it, its own words do; otherwise all that is near to a denial would be one.
                kept = replace(examples, shown=examples.shown or (says,))
                reading = self._taught(odds, denies, denial, kept, said)
            else:
                reading = Reading(_sigmoid(odds + FARTHER), denies, quote, denial)
            found.append(_worded(reading, says, said))
        return found

    @property
    def _fitted(self) -> Mapping[str, Mapping[str, float]]:
        return self._weights or _loaded()

    def features(self, statements: Sequence[str], answer: str) -> tuple[list[dict[str, float]], list[float]]:
        """For each statement what the logistic model sees, and the pair model's denial 0..1."""
        return self._read(statements, parts_of(answer))[:2]

    def _read(
        self, statements: Sequence[str], said: Sequence[str]
    ) -> tuple[list[dict[str, float]], list[float], list[str], list[str]]:
        """What `features` gives, and for each statement the nearest sentence and that in which the pair model sees most of a denial."""
        if not said:
            raise ValueError("the answer is blank")
        stretches = stretches_of(said)
        vectors = self._encode([*statements, *said])
        likeness = vectors[: len(statements)] @ vectors[len(statements) :].T
        pairs: list[tuple[str, str]] = []
        nearest, twos = [], []
        for index, says in enumerate(statements):
            order = np.argsort(-likeness[index], kind="stable")[:SENTENCES_READ]
            nearest.append([int(place) for place in order])
            first = sorted({at for place in nearest[-1] for at in (place - 1, place) if 0 <= at < len(said) - 1})
            twos.append([f"{said[at]} {said[at + 1]}" for at in first])
            pairs += [(says, each) for each in (*stretches, *(said[place] for place in nearest[-1]), *twos[-1])]
        read = self._pairs.read(pairs)
        rows, denials, denying, start = [], [], [], 0
        for places, two in zip(nearest, twos, strict=True):
            ends = list(itertools.accumulate((len(stretches), len(places), len(two)), initial=start))
            wholes, singles, doubles = (read[first:end] for first, end in itertools.pairwise(ends))
            start = ends[-1]
            best = wholes[int(np.argmax(wholes[:, SHOWN]))]
            denies = float(max(wholes[:, CONTRADICTED].max(), singles[:, CONTRADICTED].max()))
            rows.append(
                {
                    "pair": _log_odds(best[SHOWN]),
                    "pair_denies": float(np.log(best[CONTRADICTED] + 1e-6) - np.log(best[ABSENT] + 1e-6)),
                    "pair_sentence": max(_log_odds(each) for each in singles[:, SHOWN]),
                    # A single sentence has no neighbour: it is the whole.
                    "pair_two": _log_odds(doubles[:, SHOWN].max() if two else best[SHOWN]),
                    "two_denies": float(doubles[:, CONTRADICTED].max()) if two else denies,
                }
            )
            denials.append(denies)
            denying.append(said[places[int(np.argmax(singles[:, CONTRADICTED]))]])
        return rows, denials, [said[places[0]] for places in nearest], denying

    def _taught(self, alone: float, denies: float, denial: str, examples: Examples, said: Sequence[str]) -> Reading:
        """The reading where there are examples; `alone` are the log odds of the statement by itself.

        Either voice may hear a denial, the pair model's (`denies`, in the sentence `denial`) or the likeness to an example of one.
        """
        values, quote, likest = self.example_features(examples, said, denies)
        odds = _joined({**values, "free": alone}, self._fitted["taught"])
        denied = values["denied"]
        return Reading(
            _sigmoid(odds + FARTHER_FROM_EXAMPLES), max(denied, denies), quote, likest if denied > denies else denial
        )

    def example_features(
        self, examples: Examples, said: Sequence[str], denies: float
    ) -> tuple[dict[str, float], str, str]:
        """`TAUGHT` without `free`, the sentence that speaks most for the criterion and the one that is likest to a denial.

        At least one example must show it. `denies` is the pair model's denial of the statement itself, 0..1.
        """
        near, margin, denied, quote, denial = self.held_against(examples, said)
        shown = examples.shown[:EXAMPLES_READ]
        stretches = stretches_of(said)
        read = self._pairs.read([(example, text) for example in shown for text in stretches])
        by_example = read.reshape(len(shown), len(stretches), 3)
        odds = [_log_odds(each[:, SHOWN].max()) for each in by_example]
        values = {
            "for": near,
            "margin": margin,
            "denied": denied,
            "denies": denies,
            "examples": sum(odds) / len(odds),
            "examples_best": max(odds),
            "examples_denied": float(by_example[:, :, CONTRADICTED].max()),
        }
        return values, quote, denial

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


def _joined(values: Mapping[str, float], model: Mapping[str, float]) -> float:
    return model["bias"] + sum(weight * values[name] for name, weight in model.items() if name != "bias")


def _log_odds(p: float) -> float:
    held = min(1 - 1e-6, max(1e-6, float(p)))
    return math.log(held / (1 - held))


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))
