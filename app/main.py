"""Wires everything: the only place where protocols meet their implementations.

The port opens at once; what takes longer (model, embedder, index) is opened behind it, and readiness says what is missing.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import structlog
from anyio import from_thread, to_thread
from fastapi import FastAPI
from numpy.typing import NDArray
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import (
    appeals,
    catalog,
    chat,
    chat_errors,
    clock,
    code,
    confidence,
    health,
    imports,
    interviews,
    judgements,
    loops,
    me,
    origin,
    passages,
    practice,
    privacy,
    problems,
    remarks,
    reports,
    resumes,
    reviews,
    searches,
    shares,
    sign_in,
    spreadsheets,
    turns,
)
from app.api.dependencies import Recipient, Services, open_desk
from app.api.instead import Instead
from app.api.schemas import CompletedEvent, DeltaEvent, FailedEvent, StartedEvent
from app.candidate.chat_fill import ChatFill
from app.candidate.language import langid
from app.candidate.limits import Limits
from app.candidate.model_extract import Suggestions
from app.candidate.resume import ResumeReader
from app.domain.errors import SettingsInvalid, StoreUnavailable, VivaError
from app.domain.interview import Interview
from app.domain.resume import Resume
from app.domain.score import Score
from app.domain.sentences import sentences
from app.domain.transcript import Span, Turn
from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness
from app.exercises.sandbox import Sandbox
from app.interviewing.briefing import Window
from app.interviewing.conduct import Conductor
from app.interviewing.ear import Ear
from app.interviewing.editor import Editor, Runner
from app.interviewing.listener import Listener, ListenerInThread
from app.interviewing.planning import askable
from app.interviewing.reply import Manner, ReplyWriter
from app.llm.model import ChatModel, ModelRateLimited, ModelTimeout, ModelUnavailable
from app.llm.weights import QWEN, Pin
from app.material.corpus import Corpus
from app.material.load import load
from app.material.passages import shown as passages_of
from app.material.tasks import Analytics
from app.persistence import migrate
from app.persistence.unit_of_work import Store, open_store
from app.prompting.library import Library
from app.rescoring import Rescorer
from app.retrieval.embedder import PACKAGED_MODEL, Embedder, SentenceTransformersEmbedder, SentenceVectors
from app.retrieval.index import Filter, PassageIndex
from app.retrieval.ingest import IngestReport, ingest, require_current
from app.retrieval.search import Retrieval
from app.review.desk import Means
from app.review.practice_desk import PracticeDesk
from app.review.repair import Repairer
from app.scoring.asides import Asides
from app.scoring.assess import assess
from app.scoring.court import AppealCourt
from app.scoring.criterion_model import CompactScorer, examples_of, neighbourhood_by
from app.scoring.free_model import Examples, FreeScorer, Reading
from app.scoring.items import Item, ItemJudge, Prediction
from app.scoring.matching import compared
from app.scoring.model_items import BothItemJudge, ModelItemJudge, VoiceItemJudge
from app.scoring.model_judge import JudgeManner, ModelJudge
from app.scoring.pair_model import PairModel, Probabilities, Told
from app.scoring.reference_model import ReferenceScorer
from app.scoring.relevance import NOTHING_NEAR
from app.scoring.slow_voice import SlowVoice
from app.scoring.transcript_judge import TranscriptJudge
from app.scoring.verdict import Verdict
from app.scoring.wanted_numbers import number_words
from app.settings import ModelGroup, Settings
from app.telemetry.logging import configure
from app.web import errors, site
from app.worker import Worker, WorkerManner

log = structlog.get_logger(__name__)

SENTENCES_AT_ONCE = 2048
VECTORS = "vectors"
"""Folder in the data folder for the vectors of the corpus's sentences."""
MODEL_RETRY_S = 5.0
"""Between two looks at a hosted model that is down when Viva starts."""
LOCAL_OWNER = "local"
"""Owner of leases where one process serves: after a restart its own lost work is taken up at once."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What tests put in place of what settings would choose."""

    interviewer: ChatModel | None = None
    judge: ChatModel | None = None
    embedder: Embedder | None = None
    runner: Runner | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex


def create_app(settings: Settings, parts: Parts | None = None) -> FastAPI:
    """The application. Its database must be migrated and its index built: `viva setup` does both."""
    configure(settings.telemetry.level, json_lines=settings.telemetry.json_lines)
    chosen = parts or Parts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as closing:
            store = open_store(settings.database_url, busy_timeout_ms=settings.database.busy_timeout_ms)
            closing.push_async_callback(store.close)
            corpus = load(settings.corpus, settings.more_corpora)
            fill = ChatFill()
            app.state.services = held = Services(
                store=store,
                corpus=corpus,
                api_keys=settings.server.api_keys,
                version=version("viva-interviewer"),
                now=chosen.now,
                read_resume=_resume_reader(chosen, fill),
                recipients=recipients(settings),
                new_id=chosen.new_id,
            )
            async with store.write() as work:
                await work.candidates.ensure_local(now=chosen.now())
                await work.commit()
            opening = asyncio.create_task(_open(settings, chosen, held, closing, fill))
            opening.add_done_callback(partial(_opened, held))
            try:
                yield
            finally:
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
                if held.conductor is not None:
                    await held.conductor.drain(settings.server.grace_s)

    app = FastAPI(
        title="Viva",
        version=version("viva-interviewer"),
        summary="A mock machine-learning interviewer: follows up on what was said, and shows the words behind each score.",
        lifespan=lifespan,
        telemetry=None,
        # Their viewers come from another host; `web.reference` shows the document instead.
        docs_url=None,
        redoc_url=None,
    )
    for module in (
        interviews,
        loops,
        clock,
        turns,
        code,
        resumes,
        reports,
        appeals,
        searches,
        reviews,
        remarks,
        shares,
        spreadsheets,
        me,
        imports,
        judgements,
        catalog,
        passages,
        chat,
        sign_in,
        privacy,
        confidence,
        practice,
        health,
    ):
        app.include_router(module.router)
    for router in (remarks.labels_router, shares.mine_router, shares.open_router):
        app.include_router(router)
    problems.install(app)
    site.install(app)
    app.add_middleware(
        problems.BodyLimit,
        limit_bytes=settings.server.max_body_bytes,
        larger={me.IMPORT_PATH: settings.server.max_import_bytes},
    )
    app.add_middleware(origin.OriginCheck, own_names_only=not settings.server.api_keys)
    app.add_middleware(problems.Unexpected)
    app.add_middleware(Instead, wanted=errors.asks_for_page, answer=errors.page)
    app.add_middleware(Instead, wanted=chat_errors.at_this_door, answer=chat_errors.answer)
    app.add_middleware(RequestId)
    _document_events(app)
    return app


def _document_events(app: FastAPI) -> None:
    """Puts the event models into the OpenAPI document: no route returns them as JSON, so FastAPI does not see them."""
    plain = app.openapi

    def openapi() -> dict[str, object]:
        document = plain()
        known = document["components"]["schemas"]
        for model in (StartedEvent, DeltaEvent, CompletedEvent, FailedEvent):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            for name, nested in schema.pop("$defs", {}).items():
                known.setdefault(name, nested)
            known.setdefault(model.__name__, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


class RequestId:
    """Gives each request an id, for the log and for `instance` of a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            scope["request_id"] = str(uuid.uuid4())
            with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
                await self._app(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _opened(held: Services, opening: asyncio.Task[None]) -> None:
    if opening.cancelled():
        return
    error = opening.exception()
    if error is None:
        log.info("ready", interviewer=held.interviewer, judge=held.judge)
        return
    said = str(error) if isinstance(error, VivaError) else f"start-up failed: {type(error).__name__}"
    log.error("not ready", reason=said, exc_info=None if isinstance(error, VivaError) else error)
    held.not_ready = (said,)


async def _open(settings: Settings, parts: Parts, held: Services, closing: AsyncExitStack, fill: ChatFill) -> None:
    """Opens what takes seconds, then lets interviews begin."""
    closing.callback(one_thread_for_small_sums().restore_original_limits)
    # **Measured** on two cores: 5 ms of a turn at p50 and 10 at p95 go to threads that wait for Python's lock, at its usual 5 ms.
    closing.callback(sys.setswitchinterval, sys.getswitchinterval())
    sys.setswitchinterval(0.0005)
    held.not_ready = ("opening the index and the models",)
    await asyncio.to_thread(_require_schema, settings.database_url)
    await _make_findable(held.store)
    embedder = parts.embedder or make_embedder(settings)
    index = await asyncio.to_thread(open_index, settings)
    place = str(settings.data_dir)
    await asyncio.to_thread(partial(require_current, index, passages_of(held.corpus), embedder.id, place=place))
    retrieval = Retrieval(embedder, index, cache_folder=settings.data_dir / VECTORS)
    closing.push_async_callback(retrieval.close)
    prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
    speaker, judge_model = await open_models(settings, parts, closing)
    await _until_ready((speaker, judge_model), held)
    if speaker is not None and settings.interviewer.provider in {"openai", "langchain"}:
        # The embedded model would take minutes over a resume.
        fill.bind(speaker, prompts)
    await retrieval.load()
    # One core: the embedder reads the same words on another meanwhile.
    # Scores have their own: nobody's next question waits until an answer of before is read closely.
    pairs, behind = PairModel(), PairModel()
    for each in (pairs, behind):
        await asyncio.to_thread(each.load)
    ears = ListenerInThread(listener(pairs), pairs.in_thread)
    await _learn_sentences(held.corpus, retrieval)
    around = await neighbourhood_by(held.corpus, retrieval.encode) if _is_packaged(settings) else NOTHING_NEAR
    compact, at_once = (
        CompactScorer(
            held.corpus,
            model.hold_in_thread,
            retrieval.encode,
            packaged_asides(settings),
            closely=closely,
            neighbours=around,
        )
        for model, closely in ((behind, True), (pairs, False))
    )
    judge, voice = _judges(settings, parts, judge_model, prompts, held.corpus)
    runner = parts.runner
    if runner is None:
        runner = await asyncio.to_thread(_sandbox, settings)
    editor = Editor(store=held.store, corpus=held.corpus, runner=runner, now=parts.now)
    writer = ReplyWriter(
        held.corpus,
        Ear(at_once, retrieval.encode, partial(_near, retrieval)),
        speaker,
        prompts,
        Manner(settings.interview.bridge_deadline_s, Window(settings.interview.window_characters)),
        parts.now,
        editor.why_not,
    )
    alone = settings.database_url.startswith("sqlite") and settings.workers == 1
    owner = LOCAL_OWNER if alone else f"{os.getpid()}-{secrets.token_hex(4)}"
    practice_desk = PracticeDesk(store=held.store, corpus=held.corpus, now=parts.now)
    conductor = Conductor(
        store=held.store,
        corpus=held.corpus,
        writer=writer,
        listener=ears,
        now=parts.now,
        new_id=parts.new_id,
        wake_worker=lambda: worker.wake(),
        owner=owner,
        editor=editor,
        callback=practice_desk.callback,
    )
    worker = Worker(
        store=held.store,
        corpus=held.corpus,
        compact=compact,
        judge=judge,
        voice=voice,
        now=parts.now,
        owner=owner,
        manner=WorkerManner(),
        somebody_waits=lambda: conductor.busy,
    )
    async with held.store.write() as work:
        await work.assessments.release_all_of(owner)
        await work.commit()
    await conductor.recover()
    # Read in the background: the first bridge is some interviews' minutes away, and nobody has to wait for it.
    for task in (asyncio.create_task(writer.warm()), asyncio.create_task(worker.run())):
        closing.push_async_callback(_stop, task)
    held.interviewer = speaker.name if speaker else "none: written words only"
    held.judge = judge_model.name if judge_model else "none: the compact scorer alone"
    held.court = AppealCourt(
        store=held.store, corpus=held.corpus, compact=compact, judge=judge, now=parts.now, new_id=parts.new_id
    )
    held.rescore = partial(
        _rescored, Rescorer(store=held.store, corpus=held.corpus, compact=compact, judge=judge, now=parts.now)
    )
    held.transcripts = TranscriptJudge(
        held.corpus,
        encode=retrieval.encode,
        compact=compact,
        bare=_bare_in_thread(retrieval, pairs),
        listen=ears.listen,
        now=parts.now,
    )
    score = partial(_compact_score, held, compact)
    means = Means(
        score,
        retrieval.similarities,
        Repairer(score, retrieval.similarities, partial(number_words, held.corpus)),
        partial(_forget, (compact, at_once)),
    )
    held.desk = replace(held.desk or open_desk(held), means=means)
    closing.push_async_callback(held.desk.close)
    held.practice = practice_desk
    _leave_out_of_collections(closing)
    held.retrieval, held.editor, held.conductor, held.not_ready = retrieval, editor, conductor, ()


def one_thread_for_small_sums() -> Any:
    """Numpy's products run on the thread that asks for them; what is given back has `restore_original_limits`.

    OpenBLAS divides even small ones among all cores and waits for them busily: **measured** beside other work, a turn's
    spans took 35 to 190 ms of processor time instead of 2.
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas").limit(limits=1)


def _leave_out_of_collections(closing: AsyncExitStack) -> None:
    """What is there for good is not looked through by the garbage collector, which would stop a turn in its middle to do so.

    **Measured**: a full collection over corpus and models takes 0.18 s, and came once in ten turns or so.
    """
    gc.collect()
    gc.freeze()
    closing.callback(gc.unfreeze)


def _forget(scorers: Sequence[CompactScorer]) -> None:
    for each in scorers:
        each.forget()


async def _compact_score(
    held: Services, compact: CompactScorer, interview: Interview, turns: Sequence[Turn], question_id: str
) -> Score:
    """The score of a question by the compact scorer alone, at once."""
    return await assess(interview, turns, question_id, corpus=held.corpus, compact=compact, judge=None, now=held.now)


def _sandbox(settings: Settings) -> Sandbox:
    """Where code runs; what it needs is compiled behind the service where it was not yet, and interviews go on without."""
    runtime = PythonRuntime(settings.data_dir / FOLDER)
    found = runtime.readiness()
    if found is Readiness.NOT_PREPARED and settings.sandbox.prepare:
        runtime.prepare_apart()
        found = Readiness.PREPARING
    if found is not Readiness.READY:
        log.warning("python of the coding round", state=str(found))
    return Sandbox(runtime, at_once=max(1, cores(settings) // 2))


async def _rescored(rescorer: Rescorer, interview_id: str, dry_run: bool) -> Mapping[str, Any]:
    return (await rescorer.rescore(interview_id, dry_run=dry_run)).json()


async def _near(retrieval: Retrieval, vector: NDArray[np.float32], topics: tuple[str, ...]) -> list[str]:
    hits = await retrieval.near(vector, 2, Filter(kinds=("concept",), topics=topics))
    return [hit.passage.id for hit in hits]


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _require_schema(url: str) -> None:
    if not migrate.is_current(url):
        migrate.upgrade(url)


async def _make_findable(store: Store) -> None:
    """Turns and scores from before there was a search, or that older rules cut into words, are found as well."""
    filled = 1
    while filled:
        async with store.write() as work:
            filled = await work.searches.fill() + await work.searches.fill_states()
            await work.commit()


async def _learn_sentences(corpus: Corpus, retrieval: Retrieval) -> None:
    """Reads the vectors of everything that answers are compared with, so that no turn waits for them."""
    await retrieval.encode_cached(authored_sentences(corpus))


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


def _resume_reader(parts: Parts, fill: ChatFill) -> Callable[[bytes, str, str, str], Awaitable[Resume]]:
    reader = ResumeReader(limits=Limits(), now=parts.now, new_id=parts.new_id, fill=fill)

    async def read(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        return await reader.read(data, candidate_id=candidate_id, file_name=file_name, media_type=media_type)

    return read


# --- choosing by settings ---------------------------------------------------------------------------------------------------


def cores(settings: Settings) -> int:
    """Cores that models may use together."""
    return settings.server.cpu_cores or len(os.sched_getaffinity(0))


def llama_threads(settings: Settings) -> int:
    """All cores but one, which is for the embedder, the database and everyone else.

    **Measured**: with every core taken, one busy neighbour makes llama.cpp's threads wait for each other, and a sentence of
    1.5 s takes more than 10.
    """
    return max(1, cores(settings) - 1)


def make_embedder(settings: Settings, *, threads: int = 1) -> SentenceTransformersEmbedder:
    """The embedder of the settings, not yet loaded. A turn's few sentences gain nothing from more than one thread."""
    return SentenceTransformersEmbedder(settings.retrieval.embedder, threads=threads)


def sentence_vectors(settings: Settings) -> SentenceVectors:
    """Vectors of texts for commands that read much at once: on all cores, those of the corpus kept on disk."""
    embedder = make_embedder(settings, threads=cores(settings))
    embedder.load()
    return SentenceVectors(embedder, folder=settings.data_dir / VECTORS)


def scorers(settings: Settings, corpus: Corpus, pairs: PairModel) -> tuple[FreeScorer, CompactScorer, ReferenceScorer]:
    """Those that `viva train-scorer` makes weights for, on this pair model and on all cores."""
    free, references = _bare_scorers(settings, pairs)
    return free, compact_scorer(settings, corpus, pairs), references


@asynccontextmanager
async def open_item_judge(settings: Settings, by: str) -> AsyncIterator[Callable[[Item], Awaitable[Prediction]]]:
    """What `viva judge` judges with, on all cores, nothing kept on disk; `by` is compact, model or both.

    Raises:
        SettingsInvalid: a model is to judge, and the settings name none.
    """
    guess = langid()
    compact = ItemJudge(*_bare_scorers(settings, PairModel(threads=cores(settings))), guess)
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
        _, opened = await open_models(only_judge, Parts(), closing)
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
        model = await _open_embedded(settings)
        closing.push_async_callback(model.aclose)
        yield SlowVoice(model, Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__}))


def _bare_scorers(settings: Settings, pairs: PairModel) -> tuple[FreeScorer, ReferenceScorer]:
    embedder = make_embedder(settings, threads=cores(settings))
    embedder.load()
    return FreeScorer(SentenceVectors(embedder).encode, pairs), ReferenceScorer(embedder.word_pieces)


def compact_scorer(
    settings: Settings, corpus: Corpus, pairs: PairModel | None = None, *, closely: bool = True
) -> CompactScorer:
    """The scorer of interviews, for commands that read much at once: on all cores."""
    vectors = sentence_vectors(settings)
    vectors.encode_cached(sorted(authored_sentences(corpus), key=len))
    reader = pairs or PairModel(threads=cores(settings))

    async def hold(statements: Sequence[str], text: str) -> list[Told]:
        return reader.hold(statements, text)

    async def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors.encode(texts)

    around = None if _is_packaged(settings) else NOTHING_NEAR
    return CompactScorer(corpus, hold, encode, packaged_asides(settings), closely=closely, neighbours=around)


def packaged_asides(settings: Settings) -> Asides | None:
    """What tells asides; None with another embedder than the one that its weights belong to."""
    return Asides.packaged() if _is_packaged(settings) else None


def _is_packaged(settings: Settings) -> bool:
    return settings.retrieval.embedder == PACKAGED_MODEL


@asynccontextmanager
async def open_rescorer(settings: Settings) -> AsyncIterator[Rescorer]:
    """What `viva rescore` scores with, on all cores. The judge model takes part only where it is a hosted one.

    The embedded model's yes and no would load the machine of a server beside it for hours.
    """
    if not migrate.is_current(settings.database_url):
        raise StoreUnavailable("its tables are missing or old, run 'viva migrate'")
    corpus = load(settings.corpus, settings.more_corpora)
    async with AsyncExitStack() as closing:
        store = open_store(settings.database_url, busy_timeout_ms=settings.database.busy_timeout_ms)
        closing.push_async_callback(store.close)
        judge = None
        if settings.judge.provider in {"openai", "langchain"}:
            model = _hosted(settings.judge)
            closing.push_async_callback(model.aclose)
            await model.ready()
            prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
            judge = ModelJudge(model, prompts, corpus, judge_manner(settings))
        yield Rescorer(
            store=store,
            corpus=corpus,
            compact=compact_scorer(settings, corpus),
            judge=judge,
            now=lambda: datetime.now(UTC),
        )


def transcript_judge(settings: Settings, corpus: Corpus) -> TranscriptJudge:
    """What `viva judge-transcript` judges with: on all cores, the corpus's vectors kept on disk."""
    vectors = sentence_vectors(settings)
    vectors.encode_cached(compared(corpus))
    pairs = PairModel(threads=cores(settings))
    free = FreeScorer(vectors.encode, pairs)

    async def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors.encode(texts)

    async def bare(statements: Sequence[str], answer: str) -> list[Reading]:
        return free.read([(says, Examples()) for says in statements], answer)

    heard_by = listener(pairs)

    async def hear(text: str, round_slug: str) -> tuple[Span, ...]:
        return heard_by.listen(text, round_slug)

    return TranscriptJudge(
        corpus,
        encode=encode,
        compact=compact_scorer(settings, corpus, pairs),
        bare=bare,
        listen=hear,
        now=lambda: datetime.now(UTC),
    )


def _bare_in_thread(retrieval: Retrieval, pairs: PairModel) -> Callable[[Sequence[str], str], Awaitable[list[Reading]]]:
    """The scorer for bare statements beside people who are being interviewed: each reading waits for its turn."""

    async def bare(statements: Sequence[str], answer: str) -> list[Reading]:
        def read() -> list[Reading]:
            scorer = FreeScorer(lambda texts: from_thread.run(retrieval.encode, texts), _ReadsInThread(pairs))
            return scorer.read([(says, Examples()) for says in statements], answer)

        return await to_thread.run_sync(read)

    return bare


class _ReadsInThread:
    """A pair model that is shared with the event loop, for code in another thread."""

    def __init__(self, pairs: PairModel) -> None:
        self._pairs = pairs

    def read(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """Probabilities for each (statement, text); statements about one text are read together."""
        found = np.empty((len(pairs), 3), dtype=np.float32)
        for text in dict.fromkeys(text for _, text in pairs):
            places = [place for place, (_, each) in enumerate(pairs) if each == text]
            told = from_thread.run(self._pairs.hold_in_thread, [pairs[place][0] for place in places], text)
            found[places] = [each.p for each in told]
        return found


def listener(pairs: PairModel) -> Listener:
    """What hears turns, on the pair model's reading."""
    return Listener(pairs.states, langid())


def open_index(settings: Settings) -> PassageIndex:
    """The index of the settings; takes its lock where it is embedded."""
    from app.retrieval.chroma_index import ChromaIndex

    if settings.retrieval.chroma_url:
        return ChromaIndex.server(settings.retrieval.chroma_url)
    return ChromaIndex.embedded(settings.data_dir / "index")


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


def judge_manner(settings: Settings) -> JudgeManner:
    """How a hosted judge is asked."""
    return JudgeManner(samples=settings.judge.samples, deadline_s=settings.judge.timeout_s)


def _judges(
    settings: Settings, parts: Parts, model: ChatModel | None, prompts: Library, corpus: Corpus
) -> tuple[ModelJudge | None, SlowVoice | None]:
    """What the judge's model does: a hosted one gives verdicts; the embedded one is weak at these and says yes or no."""
    if model is None:
        return None, None
    if parts.judge is None and settings.judge.provider == "embedded":
        return None, SlowVoice(model, prompts)
    return ModelJudge(model, prompts, corpus, judge_manner(settings)), None


async def open_models(
    settings: Settings, parts: Parts, closing: AsyncExitStack
) -> tuple[ChatModel | None, ChatModel | None]:
    """The models of interviewer and judge; one embedded model serves both roles where both ask for it."""
    embedded: ChatModel | None = None
    found: list[ChatModel | None] = []
    for given, group in ((parts.interviewer, settings.interviewer), (parts.judge, settings.judge)):
        if given is not None:
            found.append(given)
        elif group.provider == "none" or (parts.interviewer is not None and parts.judge is None):
            found.append(None)
        elif group.provider == "embedded":
            if embedded is None:
                embedded = await _open_embedded(settings)
                closing.push_async_callback(embedded.aclose)
            found.append(embedded)
        else:
            model = _hosted(group)
            closing.push_async_callback(model.aclose)
            found.append(model)
    return found[0], found[1]


async def _until_ready(models: Sequence[ChatModel | None], held: Services) -> None:
    """Returns when the models answer. One that is down is asked again; one that is set up wrongly ends the start."""
    for model in dict.fromkeys(each for each in models if each is not None):
        while True:
            try:
                await model.ready()
                break
            except (ModelUnavailable, ModelRateLimited, ModelTimeout) as error:
                held.not_ready = (str(error),)
                await asyncio.sleep(MODEL_RETRY_S)


async def _open_embedded(settings: Settings) -> ChatModel:
    from app.llm.embedded import EmbeddedModel

    path, pin = language_model(settings)
    model = EmbeddedModel(path, pin, threads=llama_threads(settings))
    await model.start()
    return model


def language_model(settings: Settings) -> tuple[Path, Pin]:
    """Where the embedded model's weights are, and what they must be."""
    chosen = settings.embedded
    if chosen.weights is not None:
        size = chosen.weights.stat().st_size if chosen.weights.exists() else 0
        return chosen.weights, Pin(chosen.weights_sha256.lower(), size)
    return settings.data_dir / QWEN.filename, QWEN.pin


def recipients(settings: Settings) -> tuple[Recipient, ...]:
    """Other machines that get something of what is said; none where everything is on this one."""
    found = []
    if (host := _model_host(settings.interviewer)) is not None:
        found.append(Recipient(host, "the text of your resume, and what you say, so that the interviewer can answer"))
    if (host := _model_host(settings.judge)) is not None:
        found.append(Recipient(host, "your answers, to judge them"))
    if (host := _elsewhere(settings.database_url)) is not None:
        found.append(Recipient(host, "everything that is stored: it is the database"))
    if (host := _elsewhere(settings.retrieval.chroma_url)) is not None:
        found.append(Recipient(host, "sentences of yours as vectors, to find passages that fit them"))
    return tuple(found)


def _model_host(group: ModelGroup) -> str | None:
    if group.provider in {"none", "embedded"}:
        return None
    if group.base_url:
        return _elsewhere(group.base_url)
    return "api.openai.com" if group.provider == "openai" else group.name.partition(":")[0]


def _elsewhere(url: str) -> str | None:
    """The host of an address on another machine; None for this one's."""
    host = urlsplit(url).hostname or ""
    return host if host and host not in origin.OWN_NAMES else None


def _hosted(group: ModelGroup) -> ChatModel:
    key = group.api_key.get_secret_value()
    if group.provider == "langchain":
        from app.llm.langchain_model import LangChainModel

        provider, _, name = group.name.partition(":")
        return LangChainModel(
            provider=provider,
            name=name,
            api_key=key,
            base_url=group.base_url,
            max_concurrency=group.concurrency,
        )
    from app.llm.openai_model import OpenAIModel

    return OpenAIModel(
        name=group.name,
        base_url=group.base_url or "https://api.openai.com/v1",
        api_key=key or "none",
        max_concurrency=group.concurrency,
    )


def app_from_environment() -> FastAPI:
    """The application as the environment sets it; for uvicorn's worker processes."""
    from app.settings import load as load_settings

    return create_app(load_settings())
