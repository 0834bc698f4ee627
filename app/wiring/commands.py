"""What commands judge with: on all cores, beside no server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from app.candidate.language import langid
from app.candidate.model_extract import Suggestions
from app.domain.errors import SettingsInvalid, StoreUnavailable
from app.domain.transcript import Span
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence import migrate
from app.persistence.unit_of_work import open_store
from app.prompting.library import Library
from app.rescoring import Rescorer
from app.scoring.free_model import Examples, FreeScorer, Reading
from app.scoring.items import Item, ItemJudge, Prediction
from app.scoring.matching import compared
from app.scoring.model_items import BothItemJudge, ModelItemJudge, VoiceItemJudge
from app.scoring.model_judge import ModelJudge
from app.scoring.pair_model import PairModel
from app.scoring.slow_voice import SlowVoice
from app.scoring.transcript_judge import TranscriptJudge
from app.scoring.verdict import Verdict
from app.settings import Settings
from app.wiring.models import hosted, judge_manner, open_embedded, open_models
from app.wiring.reading import (
    bare_scorers,
    compact_scorer,
    cores,
    learn_sentences,
    listener,
    make_embedder,
    sentence_vectors,
)

UNHURRIED_S = 300.0
"""For all that the embedded model is asked about one answer, where nobody waits for it."""


@asynccontextmanager
async def open_item_judge(settings: Settings, by: str) -> AsyncIterator[Callable[[Item], Awaitable[Prediction]]]:
    """What `viva judge` judges with, on all cores, nothing kept on disk; `by` is compact, model or both.

    Raises:
        SettingsInvalid: a model is to judge, and the settings name none.
    """
    guess = langid()
    compact = ItemJudge(*bare_scorers(settings, PairModel(threads=cores(settings))), guess)
    async with AsyncExitStack() as closing:
        if by == "compact":

            async def alone(item: Item) -> Prediction:
                return compact.judge(item)

            yield alone
            return
        if settings.judge.provider == "none":
            raise SettingsInvalid((f"--judge {by} needs a judge model, and VIVA_JUDGE__PROVIDER is none",))
        only_judge = settings.model_copy(
            update={"interviewer": settings.interviewer.model_copy(update={"provider": "none"})}
        )
        _, opened = await open_models(only_judge, closing)
        assert opened is not None
        await opened.ready()
        prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
        if settings.judge.provider == "embedded":
            yield VoiceItemJudge(compact, SlowVoice(opened, prompts), alone=by == "model").judge
            return
        model = ModelItemJudge(ModelJudge(opened, prompts, None, judge_manner(settings)), guess)
        yield model.judge if by == "model" else BothItemJudge(compact, model).judge


@asynccontextmanager
async def open_voice(settings: Settings) -> AsyncIterator[SlowVoice]:
    """The embedded model's yes and no, for `viva train-scorer --slow`; nobody else shares it."""
    async with AsyncExitStack() as closing:
        model = await open_embedded(settings)
        closing.push_async_callback(model.aclose)
        yield SlowVoice(model, Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__}))


@asynccontextmanager
async def open_rescorer(settings: Settings, *, without_model: bool = False) -> AsyncIterator[Rescorer]:
    """What `viva rescore` scores with, on all cores: as a server of these settings does, or `without_model`."""
    if not migrate.is_current(settings.database_url):
        raise StoreUnavailable("its tables are missing or old, run 'viva migrate'")
    corpus = load(settings.corpus, settings.more_corpora)
    async with AsyncExitStack() as closing:
        store = open_store(settings.database_url, busy_timeout_ms=settings.database.busy_timeout_ms)
        closing.push_async_callback(store.close)
        judge: ModelJudge | None = None
        voice: SlowVoice | None = None
        if settings.judge.provider != "none" and not without_model:
            model = await open_embedded(settings) if settings.judge.provider == "embedded" else hosted(settings.judge)
            closing.push_async_callback(model.aclose)
            await model.ready()
            prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
            if settings.judge.provider == "embedded":
                # Nobody waits for a report, and a server may be using the same cores.
                voice = SlowVoice(model, prompts, deadline_s=UNHURRIED_S)
            else:
                judge = ModelJudge(model, prompts, corpus, judge_manner(settings))
        yield Rescorer(
            store=store,
            corpus=corpus,
            compact=compact_scorer(settings, corpus),
            judge=judge,
            voice=voice,
            now=lambda: datetime.now(UTC),
            without_model=without_model,
        )


def transcript_judge(
    settings: Settings, corpus: Corpus, progress: Callable[[int, int], None] | None = None
) -> TranscriptJudge:
    """What `viva judge-transcript` judges with: on all cores, the corpus's vectors kept on disk.

    `progress` is told of those that have to be made: minutes where `viva ingest` has not run.
    """
    learn_sentences(settings, make_embedder(settings, threads=cores(settings)), corpus, progress)
    vectors = sentence_vectors(settings)
    vectors.encode_cached(compared(corpus))
    pairs = PairModel(threads=cores(settings))
    free = FreeScorer(vectors.encode, pairs)

    async def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors.encode(texts)

    async def alone(criteria: Sequence[tuple[str, Examples]], answer: str) -> list[Reading]:
        return free.read(criteria, answer)

    heard_by = listener(pairs)

    async def hear(text: str, round_slug: str) -> tuple[Span, ...]:
        return heard_by.listen(text, round_slug)

    return TranscriptJudge(
        corpus,
        encode=encode,
        compact=compact_scorer(settings, corpus, pairs),
        alone=alone,
        listen=hear,
        now=lambda: datetime.now(UTC),
    )
