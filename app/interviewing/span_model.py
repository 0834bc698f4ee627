"""The learned half of the listener: what kind each word of a turn is, from how a network read it and what the rules say.

A small convolutional network over words, in numpy; `viva train-listener` makes its weights, on the states of the pair model
in use. Several seeds are averaged. Viterbi's algorithm (1967) makes spans of the words: a change of kind costs little where a
sentence ends and much within a clause.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from app.domain.sentences import sentences
from app.domain.transcript import Span, SpanKind

Array = npt.NDArray[np.float32]
Places = Sequence[tuple[int, int]]
"""Where each thing begins and ends in the text, in characters."""

KINDS = tuple(kind for kind in SpanKind if kind is not SpanKind.GREETING)
SAID_SO = len(KINDS)
FEATURES = SAID_SO + 6
"""Of a word: what the rules call its sentence, one of the kinds; then whether the sentence ends as a question, its words / 30,
whether it is the candidate's own round, words before and after it / 60, and all of the turn / 100, each at most 1."""
SENTENCE_ENDS, CLAUSE_ENDS, ANYWHERE = 1.5, 2.5, 5.0
"""What a change of kind costs, in log probability."""
IN_DOUBT = 2.0
"""By how much a word is rather an answer than a request, in log probability: a lost word of an answer costs more than a request missed.

As much rather an instruction: doubt must not make an answer of words to whoever marks.
"""
CONVOLUTIONS = (("near", 1), ("next", 1), ("far", 2))
"""Names of the layers, and the words between their five taps."""
GAP = 4
"""Rows between two parts of a turn: as far as any convolution reaches."""
_WORD = re.compile(r"\S+")


def words_of(text: str) -> list[tuple[int, int]]:
    """Places of everything between white space."""
    return [match.span() for match in _WORD.finditer(text)]


def by_word(states: Array, places: Places, at: Places) -> Array:
    """States of word pieces (pieces, d) as means over words (words, d); zeros for a word that was not read.

    Args:
        states: One row a piece.
        places: Of the pieces.
        at: Of the words, in order.
    """
    found = np.zeros((len(at), states.shape[1]), dtype=np.float32)
    counts = np.zeros(len(at), dtype=np.float32)
    word = 0
    for row, (start, _) in zip(states, places, strict=True):
        while word < len(at) - 1 and start >= at[word][1]:
            word += 1
        found[word] += row
        counts[word] += 1
    means: Array = (found / np.maximum(counts, 1.0)[:, None]).astype(np.float32)
    return means


def within(at: Places, start: int, end: int) -> slice:
    """The words that begin between two characters, of words in order."""
    return slice(bisect_left(at, (start, 0)), bisect_left(at, (end, 0)))


def features_of(text: str, at: Places, ruled: Sequence[Span], *, own_round: bool) -> Array:
    """`FEATURES` of each word (words, f); `ruled` are the spans that the rules make of the text."""
    found = np.zeros((len(at), FEATURES), dtype=np.float32)
    found[:, KINDS.index(SpanKind.ANSWER)] = 1.0
    for span in ruled:
        inside = within(at, span.start, span.end)
        found[inside, : len(KINDS)] = 0.0
        found[inside, KINDS.index(span.kind)] = 1.0
    for part in sentences(text):
        inside = within(at, part.start, part.end)
        found[inside, SAID_SO] = part.text.endswith("?")
        found[inside, SAID_SO + 1] = min(1.0, (inside.stop - inside.start) / 30)
    for index in range(len(at)):
        found[index, SAID_SO + 2] = own_round
        found[index, SAID_SO + 3] = min(1.0, index / 60)
        found[index, SAID_SO + 4] = min(1.0, (len(at) - 1 - index) / 60)
        found[index, SAID_SO + 5] = min(1.0, len(at) / 100)
    return found


class SpanModel:
    """Log probabilities of kinds, by the mean of networks that differ in their seed."""

    def __init__(self, networks: Sequence[dict[str, Array]]) -> None:
        """Each network by the names of `curation.train_listener`."""
        self._networks = tuple(networks)

    @classmethod
    @lru_cache(maxsize=1)
    def packaged(cls) -> SpanModel:
        """The weights that ship."""
        file = resources.files("app.interviewing").joinpath("weights").joinpath("listener.npz")
        with file.open("rb") as opened, np.load(opened) as table:
            return cls.from_arrays({name: table[name] for name in table.files})

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[np.float16]]) -> SpanModel:
        """Of arrays named `<number of the network>/<name>`."""
        numbers = sorted({name.partition("/")[0] for name in arrays})
        return cls(
            [
                {
                    name.partition("/")[2]: array.astype(np.float32)
                    for name, array in arrays.items()
                    if name.startswith(f"{number}/")
                }
                for number in numbers
            ]
        )

    def of_parts(self, states: Array, features: Array, parts: Sequence[slice]) -> list[Array]:
        """Log probabilities (words, kinds) of each part of a turn, as if it were all that is said; none may be empty.

        Read at once, each part with a gap behind it: a call of numpy costs more than what it does for a sentence.
        """
        laid = _laid(parts)
        each = [_log_softmax(_logits(network, states, features, laid)) for network in self._networks]
        whole: Array = np.mean(each, axis=0, dtype=np.float32)
        return np.split(whole, laid.starts[1:])


@dataclass(frozen=True, slots=True)
class _Laid:
    """Parts of a turn one after the other."""

    words: npt.NDArray[np.int64]
    """Which word of the turn each is, of all parts."""
    rows: npt.NDArray[np.int64]
    """The row of each, with gaps between parts."""
    starts: npt.NDArray[np.int64]
    """Where each part begins in `words`."""
    lengths: npt.NDArray[np.int64]


def _laid(parts: Sequence[slice]) -> _Laid:
    lengths = np.array([part.stop - part.start for part in parts], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    words = np.concatenate([np.arange(part.start, part.stop) for part in parts])
    rows = np.arange(len(words)) + np.repeat(np.arange(len(parts)) * GAP, lengths)
    return _Laid(words, rows, starts, lengths)


def _logits(network: dict[str, Array], states: Array, features: Array, laid: _Laid) -> Array:
    read = _relu(
        states @ network["states.weight"].T
        + network["states.bias"]
        + features @ network["features.weight"].T
        + network["features.bias"]
    )
    hidden = read[laid.words]
    spread = np.zeros((int(laid.rows[-1]) + 1 + 2 * GAP, hidden.shape[1]), dtype=np.float32)
    for name, reach in CONVOLUTIONS:
        spread[laid.rows + GAP] = hidden
        hidden = hidden + _relu(
            _convolved(spread, network[f"{name}.weight"], network[f"{name}.bias"], reach)[laid.rows]
        )
    means = np.add.reduceat(hidden, laid.starts) / laid.lengths[:, None].astype(np.float32)
    whole = np.concatenate([means, np.maximum.reduceat(hidden, laid.starts)], axis=1)
    context = whole @ network["whole.weight"].T + network["whole.bias"]
    hidden = _relu(hidden + np.repeat(context, laid.lengths, axis=0))
    found: Array = hidden @ network["kinds.weight"].T + network["kinds.bias"]
    return found


def _convolved(spread: Array, weight: Array, bias: Array, reach: int) -> Array:
    """A convolution over rows between margins of `GAP` zeros, `reach` rows between its taps."""
    width = weight.shape[2]
    first, count = GAP - reach * (width // 2), len(spread) - 2 * GAP
    found: Array = bias + sum(
        spread[first + tap * reach : first + tap * reach + count] @ weight[:, :, tap].T for tap in range(width)
    )
    return found


def _relu(values: Array) -> Array:
    found: Array = np.maximum(values, 0.0)
    return found


def _log_softmax(logits: Array) -> Array:
    raised = logits - logits.max(axis=1, keepdims=True)
    found: Array = raised - np.log(np.exp(raised).sum(axis=1, keepdims=True))
    return found


def spans_from(text: str, at: Places, log_probabilities: Array, *, in_doubt: float = IN_DOUBT) -> tuple[Span, ...]:
    """The likeliest spans: they cover the text from its first to its last visible character, in order, none empty."""
    scores = log_probabilities.copy()
    scores[:, [KINDS.index(SpanKind.ANSWER), KINDS.index(SpanKind.INSTRUCTION)]] += in_doubt
    kinds = _likeliest(scores, [_cost(text, at, index) for index in range(len(at))])
    found: list[Span] = []
    for (start, end), kind in zip(at, kinds, strict=True):
        if found and found[-1].kind is KINDS[kind]:
            found[-1] = Span(KINDS[kind], found[-1].start, end)
        else:
            found.append(Span(KINDS[kind], start, end))
    return tuple(found)


def _cost(text: str, at: Places, index: int) -> float:
    """Of a change of kind before a word."""
    if index == 0:
        return 0.0
    before = text[at[index - 1][0] : at[index - 1][1]].rstrip("\"')]”’")
    if before.endswith((".", "!", "?", "…")) or "\n" in text[at[index - 1][1] : at[index][0]]:
        return SENTENCE_ENDS
    return CLAUSE_ENDS if before.endswith((",", ";", ":", "-", "–", "—")) else ANYWHERE


def _likeliest(scores: Array, costs: Sequence[float]) -> list[int]:
    best = scores[0].copy()
    came_from = np.zeros(scores.shape, dtype=np.int64)
    for index in range(1, len(scores)):
        other = int(best.argmax())
        stays = best >= best[other] - costs[index]
        came_from[index] = np.where(stays, np.arange(len(best)), other)
        best = np.where(stays, best, best[other] - costs[index]) + scores[index]
    path = [int(best.argmax())]
    for index in range(len(scores) - 1, 0, -1):
        path.append(int(came_from[index][path[-1]]))
    return path[::-1]
