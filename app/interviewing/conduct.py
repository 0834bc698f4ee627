"""The use cases of an interview: plan, open, answer, close. Short transactions around pure decisions.

The life of a turn: the candidate's words are stored; a task of the application, not of the request, writes the reply;
the reply is stored together with the judging work that has become due. Whoever watches only watches.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.errors import (
    IdempotencyConflict,
    InterviewAlreadyOpen,
    InterviewClosed,
    InterviewNotOpen,
    PauseNotAllowed,
    PlanInvalid,
    ReplyPending,
    TurnEmpty,
    TurnNotFound,
    TurnOutOfDate,
)
from app.domain.interview import CloseReason, Interview, InterviewState, Mode, Plan
from app.domain.transcript import Span, SpanKind, Speaker, Turn
from app.interviewing.editor import Editor
from app.interviewing.intake import clean, clean_code
from app.interviewing.listener import Heard, Listening
from app.interviewing.live import LiveReply
from app.interviewing.live_replies import LiveReplies
from app.interviewing.record import Record
from app.interviewing.reply import ReplyWriter
from app.interviewing.setup import Setup, check_setup, planned_interview
from app.interviewing.state import current_question
from app.material.corpus import Corpus
from app.persistence.unit_of_work import Store, UnitOfWork

GREETING_HOLDS_S = 600.0
"""For so long a first message that is sent again is the same one; clients give up on a request and repeat it within that."""
Callback = Callable[[UnitOfWork, Interview], Awaitable[str]]
"""A sentence that comes back to what an earlier interview left open, or ""; bound to practice in `main`."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored turn and the reply to watch."""

    turn: Turn
    reply: LiveReply


class Conductor:
    """One for the process. Holds only replies that are being written; everything else is in the store."""

    def __init__(
        self,
        *,
        store: Store,
        corpus: Corpus,
        writer: ReplyWriter,
        listener: Listening,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        wake_worker: Callable[[], None],
        owner: str,
        editor: Editor | None = None,
        callback: Callback | None = None,
    ) -> None:
        """Without an `editor`, code is stored and no tests are run; without a `callback`, every interview begins afresh."""
        self._callback = callback
        self._store = store
        self._corpus = corpus
        self._writer = writer
        self._listener = listener
        self._now = now
        self._new_id = new_id
        self._wake_worker = wake_worker
        self._record = Record(now=now, new_id=new_id)
        self._replies = LiveReplies(
            store=store,
            writer=writer,
            editor=editor,
            record=self._record,
            now=now,
            wake_worker=wake_worker,
            owner=owner,
        )

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a reply; the judge lets them go first."""
        return self._replies.busy

    # --- planning, opening, closing ------------------------------------------------------------------------------------

    async def plan(self, candidate_id: str, setup: Setup, *, start: bool, plan: Plan | None = None) -> Interview:
        """Stores a planned interview and, unless it is to be edited first, opens it. With a `plan`, it is held as it stands.

        Raises:
            RoleUnknown, CompanyUnknown, RoundUnknown, PlanImpossible, ResumeNotFound.
        """
        async with self._store.write() as work:
            interview = await self._plan(work, candidate_id, setup, plan)
            if start:
                interview = await self._open(work, interview)
            await work.commit()
        self._replies.spawn(self._writer.warm())
        return interview

    async def greet(self, candidate_id: str, setup: Setup, text: str, *, key: str) -> Interview:
        """Begins an interview with words of the candidate: they are its first turn, and the interviewer's opening the second.

        The same key gives the same interview for `GREETING_HOLDS_S`, as long as its opening has not been answered.

        Raises:
            RoleUnknown, CompanyUnknown, RoundUnknown, PlanImpossible, ResumeNotFound, TurnTooLong, TurnEmpty: nothing is stored.
        """
        words = clean(text)
        async with self._store.write() as work:
            await work.candidates.lock(candidate_id)
            since = self._now() - timedelta(seconds=GREETING_HOLDS_S)
            known = await work.interviews.begun_with(candidate_id, key, since=since)
            if known is not None and known.state is InterviewState.OPEN and len(await work.turns.list(known.id)) == 2:
                return known
            interview = await self._plan(work, candidate_id, setup)
            interview = await self._open(work, interview, self._greeting(interview, words, key))
            await work.commit()
        self._replies.spawn(self._writer.warm())
        return interview

    async def _plan(self, work: UnitOfWork, candidate_id: str, setup: Setup, plan: Plan | None = None) -> Interview:
        check_setup(self._corpus, setup)
        resume = await work.resumes.get(setup.resume_id, candidate_id=candidate_id) if setup.resume_id else None
        heard = await work.interviews.questions_asked(candidate_id)
        interview = planned_interview(
            self._corpus, candidate_id, setup, resume, new_id=self._new_id(), now=self._now(), heard=heard, plan=plan
        )
        await work.interviews.add(interview)
        return interview

    def _greeting(self, interview: Interview, words: str, key: str) -> Turn:
        return Turn(
            id=self._new_id(),
            interview_id=interview.id,
            seq=1,
            speaker=Speaker.CANDIDATE,
            text=words,
            created_at=self._now(),
            spans=(Span(SpanKind.GREETING, 0, len(words)),),
            idempotency_key=key,
        )

    async def edit_plan(self, candidate_id: str, interview_id: str, plan: Plan) -> Interview:
        """Replaces the plan of an interview that has not begun.

        Raises:
            InterviewNotFound, InterviewAlreadyOpen, InterviewChanged.
            PlanInvalid: another interview of its loop asks one of the questions.
        """
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            if interview.state is not InterviewState.PLANNED:
                raise InterviewAlreadyOpen(interview_id)
            elsewhere = await work.loops.planned_elsewhere(interview_id)
            shared = sorted(elsewhere.intersection(each.question_id for each in plan.askable))
            if shared:
                raise PlanInvalid(f"{shared[0]} is asked in another interview of the same loop")
            interview = await work.interviews.save(replace(interview, plan=plan), expected_version=interview.version)
            await work.commit()
        return interview

    async def open(self, candidate_id: str, interview_id: str) -> Interview:
        """Begins a planned interview with the interviewer's first turn; an open one is returned as it is."""
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            if interview.state is InterviewState.CLOSED:
                raise InterviewClosed(interview_id)
            if interview.state is InterviewState.PLANNED:
                interview = await self._open(work, interview)
                await work.commit()
        return interview

    async def _open(self, work: UnitOfWork, interview: Interview, greeting: Turn | None = None) -> Interview:
        opened = replace(interview, state=InterviewState.OPEN, opened_at=self._now())
        opened = await work.interviews.save(opened, expected_version=interview.version)
        callback = await self._callback(work, opened) if self._callback is not None else ""
        if greeting is not None:
            await work.turns.append(greeting)
        await work.turns.append(
            self._record.turn_of(opened, 2 if greeting else 1, self._writer.opening(opened, callback))
        )
        return opened

    async def close(self, candidate_id: str, interview_id: str) -> Interview:
        """Ends an interview; a closed one is returned as it is."""
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            if interview.state is not InterviewState.CLOSED:
                turns = await work.turns.list(interview_id)
                interview = await self._record.close(work, interview, turns, CloseReason.BY_CANDIDATE)
                await work.commit()
        self._wake_worker()
        return interview

    async def pause(self, candidate_id: str, interview_id: str, *, paused: bool) -> Interview:
        """Stops or restarts the clock of an open practice interview; answering restarts it too."""
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            if interview.state is not InterviewState.OPEN or interview.mode is not Mode.PRACTICE:
                raise PauseNotAllowed(interview_id)
            if paused != (interview.paused_at is not None):
                changed = replace(interview, paused_at=self._now()) if paused else interview.running(self._now())
                interview = await work.interviews.save(changed, expected_version=interview.version)
                await work.commit()
        return interview

    async def delete(self, candidate_id: str, interview_id: str) -> None:
        """Removes an interview with all that was said and judged in it."""
        async with self._store.write() as work:
            await work.interviews.delete(interview_id, candidate_id=candidate_id)
            await work.searches.shrink()
            await work.commit()
        self.forget([interview_id])
        await self._store.scrub()

    def forget(self, interview_ids: Collection[str]) -> None:
        """Nothing of these interviews is held here any more; a reply that is being written to one ends without a word."""
        self._replies.forget(interview_ids)

    # --- answering ------------------------------------------------------------------------------------------------------

    async def answer(
        self,
        candidate_id: str,
        interview_id: str,
        text: str,
        *,
        code: str = "",
        key: str = "",
        in_reply_to: int | None = None,
    ) -> Accepted:
        """Stores the candidate's turn and starts the reply to it.

        The same key with the same words gives the same turn and its reply, whatever became of the first request.

        Raises:
            InterviewNotFound, InterviewNotOpen, InterviewClosed, TurnTooLong, TurnEmpty, CodeTooLong: nothing is stored.
            ReplyPending, TurnOutOfDate, TurnOutOfOrder: another turn was faster.
            IdempotencyConflict: the key was used for other words.
        """
        program = clean_code(code)
        try:
            words = clean(text)
        except TurnEmpty:
            if not program:
                raise
            words = ""
        # Read before the database is held: it takes some milliseconds.
        heard = await self._listener.hear(words)
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            turns = await work.turns.list(interview_id)
            known = next((turn for turn in turns if key and turn.idempotency_key == key), None)
            if known is None:
                turn = self._check(interview, turns, heard, program, key, in_reply_to)
                await work.turns.append(turn)
                await work.replies.add(self._replies.making(turn))
                if interview.paused_at is not None:
                    interview = await work.interviews.save(
                        interview.running(self._now()), expected_version=interview.version
                    )
                await work.commit()
                return Accepted(turn, self._replies.begin(interview, [*turns, turn], claimed=True))
        if (known.text, known.code) != (words, program):
            raise IdempotencyConflict(key)
        return Accepted(known, self._replies.to(interview, turns, known))

    def _check(
        self,
        interview: Interview,
        turns: Sequence[Turn],
        heard: Heard,
        program: str,
        key: str,
        in_reply_to: int | None,
    ) -> Turn:
        if interview.state is InterviewState.CLOSED:
            raise InterviewClosed(interview.id)
        if interview.state is InterviewState.PLANNED:
            raise InterviewNotOpen(interview.id)
        last = turns[-1]
        if last.speaker is Speaker.CANDIDATE:
            # Its reply was lost with a killed process, or is being written: see to it, and let this one wait.
            self._replies.to(interview, turns, last)
            raise ReplyPending(interview.id, last.seq)
        if in_reply_to is not None and in_reply_to != last.seq:
            raise TurnOutOfDate(interview.id, in_reply_to, last.seq)
        here = current_question(interview, turns)
        round_slug = here[0] if here else ""
        return Turn(
            id=self._new_id(),
            interview_id=interview.id,
            seq=last.seq + 1,
            speaker=Speaker.CANDIDATE,
            text=heard.text,
            created_at=self._now(),
            question_id=last.question_id,
            part_id=last.part_id,
            spans=self._listener.spans(heard, round_slug),
            idempotency_key=key,
            code=program,
        )

    async def watch(self, candidate_id: str, interview_id: str, seq: int) -> LiveReply:
        """The reply to the candidate's turn `seq`, live or as stored.

        Raises:
            InterviewNotFound, TurnNotFound.
        """
        async with self._store.read() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
            turns = await work.turns.list(interview_id)
        turn = next((turn for turn in turns if turn.seq == seq and turn.speaker is Speaker.CANDIDATE), None)
        if turn is None:
            raise TurnNotFound(interview_id, str(seq))
        return self._replies.to(interview, turns, turn)

    # --- the process ------------------------------------------------------------------------------------------------------

    async def recover(self) -> int:
        """Begins again the replies that a killed process left; their number."""
        return await self._replies.recover()

    async def drain(self, timeout_s: float) -> None:
        """Lets replies that are being written finish, for at most `timeout_s`, then lets go of them."""
        await self._replies.drain(timeout_s)
