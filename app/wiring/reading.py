"""What reads texts, as the settings have it: the embedder, the pair model, the listener, the index, and the scorers on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.candidate.language import langid
from app.domain.errors import IndexMismatch, IndexMissing, IndexStale
from app.domain.sentences import sentences
from app.interviewing.listener import Listener
from app.interviewing.planning import askable
from app.material.corpus import Corpus
from app.material.load import load
from app.material.passages import shown as passages_of
from app.material.tasks import Analytics
from app.retrieval.embedder import Embedder, SentenceTransformersEmbedder, SentenceVectors, Vectors
from app.retrieval.index import Manifest
from app.retrieval.ingest import IngestReport, ingest, require_current
from app.scoring.asides import Asides
from app.scoring.authored import earning, examples_of
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import FreeScorer
from app.scoring.matching import compared
from app.scoring.pair_model import PairModel, Probabilities, Told
from app.scoring.reference_model import ReferenceScorer
from app.scoring.relevance import NOTHING_NEAR, Neighbourhood, neighbourhood_of
from app.settings import Settings
from app.telemetry.machine import available_cores

if TYPE_CHECKING:
    from app.retrieval.chroma_index import ChromaIndex

SENTENCES_AT_ONCE = 2048
INDEX = "index"
"""Folder in the data folder for the embedded index."""
VECTORS = "vectors"
"""Folder in the data folder for the vectors of the corpus's sentences."""


def cores(settings: Settings) -> int:
    """Cores that models may use together."""
    return settings.server.cpu_cores or available_cores()


def make_embedder(settings: Settings, *, threads: int = 1) -> SentenceTransformersEmbedder:
    """The embedder of the settings, not yet loaded. A turn's few sentences gain nothing from more than one thread."""
    return SentenceTransformersEmbedder(settings.retrieval.embedder, threads=threads)


def sentence_vectors(settings: Settings) -> SentenceVectors:
    """Vectors of texts for commands that read much at once: on all cores, those of the corpus kept on disk."""
    embedder = make_embedder(settings, threads=cores(settings))
    embedder.load()
    return SentenceVectors(embedder, folder=settings.data_dir / VECTORS)


def authored_sentences(corpus: Corpus) -> list[str]:
    """Every sentence of the corpus that is compared with what is said, by a candidate or by an interviewer elsewhere."""
    texts: dict[str, None] = dict.fromkeys(compared(corpus))
    for entry in corpus.asked():
        rubric = corpus.rubric(entry.id)
        for each in rubric.criteria:
            texts.update(dict.fromkeys(part.text for part in sentences(each.criterion.probe)))
            texts.update(dict.fromkeys(text for part in examples_of(each.criterion) for text in part))
        for misconception in rubric.misconceptions:
            texts.update(dict.fromkeys((misconception.said_as, misconception.not_said_as)))
    for entry in askable(corpus):
        if not isinstance(entry, Analytics):
            texts.update(dict.fromkeys(way for each in entry.clarifications for way in each.asked_as))
    for scenario in corpus.scenarios.values():
        texts.update(dict.fromkeys(way for each in scenario.facts for way in each.asked_as))
    for company in corpus.companies.values():
        texts.update(dict.fromkeys(way for each in company.knows for way in each.asked_as))
    return list(texts)


def learn_sentences(
    settings: Settings, embedder: Embedder, corpus: Corpus, progress: Callable[[int, int], None] | None = None
) -> int:
    """Stores the vectors of the corpus's sentences, so that a start need not make them; how many there are."""
    # Texts of about one length go together: padding is read like words.
    texts = sorted(authored_sentences(corpus), key=len)
    vectors = SentenceVectors(embedder, folder=settings.data_dir / VECTORS)
    for done in range(0, len(texts), SENTENCES_AT_ONCE):
        known = vectors.made
        vectors.encode_cached(texts[done : done + SENTENCES_AT_ONCE])
        if progress is not None and vectors.made > known:
            progress(min(done + SENTENCES_AT_ONCE, len(texts)), len(texts))
    return len(texts)


def open_index(settings: Settings) -> ChromaIndex:
    """The index of the settings; takes its lock where it is embedded."""
    from app.retrieval.chroma_index import ChromaIndex

    if settings.retrieval.chroma_url:
        return ChromaIndex.server(settings.retrieval.chroma_url)
    return ChromaIndex.embedded(settings.data_dir / INDEX)


@dataclass(frozen=True, slots=True)
class IndexStanding:
    """An index that is there, and whether it serves."""

    manifest: Manifest
    built_at: datetime | None
    """None where the store does not tell."""
    fault: str
    """Why it has to be built anew, and how; empty where it fits the corpus and the embedder."""


def index_standing(settings: Settings) -> IndexStanding:
    """How the index stands to the corpus and the embedder of the settings. Builds nothing and loads no model.

    Raises:
        IndexMissing, IndexLocked, IndexDamaged, IndexUnavailable: there is none to look at.
        CorpusInvalid: nothing that it could be compared with.
    """
    from app.retrieval.chroma_index import ChromaIndex

    folder = settings.data_dir / INDEX
    if not settings.retrieval.chroma_url and not ChromaIndex.is_in(folder):
        raise IndexMissing(str(folder))
    passages = passages_of(load(settings.corpus, settings.more_corpora))
    index = open_index(settings)
    try:
        manifest = index.manifest()
        if manifest is None:
            raise IndexMissing(index.place)
        fault = ""
        try:
            require_current(index, passages, make_embedder(settings).id, place=index.place)
        except (IndexMismatch, IndexStale) as error:
            fault = str(error)
        return IndexStanding(manifest, index.built_at(), fault)
    finally:
        index.close()


def ingest_passages(
    settings: Settings,
    embedder: Embedder,
    progress: Callable[[int, int], None] | None = None,
    corpus: Corpus | None = None,
) -> IngestReport:
    """Brings the index in step with the corpus, which is read unless it is handed in.

    Never beside a server whose index is embedded: the folder is locked.
    """
    index = open_index(settings)
    try:
        read = corpus or load(settings.corpus, settings.more_corpora)
        return ingest(passages_of(read), embedder, index, progress)
    finally:
        index.close()


def listener(pairs: PairModel) -> Listener:
    """What hears turns, on the pair model's reading."""
    return Listener(pairs.states, langid())


def bare_scorers(settings: Settings, pairs: PairModel) -> tuple[FreeScorer, ReferenceScorer]:
    """Those of statements and of references that come from anywhere, on all cores."""
    embedder = make_embedder(settings, threads=cores(settings))
    embedder.load()
    return FreeScorer(SentenceVectors(embedder).encode, pairs), ReferenceScorer(embedder.word_pieces)


def scorers(settings: Settings, corpus: Corpus, pairs: PairModel) -> tuple[FreeScorer, CompactScorer, ReferenceScorer]:
    """Those that `viva train-scorer` makes weights for, on this pair model and on all cores."""
    free, references = bare_scorers(settings, pairs)
    return free, compact_scorer(settings, corpus, pairs), references


def compact_scorer(
    settings: Settings, corpus: Corpus, pairs: PairModel | None = None, *, closely: bool = True
) -> CompactScorer:
    """The scorer of interviews, for commands that read much at once: on all cores."""
    vectors = sentence_vectors(settings)
    vectors.encode_cached(sorted(authored_sentences(corpus), key=len))
    reader = pairs or PairModel(threads=cores(settings))

    async def hold(statements: Sequence[str], text: str) -> list[Told]:
        return reader.hold(statements, text)

    async def hold_sentence(statements: Sequence[str], sentence: str) -> Probabilities:
        return reader.hold_sentence(statements, sentence)

    async def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors.encode(texts)

    embedder = make_embedder(settings)
    around = neighbours_for(embedder, corpus, vectors.encode)
    return CompactScorer(
        corpus,
        hold,
        encode,
        asides_for(embedder),
        closely=closely,
        neighbours=around,
        hold_sentence=hold_sentence,
    )


def is_fitted_to(embedder: Embedder) -> bool:
    """Whether the packaged models over sentences' vectors belong to this embedder."""
    return embedder.id == SentenceTransformersEmbedder().id


def neighbours_for(embedder: Embedder, corpus: Corpus, encode: Callable[[Sequence[str]], Vectors]) -> Neighbourhood:
    """All questions of the corpus, where what tells them apart belongs to this embedder; scorers share it."""
    if not is_fitted_to(embedder):
        return NOTHING_NEAR
    earns = earning(corpus)
    return neighbourhood_of(earns, encode([text for texts in earns.values() for text in texts]))


def asides_for(embedder: Embedder) -> Asides | None:
    """What tells asides, where it belongs to this embedder."""
    return Asides.packaged() if is_fitted_to(embedder) else None
