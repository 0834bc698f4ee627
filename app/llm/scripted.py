"""Models without a model, for tests and the demo. Stricter than a real one: nothing happens that was not announced."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from inspect import isawaitable

from pydantic import BaseModel

from app.domain.transcript import Usage
from app.llm.model import Completion, Delta, Filled, Message, ModelError, Request, T

Reply = str | tuple[str, ...] | BaseModel | Mapping[str, float] | ModelError
"""A text (streamed word by word), its pieces as given, a filled schema, odds of first words, or what goes wrong."""


class Broken:
    """A reply that breaks off: some pieces, then an error."""

    def __init__(self, pieces: Sequence[str], error: ModelError) -> None:
        """The pieces are yielded, then the error is raised."""
        self.pieces = tuple(pieces)
        self.error = error


class ScriptDeparted(AssertionError):
    """The code under test asked something else than the script says. A bug, so no `ModelError`: nobody may catch it."""


Step = Reply | Broken | Callable[[Request], "Reply | Broken | Awaitable[Reply | Broken]"]


class ScriptedModel:
    """Plays a list of replies in order, and takes down what it was asked.

    A reply to `fill` is an instance of the schema asked for. A callable gets the request and returns the reply, or an
    awaitable of it.
    """

    def __init__(self, steps: Iterable[Step] = (), *, name: str = "scripted") -> None:
        """`steps` are answered in order, whichever method asks."""
        self.name = name
        self.requests: list[Request] = []
        self.warmed: list[tuple[Message, ...]] = []
        self.closed = False
        self._steps: deque[Step] = deque(steps)

    def expect(self, *steps: Step) -> None:
        """Adds to the end of the script."""
        self._steps.extend(steps)

    def assert_done(self) -> None:
        """Raises where replies were left over."""
        if self._steps:
            raise ScriptDeparted(f"{len(self._steps)} replies were never asked for: {list(self._steps)}")

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """Yields the next reply."""
        reply = await self._next(request)
        pieces, error = _pieces(reply)
        for piece in pieces:
            yield Delta(piece)
        if error is not None:
            raise error
        yield Completion(_usage(request, "".join(pieces)), self.name, "stop")

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """Returns the next reply, validated again as a real answer would be."""
        reply = await self._next(request)
        if isinstance(reply, ModelError):
            raise reply
        if not isinstance(reply, schema):
            raise ScriptDeparted(f"fill asked for {schema.__name__}, the script has {reply!r}")
        raw = reply.model_dump_json()
        return Filled(schema.model_validate_json(raw), raw, _usage(request, raw), self.name)

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """Returns the next reply."""
        reply = await self._next(request)
        if isinstance(reply, ModelError):
            raise reply
        if not isinstance(reply, Mapping):
            raise ScriptDeparted(f"first words were asked for, the script has {reply!r}")
        return reply

    async def warm(self, messages: Sequence[Message]) -> None:
        """Takes the messages down."""
        self.warmed.append(tuple(messages))

    async def ready(self) -> None:
        """Is."""

    async def aclose(self) -> None:
        """Closes: any later call fails."""
        self.closed = True

    async def _next(self, request: Request) -> Reply | Broken:
        if self.closed:
            raise ScriptDeparted("the model was closed")
        self.requests.append(request)
        if not self._steps:
            said = request.messages[-1].content if request.messages else ""
            raise ScriptDeparted(f"call {len(self.requests)} ({request.prompt.id}) is not in the script: {said!r}")
        step = self._steps.popleft()
        if not callable(step):
            return step
        reply = step(request)
        return await reply if isawaitable(reply) else reply


class FunctionModel:
    """Answers by rule: a function for texts, a function for schemas. Where one is missing, no such call is expected."""

    def __init__(
        self,
        *,
        stream: Callable[[Request], Reply | Broken] | None = None,
        fill: Callable[[Request, type[BaseModel]], BaseModel | ModelError] | None = None,
        first_words: Callable[[Request], Mapping[str, float] | ModelError] | None = None,
        name: str = "function",
    ) -> None:
        """Each function gets the request; `fill` also gets the schema, and returns an instance of it."""
        self.name = name
        self.requests: list[Request] = []
        self._stream = stream
        self._fill = fill
        self._first_words = first_words

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """Yields what the rule says."""
        if self._stream is None:
            raise ScriptDeparted(f"no text was expected ({request.prompt.id})")
        self.requests.append(request)
        inner = ScriptedModel([self._stream(request)], name=self.name)
        async for event in inner.stream(request):
            yield event

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """Returns what the rule says."""
        if self._fill is None:
            raise ScriptDeparted(f"no {schema.__name__} was expected ({request.prompt.id})")
        self.requests.append(request)
        return await ScriptedModel([self._fill(request, schema)], name=self.name).fill(request, schema)

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """Returns what the rule says."""
        if self._first_words is None:
            raise ScriptDeparted(f"no first words were expected ({request.prompt.id})")
        self.requests.append(request)
        return await ScriptedModel([self._first_words(request)], name=self.name).first_words(request)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Has no cache."""

    async def ready(self) -> None:
        """Is."""

    async def aclose(self) -> None:
        """Has nothing to close."""


def _pieces(reply: Reply | Broken) -> tuple[tuple[str, ...], ModelError | None]:
    if isinstance(reply, Broken):
        return reply.pieces, reply.error
    if isinstance(reply, ModelError):
        return (), reply
    if isinstance(reply, BaseModel | Mapping):
        raise ScriptDeparted(f"stream was called, the script has {reply!r}")
    if isinstance(reply, tuple):
        return reply, None
    # Word by word, so that whoever joins sentences from deltas meets them as a real model sends them.
    return tuple(re.findall(r"\S+\s*|\s+", reply)), None


def _usage(request: Request, text: str) -> Usage:
    """Words instead of tokens: stable, and never zero for a call that was made."""
    return Usage(sum(len(message.content.split()) for message in request.messages) or 1, len(text.split()) or 1)
