"""What the rest of the program may ask of an index of passages, whatever store holds it.

Its implementations are imported where the program is wired, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.passage import Hit, Passage

Vector = NDArray[np.float32]
"""`(d,)` or `(n, d)` float32, rows of unit length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which passages may be found. What is left empty does not narrow; all that is given must hold."""

    question_id: str = ""
    """Only passages of this very question."""
    topics: tuple[str, ...] = ()
    """Passages that have any of these."""
    round: str = ""
    """Passages of this round, and those that belong to no round, as concepts do."""
    role: str = ""
    """Passages for this role, and those that name no role."""
    kinds: tuple[str, ...] = ()
    """Passages of any of these kinds."""
    include_secret: bool = False
    """Rubrics and reference answers too. Never for what a candidate may see before answering."""

    def admits(self, passage: Passage) -> bool:
        """Says whether a passage may be found: the meaning that every index must agree with."""
        return (
            (self.include_secret or not passage.secret)
            and (not self.question_id or passage.question_id == self.question_id)
            and (not self.topics or not set(self.topics).isdisjoint(passage.topics))
            and (not self.round or passage.round in ("", self.round))
            and (not self.role or not passage.roles or self.role in passage.roles)
            and (not self.kinds or passage.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built from and with. Two indexes of one manifest give the same hits."""

    corpus_hash: str
    """Over every field of every passage; independent of their order."""
    chunker: str
    embedder_id: str
    dimension: int
    normalised: bool
    passages: int
    """Before chunking."""
    entries: int
    """Rows in the index."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A row of an index."""

    passage: Passage
    """A whole passage, or a chunk of one."""
    content: str
    """Hash of the whole passage, all fields."""
    vector: Vector
    """`(d,)`."""


class PassageIndex(Protocol):
    """Passages and their vectors. Blocking: callers in async code go through `Retrieval`."""

    def manifest(self) -> Manifest | None:
        """Gives what the index was built with; None before the first complete build."""
        ...

    def search(self, vector: Vector, k: int, *, where: Filter) -> list[Hit]:
        """Gives at most `k` admitted passages, most similar first.

        Raises:
            IndexMissing: Nothing has been built.
            IndexMismatch: The vector has another dimension than the index.
            IndexDamaged: Files of the index cannot be read.
            IndexUnavailable: The server of the index does not answer, or fails.
        """
        ...

    def entries(self) -> Iterator[Entry]:
        """Gives every row, none before the first build: a rebuild need not embed again what has not changed."""
        ...

    def replace(self, manifest: Manifest, entries: Iterable[Entry]) -> None:
        """Puts a new content in place of the old, at once: the old is served until then, and after any failure.

        Raises:
            ValueError: There are other entries than the manifest says.
        """
        ...

    def close(self) -> None:
        """Lets go of files, connections and locks. May be called twice."""
        ...
