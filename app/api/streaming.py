"""Watching a reply as a stream: what every door that streams needs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from fastapi import FastAPI

from app.api.turn_schemas import CompletedEvent, DeltaEvent, FailedEvent, StartedEvent
from app.interviewing.live import Event, LiveReply

EVENT_STREAM = "text/event-stream"
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
KEEP_ALIVE_S = 15.0
KEEP_ALIVE = b": keep-alive\n\n"


async def watched(reply: LiveReply, after_part: int = 0) -> AsyncGenerator[Event | None, None]:
    """The reply's events, and None for each `KEEP_ALIVE_S` of silence. Leaving it ends the watching only, never the reply."""
    events = reply.watch(after_part)
    upcoming = asyncio.ensure_future(anext(events, None))
    try:
        while True:
            done, _ = await asyncio.wait({upcoming}, timeout=KEEP_ALIVE_S)
            if not done:
                yield None
                continue
            event = upcoming.result()
            if event is None:
                return
            yield event
            upcoming = asyncio.ensure_future(anext(events, None))
    finally:
        upcoming.cancel()


def document_events(app: FastAPI) -> None:
    """Puts the event models into the OpenAPI document: no route returns them as JSON, so FastAPI does not see them."""
    plain = app.openapi

    def openapi() -> dict[str, object]:
        document = plain()
        known = document["components"]["schemas"]
        for model in (StartedEvent, DeltaEvent, CompletedEvent, FailedEvent):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            for name, nested in schema.pop("$defs", {}).items():
                known.setdefault(name, nested)
            known.setdefault(model.__name__, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
