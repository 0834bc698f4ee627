"""Any provider that LangChain knows, behind the same seam.

LangChain is imported when a model is made, not before: it takes seconds. Its retries are off, its tracing is switched
off around every call, whatever the environment says: transcripts are personal data. There are no agents here.

LangChain promises no common base of what its providers raise. `_RAISES` lists those that are translated; an
unlisted provider's own errors come out as they are.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import anyio
import httpx2
from pydantic import BaseModel, ValidationError

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
from app.llm.redaction import redact
from app.llm.repair import add, complaint, json_text, repaired

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk

_RAISES = {
    "openai": ("openai:OpenAIError",),
    "azure_openai": ("openai:OpenAIError",),
    "anthropic": ("anthropic:AnthropicError",),
    "groq": ("groq:GroqError",),
    "mistralai": ("httpx:HTTPError",),
    "ollama": ("ollama:ResponseError", "httpx:HTTPError"),
    "google_genai": ("google.genai.errors:APIError", "langchain_google_genai.chat_models:ChatGoogleGenerativeAIError"),
}
_REASONS = ("finish_reason", "stop_reason", "done_reason")
_LENGTH = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_REFUSED = frozenset({"content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT"})
_SEEDED = frozenset({"openai", "azure_openai", "groq"})
_CLOSING_S = 1.0
_KEPT_MODELS = 16


class LangChainModel:
    """A `ChatModel` over `langchain.chat_models.init_chat_model`. Tries once: the caller decides about more."""

    def __init__(
        self,
        *,
        provider: str,
        name: str,
        api_key: str = "",
        base_url: str = "",
        max_concurrency: int = 8,
        options: Mapping[str, object] | None = None,
    ) -> None:
        """Imports LangChain and the provider's package; raises `ModelMisconfigured` where that is not installed.

        Without `api_key` the provider's own environment variable is used. `options` go to the provider's class.
        """
        self.name = name
        self._provider = provider
        self._secrets = (api_key,)
        self._options: dict[str, Any] = {"max_retries": 0, **(options or {})}
        if provider == "openai":
            # Off by default at any address but OpenAI's own.
            self._options.setdefault("stream_usage", True)
        if api_key:
            self._options["api_key"] = api_key
        if base_url:
            self._options["base_url"] = base_url
        self._places = asyncio.Semaphore(max_concurrency)
        self._models: dict[Sampling, BaseChatModel] = {}
        self._raises = _raises(provider)
        with self._translated(_NOTHING):
            self._model(_NOTHING.sampling)

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """See `ChatModel.stream`."""
        ends_at = time.monotonic() + request.deadline_s
        async with self._place(request, ends_at):
            with self._translated(request):
                model = self._model(request.sampling)
            chunks = model.astream(_messages(request), stop=list(request.sampling.stop) or None)
            whole: AIMessageChunk | None = None
            try:
                while True:
                    with self._translated(request), _untraced():
                        async with asyncio.timeout(_left_s(request, ends_at)):
                            chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    whole = chunk if whole is None else whole + chunk
                    if text := str(chunk.text):
                        yield Delta(text)
            finally:
                with anyio.move_on_after(_CLOSING_S, shield=True):
                    await cast(AsyncGenerator[object, None], chunks).aclose()
            ended = _ended(whole) if whole else None
            if whole is None or ended is None:
                raise ModelUnavailable("its answer broke off in the middle")
            yield Completion(_usage(whole), self._answered(whole), ended)

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """See `ChatModel.fill`."""
        ends_at = time.monotonic() + request.deadline_s
        async with self._place(request, ends_at):
            first = await self._once(request, schema, ends_at)
            if isinstance(first, Filled):
                return first
            second = await self._once(repaired(request, first.raw, first.why), schema, ends_at)
        if isinstance(second, Filled):
            return replace(second, usage=add(first.usage, second.usage))
        raise ModelOutputInvalid(second.raw)

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """See `ChatModel.first_words`: LangChain has no common way to ask for them.

        Raises:
            ModelMisconfigured: always.
        """
        del request
        raise ModelMisconfigured("LangChain does not tell how likely a model's words are")

    async def warm(self, messages: Sequence[Message]) -> None:
        """Does nothing: providers fill their caches themselves."""

    async def ready(self) -> None:
        """Returns: a missing package or key has shown itself when this was made, and a call would be billed."""

    async def aclose(self) -> None:
        """Forgets the models; LangChain shares and closes their connections itself."""
        self._models.clear()

    async def _once(self, request: Request, schema: type[T], ends_at: float) -> Filled[T] | _Unfit:
        """One asking. An answer that does not fit may lose its usage on LangChain's way."""
        with self._translated(request), _untraced():
            form = self._model(request.sampling).with_structured_output(schema, include_raw=True)
            async with asyncio.timeout(_left_s(request, ends_at)):
                try:
                    answer = cast(dict[str, Any], await form.ainvoke(_messages(request)))
                except ValidationError as error:
                    # `include_raw` promises this as `parsing_error`, but with a JSON schema it is raised, and the raw
                    # answer is lost but for what the error quotes (langchain issue 32977).
                    return _Unfit(_quoted(error), complaint(error), Usage())
            raw: AIMessage = answer["raw"]
            ended = _ended(raw)
            if raw.additional_kwargs.get("refusal"):
                raise ModelRefused("by the model")
            if ended == "length":
                raise ModelTruncated(request.sampling.max_output_tokens)
            parsed = answer["parsed"]
            text = str(raw.text) or (parsed.model_dump_json() if isinstance(parsed, BaseModel) else "")
            try:
                value = schema.model_validate_json(json_text(text))
            except ValidationError as error:
                return _Unfit(text, complaint(error), _usage(raw))
        return Filled(value, text, _usage(raw), self._answered(raw))

    def _model(self, sampling: Sampling) -> BaseChatModel:
        """The provider's model for this sampling. Options given with a call never arrive where a schema is filled."""
        sampling = replace(sampling, stop=())
        if sampling not in self._models:
            # Seeds may differ from call to call: keep a few models, not all that ever were.
            if len(self._models) >= _KEPT_MODELS:
                self._models.pop(next(iter(self._models)))
            from langchain.chat_models import init_chat_model

            drawing: dict[str, Any] = {"temperature": sampling.temperature, "max_tokens": sampling.max_output_tokens}
            if sampling.seed is not None and self._provider in _SEEDED:
                drawing["seed"] = sampling.seed
            self._models[sampling] = init_chat_model(
                self.name, model_provider=self._provider, **drawing, **self._options
            )
        return self._models[sampling]

    def _answered(self, message: AIMessage) -> str:
        about = message.response_metadata
        return str(about.get("model_name") or about.get("model") or self.name)

    @asynccontextmanager
    async def _place(self, request: Request, ends_at: float) -> AsyncIterator[None]:
        with self._translated(request):
            async with asyncio.timeout(_left_s(request, ends_at)):
                await self._places.acquire()
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _translated(self, request: Request) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise ModelTimeout(request.deadline_s) from None
        except ImportError as error:
            raise ModelMisconfigured(redact(str(error), *self._secrets)) from None
        except self._raises as error:
            limit = request.sampling.max_output_tokens
            if request is _NOTHING:
                raise ModelMisconfigured(redact(str(error), *self._secrets)) from None
            raise translate(
                error, deadline_s=request.deadline_s, max_output_tokens=limit, secrets=self._secrets
            ) from None
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            if request is _NOTHING:
                raise ModelMisconfigured(redact(str(error), *self._secrets)) from None
            # LangChain takes an answer apart without looking whether it is one.
            raise ModelUnavailable("its server answered with something that is no completion") from None


class _Unfit(NamedTuple):
    """An answer that does not fit."""

    raw: str
    why: str
    usage: Usage


_NOTHING = Request(Role.INTERVIEWER, (), Sampling(), PromptRef("none", 1, ""), 0.0)
"""Stands for the moment in which no request is made yet, so that whatever fails is the set-up."""


@contextmanager
def _untraced() -> Iterator[None]:
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        yield


def _left_s(request: Request, ends_at: float) -> float:
    left_s = ends_at - time.monotonic()
    if left_s <= 0:
        raise ModelTimeout(request.deadline_s)
    return left_s


def _messages(request: Request) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in request.messages]


def _raises(provider: str) -> tuple[type[BaseException], ...]:
    found: list[type[BaseException]] = [httpx2.HTTPError]
    for where in _RAISES.get(provider, ()):
        module, _, name = where.partition(":")
        # A missing package shows itself, with a better message, when the model is made.
        with suppress(ImportError):
            found.append(getattr(importlib.import_module(module), name))
    return tuple(found)


def _ended(message: AIMessage) -> FinishReason | None:
    reason = next((message.response_metadata[name] for name in _REASONS if message.response_metadata.get(name)), None)
    if reason is None:
        return None
    if str(reason) in _REFUSED:
        raise ModelRefused("content filter")
    return "length" if str(reason) in _LENGTH else "stop"


def _usage(message: AIMessage) -> Usage:
    spent = message.usage_metadata
    if spent is None:
        return Usage()
    cached = spent.get("input_token_details", {}).get("cache_read", 0)
    return Usage(spent["input_tokens"], spent["output_tokens"], cached)


def _quoted(error: ValidationError) -> str:
    quoted = error.errors(include_url=False)[0]
    return str(quoted["input"]) if quoted["type"] == "json_invalid" else ""
