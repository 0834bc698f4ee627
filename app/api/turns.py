"""Turns: the candidate's words in, the interviewer's words out, streamed or whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import TypeAdapter

from app.api import problems as problem_documents
from app.api import render
from app.api.dependencies import CandidateDep, ConductorDep, ServicesDep
from app.api.responses import CONFLICT, NOT_FOUND, problems
from app.api.schemas import MAX_SEQ, Id
from app.api.streaming import EVENT_STREAM, HEADERS, KEEP_ALIVE, watched
from app.api.turn_schemas import AnsweredOut, TurnIn, TurnsOut
from app.domain.errors import TableNotFound
from app.domain.interview import InterviewState
from app.exercises.tables import Table
from app.interviewing.live import Delta, Failed, LiveReply

router = APIRouter(prefix="/v1/interviews/{interview_id}", tags=["turns"])

CSV = "text/csv"
_EVENT = TypeAdapter(render.WireEvent)
_STREAM_DOC: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stored answer with the reply; or, with `Accept: text/event-stream`, the typed events.",
        "content": {
            EVENT_STREAM: {
                "schema": {
                    "type": "object",
                    "required": ["id", "event", "data"],
                    "properties": {
                        "id": {"type": "string", "description": "Seq of the reply, a dot, and the part."},
                        "event": {"type": "string"},
                        "data": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "contentSchema": {
                                "oneOf": [
                                    {"$ref": f"#/components/schemas/{name}"}
                                    for name in ("StartedEvent", "DeltaEvent", "CompletedEvent", "FailedEvent")
                                ]
                            },
                        },
                    },
                },
                "example": 'id: 4.1\nevent: turn.delta\ndata: {"event":"turn.delta","seq":4,"part":1,"text":"And the second word. "}\n\n',
            }
        },
    }
}
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="The same key with the same words and code is stored once, and gives the same reply however often it is sent.",
    ),
]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)]


@router.post(
    "/turns",
    operation_id="postTurn",
    response_model=AnsweredOut,
    responses={**problems(400, 404, 409, 413, 422), **_STREAM_DOC},
)
async def post(
    interview_id: Id,
    said: TurnIn,
    request: Request,
    conductor: ConductorDep,
    candidate_id: CandidateDep,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
    idempotency_key: Key = None,
    last_event_id: LastEventId = None,
) -> Response | AnsweredOut:
    """Stores the candidate's words, then answers them.

    The words are stored before anything else happens: whatever becomes of this request, they are not lost, and sending
    them again with the same `Idempotency-Key` gives the reply.
    """
    accepted = await conductor.answer(
        candidate_id,
        interview_id,
        said.text,
        code=said.code,
        key=idempotency_key or "",
        in_reply_to=said.in_reply_to,
    )
    if EVENT_STREAM in accept:
        return _stream(accepted.reply, last_event_id, problem_documents.instance_of(request))
    outcome = await accepted.reply.outcome()
    revealed = outcome.interview_state is InterviewState.CLOSED
    return AnsweredOut(
        turn=render.turn(replace(accepted.turn, outcome=outcome.outcome), revealed=revealed),
        reply=render.turn(outcome.turn, revealed=revealed),
        interview_state=outcome.interview_state,
    )


@router.get("/turns", operation_id="listTurns", responses=NOT_FOUND)
async def list_all(
    interview_id: Id,
    held: ServicesDep,
    candidate_id: CandidateDep,
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
) -> TurnsOut:
    """The turns with a seq above `after`, in order."""
    async with held.store.read() as work:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        turns = await work.turns.list(interview_id, after=after)
    return TurnsOut(turns=[render.turn(turn, revealed=render.revealed(interview)) for turn in turns])


@router.get(
    "/turns/{seq}/table.csv",
    operation_id="readTable",
    response_class=Response,
    responses={
        **NOT_FOUND,
        200: {"description": "RFC 4180, in UTF-8.", "content": {CSV: {"schema": {"type": "string"}}}},
    },
)
async def table(
    interview_id: Id,
    seq: Annotated[int, Path(ge=1, le=MAX_SEQ)],
    held: ServicesDep,
    candidate_id: CandidateDep,
) -> Response:
    """The table that the interviewer's turn `seq` shows, for a spreadsheet."""
    async with held.store.read() as work:
        await work.interviews.get(interview_id, candidate_id=candidate_id)
        turn = await work.turns.at(interview_id, seq)
    shown = turn.move.table if turn is not None and turn.move is not None else None
    if shown is None:
        raise TableNotFound(interview_id, seq)
    headers = {"Content-Disposition": f'attachment; filename="table-{seq}.csv"'}
    return Response(Table(shown.columns, shown.rows).csv(), media_type=CSV, headers=headers)


@router.get(
    "/turns/{seq}/events",
    operation_id="watchTurn",
    response_class=StreamingResponse,
    responses={**CONFLICT, **_STREAM_DOC},
)
async def watch(
    interview_id: Id,
    seq: Annotated[int, Path(ge=1, le=MAX_SEQ)],
    request: Request,
    conductor: ConductorDep,
    candidate_id: CandidateDep,
    last_event_id: LastEventId = None,
) -> Response:
    """The events of the reply to the candidate's turn `seq`: live, or from the store. `Last-Event-ID` skips what was seen."""
    reply = await conductor.watch(candidate_id, interview_id, seq)
    return _stream(reply, last_event_id, problem_documents.instance_of(request))


def _stream(reply: LiveReply, last_event_id: str | None, instance: str) -> StreamingResponse:
    return StreamingResponse(
        _events(reply, _part_of(last_event_id, reply.seq + 1), instance),
        media_type=EVENT_STREAM,
        headers=HEADERS,
    )


def _part_of(last_event_id: str | None, seq: int) -> int:
    """The part of this reply that was seen last; 0 for none, or an id of another turn."""
    before, _, part = (last_event_id or "").partition(".")
    return int(part) if before == str(seq) and part.isascii() and part.isdecimal() and len(part) < 6 else 0


async def _events(reply: LiveReply, after_part: int, instance: str) -> AsyncIterator[bytes]:
    """The wire form of the events."""
    async with aclosing(watched(reply, after_part)) as events:
        async for event in events:
            if event is None:
                yield KEEP_ALIVE
                continue
            problem = dict(problem_documents.document(event.error, instance)) if isinstance(event, Failed) else {}
            wire = render.event(event, problem)
            place = f"{event.seq}.{event.part}" if isinstance(event, Delta) else f"{reply.seq + 1}.0"
            data = _EVENT.dump_json(wire).decode()
            yield f"id: {place}\nevent: {wire.event}\ndata: {data}\n\n".encode()
