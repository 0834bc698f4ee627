"""The few calls of the API that a conversation in a terminal needs."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx2

_RETRIES = 5


class Refused(Exception):
    """The server refused; the text says why and what to do."""


class Client:
    """The few calls that a conversation needs."""

    def __init__(self, base_url: str, key: str = "") -> None:
        if not base_url.startswith(("http://", "https://")):
            raise Refused(f"{base_url} is no address: it begins with http:// or https://, as http://127.0.0.1:8000.")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._http = httpx2.Client(base_url=base_url, headers=headers, timeout=httpx2.Timeout(10.0, read=120.0))
        except httpx2.InvalidURL as error:
            raise Refused(f"{base_url} is no address: {error}.") from None

    def __enter__(self) -> Self:
        """The client itself; its connections are closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The JSON body of an answer; None for none."""
        response = self._answered(method, path, **arguments)
        try:
            return response.json() if response.content else None
        except ValueError:
            raise Refused(f"{self._http.base_url} is no server of Viva: its answer cannot be read.") from None

    def text(self, path: str) -> str:
        """The text of an answer."""
        return self._answered("GET", path).text

    def _answered(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        with self._connected():
            response = self._http.request(method, path, **arguments)
        if response.status_code >= 400:
            raise Refused(_detail(response))
        return response

    def answer(self, interview_id: str, text: str, in_reply_to: int, code: str = "") -> Iterator[dict[str, Any]]:
        """The events of the reply to words, code or both. A lost connection is taken up again under the same key: nothing is said twice."""
        key, seen, stored = uuid.uuid4().hex, "", False
        for attempt in range(_RETRIES):
            headers = {"Accept": "text/event-stream", "Idempotency-Key": key}
            if seen:
                headers["Last-Event-ID"] = seen
            try:
                with self._http.stream(
                    "POST",
                    f"/v1/interviews/{interview_id}/turns",
                    json={"text": text, "code": code, "in_reply_to": in_reply_to},
                    headers=headers,
                ) as response:
                    if response.status_code >= 400:
                        response.read()
                        raise Refused(_detail(response))
                    for place, event in _events(response.iter_lines()):
                        seen, stored = place, True
                        yield event
                        if event["event"] in {"turn.completed", "turn.failed"}:
                            return
            except httpx2.TransportError:
                time.sleep(min(4.0, 0.5 * 2**attempt))
        if stored:
            raise Refused("The connection was lost. Your answer is stored; go on with --continue.")
        raise Refused("No connection, and your answer may not have arrived. It stands above: send it again.")

    def watch(self, interview_id: str, seq: int) -> Iterator[dict[str, Any]]:
        """The events of the reply to a stored turn: one that failed or was lost is written now."""
        with (
            self._connected(),
            self._http.stream("GET", f"/v1/interviews/{interview_id}/turns/{seq}/events") as response,
        ):
            if response.status_code >= 400:
                response.read()
                raise Refused(_detail(response))
            for _, event in _events(response.iter_lines()):
                yield event

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """A connection that is lost or was never there is a refusal."""
        try:
            yield
        except httpx2.TransportError as error:
            raise Refused(
                f"No answer from {self._http.base_url}: {type(error).__name__}. Is 'viva serve' running?"
            ) from error


def _detail(response: httpx2.Response) -> str:
    if response.status_code == 401:
        return "This server needs an API key that it knows: --api-key KEY. 'viva key create' on its machine makes one."
    try:
        return str(response.json().get("detail", response.text))
    except ValueError:
        return f"{response.status_code}: {response.text[:200]}"


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    place, data = "", ""
    for line in lines:
        if line.startswith("id:"):
            place = line[3:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line and data:
            yield place, json.loads(data)
            data = ""
