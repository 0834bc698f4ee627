"""The pair model: a small network that holds statements against a text, in 8 bits on onnxruntime.

Where likeness sees that two texts are about the same thing, this one was trained to see whether the one says the other.
It reads the text once, whatever the number of statements (`app/curation/reading_network.py`). `viva train-scorer` makes
it; the card beside its weights says from what, how well, and where it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
from anyio import CapacityLimiter, to_thread

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

Probabilities = npt.NDArray[np.float32]
"""(n, 3): absent, shown, contradicted; rows add up to 1."""
Array = npt.NDArray[np.int64]
T = TypeVar("T")
R = TypeVar("R")

ABSENT, SHOWN, CONTRADICTED = range(3)
TEXT_PIECES, STATEMENT_PIECES = 320, 72
"""Word pieces that are read of a text and of a statement; the rest is cut."""
STATEMENTS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A text and statements as the network takes them."""

    ids: Array
    kinds: Array
    positions: Array
    segments: Array
    places: tuple[int, ...]
    """Where each statement begins."""
    offsets: tuple[tuple[int, int], ...]
    """Of the text's pieces, in characters."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a text does with one statement."""

    p: npt.NDArray[np.float32]
    """(3,): absent, shown, contradicted."""
    points: npt.NDArray[np.float32]
    """(pieces,): shares, adding up to 1, of where in the text it is settled."""
    offsets: tuple[tuple[int, int], ...]
    """Characters of each piece."""

    def share(self, start: int, end: int) -> float:
        """How much of the pointing falls between two characters, 0..1."""
        inside = [start <= first and last <= end for first, last in self.offsets]
        return float(self.points[np.array(inside, dtype=bool)].sum()) if inside else 0.0


def row_of(text: Encoding, statements: Sequence[Encoding]) -> Row:
    """Puts a text and its statements into one row; the text's positions begin after the longest possible statement."""
    count = len(text.ids)
    ids, kinds = [*text.ids], [1] * count
    positions = [STATEMENT_PIECES + place for place in range(count)]
    segments, places = [0] * count, []
    for number, each in enumerate(statements, start=1):
        places.append(len(ids))
        ids += each.ids
        kinds += [0] * len(each.ids)
        positions += range(len(each.ids))
        segments += [number] * len(each.ids)

    def whole(each: Sequence[int]) -> Array:
        return np.array(each, dtype=np.int64)

    return Row(whole(ids), whole(kinds), whole(positions), whole(segments), tuple(places), tuple(text.offsets))


def batch_of(rows: Sequence[Row]) -> dict[str, Array]:
    """The network's inputs for some rows, filled up to the longest of them."""
    longest = max(len(row.ids) for row in rows)
    shape = (len(rows), longest)
    ids, kinds, positions = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    segments = np.full(shape, -1, dtype=np.int64)
    for at, row in enumerate(rows):
        size = len(row.ids)
        ids[at, :size], kinds[at, :size], positions[at, :size] = row.ids, row.kinds, row.positions
        segments[at, :size] = row.segments
    return {
        "input_ids": ids,
        "token_type_ids": kinds,
        "position_ids": positions,
        "segments": segments,
        "rows": np.array([at for at, row in enumerate(rows) for _ in row.places], dtype=np.int64),
        "places": np.array([place for row in rows for place in row.places], dtype=np.int64),
    }


class Pieces:
    """Texts and statements to word pieces: a statement stands between [CLS] and [SEP], a text before [SEP]."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Takes a copy of the tokenizer's settings over; truncation is set here."""
        tokenizer.no_padding()
        self._tokenizer = tokenizer

    def texts(self, texts: Sequence[str]) -> list[Encoding]:
        """At most `TEXT_PIECES` each."""
        self._tokenizer.enable_truncation(TEXT_PIECES)
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def statements(self, statements: Sequence[str]) -> list[Encoding]:
        """At most `STATEMENT_PIECES` each."""
        self._tokenizer.enable_truncation(STATEMENT_PIECES)
        return self._tokenizer.encode_batch(list(statements))


class PairModel:
    """Loaded on first use; not safe for several threads at once."""

    def __init__(self, *, threads: int = 1, folder: Path | None = None) -> None:
        """Takes the cores that onnxruntime may use, and another folder than the packaged one; loads nothing."""
        self._threads = threads
        self._folder: Traversable = folder or resources.files("app.scoring").joinpath("weights")
        self._session: InferenceSession | None = None
        self._pieces: Pieces | None = None
        self._one_thread = CapacityLimiter(1)

    def load(self) -> None:
        """Reads weights and word pieces from the package; does nothing the second time."""
        if self._session is not None:
            return
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Spinning threads would take the cores from llama.cpp between two answers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            self._folder.joinpath("pair_model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = Pieces(Tokenizer.from_str(self._folder.joinpath("tokenizer.json").read_text(encoding="utf-8")))

    async def in_thread(self, call: Callable[[T], R], given: T) -> R:
        """Calls a function that uses this model in a thread, one at a time, while the event loop goes on."""
        return await to_thread.run_sync(call, given, limiter=self._one_thread)

    async def hold_in_thread(self, statements: Sequence[str], text: str) -> list[Told]:
        """What `hold` gives, one reading at a time, while the event loop goes on."""
        return await to_thread.run_sync(self.hold, statements, text, limiter=self._one_thread)

    def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        """Holds statements against a text; always the same numbers for the same text and statements.

        A text is read in a row of its own, since neighbours in a batch would move its last digits.
        """
        self.load()
        assert self._session is not None
        assert self._pieces is not None
        (read,) = self._pieces.texts([text])
        found: list[Told] = []
        asked = self._pieces.statements(statements)
        for first in range(0, len(asked), STATEMENTS_AT_ONCE):
            row = row_of(read, asked[first : first + STATEMENTS_AT_ONCE])
            logits, points = self._session.run(["logits", "points"], batch_of([row]))
            p, shares = _softmax(logits), _softmax(points)[:, : len(read.ids)]
            found += [Told(one, share, row.offsets) for one, share in zip(p, shares, strict=True)]
        return found

    def states(self, text: str) -> tuple[npt.NDArray[np.float32], tuple[tuple[int, int], ...]]:
        """How the network reads a text half-way, whatever it is held against: rows of unit length (pieces, d), and their places.

        At most `TEXT_PIECES` are read. Half-way, for there the words still stand for themselves.
        """
        self.load()
        assert self._session is not None
        assert self._pieces is not None
        (read,) = self._pieces.texts([text])
        # Something has to be held against it; the text does not see what.
        row = row_of(read, self._pieces.statements([""]))
        (found,) = self._session.run(["states"], batch_of([row]))
        rows: npt.NDArray[np.float32] = found[0, : len(read.ids)]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.maximum(lengths, 1e-6), row.offsets

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """Probabilities for each (statement, text); statements about one text are read together."""
        found = np.empty((len(pairs), 3), dtype=np.float32)
        by_text: dict[str, list[int]] = {}
        for index, (_, text) in enumerate(pairs):
            by_text.setdefault(text, []).append(index)
        for text, places in by_text.items():
            told = self.hold([pairs[index][0] for index in places], text)
            found[places] = [each.p for each in told]
        return found


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    whole: npt.NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return whole
