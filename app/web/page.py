"""A page: a template, what it shows, and the headers that keep everything else out of it."""

from __future__ import annotations

import gzip
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app.web import words
from app.web.assets import Assets
from app.web.door import Api

TEMPLATES = Path(__file__).parent / "templates"
_ZIP_FROM_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation."""

    name: str
    path: str


NAVIGATION = (Place("Interviews", "/"),)
"""Shown on every page, in order."""


class Pages:
    """Templates with what all of them use."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(asset=assets.url, navigation=NAVIGATION)
        self._environment.filters.update(words.FILTERS)

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A template as a response. Every value is escaped; there is no way around it in a template."""
        nonce = secrets.token_urlsafe(16)
        shown = {"path": request.url.path, "nonce": nonce, "privacy": None, "signed_in": False, **values}
        body = self._environment.get_template(template).render(shown).encode()
        headers = {
            "Content-Security-Policy": content_security_policy(nonce),
            "Cache-Control": "no-store",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
            # Not no-referrer: a form's Origin would be null then, and the origin check would refuse it.
            "Referrer-Policy": "same-origin",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if len(body) >= _ZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        return HTMLResponse(body, status, headers)


def content_security_policy(nonce: str) -> str:
    """Only what this server sends, no script in a page, no other site's frame; `nonce` is for the editor's style sheet."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types viva",
        )
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a page."""

    request: Request
    api: Api
    pages: Pages

    async def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A whole page, with what its frame tells: who else sees what is said here."""
        privacy = await self.api.get("/v1/privacy")
        return self.pages.render(self.request, template, status, privacy=privacy, signed_in=privacy["keys"], **values)

    def part(self, template: str, **values: Any) -> HTMLResponse:
        """A piece of a page, for a script that puts it in its place."""
        return self.pages.render(self.request, template, **values)


def _visit(request: Request) -> Visit:
    return Visit(request, Api(request), request.app.state.pages)


VisitDep = Annotated[Visit, Depends(_visit)]
