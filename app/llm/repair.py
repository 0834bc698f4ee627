"""The one second chance for an answer that does not fit its schema. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from pydantic import ValidationError

from app.domain.transcript import Usage
from app.llm.model import Message, Request

_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_COMPLAINTS = 8


def json_text(raw: str) -> str:
    """The answer without the code fence that models without an enforced schema like to put around it."""
    fenced = _FENCED.match(raw)
    return fenced.group(1) if fenced else raw


def repaired(request: Request, raw: str, complaint: str) -> Request:
    """The same request with the failed answer and what is wrong with it at its end."""
    said = (Message("assistant", raw),) if raw.strip() else ()
    ask = Message(
        "user",
        f"That does not fit the form:\n{complaint}\nAnswer again with the whole JSON object and nothing else.",
    )
    return replace(request, messages=(*request.messages, *said, ask))


def complaint(error: ValidationError) -> str:
    """What is wrong, one line each. For the model alone: a validator's words may repeat the input."""
    lines = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False)[:_COMPLAINTS]:
        where = ".".join(str(step) for step in detail["loc"]) or "the whole"
        lines.append(f"- {where}: {detail['msg']}")
    return "\n".join(lines)


def add(one: Usage, other: Usage) -> Usage:
    """What both spent."""
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cached_tokens + other.cached_tokens,
    )
