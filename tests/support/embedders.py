"""An embedding model for tests: a hash of words, in no time, and stricter than a real one about how it is used."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.sentences import words


class HashingEmbedder:
    """Texts that share words are close. Deterministic over processes; rows of unit length.

    Where a real model would go on silently, this one fails: not loaded, a blank text, a text longer than `max_words`,
    anything but a list of strings, or two threads at once.
    """

    def __init__(self, *, dimension: int = 64, id: str = "hashing-64", max_words: int = 150) -> None:
        self._dimension = dimension
        self._id = id
        self._max_words = max_words
        self._busy = threading.Lock()
        self.loads = 0
        self.read: list[str] = []
        """Every text it was given, in order."""

    @property
    def id(self) -> str:
        return self._id

    @property
    def dimension(self) -> int:
        self._require_loaded()
        return self._dimension

    def load(self) -> None:
        self.loads += 1

    def encode_passages(self, texts: list[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def encode_queries(self, texts: list[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def _require_loaded(self) -> None:
        if not self.loads:
            raise AssertionError("used before load()")

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        if not self._busy.acquire(blocking=False):
            raise AssertionError("used by two threads at once")
        try:
            self._require_loaded()
            if type(texts) is not list or not all(type(text) is str for text in texts):
                raise AssertionError(f"not a list of strings: {texts!r}")
            self.read.extend(texts)
            rows = [self._row(text) for text in texts]
            return np.array(rows, dtype=np.float32).reshape(len(rows), self._dimension)
        finally:
            self._busy.release()

    def _row(self, text: str) -> NDArray[np.float64]:
        if not text.strip():
            raise AssertionError("a blank text")
        if len(text.split()) > self._max_words:
            raise AssertionError(f"{len(text.split())} words, where {self._max_words} are read")
        row = np.zeros(self._dimension)
        for word in re.findall(r"\w+", text.lower()) or [text.strip()]:
            digest = hashlib.sha256(word.encode()).digest()
            row[int.from_bytes(digest[:4], "big") % self._dimension] += 1.0 if digest[4] % 2 else -1.0
        length = float(np.linalg.norm(row))
        if length == 0.0:
            # Words that cancel out, a matter of chance: any fixed direction does.
            row[0] = length = 1.0
        return row / length


def word_pieces(texts: Sequence[str]) -> list[tuple[list[str], NDArray[np.float32]]]:
    """Stands for an embedder's reading of word pieces: one a word, the same word the same row wherever it stands."""
    model = HashingEmbedder()
    model.load()
    split = [words(text) for text in texts]
    return [(each, model.encode_passages(each) if each else np.empty((0, 64), dtype=np.float32)) for each in split]


async def hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    """What `HashingEmbedder` gives, for those who wait for it."""
    model = HashingEmbedder(max_words=10_000)
    model.load()
    return model.encode_passages(list(texts))
