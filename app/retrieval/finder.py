"""Finds entries of the corpus for a text: by vectors, by words, or by both with their ranks put together.

For looking into the corpus, and for measuring: everything in memory, rubrics and reference answers included. What a
candidate may see goes through `Retrieval`, which filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.retrieval.lexical import LexicalIndex

Method = Literal["dense", "lexical", "hybrid"]

RANK_CONSTANT = 60
"""Of reciprocal-rank fusion. Source: Cormack, Clarke and Buettcher (SIGIR 2009), who found 60 to do well and little to hang on it."""
DEPTH = 100
"""Places of each ranking that take part in the fusion."""


@dataclass(frozen=True, slots=True)
class Findable:
    """A text that may be found, and the entry it belongs to."""

    kind: str
    entry_id: str
    passage_id: str
    text: str
    """What is shown."""
    searched: str = ""
    """What is read for it, by the embedder and for its words; the text where it is empty."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry with the text of it that was nearest."""

    item: Findable
    similarity: float
    """Cosine of query and text, -1..1, whatever the method ranked by."""


class Finder:
    """Ranks texts for a query. Blocking, for one thread."""

    def __init__(self, items: Sequence[Findable], vectors: NDArray[np.float32]) -> None:
        """Takes n texts and their vectors, `(n, d)` float32 with rows of unit length.

        Raises:
            ValueError: there are more or fewer vectors than texts.
        """
        if len(items) != len(vectors):
            raise ValueError(f"{len(items)} texts, {len(vectors)} vectors")
        self._items = tuple(items)
        self._vectors = vectors
        self._lexical = LexicalIndex([item.searched or item.text for item in items])

    def find(self, text: str, vector: NDArray[np.float32], k: int = 5, method: Method = "dense") -> list[Found]:
        """At most `k` entries, best first, each once with its best text.

        Args:
            text: The query.
            vector: `(d,)` float32 of unit length: the query's.
            k: Entries to give.
            method: By cosine, by BM25, or by the sum of 1 / (60 + rank) over both.
        """
        if not self._items:
            return []
        cosines: NDArray[np.float32] = np.clip(self._vectors @ vector, -1.0, 1.0)
        order = self._order(text, cosines, method)
        found: dict[tuple[str, str], Found] = {}
        for index in order:
            item = self._items[index]
            key = (item.kind, item.entry_id)
            if key not in found:
                found[key] = Found(item, float(cosines[index]))
                if len(found) == k:
                    break
        return list(found.values())

    def _order(self, text: str, cosines: NDArray[np.float32], method: Method) -> list[int]:
        dense = [int(index) for index in np.argsort(-cosines, kind="stable")]
        if method == "dense":
            return dense
        scores = self._lexical.scores(text)
        lexical = [int(index) for index in np.argsort(-scores, kind="stable") if scores[index] > 0.0]
        return lexical if method == "lexical" else fused((dense[:DEPTH], lexical[:DEPTH]))


def fused(rankings: Sequence[Sequence[int]]) -> list[int]:
    """Reciprocal-rank fusion: items of all rankings, by the sum of 1 / (60 + rank), rank from 1; ties by the first ranking."""
    points: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            points[item] = points.get(item, 0.0) + 1.0 / (RANK_CONSTANT + rank)
    return sorted(points, key=lambda item: -points[item])
