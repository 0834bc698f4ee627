"""Whether a probe or a first hint gives its criterion away.

It is turned into statements, as somebody who knows nothing would, and the compact scorer judges those. A criterion that
can be earned by giving the question back is no criterion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from app.domain.errors import Fault
from app.domain.numbers import matches
from app.domain.sentences import content_stems, sentences
from app.material import expressions
from app.material.corpus import Corpus, parts_of
from app.material.entries import Criterion
from app.material.structure import file_of, place_of
from app.retrieval.embedder import Vectors
from app.scoring.authored import examples_of
from app.scoring.features import Apart, Known, given_back, held_of, likeness_of, statements_of, values_of
from app.scoring.joined import joined_weights, probabilities
from app.scoring.pair_model import Probabilities, Told

Encode = Callable[[Sequence[str]], Vectors]
"""Texts to `(n, d)` float32, rows of unit length; vectors of the corpus's own sentences are kept."""


class Reads(Protocol):
    """The pair model."""

    def hold(self, statements: Sequence[str], text: str) -> Sequence[Told]:
        """See `PairModel.hold`."""
        ...

    def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        """See `PairModel.hold_sentence`."""
        ...


EARNS_AT = 0.5
"""The scorer's own threshold for `shown`."""

_LEAD_IN = re.compile(
    r"^(?:and|but|so|or|now|then|well|okay|right|say|suppose|imagine|think)\b[,:]?\s+(?:of\s+|that\s+)?", re.I
)
_ASKS = re.compile(
    r"^(?:(?:to|in|at|by|for|on|from|with)\s+)?(?:what|which|how|why|when|where|who|whose)\b(?:'s|’s)?"
    r"(?:\s+(?:much|many|far|long|often|else|exactly|kind|sort|of|about))*"
    r"(?:\s+(?:is|are|was|were|do|does|did|can|could|would|will|should|might|has|have|had|makes?|happens?))?"
    r"(?:\s+(?:you|we|it|they|i|there|your|to))?\s+",
    re.I,
)
_BIDS = re.compile(
    r"^(?:please\s+)?(?:tell|describe|explain|walk|talk|name|give|say|show|sketch|narrate|report|predict|compare|work|think|look|let)\b"
    r"(?:\s+(?:me|us))?(?:\s+(?:through|about|out|of|at|for|to))*(?:\s+(?:how|what|why|where|which|when|whether))?\s+",
    re.I,
)


def restated(text: str) -> list[str]:
    """A question or a hint as statements: each sentence as it stands, and without what makes it a question."""
    found: dict[str, None] = {}
    for sentence in sentences(text):
        plain = _LEAD_IN.sub("", sentence.text.strip()).rstrip("?!. ")
        for each in (plain, _ASKS.sub("", plain), _BIDS.sub("", plain)):
            if len(each.split()) >= 2:
                found[each[0].upper() + each[1:] + "."] = None
    return list(found)


def giveaways(corpus: Corpus, encode: Encode, pairs: Reads) -> Iterator[Fault]:
    """Probes and first hints that, restated, earn their criterion from the compact scorer."""
    rows_of = _rows_of(corpus, encode)
    for entry in corpus.asked():
        parts = parts_of(entry)
        known = [Known(*map(rows_of, examples_of(each.criterion))) for each in parts]
        for at, each in enumerate(parts):
            for key, text in _asked(each.criterion):
                told = restated(text)
                if each.criterion.evidence == "number":
                    worst, severity = _with_number(each.criterion, told), "error"
                else:
                    rows = [rows_of([statement]) for statement in told]
                    likenesses = [likeness_of(row, known, at) for row in rows]
                    stopped = [given_back(row[0], known[at]) for row in rows]
                    worst, severity = _earning(each.criterion, told, likenesses, stopped, pairs)
                if worst:
                    says = f"given back as a statement it earns its criterion: {worst!r}"
                    if severity == "thin":
                        says = f"only the rule on questions given back keeps it from earning its criterion: {worst!r}"
                    do = "Ask for it by a situation, or take the criterion's own words out"
                    yield Fault(
                        file_of(corpus, entry), f"{place_of(entry, each.criterion.id)}.{key}", says, do, severity
                    )


def _rows_of(corpus: Corpus, encode: Encode) -> Callable[[Sequence[str]], Vectors]:
    """Texts to rows, out of all examples and restated texts, which are read at once: one by one would take minutes."""
    texts: dict[str, None] = {}
    for entry in corpus.asked():
        for each in parts_of(entry):
            for part in examples_of(each.criterion):
                texts.update(dict.fromkeys(part))
            for _, text in _asked(each.criterion):
                texts.update(dict.fromkeys(restated(text)))
    ordered = sorted(texts, key=len)
    known = dict(zip(ordered, encode(ordered), strict=True))
    width = len(next(iter(known.values()))) if known else 1
    return lambda some: np.stack([known[text] for text in some]) if some else np.empty((0, width), dtype=np.float32)


def _asked(criterion: Criterion) -> tuple[tuple[str, str], ...]:
    return ("probe", criterion.probe), ("hints[1].says", criterion.hints[0].says)


def _earning(
    criterion: Criterion,
    told: Sequence[str],
    likenesses: Sequence[Mapping[str, float]],
    stopped: Sequence[bool],
    pairs: Reads,
) -> tuple[str, str]:
    """The statement with the greatest chance to be taken for an answer, and how bad that is; empty where none is.

    `thin` where the scorer sees by itself that it is the question given back: no credit is lost by it, and the probe
    could still be better.
    """
    found = []
    for statement, likeness, back in zip(told, likenesses, stopped, strict=True):
        (held,) = held_of([criterion], pairs.hold(statements_of([criterion]), statement))
        apart = Apart.of_one_sentence(held, pairs.hold_sentence([criterion.says], statement)[0])
        values = values_of(criterion, content_stems(statement), held, likeness, apart)
        found.append((not back, probabilities(values, joined_weights())[0], statement))
    earned, _, worst = max((each for each in found if each[1] >= EARNS_AT), default=(False, 0.0, ""))
    return worst, "error" if earned else "thin"


def _with_number(criterion: Criterion, told: Sequence[str]) -> str:
    """The statement that already holds the number, where it does not hang on drawn ones."""
    if criterion.value is None:
        return ""
    try:
        wanted = [expressions.evaluate(each, {}) for each in (criterion.value.is_, *criterion.value.also)]
    except expressions.ExpressionInvalid:
        return ""
    for statement in told:
        if any(matches(statement, target, criterion.value.tolerance, anywhere=True) is not None for target in wanted):
            return statement
    return ""
