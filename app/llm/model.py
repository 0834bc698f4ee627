"""The seam to language models: what is asked, what comes back, and what can go wrong.

Everyone above knows this module alone; the implementations beside it are bound by `main`. Time-outs, retries and
concurrency live inside an implementation, once. Nothing here knows of HTTP, keys or prompts' files.

The texts of errors never hold a key, a URL with credentials, or words of a conversation.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from app.domain.errors import VivaError
from app.domain.transcript import Usage

T = TypeVar("T", bound=BaseModel)

Speaks = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length"]


class Role(StrEnum):
    """What a model is asked to be. Each role is bound to a model in settings."""

    INTERVIEWER = "interviewer"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Message:
    """One message on the wire. `content` is shown to the model as it stands: untrusted parts are fenced before."""

    role: Speaks
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How words are drawn."""

    temperature: float = 0.0
    max_output_tokens: int = 256
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptRef:
    """Which prompt file, exactly, the messages were made from."""

    id: str
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Equal requests are the same question, whoever asks it."""

    role: Role
    messages: tuple[Message, ...]
    sampling: Sampling
    prompt: PromptRef
    deadline_s: float
    """Wall clock for everything: waiting for a free connection, all attempts, and the last token."""
    low_priority: bool = False
    """May be put off, and begun again, for the sake of someone who waits (a judge's call)."""


@dataclass(frozen=True, slots=True)
class Delta:
    """Some more text, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a stream: everything was said, or (`length`) as much as `max_output_tokens` let through."""

    usage: Usage
    model: str
    """The model that answered, by its own account."""
    finish_reason: FinishReason


@dataclass(frozen=True, slots=True)
class Filled(Generic[T]):
    """A schema filled in by a model: valid in form, still untrusted in content."""

    value: T
    raw: str
    """What the model wrote, to the letter."""
    usage: Usage
    """Of all attempts together."""
    model: str


class ChatModel(Protocol):
    """A language model. Its calls raise the errors below and no others."""

    name: str
    """The model asked for."""

    def stream(self, request: Request) -> AsyncGenerator[Delta | Completion, None]:
        """Yields text as it comes, then exactly one `Completion`.

        Wrap it in `contextlib.aclosing`: closing it early ends the generation at once, where forgetting it leaves the
        model writing for nobody until the garbage collector comes by. Time the consumer spends counts towards the
        deadline. An error may come after some deltas; those are then the beginning of a text without an end.
        """
        ...

    async def fill(self, request: Request, schema: type[T]) -> Filled[T]:
        """Returns the schema filled in, validated; asks once more where the first answer does not fit."""
        ...

    async def first_words(self, request: Request) -> Mapping[str, float]:
        """Probabilities, 0..1, of the words that an answer may begin with, the likeliest twenty, in lower case.

        Raises `ModelMisconfigured` where the server does not tell them.
        """
        ...

    async def warm(self, messages: Sequence[Message]) -> None:
        """Reads a prefix of coming requests into the model's cache, where it has one that can be filled."""
        ...

    async def ready(self) -> None:
        """Returns if calls can be expected to work, structured ones included; raises what stands in the way."""
        ...

    async def aclose(self) -> None:
        """Lets go of connections, threads and weights."""
        ...


@dataclass
class ModelError(VivaError):
    """Base of what a model call can end with. Named by what can be done about it."""


@dataclass
class ModelUnavailable(ModelError):
    """The model cannot be reached, broke off or is still starting. Trying again later may help."""

    reason: str

    def __str__(self) -> str:
        """Says what happened, and that it may pass."""
        return f"The language model is not available: {self.reason}. Try again in a moment."


@dataclass
class ModelRateLimited(ModelError):
    """The provider asks for fewer calls."""

    retry_after_s: float | None = None
    """How long the provider asks to wait; None where it does not say."""

    def __str__(self) -> str:
        """Says how long to wait."""
        wait = "a minute" if self.retry_after_s is None else f"{self.retry_after_s:.0f} s"
        return f"The language model's provider limits the rate of calls. Try again in {wait}."


@dataclass
class ModelRefused(ModelError):
    """The model, or a filter before it, declined. The same request will be declined again."""

    reason: str = ""

    def __str__(self) -> str:
        """Says that asking again is no use."""
        why = f" ({self.reason})" if self.reason else ""
        return f"The language model declined to answer{why}. The same request will be declined again."


@dataclass
class ModelTruncated(ModelError):
    """The answer did not fit into `max_output_tokens`."""

    max_output_tokens: int

    def __str__(self) -> str:
        """Says which limit was met."""
        return (
            f"The language model's answer was cut off at {self.max_output_tokens} tokens. "
            "Raise max_output_tokens of the prompt."
        )


@dataclass
class ModelOutputInvalid(ModelError):
    """The answer does not fit the schema, nor did the second one."""

    raw: str = field(repr=False)
    """What it wrote. It may repeat a candidate's words: keep it out of logs."""

    def __str__(self) -> str:
        """Says how often it was asked."""
        return (
            "The language model's answer does not have the asked form, "
            "and asking once more with the error shown did not help."
        )


@dataclass
class ModelMisconfigured(ModelError):
    """Name, address, key or limits are wrong. Only a change of settings helps."""

    reason: str

    def __str__(self) -> str:
        """Says what the provider complained of."""
        return f"The language model is not set up rightly: {self.reason}. Check the settings VIVA_INTERVIEWER__* and VIVA_JUDGE__*."


@dataclass
class ModelTimeout(ModelError):
    """The deadline passed."""

    deadline_s: float

    def __str__(self) -> str:
        """Says the deadline."""
        return f"The language model did not finish within {self.deadline_s:g} s. Try again, or give it more time."
