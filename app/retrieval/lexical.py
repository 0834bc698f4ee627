"""Search by words: Okapi BM25 over stems, for names and abbreviations that an embedder blurs.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); Lucene's variant of the
inverse document frequency, as the library's default has it.
"""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from app.domain.sentences import stem, words

_STOP_WORDS = frozenset(
    "a an and are as at be but by can do does did for from had has have how i if in into is it its of on or our so some such than "
    "that the their then there these they this those to was we were what when where which who why will with would you your".split()
)


def terms(text: str) -> list[str]:
    """Stems of a text's words in order, without those that are in every text."""
    return [stem(word.lower()) for word in words(text) if word.lower() not in _STOP_WORDS]


class LexicalIndex:
    """BM25 over some texts, in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Reads the texts; n of them may be many thousands."""
        self._size = len(texts)
        self._known: set[str] = set()
        tokens = [terms(text) for text in texts]
        for each in tokens:
            self._known.update(each)
        self._model: bm25s.BM25 | None = None
        if self._known:
            self._model = bm25s.BM25()
            self._model.index(tokens, show_progress=False)

    def scores(self, text: str) -> NDArray[np.float32]:
        """`(n,)` float32, 0 where no word is shared; not bounded above, and not to be compared between queries."""
        wanted = [term for term in terms(text) if term in self._known]
        if self._model is None or not wanted:
            return np.zeros(self._size, dtype=np.float32)
        found: NDArray[np.float32] = np.asarray(self._model.get_scores(wanted), dtype=np.float32)
        return found
