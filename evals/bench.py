"""Measures waiting and own time on this machine, through the real service on a real port.

    make bench                              everything; some minutes
    python -m evals.bench own starts        parts: own, scoring, material, starts, embedded, ratio

Ratios compare two things within one run; absolute figures are this machine's, in its present company. Nothing here is a
test, and no test is timed.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import xllamacpp
from openai.types.chat import ChatCompletionMessageParam

from app.candidate.language import langid
from app.curation.spoken import read_spoken
from app.domain.transcript import Span, SpanKind, Speaker, Turn, Usage
from app.interviewing.bridge import excerpt
from app.interviewing.reply import SAY_BACK
from app.interviewing.turn_rules import listen
from app.llm.model import ChatModel, Completion, Delta, Message, Request
from app.main import Parts, create_app
from app.material.corpus import Corpus
from app.material.load import load as load_corpus
from app.persistence import migrate
from app.prompting.library import Library
from app.prompting.template import Rendered
from app.retrieval.search import Retrieval
from app.scoring.criterion_model import CompactScorer
from app.scoring.stretches import stretches_of, units_of
from app.settings import Judge, Server, Settings, load
from app.telemetry.machine import available_cores
from app.terminal.served import served
from app.wiring.models import language_model, llama_threads
from app.wiring.reading import compact_scorer, ingest_passages, make_embedder, open_index

SEED = 20261121
BARS = {
    "own_ms": (40.0, 100.0),
    "first_words_s": (2.5, 6.0),
    "report_s": 60.0,
    "bridge_ratio": 1.15,
    "second_ingest_s": 1.0,
    "live_s": 3.0,
    "ready_s": 20.0,
    "first_ingest_s": 90.0,
    "search_p95_ms": 25.0,
    "scoring_ms": (25.0, 60.0),
}


class Instant(ChatModel):
    """A model that says something sayable at once, so that only the service's own time is left."""

    name = "instant"

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """Says the first words of the excerpt back."""
        said = request.messages[-1].content.split("\n")
        words = max(said, key=len).split()[:8]
        yield Delta("You " + " ".join(words).rstrip(".,;") + ".")
        yield Completion(Usage(), self.name, "stop")

    async def fill(self, request: Request, schema: Any) -> Any:  # noqa: ARG002
        """Is never asked."""
        raise AssertionError("the bench binds no judge to this model")

    async def first_words(self, request: Request) -> Mapping[str, float]:  # noqa: ARG002
        """Is never asked."""
        raise AssertionError("the bench binds no slow voice to this model")

    async def warm(self, messages: Sequence[Message]) -> None:
        """Has nothing to warm."""

    async def ready(self) -> None:
        """Is."""

    async def aclose(self) -> None:
        """Holds nothing."""


def answers(corpus: Corpus) -> Iterator[str]:
    """Answers as people give them: the corpus's exemplars, cut to one to four sentences, in a seeded order."""
    generator = random.Random(SEED)
    texts = [" ".join(one.text.split()) for question in corpus.questions.values() for one in question.exemplars]
    while True:
        text = generator.choice(texts)
        parts = text.split(". ")
        first = generator.randrange(len(parts))
        yield ". ".join(parts[first : first + generator.randint(1, 4)]).strip().rstrip(".") + "."


def spread(values: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the extremes."""
    ordered = sorted(values)
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
        "max": round(ordered[-1], 3),
    }


@contextmanager
def running(settings: Settings, parts: Callable[[], Parts]) -> Iterator[httpx2.Client]:
    """The service, with its database and index in a folder of its own, in a process of its own, as people run it.

    `parts` is a function that the process can import.
    """
    migrate.upgrade(settings.database_url)
    ingest_passages(settings, make_embedder(settings))
    here, there = multiprocessing.Pipe()
    service = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, parts, there), daemon=True)
    service.start()
    there.close()
    try:
        with httpx2.Client(base_url=here.recv(), timeout=120) as http:
            while http.get("/v1/health/ready").status_code != 200:
                time.sleep(0.1)
            yield http
    finally:
        here.close()
        service.join(30)


def _serve(settings: Settings, parts: Callable[[], Parts], asked: Connection) -> None:
    """Serves and tells the address, until the other end is closed."""
    with served(create_app(settings, parts())) as address:
        asked.send(address)
        try:
            asked.recv()
        except EOFError:
            return


def instant() -> Parts:
    """A model that takes no time."""
    return Parts(interviewer=Instant())


def fresh(settings: Settings, folder: str, **changes: Any) -> Settings:
    """The settings with another data folder, a quiet log, and no compiling of the sandbox's Python behind what is measured."""
    changes = {
        "data_dir": Path(folder),
        "telemetry": settings.telemetry.model_copy(update={"level": "ERROR"}),
        "server": Server(),
        "sandbox": settings.sandbox.model_copy(update={"prepare": False}),
        **changes,
    }
    return settings.model_copy(update=changes)


def first_words(http: httpx2.Client, interview_id: str, text: str) -> tuple[float, float, dict[str, Any]]:
    """Seconds from sending to the first visible words and to the end, and the stored reply.

    Raises:
        RuntimeError: The reply failed, was never completed, or ended without a visible word: that is no wait of nothing.
    """
    began, first, turn = time.perf_counter(), 0.0, {}
    path = f"/v1/interviews/{interview_id}/turns"
    with http.stream("POST", path, json={"text": text}, headers={"Accept": "text/event-stream"}) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if not line.startswith("data: "):
                continue
            event = json.loads(line[6:])
            if event["event"] == "turn.delta" and not first:
                first = time.perf_counter() - began
            if event["event"] == "turn.completed":
                if not first:
                    raise RuntimeError("the reply ended before any word of it was seen")
                turn = {**event["turn"], "state": event["interview_state"]}
            if event["event"] == "turn.failed":
                raise RuntimeError(event["problem"]["detail"])
    if not turn:
        raise RuntimeError("the reply was never completed")
    return first, time.perf_counter() - began, turn


def own_time(settings: Settings) -> dict[str, Any]:
    """The service's own time in a turn: embedding, Chroma, SQLite and compact scorer real, the model instant."""
    said = answers(load_corpus(settings.corpus, settings.more_corpora))
    times: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        own = fresh(settings, folder, judge=Judge(provider="none"))
        with running(own, instant) as http:
            for seed in range(8):
                wish = {"role": "ml-engineer", "minutes": 90, "seed": seed}
                interview = http.post("/v1/interviews", json=wish).json()
                for _ in range(15):
                    _, whole, turn = first_words(http, interview["id"], next(said))
                    times.append(1000 * whole)
                    if turn["state"] == "closed":
                        break
    return {"own_ms": spread(times[5:])}


def embedded(settings: Settings, *, turns: int = 10, interviews: int = 3) -> dict[str, Any]:
    """Waiting with the embedded model, its judge at work beside it, for people who type at once and for people who think."""
    from tests.support.resumes import two_page_pdf

    said = answers(load_corpus(settings.corpus, settings.more_corpora))
    found: dict[str, Any] = {}
    made = two_page_pdf()
    for think_s in (0.0, 6.0):
        opened: list[float] = []
        waited: list[float] = []
        bridged: list[float] = []
        sources: list[str] = []
        reports: list[float] = []
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            own = _with_weights(fresh(settings, folder), settings)
            http = stack.enter_context(running(own, Parts))
            files = {"file": (made.file_name, made.data, "application/pdf")}
            resume = http.post("/v1/resumes", files=files).json()
            for seed in range(interviews):
                wish = {"role": "ml-engineer", "minutes": 45, "seed": seed, "resume_id": resume["id"]}
                began = time.perf_counter()
                interview = http.post("/v1/interviews", json=wish).json()
                opened.append(time.perf_counter() - began)
                for _ in range(turns):
                    time.sleep(think_s)
                    text = next(said)
                    first, _, turn = first_words(http, interview["id"], text)
                    waited.append(first)
                    sources.append(turn["generation"]["source"] + turn["generation"]["why_written"])
                    if turn["generation"]["source"] == "model":
                        bridged.append(first)
                    if turn["state"] == "closed":
                        break
                closed = time.perf_counter()
                http.post(f"/v1/interviews/{interview['id']}/close")
                while not http.get(f"/v1/interviews/{interview['id']}/report/status").json()["complete"]:
                    time.sleep(0.2)
                http.get(f"/v1/interviews/{interview['id']}/report").raise_for_status()
                reports.append(time.perf_counter() - closed)
        counted = {name: sources.count(name) for name in sorted(set(sources))}
        found[f"thinking {think_s:g} s"] = {
            "opened_s": spread(opened),
            "first_words_s": spread(waited),
            "bridged_first_words_s": spread(bridged) if bridged else None,
            "sources": counted,
            "report_s": spread(reports),
        }
        print(json.dumps({f"thinking {think_s:g} s": found[f"thinking {think_s:g} s"]}), flush=True)
    return found


def _with_weights(settings: Settings, source: Settings) -> Settings:
    """The settings with the weights that another data folder has."""
    path, pin = language_model(source)
    chosen = source.embedded.model_copy(update={"weights": path, "weights_sha256": pin.sha256})
    return settings.model_copy(update={"embedded": chosen})


def ratio(settings: Settings, *, turns: int = 40) -> dict[str, Any]:
    """First released sentence of a follow-up through the service, against the bare model's first sentence on the same messages.

    Two llama.cpp servers of the same weights and threads, asked in turn: each sees each message once, and each has the
    rules in its cache.
    """
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    said, prompts, guess = answers(corpus), Library.load(settings.prompts), langid()
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _bare_server(settings) as bare:
        own = _with_weights(fresh(settings, folder, judge=Judge(provider="none")), settings)
        with running(own, Parts) as http:
            wish = {"role": "ml-engineer", "minutes": 170}
            interview = http.post("/v1/interviews", json={**wish, "seed": 0}).json()
            for number in range(turns):
                text = next(said)
                turn = Turn("t", "i", 2, Speaker.CANDIDATE, text, datetime.now(UTC))
                spans = listen(text, round_slug="fundamentals", guess=guess)
                messages = prompts.get(SAY_BACK).render(said=excerpt(replace(turn, spans=spans)) or "-")
                first, _, reply = first_words(http, interview["id"], text)
                if reply["generation"]["source"] == "model":
                    ratios.append(first / _bare(bare, messages))
                if reply["state"] == "closed":
                    interview = http.post("/v1/interviews", json={**wish, "seed": number + 1}).json()
    return {"bridge_ratio": spread(ratios) if ratios else None}


@contextmanager
def _bare_server(settings: Settings) -> Iterator[openai.OpenAI]:
    """llama.cpp by itself, with the threads and batches of the embedded model."""
    params = xllamacpp.CommonParams()
    params.model.path = str(language_model(settings)[0])
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads, cpu.poll = llama_threads(settings), 0
    params.n_parallel, params.n_ctx, params.n_batch, params.n_ubatch = 2, 2 * 6144, 32, 32
    params.cache_ram_mib, params.verbosity = 512, 0
    server = xllamacpp.Server(params)
    try:
        yield openai.OpenAI(base_url=f"{server.listening_address}/v1", api_key="none", max_retries=0)
    finally:
        del server


def _bare(client: openai.OpenAI, messages: Sequence[Rendered]) -> float:
    began, text = time.perf_counter(), ""
    said = [cast("ChatCompletionMessageParam", {"role": each.role, "content": each.content}) for each in messages]
    stream = client.chat.completions.create(
        model="local",
        messages=said,
        temperature=0,
        max_tokens=32,
        stop=["\n"],
        stream=True,
    )
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
            if text.rstrip().endswith((".", "!", "?")):
                break
    stream.close()
    return time.perf_counter() - began


def material(settings: Settings) -> dict[str, Any]:
    """The index from nothing in a folder of its own, as `viva ingest` does it, and searches in it, embedding included."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VIVA_DATA_DIR": folder}
        command = [str(Path(sys.executable).with_name("viva")), "ingest"]
        began = time.perf_counter()
        subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603
        whole = time.perf_counter() - began
        own = settings.model_copy(update={"data_dir": Path(folder)})
        corpus = load_corpus(own.corpus, own.more_corpora)
        began = time.perf_counter()
        again = ingest_passages(own, make_embedder(own), None, corpus)
        unchanged = time.perf_counter() - began
        asks = [question.ask for question in corpus.questions.values()][:200]
        took_ms = asyncio.run(_searches(own, asks))
    return {
        "passages": again.unchanged,
        "first_ingest_with_sentences_and_imports_s": round(whole, 1),
        "unchanged_ingest_s": round(unchanged, 2),
        "search_p50_ms": round(statistics.median(took_ms), 1),
        "search_p95_ms": round(statistics.quantiles(took_ms, n=20)[-1], 1),
    }


async def _searches(settings: Settings, asks: Sequence[str]) -> list[float]:
    """Milliseconds of each search."""
    retrieval = Retrieval(make_embedder(settings), open_index(settings))
    took_ms: list[float] = []
    try:
        await retrieval.load()
        await retrieval.search("warm the model and the index", 5)
        for ask in asks:
            began = time.perf_counter()
            await retrieval.search(ask, 5)
            took_ms.append(1000 * (time.perf_counter() - began))
    finally:
        await retrieval.close()
    return took_ms


def starts(settings: Settings) -> dict[str, Any]:
    """Times from a command to its effect, each in a process of its own, on the settings' own data folder."""
    own = settings.data_dir
    began = time.perf_counter()
    code = (
        "import time; from app.wiring.reading import ingest_passages, make_embedder; from app.settings import load; import chromadb;"
        "s=load(); b=time.perf_counter(); r=ingest_passages(s, make_embedder(s)); print(time.perf_counter()-b, r.added)"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    ingest_s, added = run.stdout.split()[-2:]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [str(Path(sys.executable).with_name("viva")), "serve", "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        live = _until(port, "live", began)
        ready = _until(port, "ready", began)
    finally:
        process.terminate()
        process.wait(30)
    return {
        "data": str(own.name),
        "second_ingest_s": round(float(ingest_s), 2),
        "second_ingest_added": int(added),
        "live_s": round(live, 2),
        "ready_s": round(ready, 2),
    }


def _until(port: int, what: str, began: float) -> float:
    while time.perf_counter() - began < 120:
        try:
            if httpx2.get(f"http://127.0.0.1:{port}/v1/health/{what}", timeout=5).status_code == 200:
                return time.perf_counter() - began
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    raise TimeoutError(what)


def scoring(settings: Settings) -> dict[str, Any]:
    """All criteria of an answer of about 150 words, each for the first time: as a turn waits for it, and closely."""
    corpus = load_corpus(settings.corpus, settings.more_corpora)
    spoken = [
        (each.question, answer.text)
        for each in read_spoken(Path(__file__).parent / "judging" / "answers")
        for answer in each.answers
        if answer.style == "full" and 130 <= len(answer.text.split()) <= 170
    ]
    random.Random(SEED).shuffle(spoken)
    found: dict[str, Any] = {}
    for manner, closely in (("at_once", False), ("closely", True)):
        scorer = compact_scorer(settings, corpus, closely=closely)
        took_ms, criteria = asyncio.run(_scored(scorer, corpus, spoken[:130]))
        # The first readings open the weights.
        found[manner] = {"criteria_a_question": round(statistics.mean(criteria), 1), "ms": spread(took_ms[10:])}
    return found


async def _scored(
    scorer: CompactScorer, corpus: Corpus, spoken: Sequence[tuple[str, str]]
) -> tuple[list[float], list[int]]:
    took_ms, criteria = [], []
    for question, text in spoken:
        spans = (Span(SpanKind.ANSWER, 0, len(text)),)
        turn = Turn("t1", "bench", 1, Speaker.CANDIDATE, text, datetime.now(UTC), question, spans=spans)
        criteria.append(len(corpus.rubric(question).criteria))
        began = time.perf_counter()
        for stretch in stretches_of(units_of([turn], question)):
            await scorer.look(question, stretch)
        took_ms.append((time.perf_counter() - began) * 1000)
    return took_ms, criteria


def main() -> None:
    """Runs the named parts, all without names, and prints what was measured beside the bars."""
    settings = load()
    parts = {
        "own": own_time,
        "scoring": scoring,
        "material": material,
        "starts": starts,
        "embedded": embedded,
        "ratio": ratio,
    }
    chosen = sys.argv[1:] or list(parts)
    print(json.dumps({"bars": BARS, "cores": available_cores(), "load_before": os.getloadavg()}))
    for name in chosen:
        print(json.dumps({name: parts[name](settings)}, indent=1), flush=True)


if __name__ == "__main__":
    main()
