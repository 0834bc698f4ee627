"""Opens and closes the service: here protocols meet their implementations; what settings choose is in `app.wiring`.

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
from typing import Any, TypeVar

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
from app.api.dependencies import Services, open_desk
from app.api.instead import Instead
from app.api.turn_schemas import CompletedEvent, DeltaEvent, FailedEvent, StartedEvent
from app.candidate.chat_fill import ChatFill
from app.candidate.limits import Limits
from app.candidate.model_extract import Suggestions
from app.candidate.resume import ResumeReader
from app.domain.errors import IndexUnavailable, StoreBusy, StoreUnavailable, VivaError
from app.domain.interview import Interview
from app.domain.resume import Resume
from app.domain.score import Score
from app.domain.transcript import Turn
from app.exercises.python_runtime import FOLDER, PythonRuntime, Readiness
from app.exercises.sandbox import Sandbox
from app.interviewing.briefing import Window
from app.interviewing.conduct import Conductor
from app.interviewing.ear import Ear
from app.interviewing.editor import Editor, Runner
from app.interviewing.listener import ListenerInThread
from app.interviewing.reply import Manner, ReplyWriter
from app.llm.model import ChatModel, ModelRateLimited, ModelTimeout, ModelUnavailable
from app.material.corpus import Corpus
from app.material.load import load
from app.material.passages import shown as passages_of
from app.persistence import migrate
from app.persistence.unit_of_work import Store, open_store
from app.prompting.library import Library
from app.rescoring import Rescorer
from app.retrieval.embedder import Embedder
from app.retrieval.index import Filter
from app.retrieval.ingest import require_current
from app.retrieval.search import Retrieval
from app.review.desk import Means
from app.review.practice_desk import PracticeDesk
from app.review.repair import Repairer
from app.scoring.assess import assess
from app.scoring.authored import earning
from app.scoring.court import AppealCourt
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import Examples, FreeScorer, Reading
from app.scoring.pair_model import PairModel, Probabilities
from app.scoring.relevance import NOTHING_NEAR, neighbourhood_of
from app.scoring.transcript_judge import TranscriptJudge
from app.scoring.verdict import Verdict
from app.scoring.wanted_numbers import number_words
from app.settings import Settings
from app.telemetry.logging import configure
from app.web import data, errors, site
from app.wiring.models import judges, open_models, recipients
from app.wiring.reading import (
    VECTORS,
    asides_for,
    authored_sentences,
    cores,
    is_fitted_to,
    listener,
    make_embedder,
    open_index,
)
from app.worker import Worker, WorkerManner

log = structlog.get_logger(__name__)

T = TypeVar("T")

MODEL_RETRY_S = 5.0
"""Between two looks at a hosted model that is down when Viva starts."""
STORE_RETRY_S = 2.0
"""Between two looks at a database or an index that is busy or away when Viva starts."""
OPENING = ("opening the index and the models",)
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
    """The application. It brings its database to its schema; the index must be built, which `viva setup` does."""
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
        larger={
            me.IMPORT_PATH: settings.server.max_import_bytes,
            data.IMPORT_PATH: settings.server.max_import_bytes + data.FORM_BYTES,
        },
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
    held.not_ready = OPENING
    await _once_there(lambda: asyncio.to_thread(_require_schema, settings.database_url), held)
    await _once_there(lambda: _ensure_local(held), held)
    await _once_there(lambda: _make_findable(held.store), held)
    embedder = parts.embedder or make_embedder(settings)
    index = await _once_there(lambda: asyncio.to_thread(open_index, settings), held)
    fits = partial(require_current, index, passages_of(held.corpus), embedder.id, place=str(settings.data_dir))
    await _once_there(lambda: asyncio.to_thread(fits), held)
    retrieval = Retrieval(embedder, index, cache_folder=settings.data_dir / VECTORS)
    closing.push_async_callback(retrieval.close)
    prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
    speaker, judge_model = await open_models(settings, closing, interviewer=parts.interviewer, judge=parts.judge)
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
    around = NOTHING_NEAR
    if is_fitted_to(embedder):
        earns = earning(held.corpus)
        around = neighbourhood_of(earns, await retrieval.encode([text for texts in earns.values() for text in texts]))
    compact, at_once = (
        CompactScorer(
            held.corpus,
            model.hold_in_thread,
            retrieval.encode,
            asides_for(embedder),
            closely=closely,
            neighbours=around,
        )
        for model, closely in ((behind, True), (pairs, False))
    )
    judge, voice = judges(settings, judge_model, prompts, held.corpus, given=parts.judge is not None)
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
    await _once_there(lambda: _release(held.store, owner), held)
    await _once_there(conductor.recover, held)
    # Read in the background: the first bridge is some interviews' minutes away, and nobody has to wait for it.
    for task in (asyncio.create_task(writer.warm()), asyncio.create_task(worker.run())):
        closing.push_async_callback(_stop, task)
    held.interviewer = speaker.name if speaker else "none: written words only"
    held.judge = judge_model.name if judge_model else "none: the compact scorer alone"
    held.court = AppealCourt(
        store=held.store, corpus=held.corpus, compact=compact, judge=judge, now=parts.now, new_id=parts.new_id
    )
    held.rescore = partial(
        _rescored,
        Rescorer(store=held.store, corpus=held.corpus, compact=compact, judge=judge, voice=voice, now=parts.now),
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


async def _ensure_local(held: Services) -> None:
    async with held.store.write() as work:
        await work.candidates.ensure_local(now=held.now())
        await work.commit()


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


def _resume_reader(parts: Parts, fill: ChatFill) -> Callable[[bytes, str, str, str], Awaitable[Resume]]:
    reader = ResumeReader(limits=Limits(), now=parts.now, new_id=parts.new_id, fill=fill)

    async def read(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        return await reader.read(data, candidate_id=candidate_id, file_name=file_name, media_type=media_type)

    return read


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


async def _release(store: Store, owner: str) -> None:
    """What this owner was judging when it ended is free again."""
    async with store.write() as work:
        await work.assessments.release_all_of(owner)
        await work.commit()


async def _once_there(step: Callable[[], Awaitable[T]], held: Services) -> T:
    """What `step` gives, once the database and the index answer; readiness says meanwhile what is waited for.

    Only for a step that may be repeated: one that fails has done nothing, or does the same again.
    """
    while True:
        try:
            found = await step()
        except (StoreBusy, StoreUnavailable, IndexUnavailable) as error:
            if held.not_ready != (str(error),):
                log.warning("start-up waits", reason=str(error))
            held.not_ready = (str(error),)
            await asyncio.sleep(STORE_RETRY_S)
        else:
            held.not_ready = OPENING
            return found


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


def app_from_environment() -> FastAPI:
    """The application as the environment sets it; for uvicorn's worker processes."""
    from app.settings import load as load_settings

    return create_app(load_settings())
