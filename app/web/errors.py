"""What went wrong, as a page: whoever asks for a page in a browser gets one, and not a problem document."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Message, Scope

from app.web.door import Refused

_PROBLEM = "application/problem+json"
_NOT_PAGES = ("/v1/", "/openapi.json", "/static/")


def install(app: FastAPI) -> None:
    """A refusal that a page met on its way is the page's own; whoever has to sign in is led there."""

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        if error.slug == "key-invalid" and asks_for_page(request.scope):
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            wanted = "" if back == "/" or request.method != "GET" else f"?next={quote(back)}"
            return RedirectResponse(f"/sign-in{wanted}", 303)
        return JSONResponse(error.problem, error.status, media_type=_PROBLEM)


def asks_for_page(scope: Scope) -> bool:
    """Whether a request comes from a browser's address bar or a form, and not from a program."""
    headers = dict(scope["headers"])
    return headers.get(b"accept", b"").startswith(b"text/html") and not scope["path"].startswith(_NOT_PAGES)


def page(scope: Scope, _: Message, problem: dict[str, Any]) -> Response:
    """A problem as a page."""
    request = Request(scope)
    return request.app.state.pages.render(request, "error.html", problem["status"], problem=problem)  # type: ignore[no-any-return]
