"""What is read from Chat Completions, checked: an answer that lacks it is a broken answer, whatever its status said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from openai import pydantic_function_tool
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema
from pydantic import AliasChoices, BaseModel, Field

from app.domain.transcript import Usage
from app.llm.model import FinishReason, Message, ModelRefused


class Said(BaseModel):
    """A message, or a piece of one."""

    content: str | None = None
    refusal: str | None = None


class Likely(BaseModel):
    """A token that might have been written."""

    token: str
    logprob: float


class Written(BaseModel):
    """A token that was written, and the others that might have been."""

    top_logprobs: list[Likely] = []


class Odds(BaseModel):
    """How likely the tokens of an answer were."""

    content: list[Written] | None = None


class Choice(BaseModel):
    """One answer of several; one is all we ask for."""

    said: Said = Field(validation_alias=AliasChoices("delta", "message"))
    finish_reason: str | None = None
    logprobs: Odds | None = None


class _Cached(BaseModel):
    cached_tokens: int | None = None


class _Thought(BaseModel):
    reasoning_tokens: int | None = None


class Spent(BaseModel):
    """The wire's usage."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Cached | None = None
    completion_tokens_details: _Thought | None = None


class Heard(BaseModel):
    """A completion or a chunk of one."""

    choices: list[Choice]
    usage: Spent | None = None
    model: str | None = None

    def spent(self) -> Usage:
        """The usage, zero where the server tells none."""
        if self.usage is None:
            return Usage()
        cached = self.usage.prompt_tokens_details
        return Usage(
            self.usage.prompt_tokens, self.usage.completion_tokens, (cached.cached_tokens or 0) if cached else 0
        )

    def thought(self) -> int:
        """Tokens that were written before the answer and are not in it, as far as the server tells."""
        about = self.usage.completion_tokens_details if self.usage else None
        return (about.reasoning_tokens or 0) if about else 0


def heard(answer: object, kind: type[ChatCompletion] | type[ChatCompletionChunk]) -> Heard:
    """The client's object, checked, or ValueError: the client checks nothing, and passes HTML on as a string."""
    if not isinstance(answer, kind):
        raise ValueError(f"a {type(answer).__name__} is no {kind.__name__}")
    return Heard.model_validate(answer.model_dump(warnings=False))


def first_words(choice: Choice) -> dict[str, float]:
    """Probabilities of the first token, stripped and in lower case, spellings of one word added up; {} where none is told."""
    told = choice.logprobs.content if choice.logprobs else None
    found: dict[str, float] = {}
    for each in told[0].top_logprobs if told else ():
        word = each.token.strip().lower()
        if word:
            found[word] = found.get(word, 0.0) + math.exp(min(0.0, each.logprob))
    return found


def finish(reason: str) -> FinishReason:
    """How it ended. Servers have their own words for "done" (`eos`, `end_turn`); only these two mean something else."""
    if reason == "content_filter":
        raise ModelRefused("content filter")
    return "length" if reason == "length" else "stop"


def messages(said: Sequence[Message]) -> list[ChatCompletionMessageParam]:
    """The messages as the client types them."""
    return [cast(ChatCompletionMessageParam, {"role": one.role, "content": one.content}) for one in said]


def response_format(schema: type[BaseModel]) -> ResponseFormatJSONSchema:
    """The schema in the strict form: every field required, no other allowed.

    The client offers that form publicly for tools alone; it is the same for answers.
    """
    parameters = pydantic_function_tool(schema)["function"]["parameters"]
    return {
        "type": "json_schema",
        "json_schema": {"name": schema.__name__, "schema": parameters, "strict": True},
    }
