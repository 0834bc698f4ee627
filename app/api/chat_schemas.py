"""The wire of the OpenAI-compatible door. Field names are OpenAI's; what is not named here is ignored.

Source: the Chat Completions and Models reference of OpenAI's API, as the openai client for Python types it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.interview import InterviewState


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class PartIn(_In):
    """A part of a message; only text is read."""

    type: str
    text: str | None = None


class MessageIn(_In):
    """A message of the history. What a system says is no instruction to the interviewer and is left out."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[PartIn] | None = None


class StreamOptionsIn(_In):
    """How to stream."""

    include_usage: bool | None = None


class ChatIn(_In):
    """A chat so far, with the candidate's words last. Sampling and the like are ignored: no model chooses the words."""

    model: str = Field(max_length=200, examples=["viva/ml-engineer/mid"])
    messages: list[MessageIn] = Field(
        min_length=1, max_length=4000, examples=[[{"role": "user", "content": "Hello, I'm ready."}]]
    )
    stream: bool | None = None
    stream_options: StreamOptionsIn | None = None
    n: int | None = Field(default=None, description="1 or left out: an interviewer says one thing.")
    tools: list[Any] | None = Field(default=None, description="Empty or left out.")
    functions: list[Any] | None = Field(default=None, description="Empty or left out.")
    metadata: dict[str, Any] | None = Field(
        default=None,
        description="With a first message: minutes, mode, strictness, rounds (with commas between), resume_id, "
        "job_description, seed, as in POST /v1/interviews. Other keys are ignored.",
        examples=[{"minutes": "20", "rounds": "fundamentals"}],
    )


class CachedOut(_Out):
    """Of the prompt."""

    cached_tokens: int


class UsageOut(_Out):
    """What a language model spent on this reply: zero where the words were written beforehand and none was asked."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: CachedOut


class WhereOut(_Out):
    """Where this reply stands in the API's terms. Not OpenAI's; clients pass it over."""

    interview_id: str
    seq: int | None = Field(description="Of the interviewer's turn; null where the reply is none of its turns.")
    state: InterviewState


class SpokenOut(_Out):
    """The interviewer's message."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="The stored words; below a line `---` what the door adds to them.")
    refusal: None = None


class ChoiceOut(_Out):
    """The one choice."""

    index: Literal[0] = 0
    message: SpokenOut
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatOut(_Out):
    """A whole reply."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Unix time in seconds.")
    model: str = Field(description="The interviewer of this interview, whatever was asked for.")
    choices: list[ChoiceOut]
    usage: UsageOut
    viva: WhereOut


class ModelOut(_Out):
    """An interviewer."""

    id: str = Field(examples=["viva/ml-engineer/senior/linkedin"])
    object: Literal["model"] = "model"
    created: int = Field(default=0, description="Always 0: an interviewer has no date.")
    owned_by: Literal["viva"] = "viva"
    name: str = Field(description="For people.")


class ModelsOut(_Out):
    """Interviewers: every role at every level, and every company's for each role at mid. Other combinations work too."""

    object: Literal["list"] = "list"
    data: list[ModelOut]


class RefusalOut(_Out):
    """What was wrong."""

    message: str = Field(description="What happened, and what to do.")
    type: Literal["invalid_request_error", "server_error"]
    param: str | None
    code: str = Field(description="The slug of the problem's type: docs/api.md has a paragraph for each.")


class ErrorOut(_Out):
    """An error as OpenAI's clients read it."""

    error: RefusalOut
