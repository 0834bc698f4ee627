"""Each request has an id, for the log and for `instance` of a problem document."""

from __future__ import annotations

import uuid

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send


class RequestId:
    """Gives each request an id, for the log and for `instance` of a problem document."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] == "http":
            scope["request_id"] = str(uuid.uuid4())
            with structlog.contextvars.bound_contextvars(request_id=scope["request_id"]):
                await self._app(scope, receive, send)
            return
        await self._app(scope, receive, send)
