"""The compact scorer: in milliseconds, on the embedder alone, how likely each criterion is shown by the candidate's words.

Each sentence of the answer is held against the criterion's authored examples, for and against. A logistic model over a few
such likenesses, fitted on the corpus's exemplars by `evals/fit_compact.py`, gives the probabilities. Similarity alone would
not do: a fluent near miss lies as near to the criterion as a plain hit, and only the examples against it tell them apart.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from app.domain.interview import Interview
from app.domain.numbers import matches
from app.domain.sentences import Sentence, content_stems, sentences, words
from app.domain.transcript import Mark, Speaker, Turn
from app.material.corpus import Corpus
from app.material.entries import Criterion
from app.scoring.evidence import is_echo

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]

NAME = "compact-1"
MAX_UNITS = 400
"""Sentences of all answers on a question that are looked at: about forty minutes of speech. Those of earlier turns are known
to the embedder already; only an answer of hundreds of sentences costs a second."""
DENIES_AT = 0.62
DENIES_BY = 0.06
GIVEN_BACK_AT = 0.7
"""Likeness to a probe's or first hint's sentence from which a unit that is no nearer to any way of earning the criterion is the
question given back in other words."""
FEATURES = ("for", "against", "denies", "states", "stated_words", "margin", "rival_margin")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of an answer that is judged by itself."""

    text: str
    turn: Turn
    start: int
    end: int


def units_of(turns: Sequence[Turn], question_id: str) -> tuple[Unit, ...]:
    """Sentences of the candidate's answers on a question, and pairs of neighbours where one is short.

    What only gives back the interviewer's words is left out: an echoed hint is no knowledge.
    """
    found: list[Unit] = []
    pairs: list[Unit] = []
    for index, turn in enumerate(turns):
        if turn.speaker is not Speaker.CANDIDATE or turn.question_id != question_id:
            continue
        parts = [part for part in sentences(turn.answer_text()) if words(part.text)]
        parts = [part for part in parts if not is_echo(part.text, turns[:index])]
        found += [Unit(part.text, turn, part.start, part.end) for part in parts]
        pairs += _pairs(parts, turn)
    room = max(0, MAX_UNITS - len(found))
    # Pairs go first where it is too much, then the oldest sentences.
    return (*found[-MAX_UNITS:], *(pairs[-room:] if room else ()))


def _pairs(parts: Sequence[Sentence], turn: Turn) -> list[Unit]:
    pairs = []
    for first, second in itertools.pairwise(parts):
        if min(len(words(first.text)), len(words(second.text))) <= 7 and second.start - first.end <= 3:
            pairs.append(Unit(turn.text[first.start : second.end], turn, first.start, second.end))
    return pairs


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Mapping[str, float]]:
    """The fitted coefficients for `shown`: one for each feature, and a `bias`."""
    text = resources.files("app.scoring").joinpath("compact_weights.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)["weights"]
    return loaded


def examples_of(criterion: Criterion) -> dict[str, tuple[str, ...]]:
    """The criterion's authored sentences by their part: for, against, denies, states, and what the interviewer asks."""
    return {
        "for": (*criterion.shown_by, *(text for text in criterion.accepts if len(words(text)) >= 3)),
        "against": tuple(each.says for each in criterion.not_shown_by),
        "asked": tuple(part.text for asked in (criterion.probe, criterion.hints[0].says) for part in sentences(asked)),
        "denies": (criterion.denied_by,) if criterion.denied_by else (),
        "states": (criterion.says,),
    }


def features(
    text: str, vector: Vectors, examples: Mapping[str, Sequence[str]], vectors: Mapping[str, Vectors], rival: float
) -> dict[str, float]:
    """What the logistic model sees of one unit: likenesses -1..1 and a share of words 0..1.

    `rival` is the unit's best likeness to the examples of the question's other criteria: a sentence that says another
    criterion is near to this one as well.
    """

    def best(part: str) -> float:
        rows = vectors[part]
        return float((rows @ vector).max()) if len(rows) else 0.0

    mine = content_stems(text)
    told = [content_stems(example) for example in (*examples["for"], *examples["states"])]
    shared = max((len(mine & stems) / len(stems) for stems in told if stems), default=0.0)
    values = {"for": best("for"), "against": best("against"), "denies": best("denies"), "states": best("states")}
    return {
        **values,
        "stated_words": shared,
        "margin": values["for"] - values["against"],
        "rival_margin": values["for"] - rival,
    }


def probability(values: Mapping[str, float], model: Mapping[str, float]) -> float:
    """The logistic model's probability, 0..1."""
    total = model["bias"] + sum(model[name] * values[name] for name in FEATURES)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


class CompactScorer:
    """Marks answers against the corpus's rubrics. Stateless but for the embedder's cache."""

    def __init__(self, corpus: Corpus, encode: Encode) -> None:
        self._corpus = corpus
        self._encode = encode

    async def mark(self, interview: Interview, question_id: str, turns: Sequence[Turn]) -> tuple[Mark, ...]:
        """One mark for each criterion of the question; where an answer was corrected, the last word counts."""
        rubric = self._corpus.rubric(question_id)
        units = units_of(turns, question_id)
        if not units:
            return tuple(Mark(entry.criterion.id, 0.0, 0.0, "") for entry in rubric.criteria)
        parts = [examples_of(entry.criterion) for entry in rubric.criteria]
        texts = [unit.text for unit in units]
        for examples in parts:
            for each in examples.values():
                texts += each
        vectors = await self._encode(texts)
        mine = vectors[: len(units)]
        known = _shared_out(vectors[len(units) :], parts)
        nearest = np.stack([(mine @ each["for"].T).max(axis=1) for each in known], axis=1)
        marks = []
        for index, (entry, examples) in enumerate(zip(rubric.criteria, parts, strict=True)):
            if entry.criterion.evidence == "number":
                marks.append(self._number(interview, question_id, entry.part_id, entry.criterion, units))
                continue
            others = [other for other in range(len(rubric.criteria)) if other != index]
            rivals = nearest[:, others].max(axis=1) if others else np.zeros(len(units), dtype=np.float32)
            marks.append(_mark(entry.criterion.id, units, mine, examples, known[index], rivals))
        return tuple(marks)

    def _number(
        self, interview: Interview, question_id: str, part_id: str, criterion: Criterion, units: Sequence[Unit]
    ) -> Mark:
        """Computed, not compared: the last matching number shows it."""
        if criterion.value is None:
            return Mark(criterion.id, 0.0, 0.0, "")
        targets, tolerance = self._corpus.targets(question_id, part_id, criterion, interview.seed)
        for unit in reversed(units):
            for target in targets:
                if matches(unit.text, target, tolerance) is not None:
                    return Mark(criterion.id, 0.98, 0.0, unit.text)
        return Mark(criterion.id, 0.02, 0.0, "")


def _mark(
    criterion_id: str,
    units: Sequence[Unit],
    vectors: Vectors,
    examples: Mapping[str, Sequence[str]],
    known: Mapping[str, Vectors],
    rivals: Vectors,
) -> Mark:
    fitted = weights()
    shown: list[float] = []
    denied: list[float] = []
    for index, unit in enumerate(units):
        values = features(unit.text, vectors[index], examples, known, float(rivals[index]))
        shown.append(0.0 if given_back(vectors[index], known, values) else probability(values, fitted["shown"]))
        denied.append(denial(values))
    best, worst = int(np.argmax(shown)), int(np.argmax(denied))
    p_shown, p_denied = shown[best], denied[worst]
    # The last unprompted correction wins: whichever of the two was said later takes the other's weight.
    if p_shown >= 0.5 and p_denied >= 0.5 and best != worst:
        later_is_shown = _after(units[best], units[worst])
        p_shown, p_denied = (p_shown, 0.2 * p_denied) if later_is_shown else (0.2 * p_shown, p_denied)
    unit = units[best] if p_shown >= p_denied else units[worst]
    return Mark(criterion_id, round(p_shown, 3), round(p_denied, 3), unit.turn.text[unit.start : unit.end])


def given_back(vector: Vectors, vectors: Mapping[str, Vectors], values: Mapping[str, float]) -> bool:
    """Whether a unit is what the interviewer asks, restated: an echo by meaning, where `is_echo` sees the words alone."""
    rows = vectors["asked"]
    asked = float((rows @ vector).max()) if len(rows) else 0.0
    return asked >= GIVEN_BACK_AT and asked > values["for"]


def denial(values: Mapping[str, float]) -> float:
    """How likely a unit denies the criterion, 0..1: near to `denied_by`, and clearly nearer than to any way of earning it.

    A rule and not a fit: the corpus has one denial a criterion, which is too few to learn from.
    """
    gap = values["denies"] - max(values["for"], values["against"])
    return 1.0 / (1.0 + math.exp(-(values["denies"] - DENIES_AT) / 0.05)) / (1.0 + math.exp(-(gap - DENIES_BY) / 0.03))


def _shared_out(vectors: Vectors, parts: Sequence[Mapping[str, Sequence[str]]]) -> list[dict[str, Vectors]]:
    """The rows of each criterion's examples, by part, from one table in the same order."""
    found, place = [], 0
    for examples in parts:
        known: dict[str, Vectors] = {}
        for name, each in examples.items():
            known[name] = vectors[place : place + len(each)]
            place += len(each)
        found.append(known)
    return found


def _after(one: Unit, other: Unit) -> bool:
    return (one.turn.seq, one.start) > (other.turn.seq, other.start)
