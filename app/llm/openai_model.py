"""A language model behind any OpenAI-compatible address: OpenAI, vLLM, Ollama, llama.cpp.

Chat Completions only: it is what the local servers offer in full. The client's own retries are off and its time-outs
are ours, so that a call never lasts longer than its deadline. Nothing of a conversation is logged.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Literal, NamedTuple, TypedDict

import anyio
import httpx2
import openai
from openai import Omit, omit
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema
from pydantic import ValidationError

from app.domain.transcript import Usage
from app.llm import wire
from app.llm.faults import translate
from app.llm.learned import AskAgain, Learned
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
    Request,
    T,
)
from app.llm.probe import prove
from app.llm.repair import add, complaint, json_text, repaired

_CONNECT_TIMEOUT_S = 5.0
_ATTEMPTS = 3
_BACKOFF_S = 0.5
_CLOSING_S = 1.0
_TOLD = 20
"""Tokens that a server names with their odds; more are not to be had."""


class _Arguments(TypedDict):
    """What both forms of a call share."""

    model: str
    messages: list[ChatCompletionMessageParam]
    temperature: float | Omit
    max_tokens: int | Omit
    max_completion_tokens: int | Omit
    seed: int | Omit
    stop: list[str] | Omit
    response_format: ResponseFormatJSONSchema | Omit
    extra_body: dict[str, object] | None
    timeout: httpx2.Timeout


class _Whole(NamedTuple):
    """An answer in one piece."""

    text: str
    usage: Usage
    model: str


class OpenAIModel:
    """A `ChatModel` that speaks Chat Completions."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        api_key: str,
        max_concurrency: int = 8,
        limit_name: Literal["max_completion_tokens", "max_tokens"] | None = None,
        fill_by_stream: bool = False,
        extra_body: Mapping[str, object] | None = None,
        http_client: httpx2.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: random.Random | None = None,
    ) -> None:
        """Opens no connection.

        `limit_name` is the name under which the server takes `max_output_tokens`: OpenAI's newer models refuse the old
        name, most local servers know only that; None chooses by the address, and by what is refused. `fill_by_stream` fills schemas from a
        streamed answer, for servers that notice a client's leaving only while they write.
        """
        self.name = name
        self._secrets = (api_key,)
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none", base_url=base_url, max_retries=0, http_client=http_client
        )
        hosted = self._client.base_url.host == "api.openai.com"
        new_limit = limit_name == "max_completion_tokens" if limit_name else hosted
        self._learned = Learned(frozenset({"max_tokens"} if new_limit else ()))
        self._fill_by_stream = fill_by_stream
        self._extra_body = dict(extra_body) if extra_body else None
        self._places = asyncio.Semaphore(max_concurrency)
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
                    async with aclosing(self._stream_once(request, ends_at, omit, self._learned)) as events:
                        async for event in events:
                            spoken = True
                            yield event
                    return
                except AskAgain:
                    attempt -= 1
                    continue
                except (ModelUnavailable, ModelRateLimited) as error:
                    pause_s = None if spoken else self._pause_s(error, attempt, ends_at)
                    if pause_s is None:
                        self._proven = False
                        raise
                await self._sleep(pause_s)

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """See `ChatModel.fill`. The deadline covers both askings."""
        ends_at = self._monotonic() + request.deadline_s
        form = wire.response_format(schema)
        async with self._place(request, ends_at):
            first = await self._whole(request, ends_at, form)
            try:
                value = schema.model_validate_json(json_text(first.text))
            except ValidationError as error:
                again = repaired(request, first.text, complaint(error))
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

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """See `ChatModel.first_words`. Streamed, so that a server that is left stops reading."""
        ends_at = self._monotonic() + request.deadline_s
        attempt = 0
        async with self._place(request, ends_at):
            while True:
                attempt += 1
                try:
                    return await self._first_words_once(request, ends_at, self._learned)
                except AskAgain:
                    attempt -= 1
                    continue
                except (ModelUnavailable, ModelRateLimited) as error:
                    pause_s = self._pause_s(error, attempt, ends_at)
                    if pause_s is None:
                        self._proven = False
                        raise
                await self._sleep(pause_s)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Does nothing: a hosted model's cache fills by itself, and reading ahead is billed."""

    async def ready(self) -> None:
        """Fills a tiny form once, and again after a failure."""
        if not self._proven:
            await prove(self)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    @asynccontextmanager
    async def _place(self, request: Request, ends_at: float) -> AsyncIterator[None]:
        """Holds one of the places that `max_concurrency` allows; waiting for it counts towards the deadline."""
        with self._translated(request):
            async with asyncio.timeout(self._left_s(request, ends_at)):
                await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    def _left_s(self, request: Request, ends_at: float) -> float:
        left_s = ends_at - self._monotonic()
        if left_s <= 0:
            raise ModelTimeout(request.deadline_s)
        return left_s

    def _pause_s(self, error: ModelUnavailable | ModelRateLimited, attempt: int, ends_at: float) -> float | None:
        """How long to wait before the next attempt; None where none is left, or it would come too late."""
        if attempt >= _ATTEMPTS:
            return None
        pause_s = self._jitter.uniform(0.5, 1.0) * _BACKOFF_S * 2 ** (attempt - 1)
        if isinstance(error, ModelRateLimited):
            pause_s += error.retry_after_s or 0.0
        return pause_s if self._monotonic() + pause_s < ends_at else None

    async def _whole(self, request: Request, ends_at: float, form: ResponseFormatJSONSchema) -> _Whole:
        once = self._collect_once if self._fill_by_stream else self._whole_once
        attempt = 0
        while True:
            attempt += 1
            try:
                return await once(request, ends_at, form, self._learned)
            except AskAgain:
                attempt -= 1
                continue
            except (ModelUnavailable, ModelRateLimited) as error:
                pause_s = self._pause_s(error, attempt, ends_at)
                if pause_s is None:
                    self._proven = False
                    raise
            await self._sleep(pause_s)

    async def _whole_once(
        self, request: Request, ends_at: float, form: ResponseFormatJSONSchema, known: Learned
    ) -> _Whole:
        with self._translated(request, known):
            async with asyncio.timeout(self._left_s(request, ends_at)):
                answer = await self._client.chat.completions.create(
                    stream=False, **self._arguments(request, ends_at, form, known)
                )
            heard = wire.heard(answer, ChatCompletion)
        if not heard.choices:
            raise ModelUnavailable("its server answered without a choice")
        choice = heard.choices[0]
        if choice.said.refusal:
            raise ModelRefused("by the model")
        if wire.finish(choice.finish_reason or "stop") == "length":
            self._take(known, known.cut_off(heard.thought()))
            raise ModelTruncated(known.limit(request.sampling.max_output_tokens))
        return _Whole(choice.said.content or "", heard.spent(), heard.model or self.name)

    async def _collect_once(
        self, request: Request, ends_at: float, form: ResponseFormatJSONSchema, known: Learned
    ) -> _Whole:
        parts: list[str] = []
        async with aclosing(self._stream_once(request, ends_at, form, known)) as events:
            async for event in events:
                if isinstance(event, Delta):
                    parts.append(event.text)
                elif event.finish_reason == "length":
                    raise ModelTruncated(known.limit(request.sampling.max_output_tokens))
                else:
                    return _Whole("".join(parts), event.usage, event.model)
        raise AssertionError("a stream ends with a completion or an error")

    async def _first_words_once(self, request: Request, ends_at: float, known: Learned) -> Mapping[str, float]:
        async with aclosing(self._chunks(request, ends_at, omit, known, odds=True)) as chunks:
            async for heard in chunks:
                for choice in heard.choices[:1]:
                    if choice.said.refusal:
                        raise ModelRefused("by the model")
                    if choice.said.content:
                        if found := wire.first_words(choice):
                            return found
                        raise ModelMisconfigured(f"the server of '{self.name}' does not tell how likely its words are")
        raise ModelUnavailable("its answer broke off in the middle")

    async def _stream_once(
        self, request: Request, ends_at: float, form: ResponseFormatJSONSchema | Omit, known: Learned
    ) -> AsyncGenerator[Delta | Completion, None]:
        usage, model, ended, thought, spoken = Usage(), self.name, "", 0, False
        async with aclosing(self._chunks(request, ends_at, form, known)) as chunks:
            async for heard in chunks:
                usage = heard.spent() if heard.usage else usage
                thought = heard.thought() or thought
                model = heard.model or model
                for choice in heard.choices[:1]:
                    if choice.said.refusal:
                        raise ModelRefused("by the model")
                    ended = choice.finish_reason or ended
                    if choice.said.content:
                        spoken = True
                        yield Delta(choice.said.content)
        if not ended:
            raise ModelUnavailable("its answer broke off in the middle")
        finish_reason: FinishReason = wire.finish(ended)
        if finish_reason == "length" and not spoken:
            self._take(known, known.cut_off(thought))
        yield Completion(usage, model, finish_reason)

    async def _chunks(
        self,
        request: Request,
        ends_at: float,
        form: ResponseFormatJSONSchema | Omit,
        known: Learned,
        *,
        odds: bool = False,
    ) -> AsyncGenerator[wire.Heard, None]:
        """The stream's chunks, checked; `odds` has the server say how likely its tokens were."""
        with self._translated(request, known):
            async with asyncio.timeout(self._left_s(request, ends_at)):
                chunks = await self._client.chat.completions.create(
                    stream=True,
                    stream_options={"include_usage": True},
                    logprobs=True if odds else omit,
                    top_logprobs=_TOLD if odds else omit,
                    **self._arguments(request, ends_at, form, known),
                )
        if not isinstance(chunks, openai.AsyncStream):
            raise ModelUnavailable("its server answered with something that is no stream")
        try:
            while True:
                # Around the whole loop, a time-out would strike the consumer's code while this rests at `yield`.
                with self._translated(request):
                    async with asyncio.timeout(self._left_s(request, ends_at)):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    heard = wire.heard(chunk, ChatCompletionChunk)
                yield heard
        finally:
            # Shielded: a cancelled caller must still hang up, or the server writes on for nobody.
            with anyio.move_on_after(_CLOSING_S, shield=True):
                await chunks.close()

    def _arguments(
        self, request: Request, ends_at: float, form: ResponseFormatJSONSchema | Omit, known: Learned
    ) -> _Arguments:
        sampling, without = request.sampling, known.without
        limit = known.limit(sampling.max_output_tokens)
        left_s = self._left_s(request, ends_at)
        return {
            "model": self.name,
            "messages": wire.messages(request.messages),
            "temperature": omit if "temperature" in without else sampling.temperature,
            "max_tokens": omit if "max_tokens" in without else limit,
            "max_completion_tokens": limit if "max_tokens" in without else omit,
            "seed": omit if sampling.seed is None or "seed" in without else sampling.seed,
            "stop": omit if "stop" in without else list(sampling.stop) or omit,
            "response_format": form,
            "extra_body": self._extra_body,
            "timeout": httpx2.Timeout(left_s, connect=min(_CONNECT_TIMEOUT_S, left_s)),
        }

    def _take(self, known: Learned, now: Learned) -> None:
        """Keeps what a call has shown, and raises `AskAgain` where that is more than it was made with."""
        self._learned = self._learned.and_(now)
        if now != known:
            raise AskAgain from None

    @contextmanager
    def _translated(self, request: Request, known: Learned | None = None) -> Iterator[None]:
        """Turns what the client raises into the errors of the seam, without a chain that could print a key.

        `known` is what a call is made with: `AskAgain` where its failure tells more.
        """
        try:
            yield
        except TimeoutError:
            raise ModelTimeout(request.deadline_s) from None
        except openai.OpenAIError as error:
            if known is not None:
                self._take(known, known.after(error))
            limit = request.sampling.max_output_tokens
            raise translate(
                error, deadline_s=request.deadline_s, max_output_tokens=limit, secrets=self._secrets
            ) from None
        except ValueError:
            # Broken JSON, broken UTF-8, or JSON of another shape.
            raise ModelUnavailable("its server answered with something that is no completion") from None
