"""A language model behind any OpenAI-compatible address: OpenAI, vLLM, Ollama, llama.cpp.

Chat Completions only: it is what the local servers offer in full. The client's own retries are off, and its time-out
is ours, so that a call never lasts longer than its deadline. Nothing of a conversation is logged.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal, cast

import anyio
import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from app.domain.transcript import Usage
from app.llm.faults import translate
from app.llm.model import (
    Completion,
    Delta,
    Filled,
    FinishReason,
    Message,
    ModelMisconfigured,
    ModelOutputInvalid,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelTruncated,
    ModelUnavailable,
    PromptRef,
    Request,
    Role,
    Sampling,
    T,
)
from app.llm.repair import add, json_text, repaired

_CONNECT_TIMEOUT_S = 5.0
_ATTEMPTS = 3
_BACKOFF_S = 0.5
_CLOSING_S = 1.0
_READY_DEADLINE_S = 20.0


class OpenAIModel:
    """A `ChatModel` that speaks Chat Completions."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        api_key: str,
        max_concurrency: int = 8,
        token_limit: Literal["max_completion_tokens", "max_tokens"] | None = None,
        fill_by_stream: bool = False,
        extra_body: Mapping[str, object] | None = None,
        http_client: httpx2.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: random.Random | None = None,
    ) -> None:
        """Opens no connection.

        `token_limit` is the name under which the server takes `max_output_tokens`: OpenAI's newer models refuse the old
        name, most local servers know only that; None chooses by the address. `fill_by_stream` fills schemas from a
        streamed answer, for servers that notice a client's leaving only while they write.
        """
        self.name = name
        self._secrets = (api_key,)
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none", base_url=base_url, max_retries=0, http_client=http_client
        )
        hosted = self._client.base_url.host == "api.openai.com"
        self._new_limit_name = token_limit == "max_completion_tokens" if token_limit else hosted
        self._fill_by_stream = fill_by_stream
        self._extra_body = dict(extra_body) if extra_body else None
        self._free = asyncio.Semaphore(max_concurrency)
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads retries, hides nothing
        self._proven = False

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """See `ChatModel.stream`. Tries again only while nothing has been said yet."""
        ends_at = self._monotonic() + request.deadline_s
        attempt = 0
        async with self._place(request, ends_at):
            while True:
                attempt += 1
                spoken = False
                try:
                    async with aclosing(self._stream_once(request, ends_at, None)) as events:
                        async for event in events:
                            spoken = True
                            yield event
                    return
                except (ModelUnavailable, ModelRateLimited) as error:
                    pause = None if spoken else self._pause_s(error, attempt, ends_at)
                    if pause is None:
                        self._proven = False
                        raise
                await self._sleep(pause)

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """See `ChatModel.fill`. The deadline covers both attempts."""
        ends_at = self._monotonic() + request.deadline_s
        form = _response_format(schema)
        async with self._place(request, ends_at):
            first = await self._whole(request, ends_at, form)
            try:
                value = schema.model_validate_json(json_text(first.text))
            except ValidationError as error:
                again = repaired(request, first.text, error)
            else:
                self._proven = True
                return Filled(value, first.text, first.usage, first.model)
            second = await self._whole(again, ends_at, form)
        try:
            value = schema.model_validate_json(json_text(second.text))
        except ValidationError:
            # Not chained: pydantic's text repeats the input, which may hold a candidate's words.
            raise ModelOutputInvalid(second.text) from None
        self._proven = True
        return Filled(value, second.text, add(first.usage, second.usage), second.model)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Does nothing: a hosted model's cache fills by itself, and reading ahead is billed."""

    async def ready(self) -> None:
        """Fills a tiny form once, and again after a failure: many servers accept a schema without keeping to it."""
        if self._proven:
            return
        try:
            await self.fill(_PROBE, _Probe)
        except (ModelOutputInvalid, ModelTruncated) as error:
            raise ModelMisconfigured(f"'{self.name}' does not keep to a JSON schema") from error

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    @asynccontextmanager
    async def _place(self, request: Request, ends_at: float) -> AsyncIterator[None]:
        """Waits for one of the places that `max_concurrency` allows; the wait counts towards the deadline."""
        try:
            async with asyncio.timeout(self._left_s(request, ends_at)):
                await self._free.acquire()
        except TimeoutError:
            raise ModelTimeout(request.deadline_s) from None
        try:
            yield
        finally:
            self._free.release()

    def _left_s(self, request: Request, ends_at: float) -> float:
        left = ends_at - self._monotonic()
        if left <= 0:
            raise ModelTimeout(request.deadline_s)
        return left

    def _pause_s(self, error: ModelUnavailable | ModelRateLimited, attempt: int, ends_at: float) -> float | None:
        """How long to wait before the next attempt; None where none is left, or it would come too late."""
        if attempt >= _ATTEMPTS:
            return None
        pause = self._jitter.uniform(0.5, 1.0) * _BACKOFF_S * 2 ** (attempt - 1)
        if isinstance(error, ModelRateLimited) and error.retry_after_s is not None:
            pause += error.retry_after_s
        return pause if self._monotonic() + pause < ends_at else None

    async def _whole(self, request: Request, ends_at: float, form: ResponseFormatJSONSchema) -> _Whole:
        attempt = 0
        while True:
            attempt += 1
            try:
                if self._fill_by_stream:
                    return await self._whole_by_stream(request, ends_at, form)
                return await self._whole_once(request, ends_at, form)
            except (ModelUnavailable, ModelRateLimited) as error:
                pause = self._pause_s(error, attempt, ends_at)
                if pause is None:
                    self._proven = False
                    raise
            await self._sleep(pause)

    async def _whole_by_stream(self, request: Request, ends_at: float, form: ResponseFormatJSONSchema) -> _Whole:
        parts: list[str] = []
        end: Completion | None = None
        async with aclosing(self._stream_once(request, ends_at, form)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    parts.append(event.text)
                else:
                    end = event
        if end is None or end.finish_reason == "length":
            raise ModelTruncated(request.sampling.max_output_tokens)
        return _Whole("".join(parts), end.usage, end.model)

    async def _whole_once(self, request: Request, ends_at: float, form: ResponseFormatJSONSchema) -> _Whole:
        with self._translated(request):
            async with asyncio.timeout(self._left_s(request, ends_at)):
                answer = await self._client.chat.completions.create(
                    model=self.name,
                    messages=_wire(request.messages),
                    stream=False,
                    response_format=form,
                    **self._options(request),
                )
            # A page of HTML with status 200 comes out of the client as a plain string.
            if not isinstance(answer, ChatCompletion):
                raise ModelUnavailable("its server answered with something that is no completion")
            heard = _Heard.model_validate(answer.model_dump(warnings=False))
        if not heard.choices:
            raise ModelUnavailable("its server answered without a choice")
        choice = heard.choices[0]
        if choice.said.refusal:
            raise ModelRefused("by the model")
        if _finish(choice.finish_reason) == "length":
            raise ModelTruncated(request.sampling.max_output_tokens)
        return _Whole(choice.said.content or "", _usage(heard), heard.model or self.name)
