"""The model that needs no key and no network: llama.cpp inside this process, spoken to over its loopback address.

Two callers share few cores: a person who waits for the interviewer, and the judge, who does not mind. Whoever waits
puts the judge off: its request is cancelled, and begun again when nobody waits.

**Measured** once on two cores of a shared machine (2026-11, Qwen2.5-Coder-1.5B Q4_K_M, two threads, prompts of 540 and
about 1,080 tokens, 3 or 4 cancellations for each setting). "Quiet" is the series that began on
an idle machine, "busy" a later one with neighbours at work; their load was not controlled, and busy runs differ from
each other by a factor of nine, so they settle nothing between neighbouring settings.

- Loading takes 1.4 to 7.6 s (the file cached or not), stopping 0.13 s.
- Prompt, quiet, `n_batch` 64, 128, 256, 512: 77-83, 87, 81, 76 tokens/s; one more run of 64 gave 44. Busy: 23 to 39.
- Generation: 16 to 33 tokens/s quiet, 3 to 32 busy. `poll` 0 or 50 made no difference that the noise would show (quiet
  22-33 and 16-33; busy 7 and 32, against 3 and 30). It is 0 for a reason, not for a figure: a polling thread keeps a
  core that torch or ONNX could use.
- **llama.cpp sees that a client has left only when it writes to it.** An answer in one piece is therefore computed to
  its end (26 s after the cancellation), and a stream reads its whole prompt first (11 s), also with
  `sse_ping_interval` at 1. With `return_progress` it writes after each batch of the prompt. From cancellation to free
  slot then, quiet and busy: 0.5-1.9 s and 0.4-4.1 s with batches of 64; 0.3 s and 0.5-12 s with 128; 0.3-2.3 s (quiet)
  with 256; 3-17 s with 512. During generation mostly below 0.1 s. Hence streams only, and `return_progress`; and small
  batches, because a batch is the least one waits for and larger ones read no faster. 32 read as fast as 64.
- One thread on two cores, beside a neighbour that held the other core: 1.1 to 2.4 s for the sentence that says an answer
  back. Two threads there: more than 10 s, because each waits for the one that lost its core.
- `max_tokens=0` generates one token all the same, and leaves the prompt in the cache: 539 of 540 tokens are hits.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import xllamacpp

from app.domain.errors import VivaError
from app.llm.model import (
    Completion,
    Delta,
    Filled,
    Message,
    ModelMisconfigured,
    ModelTimeout,
    ModelUnavailable,
    PromptRef,
    Request,
    Role,
    Sampling,
    T,
)
from app.llm.openai_model import OpenAIModel
from app.llm.priorities import Priorities, PutOff
from app.llm.weights import Pin, check
from app.telemetry.machine import available_cores

R = TypeVar("R")
_BATCH_TOKENS = 32
_WARM_DEADLINE_S = 120.0
_CONTROL_TOKEN = re.compile(r"<(?=[|｜]|/?s>|(?:start|end)_of_turn)")


class EmbeddedModel:
    """A `ChatModel` inside this process. One for each process: it uses all the cores it is given."""

    def __init__(
        self,
        weights: Path,
        pin: Pin,
        *,
        name: str = "qwen2.5-coder-1.5b-instruct",
        threads: int | None = None,
        slots: int = 2,
        context_tokens: int = 6144,
        cache_mib: int = 512,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Reads nothing yet: `start` does.

        `threads` is by default the number of cores this process may use; torch and ONNX threads must fit beside them.
        `context_tokens` is for each of the `slots`. `cache_mib` bounds the prompts kept in memory beside the slots.
        """
        self.name = name
        self._weights = weights
        self._pin = pin
        self._threads = threads or available_cores()
        self._slots = slots
        self._context_tokens = context_tokens
        self._cache_mib = cache_mib
        self._monotonic = monotonic
        self._loading: asyncio.Future[tuple[xllamacpp.Server, str]] | None = None
        self._server: xllamacpp.Server | None = None
        self._client: OpenAIModel | None = None
        self._failure: VivaError | None = None
        self._priorities = Priorities(behind=max(1, slots - 1))

    async def start(self) -> None:
        """Checks and loads the weights, in seconds. Raises `WeightsMissing, WeightsCorrupt, ModelMisconfigured`."""
        key = secrets.token_urlsafe(32)
        self._loading = asyncio.ensure_future(asyncio.to_thread(self._load, key))
        try:
            # Shielded, for a thread cannot be cancelled: `aclose` waits for it and stops what it started.
            self._server, base_url = await asyncio.shield(self._loading)
        except VivaError as error:
            self._failure = error
            raise
        self._client = OpenAIModel(
            name=self.name,
            base_url=base_url,
            api_key=key,
            max_concurrency=self._slots,
            fill_by_stream=True,
            extra_body={"return_progress": True, "cache_prompt": True},
            # No proxy may stand between; and the server drops idle connections just when they are used again.
            http_client=httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0)),
        )

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """See `ChatModel.stream`. One of low priority waits for quiet first, but is not put off once it runs."""
        client = self._opened()
        if request.low_priority:
            await self._priorities.quiet()
            async for event in client.stream(_disarmed(request)):
                yield event
            return
        with self._priorities.ahead():
            async with aclosing(client.stream(_disarmed(request))) as events:
                async for event in events:
                    yield event

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """See `ChatModel.fill`. The deadline of a low-priority call counts the time it runs, not the time it waits."""
        client = self._opened()
        return await self._in_turn(_disarmed(request), lambda asked: client.fill(asked, schema))

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """See `ChatModel.first_words`. What requests have in common at their beginning is read once."""
        return await self._in_turn(_disarmed(request), self._opened().first_words)

    async def _in_turn(self, request: Request, call: Callable[[Request], Coroutine[Any, Any, R]]) -> R:
        """At once for somebody who waits; else when nobody does, begun again where somebody came."""
        if not request.low_priority:
            with self._priorities.ahead():
                return await call(request)
        left_s = request.deadline_s

        async def running() -> R:
            nonlocal left_s
            began_at = self._monotonic()
            try:
                return await call(replace(request, deadline_s=left_s))
            finally:
                left_s -= self._monotonic() - began_at

        while left_s > 0:
            with suppress(PutOff):
                return await self._priorities.behind(running)
        raise ModelTimeout(request.deadline_s)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Reads the messages into the cache of a slot, behind everyone else; gives up where someone comes."""
        client = self._opened()
        request = _disarmed(
            Request(
                role=Role.INTERVIEWER,
                messages=tuple(messages),
                sampling=Sampling(max_output_tokens=1),
                prompt=PromptRef("warm", 1, ""),
                deadline_s=_WARM_DEADLINE_S,
                low_priority=True,
            )
        )

        async def reading() -> None:
            async with aclosing(client.stream(request)) as events:
                async for _ in events:
                    pass

        with suppress(PutOff):
            await self._priorities.behind(reading)

    async def ready(self) -> None:
        """Raises while the weights are still being read, what stopped them, or what a tiny form shows to be wrong."""
        if self._failure is not None:
            raise self._failure
        await self._opened().ready()

    async def aclose(self) -> None:
        """Stops llama.cpp and frees its memory. Waits for weights that are still being loaded."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        if self._loading is not None:
            await asyncio.wait({self._loading})
            if not self._loading.exception():
                self._server = self._loading.result()[0]
            self._loading = None
        # The last reference goes in a thread: the destructor stops llama.cpp and waits for its threads.
        await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._server = None

    def _opened(self) -> OpenAIModel:
        if self._client is not None:
            return self._client
        if self._failure is not None:
            raise ModelMisconfigured(str(self._failure))
        raise ModelUnavailable("its weights are not loaded yet")

    def _load(self, key: str) -> tuple[xllamacpp.Server, str]:
        check(self._weights, self._pin)
        params = xllamacpp.CommonParams()
        params.model.path = str(self._weights)
        params.model_alias = {self.name}
        for cpu in (params.cpuparams, params.cpuparams_batch):
            cpu.n_threads = self._threads
            cpu.poll = 0
        params.n_gpu_layers = 0
        params.n_parallel = self._slots
        params.n_ctx = self._slots * self._context_tokens
        params.n_batch = params.n_ubatch = _BATCH_TOKENS
        params.cache_ram_mib = self._cache_mib
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        # Any web page the user opens can reach a loopback port, and `slots` would show what was said.
        params.api_keys = [key]
        params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = params.ui = False
        params.cors_origins = ""
        params.verbosity = 0
        try:
            server = xllamacpp.Server(params)
        except (RuntimeError, ValueError, OSError):
            raise ModelMisconfigured(f"llama.cpp cannot load {self._weights.name}") from None
        return server, f"{server.listening_address}/v1"


def _disarmed(request: Request) -> Request:
    """The request with every control token in its texts broken by a zero-width space.

    llama.cpp reads control tokens wherever they stand: `<|im_end|>` in an answer would end the candidate's message, and
    what follows could speak as the system. (**Measured**: it is one token there, as in the template itself.)
    """
    said = tuple(Message(one.role, _CONTROL_TOKEN.sub("<\u200b", one.content)) for one in request.messages)
    return replace(request, messages=said)
