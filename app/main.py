"""Opens and closes the service: here protocols meet their implementations; what settings choose is in `app.wiring`.

The port opens at once; what takes longer (model, embedder, index) is opened behind it, and readiness says what is missing.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

import numpy as np
import structlog
from fastapi import FastAPI
from numpy.typing import NDArray

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
from app.api.request_id import RequestId
from app.api.streaming import document_events
from app.candidate.chat_fill import ChatFill
from app.candidate.limits import Limits
from app.candidate.model_extract import Suggestions
from app.candidate.resume import ResumeReader
from app.domain.errors import VivaError
from app.domain.resume import Resume
from app.interviewing.briefing import Window
from app.interviewing.conduct import Conductor
from app.interviewing.ear import Ear
from app.interviewing.editor import Editor, Runner
from app.interviewing.listener import ListenerInThread
from app.interviewing.reply import Manner, ReplyWriter
from app.llm.model import ChatModel
from app.material.corpus import Corpus
from app.material.load import load
from app.material.passages import shown as passages_of
from app.persistence.unit_of_work import open_store
from app.prompting.library import Library
from app.rescoring import Rescorer
from app.retrieval.embedder import Embedder
from app.retrieval.index import Filter
from app.retrieval.ingest import require_current
from app.retrieval.search import Retrieval
from app.review.desk import Means
from app.review.practice_desk import PracticeDesk
from app.review.repair import Repairer
from app.scoring.authored import earning
from app.scoring.court import AppealCourt
from app.scoring.criterion_model import CompactScorer
from app.scoring.pair_model import PairModel
from app.scoring.relevance import NOTHING_NEAR, neighbourhood_of
from app.scoring.transcript_judge import TranscriptJudge
from app.scoring.verdict import Verdict
from app.scoring.wanted_numbers import number_words
from app.settings import Settings
from app.telemetry.logging import configure
from app.web import data, errors, site
from app.wiring.models import judges, open_models, recipients
from app.wiring.process import leave_out_of_collections, one_thread_for_small_sums
from app.wiring.reading import (
    VECTORS,
    asides_for,
    authored_sentences,
    is_fitted_to,
    listener,
    make_embedder,
    open_index,
)
from app.wiring.sandbox import sandbox
from app.wiring.scorers import alone_in_thread, compact_score, forget, rescored
from app.wiring.store import ensure_local, make_findable, release, require_schema
from app.wiring.waiting import OPENING, once_there, until_ready
from app.worker import Worker, WorkerManner

log = structlog.get_logger(__name__)


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
    document_events(app)
    return app


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
    await once_there(lambda: asyncio.to_thread(require_schema, settings.database_url), held)
    await once_there(lambda: ensure_local(held), held)
    await once_there(lambda: make_findable(held.store), held)
    embedder = parts.embedder or make_embedder(settings)
    index = await once_there(lambda: asyncio.to_thread(open_index, settings), held)
    fits = partial(require_current, index, passages_of(held.corpus), embedder.id, place=str(settings.data_dir))
    await once_there(lambda: asyncio.to_thread(fits), held)
    retrieval = Retrieval(embedder, index, cache_folder=settings.data_dir / VECTORS)
    closing.push_async_callback(retrieval.close)
    prompts = Library.load(settings.prompts, outputs={Verdict.__name__, Suggestions.__name__})
    speaker, judge_model = await open_models(settings, closing, interviewer=parts.interviewer, judge=parts.judge)
    await until_ready((speaker, judge_model), held)
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
    # The third looks again where a mark is in doubt and somebody waits for the question that hangs on it.
    compact, at_once, again = (
        CompactScorer(
            held.corpus,
            model.hold_in_thread,
            retrieval.encode,
            asides_for(embedder),
            closely=closely,
            neighbours=around,
            hold_sentence=model.hold_sentence_in_thread,
        )
        for model, closely in ((behind, True), (pairs, False), (pairs, True))
    )
    judge, voice = judges(settings, judge_model, prompts, held.corpus, given=parts.judge is not None)
    runner = parts.runner
    if runner is None:
        runner = await asyncio.to_thread(sandbox, settings)
    editor = Editor(store=held.store, corpus=held.corpus, runner=runner, now=parts.now)
    writer = ReplyWriter(
        held.corpus,
        Ear(at_once, retrieval.encode, partial(_near, retrieval), again),
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
    await once_there(lambda: release(held.store, owner), held)
    await once_there(conductor.recover, held)
    # Read in the background: the first bridge is some interviews' minutes away, and nobody has to wait for it.
    for task in (asyncio.create_task(writer.warm()), asyncio.create_task(worker.run())):
        closing.push_async_callback(_stop, task)
    held.interviewer = speaker.name if speaker else "none: written words only"
    held.judge = judge_model.name if judge_model else "none: the compact scorer alone"
    read_alone = alone_in_thread(retrieval, pairs)
    held.court = AppealCourt(
        store=held.store,
        corpus=held.corpus,
        compact=compact,
        alone=read_alone,
        judge=judge,
        now=parts.now,
        new_id=parts.new_id,
    )
    held.rescore = partial(
        rescored,
        Rescorer(store=held.store, corpus=held.corpus, compact=compact, judge=judge, voice=voice, now=parts.now),
    )
    held.transcripts = TranscriptJudge(
        held.corpus,
        encode=retrieval.encode,
        compact=compact,
        alone=read_alone,
        listen=ears.listen,
        now=parts.now,
    )
    score = partial(compact_score, held, compact)
    means = Means(
        score,
        retrieval.similarities,
        Repairer(score, retrieval.similarities, partial(number_words, held.corpus)),
        partial(forget, (compact, at_once, again)),
    )
    held.desk = replace(held.desk or open_desk(held), means=means)
    closing.push_async_callback(held.desk.close)
    held.practice = practice_desk
    leave_out_of_collections(closing)
    held.retrieval, held.editor, held.conductor, held.not_ready = retrieval, editor, conductor, ()


async def _near(retrieval: Retrieval, vector: NDArray[np.float32], topics: tuple[str, ...]) -> list[str]:
    hits = await retrieval.near(vector, 2, Filter(kinds=("concept",), topics=topics))
    return [hit.passage.id for hit in hits]


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _learn_sentences(corpus: Corpus, retrieval: Retrieval) -> None:
    """Reads the vectors of everything that answers are compared with, so that no turn waits for them."""
    await retrieval.encode_cached(authored_sentences(corpus))


def _resume_reader(parts: Parts, fill: ChatFill) -> Callable[[bytes, str, str, str], Awaitable[Resume]]:
    reader = ResumeReader(limits=Limits(), now=parts.now, new_id=parts.new_id, fill=fill)

    async def read(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        return await reader.read(data, candidate_id=candidate_id, file_name=file_name, media_type=media_type)

    return read


def app_from_environment() -> FastAPI:
    """The application as the environment sets it; for uvicorn's worker processes."""
    from app.settings import load as load_settings

    return create_app(load_settings())
