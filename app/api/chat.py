"""The OpenAI-compatible door: any chat app can sit an interview. The interview is the store's; a resent history only finds it.

What an interviewer says stands above a line `---`, word for word as stored; below it the door puts what a chat cannot show
otherwise: a table, a coding problem, the interview's short id, and at its end where the report is.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ValidationError

from app.api import chat_schemas as wire
from app.api import problems
from app.api.chat_errors import as_openai
from app.api.chat_history import (
    RULE,
    Message,
    conversation,
    hash_of,
    id_line,
    is_of,
    named_id,
    place,
    said_in,
    short_id,
    shown_id,
    stranger,
    with_code,
)
from app.api.dependencies import CandidateDep, ConductorDep, Services, ServicesDep
from app.api.interview_schemas import InterviewIn
from app.api.interviews import setup_of
from app.api.responses import SAID
from app.api.streaming import EVENT_STREAM, HEADERS, KEEP_ALIVE, watched
from app.domain.errors import (
    AnsweredOtherwise,
    ChatRequestInvalid,
    HistoryAltered,
    InterviewerUnknown,
    InterviewNotFound,
    InterviewNotOpen,
    TurnEmpty,
)
from app.domain.interview import Interview, InterviewState, Seniority
from app.domain.transcript import MoveKind, Speaker, Turn, Usage
from app.exercises.tables import Table
from app.interviewing.conduct import Conductor
from app.interviewing.live import Completed, Delta, Failed, LiveReply
from app.interviewing.state import OPENING_MOVES
from app.interviewing.subject import FOLLOW_UP
from app.material.corpus import Corpus

router = APIRouter(tags=["chat"])

_NO_COMPANY = "neutral"
_LOOKED_THROUGH = 20
"""Newest interviews that a history without an id is looked for in."""
_SETTINGS = frozenset({"minutes", "mode", "strictness", "rounds", "resume_id", "job_description", "seed"})


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"description": SAID[status], "model": wire.ErrorOut} for status in sorted({401, 422, 503, *statuses})
    }


# --- interviewers -----------------------------------------------------------------------------------------------------------


def _model_id(role: str, seniority: str, company: str) -> str:
    return "/".join(("viva", role, seniority, *(() if company == _NO_COMPANY else (company,))))


def _model_of(interview: Interview) -> str:
    return _model_id(interview.role, interview.seniority, interview.company)


def _interviewer(corpus: Corpus, model: str) -> tuple[str, Seniority, str]:
    """(role, seniority, company) of a model id; raises `InterviewerUnknown`."""
    first, role, seniority, company = [*model.split("/", 3), "", "", "", ""][:4]
    known = role in corpus.roles and seniority in set(Seniority) and (company or _NO_COMPANY) in corpus.companies
    if first != "viva" or not known:
        raise InterviewerUnknown(model)
    return role, Seniority(seniority), company or _NO_COMPANY


def _shown(corpus: Corpus, role: str, seniority: Seniority, company: str) -> wire.ModelOut:
    at = "" if company == _NO_COMPANY else f", {corpus.companies[company].name}"
    return wire.ModelOut(
        id=_model_id(role, seniority, company), name=f"Viva: {corpus.roles[role].name}, {seniority}{at}"
    )


@router.get("/v1/models", operation_id="listModels", responses=_refusals())
async def models(held: ServicesDep, _: CandidateDep) -> wire.ModelsOut:
    """Interviewers to choose from."""
    corpus = held.corpus
    plain = [(role, seniority, _NO_COMPANY) for role in corpus.roles for seniority in Seniority]
    theirs = [(role, Seniority.MID, each) for role in corpus.roles for each in corpus.companies if each != _NO_COMPANY]
    return wire.ModelsOut(data=[_shown(corpus, *each) for each in (*plain, *theirs)])


@router.get("/v1/models/{model:path}", operation_id="readModel", responses=_refusals(404))
async def model(model: str, held: ServicesDep, _: CandidateDep) -> wire.ModelOut:
    """One interviewer, also one that is not listed."""
    return _shown(held.corpus, *_interviewer(held.corpus, model))


# --- an interview -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a chat is answered with: a reply of the interviewer's with what is added below it, or words of the door alone."""

    interview: Interview
    created_at: datetime
    reply: LiveReply | None = None
    below: tuple[str, ...] = ()
    text: str = ""
    """Without a reply: all there is to say."""

    @property
    def id(self) -> str:
        """Of this message: the same for the same reply."""
        return f"chatcmpl-{self.interview.id}-{self.reply.seq + 1 if self.reply else 'door'}"


@router.post(
    "/v1/chat/completions",
    operation_id="createChatCompletion",
    response_model=wire.ChatOut,
    responses={
        **_refusals(400, 404, 409, 413),
        200: {
            "description": "The reply; with `stream` its pieces as server-sent events, then `data: [DONE]`.",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
        },
    },
)
async def complete(
    chat: wire.ChatIn, request: Request, conductor: ConductorDep, candidate_id: CandidateDep, held: ServicesDep
) -> Response | wire.ChatOut:
    """Says the next thing of an interview, or begins one.

    The candidate's last message is stored before anything else happens. The same history sent again gives the same reply.
    """
    door = _Door(held, conductor, candidate_id, str(request.base_url))
    answer = await door.answer(chat)
    if chat.stream:
        usage_too = bool(chat.stream_options and chat.stream_options.include_usage)
        pieces = _pieces(door, answer, usage_too=usage_too, instance=problems.instance_of(request))
        return StreamingResponse(pieces, media_type=EVENT_STREAM, headers=HEADERS)
    outcome = await answer.reply.outcome() if answer.reply else None
    text = outcome.turn.text + door.below(answer, outcome) if outcome else answer.text
    return wire.ChatOut(
        id=answer.id,
        created=_unix(answer.created_at),
        model=_model_of(answer.interview),
        choices=[wire.ChoiceOut(message=wire.SpokenOut(content=text))],
        usage=_usage(outcome),
        viva=_where(answer, outcome),
    )


async def _pieces(door: _Door, answer: _Answer, *, usage_too: bool, instance: str) -> AsyncIterator[bytes]:
    """The reply as OpenAI streams one. Leaving it ends the watching only, never the reply."""

    def piece(delta: dict[str, str], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data({**head, "choices": [choice], **({"usage": None} if usage_too else {}), **more})

    head = {
        "id": answer.id,
        "object": "chat.completion.chunk",
        "created": _unix(answer.created_at),
        "model": _model_of(answer.interview),
    }
    yield piece({"role": "assistant", "content": ""})
    outcome: Completed | None = None
    if answer.reply is None:
        yield piece({"content": answer.text})
    else:
        said = ""
        async with aclosing(watched(answer.reply)) as events:
            async for event in events:
                match event:
                    case None:
                        yield KEEP_ALIVE
                    case Delta():
                        said += event.text
                        yield piece({"content": event.text})
                    case Failed():
                        yield _data(as_openai(problems.document(event.error, instance)))
                        return
                    case Completed():
                        outcome = event
                        rest = event.turn.text.removeprefix(said) + door.below(answer, event)
                        if rest:
                            yield piece({"content": rest})
    yield piece({}, "stop", viva=_where(answer, outcome).model_dump(mode="json"))
    if usage_too:
        yield _data({**head, "choices": [], "usage": _usage(outcome).model_dump()})
    yield b"data: [DONE]\n\n"


def _data(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())


def _usage(outcome: Completed | None) -> wire.UsageOut:
    spent = outcome.turn.generation.usage if outcome and outcome.turn.generation else Usage()
    return wire.UsageOut(
        prompt_tokens=spent.input_tokens,
        completion_tokens=spent.output_tokens,
        total_tokens=spent.input_tokens + spent.output_tokens,
        prompt_tokens_details=wire.CachedOut(cached_tokens=spent.cached_tokens),
    )


def _where(answer: _Answer, outcome: Completed | None) -> wire.WhereOut:
    return wire.WhereOut(
        interview_id=answer.interview.id,
        seq=outcome.turn.seq if outcome else None,
        state=outcome.interview_state if outcome else answer.interview.state,
    )


@dataclass(frozen=True, slots=True)
class _Door:
    """One request of one candidate: finds the interview and the place in it, stores what is new, and begins the reply."""

    held: Services
    conductor: Conductor
    candidate_id: str
    base_url: str

    async def answer(self, chat: wire.ChatIn) -> _Answer:
        """What to answer with. All that can be refused is refused here, before a stream begins.

        Raises:
            InterviewerUnknown, ChatRequestInvalid, InterviewNotFound, HistoryAltered, AnsweredOtherwise, and what
            `Conductor.greet`, `answer` and `watch` raise.
        """
        who = _interviewer(self.held.corpus, chat.model)
        messages = _messages(chat)
        named, alone = named_id(messages[-1].text)
        if named and alone:
            return await self._last_words(*await self._by_id(named, ()))
        talk = any(message.speaker is Speaker.INTERVIEWER for message in messages)
        if named and not talk:
            # An app that wants a title or tags sends the chat inside a message: that is nobody's greeting.
            interview, _ = await self._by_id(named, ())
            title = f"Interview {short_id(interview.id)}: {interview.role}, {interview.seniority}"
            return _Answer(interview, interview.created_at, text=title)
        history = conversation(messages)
        if not history or history[-1].speaker is not Speaker.CANDIDATE:
            raise TurnEmpty
        before, said = history[:-1], history[-1]
        found = await self._find(messages, before)
        if found is not None:
            return await self._go_on(*found, before, said, () if shown_id(messages) else (id_line(found[0].id),))
        wish = _wish(who, chat.metadata or {})
        key = hash_of(wish.model_dump_json(), said.text)
        interview = await self.conductor.greet(self.candidate_id, setup_of(wish), said.text, key=key)
        reply = await self.conductor.watch(self.candidate_id, interview.id, 1)
        return _Answer(interview, interview.created_at, reply, (id_line(interview.id),))

    async def _find(
        self, messages: Sequence[Message], before: Sequence[Message]
    ) -> tuple[Interview, tuple[Turn, ...]] | None:
        """The interview of a history, by the id that it shows or else by its words; None where it is none of ours."""
        shown = shown_id(messages)
        if shown is not None:
            return await self._by_id(shown, before)
        if not before:
            return None
        async with self.held.store.read() as work:
            newest = await work.interviews.list(self.candidate_id, limit=_LOOKED_THROUGH)
            all_turns = [(each, await work.turns.list(each.id)) for each in newest]
        ours = [(each, turns) for each, turns in all_turns if is_of(before, turns)]
        return next((each for each in ours if place(before, each[1])), ours[0] if ours else None)

    async def _by_id(self, shown: str, before: Sequence[Message]) -> tuple[Interview, tuple[Turn, ...]]:
        async with self.held.store.read() as work:
            found = await work.interviews.by_short_id(self.candidate_id, shown)
            if not found:
                raise InterviewNotFound(shown)
            all_turns = [(each, await work.turns.list(each.id)) for each in found]
        return next((each for each in all_turns if place(before, each[1])), all_turns[0])

    async def _go_on(
        self,
        interview: Interview,
        turns: tuple[Turn, ...],
        before: Sequence[Message],
        said: Message,
        below: tuple[str, ...],
    ) -> _Answer:
        closed = interview.state is InterviewState.CLOSED
        at = place(before, turns)
        if at is None:
            if closed and not before:
                return self._over(interview, said)
            strange = stranger(before, turns)
            raise HistoryAltered(short_id(interview.id), said.number if strange is None else strange)
        answered = turns[at] if at < len(turns) else None
        if answered is not None and (not closed or at + 1 < len(turns)):
            if not said_in(said, answered):
                raise AnsweredOtherwise(short_id(interview.id), answered.seq)
            reply = await self.conductor.watch(self.candidate_id, interview.id, answered.seq)
            return _Answer(interview, answered.created_at, reply, below)
        if closed:
            return self._over(interview, said)
        asked = turns[at - 1]
        words, code = with_code(said.text) if asked.move and asked.move.editor else (said.text, "")
        accepted = await self.conductor.answer(
            self.candidate_id,
            interview.id,
            words,
            code=code,
            key=hash_of(*(turn.text for turn in turns[:at]), said.text),
            in_reply_to=at,
        )
        return _Answer(interview, accepted.turn.created_at, accepted.reply, below)

    async def _last_words(self, interview: Interview, turns: tuple[Turn, ...]) -> _Answer:
        """The interviewer's last words again, for a chat that goes on with an interview begun elsewhere."""
        if interview.state is InterviewState.CLOSED:
            return self._over(interview)
        if not turns:
            raise InterviewNotOpen(interview.id)
        last = turns[-1]
        if last.speaker is Speaker.CANDIDATE:
            reply = await self.conductor.watch(self.candidate_id, interview.id, last.seq)
        else:
            reply = LiveReply.of_stored(last, interview.state)
        earlier = [turn for turn in turns[:-1] if turn.question_id == last.question_id]
        exhibits = [each for turn in earlier for each in _exhibits(turn, self.held.corpus)]
        return _Answer(interview, last.created_at, reply, (*exhibits, id_line(interview.id)))

    def _over(self, interview: Interview, said: Message | None = None) -> _Answer:
        not_added = " Your last words were not added to it." if said else ""
        return _Answer(
            interview,
            interview.closed_at or interview.created_at,
            text=f"{RULE.lstrip()}{self._report(interview)}{not_added}",
        )

    def below(self, answer: _Answer, outcome: Completed) -> str:
        """What stands below the interviewer's words, with the rule before it; "" where nothing does."""
        turn = outcome.turn
        parts = [*_exhibits(turn, self.held.corpus), *answer.below]
        if turn.move is not None and turn.move.kind is MoveKind.CLOSE:
            parts.append(self._report(answer.interview))
        return RULE + "\n\n".join(parts) if parts else ""

    def _report(self, interview: Interview) -> str:
        at = f"{self.base_url}v1/interviews/{interview.id}/report?format=html"
        return f"{id_line(interview.id)} is over. Its report: {at}"


def _exhibits(turn: Turn, corpus: Corpus) -> list[str]:
    """What belongs to an interviewer's turn and is read rather than heard: a table, a coding problem."""
    move, found = turn.move, []
    if move is None:
        return []
    if move.table is not None:
        found.append(f"{move.table.title}\n\n{Table(move.table.columns, move.table.rows).markdown()}")
    problem = corpus.problems.get(turn.question_id)
    if problem is not None and move.editor and move.kind in OPENING_MOVES and move.part_id != FOLLOW_UP:
        tables = [
            f"Table {name}: {', '.join(f'{column} {kind}' for column, kind in columns.items())}"
            for name, columns in problem.tests.tables.items()
        ]
        starter = f"```{problem.language}\n{problem.starter.rstrip()}\n```"
        found.append("\n\n".join((problem.statement.strip(), *tables, starter, "Send code between lines of ```.")))
    return found


# --- reading a request ------------------------------------------------------------------------------------------------------


def _messages(chat: wire.ChatIn) -> tuple[Message, ...]:
    """What candidate and interviewer say in it, the candidate last.

    Raises:
        ChatRequestInvalid: it asks for what an interviewer does not do, or nobody speaks last.
    """
    if chat.n not in {None, 1}:
        raise ChatRequestInvalid("n", "an interviewer says one thing. Leave it out, or send 1.")
    for name in ("tools", "functions"):
        if getattr(chat, name):
            raise ChatRequestInvalid(name, "an interviewer calls no tools. Leave it out.")
    found = []
    for number, message in enumerate(chat.messages):
        if message.role in {"user", "assistant"}:
            speaker = Speaker.CANDIDATE if message.role == "user" else Speaker.INTERVIEWER
            found.append(Message(number, speaker, _text(number, message)))
    if not found or found[-1].speaker is not Speaker.CANDIDATE:
        raise ChatRequestInvalid("messages", "the last one, but for a system's, must be of the role user.")
    return tuple(found)


def _text(number: int, message: wire.MessageIn) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    for part in message.content:
        if part.type != "text" and message.role == "user":
            raise ChatRequestInvalid(
                f"messages[{number}]",
                f"an interviewer reads text alone, and this has a part of the type {part.type!r}.",
            )
    return "\n".join(part.text or "" for part in message.content)


def _wish(who: tuple[str, Seniority, str], metadata: Mapping[str, Any]) -> InterviewIn:
    """The interview that is wished for; raises `ChatRequestInvalid` where a setting is none."""
    settings = {name: value for name, value in metadata.items() if name in _SETTINGS}
    if isinstance(settings.get("rounds"), str):
        settings["rounds"] = [each.strip() for each in settings["rounds"].split(",") if each.strip()]
    role, seniority, company = who
    try:
        return InterviewIn.model_validate({**settings, "role": role, "seniority": seniority, "company": company})
    except ValidationError as error:
        first = error.errors()[0]
        raise ChatRequestInvalid(f"metadata.{first['loc'][0]}", f"{first['msg']}.") from None
