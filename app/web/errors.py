"""What went wrong, as a page: whoever asks for a page in a browser gets one, and not a problem document."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.door import Refused

_PROBLEM = "application/problem+json"
_NOT_PAGES = ("/v1/", "/openapi.json", "/static/")


def install(app: FastAPI) -> None:
    """A refusal that a page met on its way is the page's own; whoever has to sign in is led there."""

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        if error.slug == "key-invalid" and _asks_for_page(request.scope):
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            wanted = "" if back == "/" or request.method != "GET" else f"?next={quote(back)}"
            return RedirectResponse(f"/sign-in{wanted}", 303)
        return JSONResponse(error.problem, error.status, media_type=_PROBLEM)


def _asks_for_page(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return headers.get(b"accept", b"").startswith(b"text/html") and not scope["path"].startswith(_NOT_PAGES)


class ErrorPages:
    """Puts a page in the place of a problem document, where a page was asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on but problem documents for a browser's address bar."""
        if scope["type"] != "http" or not _asks_for_page(scope):
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
            await _page(scope, json.loads(body))(scope, receive, send)


def _is_problem(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(_PROBLEM.encode()) for name, value in message["headers"]
    )


def _page(scope: Scope, problem: dict[str, Any]) -> Response:
    request = Request(scope)
    return request.app.state.pages.render(request, "error.html", problem["status"], problem=problem)  # type: ignore[no-any-return]
