"""How a page gets at anything: it calls the public API of the same application, in the process, as the visitor.

So a page can show nothing that the visitor's own client could not read, and what a page needs every client has.
"""

from __future__ import annotations

from typing import Any

import httpx2
from fastapi import Request

PASSED_ON = ("authorization", "cookie", "host", "origin", "sec-fetch-site")
"""Headers of the visitor that say who asks, and from where."""


class Refused(Exception):
    """The API refused. `problem` is its document (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = problem

    @property
    def status(self) -> int:
        """Of the answer."""
        return int(self.problem["status"])

    @property
    def slug(self) -> str:
        """The last part of the problem's type: `interview-not-found`."""
        return str(self.problem.get("type", "")).rpartition("/")[2]


class Api:
    """The public API as the visitor of a page may use it."""

    def __init__(self, request: Request) -> None:
        self._app = request.app
        self._base_url = str(request.base_url)
        self._headers = {name: value for name in PASSED_ON if (value := request.headers.get(name)) is not None}

    async def get(self, path: str, **params: Any) -> Any:
        """The decoded answer. Raises `Refused`."""
        return (await self.call("GET", path, params=params)).json()

    async def call(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        """Any answer below 400. Raises `Refused` for the others."""
        headers = {**self._headers, "accept": "application/json", **arguments.pop("headers", {})}
        transport = httpx2.ASGITransport(self._app)
        async with httpx2.AsyncClient(transport=transport, base_url=self._base_url, headers=headers) as client:
            response = await client.request(method, path, **arguments)
        if response.status_code >= 400:
            raise Refused(response.json())
        return response
