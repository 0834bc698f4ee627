"""The pair model: a small network that holds statements against a text, in 8 bits on onnxruntime.

Where likeness sees that two texts are about the same thing, this one was trained to see whether the one says the other.
It reads the text once, whatever the number of statements (`app/curation/reading_network.py`). `viva train-scorer` makes
it; the card beside its weights says from what, how well, and where it fails.

Its lower half reads; of two upper halves one holds statements against a whole answer, and one against a single sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
Probability = npt.NDArray[np.float32]
"""(3,): the same of one."""
Array = npt.NDArray[np.int64]
T = TypeVar("T")
R = TypeVar("R")

ABSENT, SHOWN, CONTRADICTED = range(3)
TEXT_PIECES, STATEMENT_PIECES = 320, 72
"""Word pieces that are read of a text and of a statement; the rest is cut."""
READING, HOLDING, SENTENCES = "pair_reading.onnx", "pair_holding.onnx", "pair_sentences.onnx"
"""The lower half, and the two upper ones."""
WIDTH = 384
"""Of the network's states."""
STATEMENTS_AT_ONCE = 48
"""Each of them costs memory for its view of the text."""


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


NOTHING_READ = Told(np.array([1, 0, 0], dtype=np.float32), np.empty(0, dtype=np.float32), ())
"""A text without a word piece says nothing; the network would divide by its length."""


def inputs_of(text: Encoding, statements: Sequence[Encoding]) -> dict[str, Array]:
    """A text of a word piece at least, and as many statements, as the network takes them."""
    sizes = np.array([len(each.ids) for each in statements], dtype=np.int64)
    filled = np.zeros((len(statements), sizes.max()), dtype=np.int64)
    for at, each in enumerate(statements):
        filled[at, : len(each.ids)] = each.ids
    return {"text_ids": np.array(text.ids, dtype=np.int64), "statement_ids": filled, "statement_sizes": sizes}


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
        self._halves: dict[str, InferenceSession] = {}
        self._pieces: Pieces | None = None
        self._one_thread = CapacityLimiter(1)

    def load(self) -> None:
        """Reads weights and word pieces from the package; does nothing the second time."""
        if self._pieces is not None:
            return
        from tokenizers import Tokenizer

        self._half(READING)
        self._half(HOLDING)
        self._pieces = Pieces(Tokenizer.from_str(self._folder.joinpath("tokenizer.json").read_text(encoding="utf-8")))

    def _half(self, name: str) -> InferenceSession:
        if name not in self._halves:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            # Spinning threads would take the cores from llama.cpp between two answers.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._halves[name] = onnxruntime.InferenceSession(
                self._folder.joinpath(name).read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        return self._halves[name]

    async def in_thread(self, call: Callable[[T], R], given: T) -> R:
        """Calls a function that uses this model in a thread, one at a time, while the event loop goes on."""
        return await to_thread.run_sync(call, given, limiter=self._one_thread)

    async def hold_in_thread(self, statements: Sequence[str], text: str) -> list[Told]:
        """What `hold` gives, one reading at a time, while the event loop goes on."""
        return await to_thread.run_sync(self.hold, statements, text, limiter=self._one_thread)

    async def hold_sentence_in_thread(self, statements: Sequence[str], sentence: str) -> Probabilities:
        """What `hold_sentence` gives, in the same manner."""
        return await to_thread.run_sync(self.hold_sentence, statements, sentence, limiter=self._one_thread)

    def hold(self, statements: Sequence[str], text: str) -> list[Told]:
        """Holds statements against a text; always the same numbers for the same text and statements."""
        read, asked = self._in_pieces(statements, text)
        if not read.ids:
            return [NOTHING_READ for _ in statements]
        found: list[Told] = []
        offsets = tuple(read.offsets)
        for first in range(0, len(asked), STATEMENTS_AT_ONCE):
            logits, points = self._held(HOLDING, ["logits", "points"], read, asked[first : first + STATEMENTS_AT_ONCE])
            found += [Told(p, share, offsets) for p, share in zip(_softmax(logits), _softmax(points), strict=True)]
        return found

    def hold_sentence(self, statements: Sequence[str], sentence: str) -> Probabilities:
        """Holds statements against a text of a sentence or two, by the half that was taught those."""
        read, asked = self._in_pieces(statements, sentence)
        if not read.ids:
            return np.tile(NOTHING_READ.p, (len(asked), 1))
        found = [np.empty((0, 3), dtype=np.float32)]
        for first in range(0, len(asked), STATEMENTS_AT_ONCE):
            (logits,) = self._held(SENTENCES, ["logits"], read, asked[first : first + STATEMENTS_AT_ONCE])
            found.append(_softmax(logits))
        return np.concatenate(found)

    def states(self, text: str) -> tuple[npt.NDArray[np.float32], tuple[tuple[int, int], ...]]:
        """How the network reads a text half-way, whatever it is held against: rows of unit length (pieces, d), and their places.

        At most `TEXT_PIECES` are read. Half-way, for there the words still stand for themselves.
        """
        # Something has to be held against it; the text does not see what.
        read, nothing = self._in_pieces([""], text)
        if not read.ids:
            return np.empty((0, WIDTH), dtype=np.float32), ()
        found = self._read(inputs_of(read, nothing))[: len(read.ids)]
        rows: npt.NDArray[np.float32] = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
        return rows, tuple(read.offsets)

    def _in_pieces(self, statements: Sequence[str], text: str) -> tuple[Encoding, list[Encoding]]:
        self.load()
        assert self._pieces is not None
        (read,) = self._pieces.texts([text])
        return read, self._pieces.statements(statements)

    def _read(self, inputs: Mapping[str, Array]) -> npt.NDArray[np.float32]:
        """What the lower half makes of a text and statements: (pieces, d), the text's first."""
        (hidden,) = self._half(READING).run(["hidden"], dict(inputs))
        found: npt.NDArray[np.float32] = hidden
        return found

    def _held(
        self, half: str, wanted: list[str], text: Encoding, statements: Sequence[Encoding]
    ) -> list[npt.NDArray[np.float32]]:
        inputs = inputs_of(text, statements)
        found: list[npt.NDArray[np.float32]] = self._half(half).run(wanted, {**inputs, "hidden": self._read(inputs)})
        return found

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
