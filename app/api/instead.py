"""Another answer in the place of a problem document, where a client reads errors in another way; whoever made the document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems

Wanted = Callable[[Scope], bool]
"""Whether a request is to have the other answer."""
Answer = Callable[[Scope, Message, dict[str, Any]], ASGIApp]
"""(request, the start of the answer that is replaced, its problem document) -> what is answered."""


class Instead:
    """Passes everything on but the problem documents of requests that want something else."""

    def __init__(self, app: ASGIApp, wanted: Wanted, answer: Answer) -> None:
        self._app = app
        self._wanted = wanted
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http" or not self._wanted(scope):
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
            await self._answer(scope, start, json.loads(body))(scope, receive, send)


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(problems.MEDIA_TYPE)
