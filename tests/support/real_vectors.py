"""The packaged embedder's vectors for tests; those of the corpus's sentences that `viva setup` made for this checkout are taken over."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from app.material.corpus import Corpus
from app.retrieval.embedder import SentenceTransformersEmbedder, SentenceVectors, Vectors
from app.scoring.relevance import Neighbourhood
from app.settings import ROOT
from app.wiring.reading import VECTORS, authored_sentences, neighbours_for
from tests.support.processes import CORES


class RealVectors:
    """Reads as the service does, without a service."""

    def __init__(self, corpus: Corpus) -> None:
        embedder = SentenceTransformersEmbedder(threads=CORES)
        embedder.load()
        with TemporaryDirectory() as folder:
            made = ROOT / ".viva" / VECTORS
            if made.is_dir():
                shutil.copytree(made, folder, dirs_exist_ok=True)
            self._vectors = SentenceVectors(embedder, folder=Path(folder), capacity=100_000)
            self._vectors.encode_cached(sorted(authored_sentences(corpus), key=len))

    def neighbours(self, corpus: Corpus) -> Neighbourhood:
        """All questions of the corpus."""
        return neighbours_for(SentenceTransformersEmbedder(), corpus, self._vectors.encode)

    async def encode(self, texts: Sequence[str]) -> Vectors:
        return self._vectors.encode(texts)
