"""The process is killed in the middle of a turn, again and again: no word of the candidate's is lost, none is doubled."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.persistence import migrate
from app.wiring.reading import ingest_passages
from tests.support import killable
from tests.support.embedders import HashingEmbedder
from tests.support.fake_openai import MODEL
from tests.support.serving import Talker, events

KILLS = 20
INTERVIEWS = 4
PACE_S = 0.02
"""Between two words of the model."""
ANSWERS = (
    "First I compare the training error with the error on rows that were kept out.",
    "It has learned the noise of those rows, and that noise does not come again.",
    "I would try more rows, a smaller tree and a penalty on the weights.",
    "With a penalty one odd row costs more than it gives.",
    "I keep the change when the score on the kept rows goes up.",
)


class SlowModel:
    """An OpenAI-compatible server in a thread of this process. Streams slowly; judges only when it is let."""

    def __init__(self) -> None:
        self.judging = threading.Event()
        """A verdict has been asked for."""
        self.may_judge = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    def __enter__(self) -> SlowModel:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def let_judge(self) -> None:
        self._loop.call_soon_threadsafe(self.may_judge.set)

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _close(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            assert length is not None
            body = json.loads(await reader.readexactly(int(length[1])))
            await (self._talk(writer, body) if body.get("stream") else self._fill(writer, body))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # The process that asked was killed, or the test is over.
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        """Says back the beginning of what stands in the prompt, a word at a time."""
        said = re.findall(r"\bI ([^.\n]+)", body["messages"][-1]["content"])
        words = ["You", *(said[-1] if said else "said so").split()[:10]]
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        for index, word in enumerate(words):
            text = word + (" " if index + 1 < len(words) else ". ")
            await self._chunk(writer, {"content": text}, None)
            await asyncio.sleep(PACE_S)
        await self._chunk(writer, {}, "stop")
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()

    async def _chunk(self, writer: asyncio.StreamWriter, delta: dict[str, str], reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = {"id": "c", "created": 1, "model": MODEL, "object": "chat.completion.chunk", "choices": [choice]}
        writer.write(f"data: {json.dumps(chunk)}\n\n".encode())
        await writer.drain()

    async def _fill(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        content = '{"colour": "green"}'
        if body["response_format"]["json_schema"]["name"] == "Verdict":
            self.judging.set()
            await self.may_judge.wait()
            content = '{"criteria": []}'
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        completion = {"id": "c", "created": 1, "model": MODEL, "object": "chat.completion", "choices": [choice]}
        data = json.dumps(completion).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        await writer.drain()


class Viva:
    """A Viva that can be killed and started again at the same address."""

    def __init__(self, folder: Path, model: SlowModel) -> None:
        self._folder, self._model = folder, model
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._process: ForkServerProcess | None = None
        self.settings = killable.killable_settings(folder / "data")
        self.log = folder / "log"
        self.starts_s: list[float] = []

    def prepare(self) -> None:
        self.settings.data_dir.mkdir()
        migrate.upgrade(self.settings.database_url)
        ingest_passages(self.settings, HashingEmbedder(max_words=10_000))

    def start(self) -> None:
        """Starts it, and returns when it is ready."""
        began = time.monotonic()
        self._process = killable.start(self.settings.data_dir, self._listener, self._model.url, self.log)
        with self.talker() as talker:
            talker.wait_until_ready()
        self.starts_s.append(time.monotonic() - began)

    def kill(self) -> None:
        """`kill -9`, this one process."""
        assert self._process is not None
        self._process.kill()
        self._process.join(10)
        assert self._process.exitcode == -signal.SIGKILL
        self._process.close()
        self._process = None

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self._listener.close()

    @contextmanager
    def talker(self) -> Iterator[Talker]:
        with httpx2.Client(base_url=self.address, timeout=30) as http:
            yield Talker(http, self.settings)


@pytest.fixture(scope="module")
def model() -> Iterator[SlowModel]:
    with SlowModel() as slow:
        yield slow


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory, model: SlowModel) -> Iterator[Viva]:
    made = Viva(tmp_path_factory.mktemp("killable"), model)
    try:
        made.prepare()
        made.start()
        yield made
    finally:
        made.close()


@dataclass
class Sending:
    """A turn that is sent from a thread of its own, and what came back until the line went dead."""

    viva: Viva
    interview_id: str
    text: str
    key: str
    seen: list[dict[str, Any]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        headers = {"Accept": "text/event-stream", "Idempotency-Key": self.key}
        path = f"/v1/interviews/{self.interview_id}/turns"
        try:
            with (
                httpx2.Client(base_url=self.viva.address, timeout=60) as http,
                http.stream("POST", path, json={"text": self.text}, headers=headers) as response,
            ):
                # A request that nobody had taken up yet is served by the next process, which may not be ready.
                if response.status_code == 200:
                    for _, data in events(response.iter_lines()):
                        self.seen.append(data)
        except httpx2.TransportError:
            return
        finally:
            self.over.set()

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    def saw(self, event: str) -> bool:
        return any(data["event"] == event for data in self.seen)


def turns_of(talker: Talker, interview_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = talker.call("GET", f"/v1/interviews/{interview_id}/turns")["turns"]
    return found


def undisturbed_s(viva: Viva, interview_id: str) -> float:
    """How long a turn takes where nobody is killed."""
    began = time.monotonic()
    sending = Sending(viva, interview_id, ANSWERS[0], "undisturbed")
    sending.join()
    assert sending.saw("turn.completed")
    return time.monotonic() - began


def test_of_twenty_kills_in_mid_turn_none_loses_or_doubles_a_word(viva: Viva) -> None:
    generator = random.Random(20)
    with viva.talker() as talker:
        ids = [talker.begin(rounds=["fundamentals"], minutes=60, seed=n)["id"] for n in range(INTERVIEWS + 1)]
    whole_s = undisturbed_s(viva, ids.pop())
    where: Counter[str] = Counter()
    said: dict[str, list[str]] = {interview_id: [] for interview_id in ids}
    for number in range(KILLS):
        interview_id = ids[number % INTERVIEWS]
        text = f"{ANSWERS[number // INTERVIEWS]} This is answer {number}."
        sending = Sending(viva, interview_id, text, f"key-{number}")
        sending.over.wait(generator.uniform(0, whole_s))
        viva.kill()
        before = list(sending.seen)
        viva.start()
        sending.join()
        with viva.talker() as talker:
            _check_after_kill(talker, sending, said[interview_id])
        said[interview_id].append(text)
        last = before[-1]["event"] if before else "nothing"
        where[last] += 1
    with viva.talker() as talker:
        for interview_id in ids:
            answered = talker.say(interview_id, "Could you repeat the question?", headers={"Idempotency-Key": "last"})
            assert answered["reply"]["seq"] == 2 * len(said[interview_id]) + 3
    print(f"killed after {dict(where)}; a turn {whole_s:.2f} s, a start {max(viva.starts_s):.1f} s at most")
    assert where["turn.started"] + where["nothing"] > 0


def _check_after_kill(talker: Talker, sending: Sending, said_before: list[str]) -> None:
    stored = turns_of(talker, sending.interview_id)
    _check_whole(stored)
    mine = [turn["text"] for turn in stored if turn["speaker"] == "candidate"]
    assert mine in ([*said_before, sending.text], said_before)
    if sending.saw("turn.started"):
        assert mine == [*said_before, sending.text]
    answered = talker.say(sending.interview_id, sending.text, headers={"Idempotency-Key": sending.key})
    again = talker.say(sending.interview_id, sending.text, headers={"Idempotency-Key": sending.key})
    assert again == answered
    reply = answered["reply"]
    assert reply["seq"] == answered["turn"]["seq"] + 1
    stored = turns_of(talker, sending.interview_id)
    _check_whole(stored)
    assert [turn["text"] for turn in stored if turn["speaker"] == "candidate"] == [*said_before, sending.text]
    assert stored[-1] == reply
    # What was heard of the reply before the kill is what was said.
    heard = "".join(data["text"] for data in sending.seen if data["event"] == "turn.delta")
    assert reply["text"].startswith(heard)
    for data in sending.seen:
        if data["event"] == "turn.completed":
            assert data["turn"] == reply


def _check_whole(turns: list[dict[str, Any]]) -> None:
    assert [turn["seq"] for turn in turns] == list(range(1, len(turns) + 1))
    speakers = ["interviewer", "candidate"]
    assert [turn["speaker"] for turn in turns] == [speakers[index % 2] for index in range(len(turns))]


def test_a_report_completes_although_the_process_was_killed_while_it_judged(viva: Viva, model: SlowModel) -> None:
    with viva.talker() as talker:
        interview_id = talker.begin(rounds=["fundamentals"], minutes=30)["id"]
        talker.say(interview_id, ANSWERS[0])
        talker.call("POST", f"/v1/interviews/{interview_id}/close")
        # The question of another interview may have been left, too: any verdict asked for will do.
        assert model.judging.wait(30)
        assert not talker.call("GET", f"/v1/interviews/{interview_id}/report")["complete"]
    viva.kill()
    model.let_judge()
    viva.start()
    with viva.talker() as talker:
        report = talker.report(interview_id)
    assert (report["pending"], report["failed"]) == (0, 0)
    assert [question["score"]["question_id"] for question in report["questions"]] == [
        question["question_id"] for question in report["questions"]
    ]
