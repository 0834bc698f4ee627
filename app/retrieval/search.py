"""What async code sees of retrieval: embedding and the index behind one thread at a time.

The one seam through which blocking work of retrieval runs. One thread, so that torch never uses more than its share
of the cores, and so that the embedder and its caches need no locks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from anyio import CapacityLimiter, to_thread
from numpy.typing import NDArray

from app.domain.passage import Hit, Passage
from app.retrieval.embedder import Embedder, SentenceVectors, unit_rows
from app.retrieval.index import Filter, Manifest, PassageIndex
from app.retrieval.ingest import IngestReport, Progress, ingest, require_current

T = TypeVar("T")


class Retrieval:
    """Search and sentence vectors for async callers. A caller that is cancelled waits for the thread to finish."""

    def __init__(
        self, embedder: Embedder, index: PassageIndex, *, cache_folder: Path | None = None, cached_sentences: int = 4096
    ) -> None:
        """Takes over the index. Vectors of the corpus's sentences are kept in `cache_folder`."""
        self._embedder = embedder
        self._index = index
        self._sentences = SentenceVectors(embedder, folder=cache_folder, capacity=cached_sentences)
        self._one_thread = CapacityLimiter(1)

    async def load(self) -> None:
        """Makes the model ready; takes seconds. Everything but `require_current` needs it first.

        Raises:
            EmbedderUnavailable: The model is not there, or is not the one it should be.
        """
        await self._in_thread(self._embedder.load)

    async def require_current(self, passages: Sequence[Passage], *, place: str) -> Manifest:
        """Gives the manifest of an index that fits corpus, chunker and model. Needs no model.

        Raises:
            IndexMissing: Nothing has been built.
            IndexMismatch: Another model or chunker built it.
            IndexStale: The corpus has changed since.
        """
        return await self._in_thread(partial(require_current, self._index, passages, self._embedder.id, place=place))

    async def ingest(self, passages: Sequence[Passage], progress: Progress | None = None) -> IngestReport:
        """Brings the index in step with the corpus; `progress` is called from the thread. Searches wait meanwhile."""
        return await self._in_thread(partial(ingest, passages, self._embedder, self._index, progress))

    async def search(self, text: str, k: int = 5, where: Filter | None = None) -> list[Hit]:
        """Gives at most `k` passages near to a text, most similar first; none for a blank text.

        The model reads the first 250 word pieces or so: search with a sentence, not with a whole answer.

        Raises:
            IndexMissing: Nothing has been built.
            IndexMismatch: The index was built with vectors of another length.
            IndexDamaged: Files of the index cannot be read.
            IndexUnavailable: The server of the index does not answer, or fails.
        """
        if not text.strip():
            return []
        return await self._in_thread(partial(self._search, text, k, where or Filter()))

    async def near(self, vector: NDArray[np.float32], k: int = 5, where: Filter | None = None) -> list[Hit]:
        """Gives what `search` gives, for a vector `(d,)` of unit length that is there already."""
        return await self._in_thread(partial(self._index.search, vector, k, where=where or Filter()))

    async def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for any sentences. Kept in memory for a while, never on disk."""
        return await self._in_thread(partial(self._sentences.encode, texts))

    async def encode_cached(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Gives `(n, d)` float32, rows unit length, for sentences of the corpus. Kept on disk over a restart."""
        return await self._in_thread(partial(self._sentences.encode_cached, texts))

    async def similarities(self, texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """Gives `(len(texts), len(others))` float32 cosines, -1..1."""
        return await self._in_thread(partial(self._similarities, texts, others))

    async def close(self) -> None:
        """Closes the index."""
        await self._in_thread(self._index.close)

    def _search(self, text: str, k: int, where: Filter) -> list[Hit]:
        vector = unit_rows(self._embedder.encode_queries([text]), 1, self._embedder.dimension)[0]
        return self._index.search(vector, k, where=where)

    def _similarities(self, texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        rows = self._sentences.encode([*texts, *others])
        cosines: NDArray[np.float32] = rows[: len(texts)] @ rows[len(texts) :].T
        return cosines.clip(-1.0, 1.0)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._one_thread)
