"""An OpenAI-compatible server on a real loopback port that misbehaves on request.

Stricter than the real one: each request must have been announced with `expect`, must be well-formed down to its last
field, and every announced answer must be fetched. It runs in the test's own event loop and waits for events, never for
time.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

KEY = "sk-test-0123456789abcdef"
MODEL = "fake-model"
_FIELDS = frozenset(
    {"model", "messages", "temperature", "max_tokens", "max_completion_tokens", "seed", "stop", "stream"}
    | {"stream_options", "response_format", "return_progress", "n"}
)


@dataclass(frozen=True, slots=True)
class Says:
    """A good answer, streamed piece by piece or whole as asked; the flags spoil it."""

    pieces: tuple[str, ...]
    finish_reason: str | None = "stop"
    refusal: str | None = None
    cut_after: int | None = None
    """Hangs up, in mid-body, after so many pieces."""
    unfinished: bool = False
    """Ends the body properly, but without a finish reason."""
    hold_first: asyncio.Event | None = None
    """The status line is sent only when this is set."""
    hold_after: tuple[int, asyncio.Event] | None = None
    """(n, event): after n pieces waits for the event."""
    progress: bool = False
    """Begins with chunks without text, as llama.cpp does while it reads a prompt."""
    thought_tokens: int = 0
    events_instead: tuple[str, ...] = ()
    """Raw `data:` payloads sent after the pieces and in place of the regular end."""


@dataclass(frozen=True, slots=True)
class Fails:
    """An HTTP error in the shape of the API, or whatever `body` says."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "no"
    code: str | None = None
    param: str | None = None
    body: str | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class HangsUp:
    """Closes the connection without a byte."""


Answer = Says | Fails | HangsUp


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


def says(*pieces: str, **spoilt: Any) -> Says:
    return Says(pieces, **spoilt)


def refused_url() -> str:
    """An address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


class FakeOpenAI:
    def __init__(self, *, thinks_tokens: int = 0) -> None:
        """`thinks_tokens`: before each answer it thinks so much, and refuses what OpenAI's models of that kind refuse.

        What it refuses fetches no announced answer, and an answer for which too little is left is cut off at nothing.
        """
        self.thinks_tokens = thinks_tokens
        self.requests: list[Asked] = []
        self.faults: list[str] = []
        self.asked = asyncio.Event()
        """Set when a request has come in."""
        self.client_left = asyncio.Event()
        """Set when a client hangs up before its answer is complete."""
        self._answers: deque[Answer] = deque()
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.url = ""

    def expect(self, *answers: Answer) -> None:
        self._answers.extend(answers)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if error is None:
            assert not self.faults, self.faults
            assert not self._answers, f"never asked for: {list(self._answers)}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.client_left.set()
        finally:
            self._running.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request for each connection, so that no answer can depend on a connection that was left over."""
        method, path, _ = (await reader.readline()).decode().split(" ", 2)
        headers: dict[str, str] = {}
        while (line := (await reader.readline()).decode().strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = self._checked(method, path, headers, raw)
        if asked is None:
            return await _send(writer, Fails(400, message=f"unexpected: {self.faults[-1]}"))
        self.requests.append(asked)
        self.asked.set()
        if self.thinks_tokens and (no := _refusal(asked.body)):
            return await _send(writer, no)
        if not self._answers:
            self.faults.append(f"request {len(self.requests)} was not expected")
            return await _send(writer, Fails(400, message="not expected"))
        answer = self._next(asked.body)
        answering = asyncio.ensure_future(_answer(writer, asked, answer))
        leaving = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                return answering.result()
            self.client_left.set()
        finally:
            for task in (answering, leaving):
                task.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    def _next(self, body: Mapping[str, Any]) -> Answer:
        if not self.thinks_tokens:
            return self._answers.popleft()
        if body["max_completion_tokens"] < self.thinks_tokens + 1:
            return Says((), finish_reason="length", thought_tokens=body["max_completion_tokens"])
        answer = self._answers.popleft()
        return replace(answer, thought_tokens=self.thinks_tokens) if isinstance(answer, Says) else answer

    def _checked(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Asked | None:
        body = json.loads(raw) if raw else {}
        complaint = _complaint(method, path, headers, body)
        if complaint:
            self.faults.append(complaint)
            return None
        return Asked(path, headers, body)


def _complaint(method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> str:
    if (method, path) != ("POST", "/v1/chat/completions"):
        return f"{method} {path}"
    if headers.get("authorization") != f"Bearer {KEY}":
        return "wrong or missing key"
    if unknown := set(body) - _FIELDS:
        return f"unknown fields {sorted(unknown)}"
    if body["model"] != MODEL:
        return f"unknown model {body['model']}"
    if not ("max_tokens" in body) ^ ("max_completion_tokens" in body):
        return "exactly one limit of tokens is due"
    if not body["messages"] or any(not _good(message) for message in body["messages"]):
        return "bad messages"
    if body.get("stream") and not body.get("stream_options", {}).get("include_usage"):
        return "a stream without usage"
    if (form := body.get("response_format")) and not _strict(form):
        return "a schema that strict mode refuses"
    return ""


def _refusal(body: Mapping[str, Any]) -> Fails | None:
    """What OpenAI's models that think say to parameters that they do not take."""
    for name in ("max_tokens", "stop", "logprobs"):
        if name in body:
            says = f"Unsupported parameter: '{name}' is not supported with this model."
            return Fails(400, message=says, code="unsupported_parameter", param=name)
    if body.get("temperature", 1) != 1:
        says = "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported."
        return Fails(400, message=says, code="unsupported_value", param="temperature")
    return None


async def _answer(writer: asyncio.StreamWriter, asked: Asked, answer: Answer) -> None:
    if isinstance(answer, HangsUp):
        return
    if isinstance(answer, Fails):
        return await _send(writer, answer)
    if answer.hold_first:
        await answer.hold_first.wait()
    if asked.body.get("stream"):
        await _stream(writer, answer)
    else:
        await _whole(writer, answer)


def _good(message: Mapping[str, Any]) -> bool:
    return (
        set(message) == {"role", "content"}
        and message["role"] in {"system", "user", "assistant"}
        and isinstance(message["content"], str)
        and message["content"] != ""
    )


def _strict(form: Mapping[str, Any]) -> bool:
    schema = form.get("json_schema", {})
    body = schema.get("schema", {})
    return (
        form.get("type") == "json_schema"
        and schema.get("strict") is True
        and bool(schema.get("name"))
        and body.get("additionalProperties") is False
        and sorted(body.get("required", [])) == sorted(body.get("properties", {}))
    )


_USAGE = {
    "prompt_tokens": 11,
    "completion_tokens": 7,
    "total_tokens": 18,
    "prompt_tokens_details": {"cached_tokens": 5},
}


def _usage(answer: Says) -> Mapping[str, Any]:
    if not answer.thought_tokens:
        return _USAGE
    return {**_USAGE, "completion_tokens_details": {"reasoning_tokens": answer.thought_tokens}}


_ABOUT = {"id": "c1", "created": 1, "model": f"{MODEL}-2026"}


async def _send(writer: asyncio.StreamWriter, answer: Fails) -> None:
    body = answer.body
    if body is None:
        body = json.dumps(
            {"error": {"message": answer.message, "type": "x", "param": answer.param, "code": answer.code}}
        )
    await _plain(writer, answer.status, body.encode(), {"content-type": answer.content_type, **answer.headers})


async def _plain(writer: asyncio.StreamWriter, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()


async def _whole(writer: asyncio.StreamWriter, answer: Says) -> None:
    message = {"role": "assistant", "content": "".join(answer.pieces), "refusal": answer.refusal}
    choice = {"index": 0, "message": message, "finish_reason": answer.finish_reason}
    completion = {**_ABOUT, "object": "chat.completion", "choices": [choice], "usage": _usage(answer)}
    body = json.dumps(completion).encode()
    if answer.cut_after is not None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n" + body[:20])
        await writer.drain()
        return
    await _plain(writer, 200, body, {"content-type": "application/json"})


def _chunk(delta: Mapping[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {**_ABOUT, "object": "chat.completion.chunk", "choices": [choice]}


async def _stream(writer: asyncio.StreamWriter, answer: Says) -> None:
    async def event(payload: str) -> None:
        data = f"data: {payload}\n\n".encode()
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()

    head = "HTTP/1.1 200 OK|content-type: text/event-stream|transfer-encoding: chunked|connection: close||"
    writer.write(head.replace("|", "\r\n").encode())
    await event(json.dumps(_chunk({"role": "assistant", "content": None if answer.progress else ""})))
    if answer.progress:
        await event(json.dumps({**_chunk({}), "prompt_progress": {"total": 9, "processed": 4}}))
    for position, piece in enumerate(answer.pieces):
        if answer.cut_after == position:
            return
        if answer.hold_after and answer.hold_after[0] == position:
            await answer.hold_after[1].wait()
        await event(json.dumps(_chunk({"content": piece})))
    if answer.cut_after is not None:
        return
    if answer.hold_after and answer.hold_after[0] >= len(answer.pieces):
        await answer.hold_after[1].wait()
    for payload in answer.events_instead:
        await event(payload)
    if answer.events_instead:
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return
    if answer.refusal:
        await event(json.dumps(_chunk({"refusal": answer.refusal})))
    if not answer.unfinished:
        await event(json.dumps(_chunk({}, answer.finish_reason)))
        usage: Sequence[object] = ()
        await event(
            json.dumps({**_ABOUT, "object": "chat.completion.chunk", "choices": usage, "usage": _usage(answer)})
        )
    await event("[DONE]")
    writer.write(b"0\r\n\r\n")
    await writer.drain()
