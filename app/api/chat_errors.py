"""Problem documents as OpenAI's clients read errors, below the addresses of its protocol alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class OpenAIErrors:
    """Puts an error of OpenAI's shape in the place of a problem document, whoever made it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on but problem documents at this door."""
        if scope["type"] != "http" or not scope["path"].startswith(PATHS):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def watched(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")

        await self._app(scope, receive, watched)
        if start is not None:
            await _answer(start, json.loads(body))(scope, receive, send)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(problems.MEDIA_TYPE)


def _answer(start: Message, problem: Mapping[str, Any]) -> JSONResponse:
    kept = {name: value for name, value in Headers(raw=start["headers"]).items() if name not in _OF_A_BODY}
    if problem["status"] == 409:
        # OpenAI's clients send a conflict again by themselves, which could only end in another.
        kept["x-should-retry"] = "false"
    return JSONResponse(as_openai(problem), status_code=start["status"], headers=kept)
