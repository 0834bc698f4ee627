"""Problem documents as OpenAI's clients read errors, below the addresses of its protocol alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Message, Scope

from app.api import chat_schemas as wire
from app.api import problems

PATHS = ("/v1/chat/", "/v1/models")
_OF_A_BODY = frozenset({"content-type", "content-length"})


def as_openai(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A problem document in OpenAI's shape; `code` is the slug of its type."""
    named = problem.get("param") or next((each["at"] for each in problem.get("errors", ())), None)
    error = wire.RefusalOut(
        message=problem["detail"],
        type="server_error" if problem["status"] >= 500 else "invalid_request_error",
        param=str(named).removeprefix("body/") if named else None,
        code=str(problem["type"]).removeprefix(problems.BASE),
    )
    return wire.ErrorOut(error=error).model_dump()


def at_this_door(scope: Scope) -> bool:
    """Whether a request speaks OpenAI's protocol."""
    return str(scope["path"]).startswith(PATHS)


def answer(_: Scope, start: Message, problem: Mapping[str, Any]) -> JSONResponse:
    """An error of OpenAI's shape, for `Instead`."""
    kept = {name: value for name, value in Headers(raw=start["headers"]).items() if name not in _OF_A_BODY}
    if problem["status"] == 409:
        # OpenAI's clients send a conflict again by themselves, which could only end in another.
        kept["x-should-retry"] = "false"
    return JSONResponse(as_openai(problem), status_code=start["status"], headers=kept)
