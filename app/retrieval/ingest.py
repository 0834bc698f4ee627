"""Brings an index in step with the corpus: does nothing where nothing changed, and embeds only what is new.

The index is derived; whatever happens to it, `ingest` builds it again from the passages.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from app.domain.errors import IndexMismatch, IndexMissing, IndexStale
from app.domain.passage import Passage
from app.retrieval.chunking import CHUNKER, chunk, searched
from app.retrieval.embedder import Embedder, unit_rows
from app.retrieval.index import Entry, Manifest, PassageIndex, Vector

_BATCH = 512
"""Texts handed over at once: enough that each of the model's batches holds texts of one length."""

Progress = Callable[[int, int], None]
"""Told how many texts are embedded, and of how many."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, counted in passages. One that was edited counts as removed and as added."""

    added: int
    unchanged: int
    removed: int
    seconds: float
    embedded: int = 0
    """Texts that the model had to read; chunks count singly."""


def content_hash(passage: Passage) -> str:
    """Gives a hash over every field of a passage."""
    fields = json.dumps(asdict(passage), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(fields.encode()).hexdigest()


def corpus_hash(passages: Sequence[Passage]) -> str:
    """Gives a hash over a corpus, independent of the order of its passages."""
    return hashlib.sha256("\n".join(sorted(map(content_hash, passages))).encode()).hexdigest()


def require_current(index: PassageIndex, passages: Sequence[Passage], embedder_id: str, *, place: str) -> Manifest:
    """Gives the manifest of an index that was built from these passages and with this model. Loads nothing.

    Raises:
        IndexMissing: Nothing has been built.
        IndexMismatch: Another model or chunker built it.
        IndexStale: The corpus has changed since.
    """
    found = index.manifest()
    if found is None:
        raise IndexMissing(place)
    if found.embedder_id != embedder_id:
        raise IndexMismatch("embedder", embedder_id, found.embedder_id)
    if not found.normalised:
        raise IndexMismatch("normalisation", "unit length", "none")
    if found.chunker != CHUNKER:
        raise IndexMismatch("chunker", CHUNKER, found.chunker)
    expected = corpus_hash(passages)
    if found.corpus_hash != expected:
        raise IndexStale(expected, found.corpus_hash)
    return found


def ingest(
    passages: Sequence[Passage],
    embedder: Embedder,
    index: PassageIndex,
    progress: Progress | None = None,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> IngestReport:
    """Makes the index hold exactly these passages. Loads the model only when there is something to embed.

    May be stopped at any moment: the index then serves what it did before, and the next ingest starts over.

    Raises:
        ValueError: There are no passages, two have one id, or one cannot be chunked.
    """
    began = clock()
    repeated = [passage_id for passage_id, times in Counter(p.id for p in passages).items() if times > 1]
    if repeated:
        raise ValueError(f"passage ids occur more than once: {', '.join(sorted(repeated)[:5])}")
    if not passages:
        raise ValueError("there are no passages to index; an empty index would hide a wrong corpus folder")
    try:
        require_current(index, passages, embedder.id, place="")
    except (IndexMissing, IndexMismatch, IndexStale):
        pass
    else:
        return IngestReport(0, len(passages), 0, clock() - began)

    found = index.manifest()
    comparable = found is not None and found.embedder_id == embedder.id and found.normalised
    old_vectors: dict[str, Vector] = {}
    old_contents: set[str] = set()
    for entry in index.entries():
        old_contents.add(entry.content)
        if comparable:
            old_vectors[searched(entry.passage)] = entry.vector

    rows = [(part.passage, content_hash(whole)) for whole in passages for part in chunk(whole)]
    fresh = list(dict.fromkeys(text for passage, _ in rows if (text := searched(passage)) not in old_vectors))
    if fresh or found is None:
        embedder.load()
        if found is not None and comparable and embedder.dimension != found.dimension:
            # The same id with another dimension: a model whose weights were replaced under its name.
            old_vectors = {}
            fresh = list(dict.fromkeys(searched(passage) for passage, _ in rows))
        dimension = embedder.dimension
    else:
        dimension = found.dimension

    vectors = old_vectors | dict(_embedded(fresh, embedder, dimension, progress))
    index.replace(
        Manifest(corpus_hash(passages), CHUNKER, embedder.id, dimension, True, len(passages), len(rows)),
        (Entry(passage, content, vectors[searched(passage)]) for passage, content in rows),
    )
    contents = {content for _, content in rows}
    return IngestReport(
        added=len(contents - old_contents),
        unchanged=len(contents & old_contents),
        removed=len(old_contents - contents),
        seconds=clock() - began,
        embedded=len(fresh),
    )


def _embedded(
    texts: Sequence[str], embedder: Embedder, dimension: int, progress: Progress | None
) -> Iterator[tuple[str, Vector]]:
    """Gives each text with its vector, in lots of texts that are about as long."""
    texts = sorted(texts, key=len)
    if progress:
        progress(0, len(texts))
    for first in range(0, len(texts), _BATCH):
        batch = list(texts[first : first + _BATCH])
        yield from zip(batch, unit_rows(embedder.encode_passages(batch), len(batch), dimension), strict=True)
        if progress:
            progress(first + len(batch), len(texts))
