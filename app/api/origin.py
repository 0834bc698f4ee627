"""Whose page sent this: what a browser tells of a request, looked at before anything else is.

A server on one's own machine has no key, and every site that one visits could send to it. Browsers tell on those sites:
`Sec-Fetch-Site` and `Origin` cannot be set by a page (Fetch Standard, forbidden request-header names), and a name that another
site bends to this machine stands in `Host`.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import problems
from app.domain.errors import HostRefused, OriginRefused, VivaError

KEY_COOKIE = "viva_key"
"""Holds the API key of whoever signed in with a browser."""
OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def refusal(method: str, headers: Mapping[str, str], *, own_names_only: bool) -> VivaError | None:
    """Why a request is refused for where it comes from; None where it is not. Names of `headers` are in lower case."""
    host = headers.get("host", "")
    if own_names_only and host and _name_of(host) not in OWN_NAMES:
        return HostRefused(host)
    if method in _SAFE:
        return None
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None:
        return None if site in {"same-origin", "none"} else OriginRefused(origin or "")
    if origin is not None:
        return None if origin.partition("://")[2] == host else OriginRefused(origin)
    by_cookie = "authorization" not in headers and _has_key(headers.get("cookie", ""))
    return OriginRefused("") if by_cookie else None


def _name_of(host: str) -> str:
    """The name in a `Host` header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _has_key(cookies: str) -> bool:
    try:
        return KEY_COOKIE in SimpleCookie(cookies)
    except CookieError:
        return True


class OriginCheck:
    """Refuses what another site's page sends, with a problem document."""

    def __init__(self, app: ASGIApp, own_names_only: bool) -> None:
        self._app = app
        self._own_names_only = own_names_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] == "http":
            error = refusal(scope["method"], Headers(scope=scope), own_names_only=self._own_names_only)
            if error is not None:
                body = problems.document(error, f"urn:uuid:{scope.get('request_id', '')}")
                await problems.answer(body)(scope, receive, send)
                return
        await self._app(scope, receive, send)
