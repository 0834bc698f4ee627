"""Any provider that LangChain knows, behind the same seam.

LangChain is imported when a model is made, not before: it takes seconds. Its retries are off, its tracing is switched
off around every call, whatever the environment says: transcripts are personal data. There are no agents here.

LangChain's providers raise what they like: some the errors of their own client, some LangChain's, some both. All become
errors of the seam, by their shape.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import anyio
from pydantic import BaseModel, ValidationError

from app.domain.transcript import Usage
from app.llm.faults import status_of, translate
from app.llm.learned import AskAgain, Learned
from app.llm.model import (
    Completion,
    Delta,
    Filled,
    FinishReason,
    Message,
    ModelError,
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
from app.llm.probe import prove
from app.llm.redaction import redact
from app.llm.repair import add, complaint, json_text, repaired

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk

_REASONS = ("finish_reason", "stop_reason", "done_reason")
_LENGTH = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_REFUSED = frozenset({"content_filter", "refusal", "SAFETY", "PROHIBITED_CONTENT"})
_SEEDED = frozenset({"openai", "azure_openai", "groq"})
_TAKEN_APART = (ValueError, TypeError, AttributeError, LookupError)
"""What comes of it that LangChain takes an answer apart without looking whether it is one."""
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
        self._models: dict[tuple[Sampling, Learned], BaseChatModel] = {}
        self._learned = Learned()
        self._proven = False
        with self._translated(_NOTHING):
            self._model(_NOTHING.sampling, self._learned)

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """See `ChatModel.stream`."""
        ends_at = time.monotonic() + request.deadline_s
        async with self._place(request, ends_at):
            while True:
                try:
                    async with aclosing(self._stream_once(request, ends_at, self._learned)) as events:
                        async for event in events:
                            yield event
                    return
                except AskAgain:
                    continue

    async def _stream_once(
        self, request: Request, ends_at: float, known: Learned
    ) -> AsyncGenerator[Delta | Completion, None]:
        with self._translated(request):
            model = self._model(request.sampling, known)
            stop = None if "stop" in known.without else list(request.sampling.stop) or None
            chunks = model.astream(_messages(request), stop=stop)
        whole: AIMessageChunk | None = None
        spoken = False
        try:
            while True:
                # Once words were said there is no second beginning.
                with self._translated(request, None if spoken else known), _untraced():
                    async with asyncio.timeout(_left_s(request, ends_at)):
                        chunk = await anext(chunks, None)
                if chunk is None:
                    break
                with self._translated(request):
                    whole = chunk if whole is None else whole + chunk
                    text = str(chunk.text)
                if text:
                    spoken = True
                    yield Delta(text)
        finally:
            with anyio.move_on_after(_CLOSING_S, shield=True), self._translated(request):
                await cast(AsyncGenerator[object, None], chunks).aclose()
        with self._translated(request):
            ended = _ended(whole) if whole else None
            usage, thought = (_usage(whole), _thought(whole)) if whole else (Usage(), 0)
        if whole is None or ended is None:
            raise ModelUnavailable("its answer broke off in the middle")
        if ended == "length" and not spoken:
            self._take(known, known.cut_off(thought))
        yield Completion(usage, self._answered(whole), ended)

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """See `ChatModel.fill`."""
        ends_at = time.monotonic() + request.deadline_s
        async with self._place(request, ends_at):
            first = await self._whole(request, schema, ends_at)
            if isinstance(first, Filled):
                self._proven = True
                return first
            second = await self._whole(repaired(request, first.raw, first.why), schema, ends_at)
        if isinstance(second, Filled):
            self._proven = True
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
        """Fills a tiny form once, and again after a failure: a wrong name or key shows itself in no other way."""
        if not self._proven:
            await prove(self)

    async def aclose(self) -> None:
        """Forgets the models; LangChain shares and closes their connections itself."""
        self._models.clear()

    async def _whole(self, request: Request, schema: type[T], ends_at: float) -> Filled[T] | _Unfit:
        while True:
            try:
                return await self._once(request, schema, ends_at, self._learned)
            except AskAgain:
                continue

    async def _once(self, request: Request, schema: type[T], ends_at: float, known: Learned) -> Filled[T] | _Unfit:
        """One asking. An answer that does not fit may lose its usage on LangChain's way."""
        with self._translated(request, known), _untraced():
            form = self._model(request.sampling, known).with_structured_output(schema, include_raw=True)
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
                self._take(known, known.cut_off(_thought(raw)))
                raise ModelTruncated(known.limit(request.sampling.max_output_tokens))
            parsed = answer["parsed"]
            text = str(raw.text) or (parsed.model_dump_json() if isinstance(parsed, BaseModel) else "")
            try:
                value = schema.model_validate_json(json_text(text))
            except ValidationError as error:
                return _Unfit(text, complaint(error), _usage(raw))
        return Filled(value, text, _usage(raw), self._answered(raw))

    def _model(self, sampling: Sampling, known: Learned) -> BaseChatModel:
        """The provider's model for this sampling. Options given with a call never arrive where a schema is filled."""
        wanted = (replace(sampling, stop=()), known)
        if wanted not in self._models:
            # Seeds may differ from call to call: keep a few models, not all that ever were.
            if len(self._models) >= _KEPT_MODELS:
                self._models.pop(next(iter(self._models)))
            from langchain.chat_models import init_chat_model

            drawing: dict[str, Any] = {
                "temperature": sampling.temperature,
                "max_tokens": known.limit(sampling.max_output_tokens),
            }
            if sampling.seed is not None and self._provider in _SEEDED:
                drawing["seed"] = sampling.seed
            drawing = {
                name: value for name, value in drawing.items() if name == "max_tokens" or name not in known.without
            }
            self._models[wanted] = init_chat_model(self.name, model_provider=self._provider, **drawing, **self._options)
        return self._models[wanted]

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

    def _take(self, known: Learned, now: Learned) -> None:
        """Keeps what a call has shown, and raises `AskAgain` where that is more than it was made with."""
        self._learned = self._learned.and_(now)
        if now != known:
            raise AskAgain from None

    @contextmanager
    def _translated(self, request: Request, known: Learned | None = None) -> Iterator[None]:
        """Turns whatever is raised into the errors of the seam, without a chain that could print a key.

        `known` is what a call is made with: `AskAgain` where its failure tells more.
        """
        try:
            yield
        except (ModelError, AskAgain):
            raise
        except TimeoutError:
            raise ModelTimeout(request.deadline_s) from None
        except Exception as error:
            if known is not None:
                self._take(known, known.after(error).and_(known.cut_off(_thought_of(error))))
            raise self._seams(error, request, known or self._learned) from None

    def _seams(self, error: Exception, request: Request, known: Learned) -> ModelError:
        if request is _NOTHING or isinstance(error, ImportError | NotImplementedError):
            return ModelMisconfigured(redact(str(error), *self._secrets) or type(error).__name__)
        if isinstance(error, _TAKEN_APART) and status_of(error) is None:
            return ModelUnavailable("its server answered with something that is no completion")
        found = translate(
            error,
            deadline_s=request.deadline_s,
            max_output_tokens=known.limit(request.sampling.max_output_tokens),
            secrets=self._secrets,
        )
        if isinstance(found, ModelUnavailable | ModelRateLimited):
            self._proven = False
        return found


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


def _thought(message: AIMessage) -> int:
    """Tokens that were written before the answer and are not in it, as far as the provider tells."""
    spent = message.usage_metadata
    return spent.get("output_token_details", {}).get("reasoning", 0) if spent else 0


def _thought_of(error: Exception) -> int:
    """The same of an answer that OpenAI's client raises because it was cut off."""
    usage = getattr(getattr(error, "completion", None), "usage", None)
    about = getattr(usage, "completion_tokens_details", None)
    return getattr(about, "reasoning_tokens", None) or 0


def _quoted(error: ValidationError) -> str:
    quoted = error.errors(include_url=False)[0]
    return str(quoted["input"]) if quoted["type"] == "json_invalid" else ""
