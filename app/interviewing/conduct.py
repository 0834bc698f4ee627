"""The use cases of an interview: plan, open, answer, close. Short transactions around pure decisions.

The life of a turn: the candidate's words are stored; a task of the application, not of the request, writes the reply;
the reply is stored together with the judging work that has become due. Whoever watches only watches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from app.domain.errors import (
    CompanyUnknown,
    IdempotencyConflict,
    InterviewAlreadyOpen,
    InterviewClosed,
    InterviewNotOpen,
    PauseNotAllowed,
    PlanInvalid,
    ReplyFailed,
    ReplyPending,
    ResumeNotFound,
    RoleUnknown,
    TurnEmpty,
    TurnNotFound,
    TurnOutOfDate,
    TurnOutOfOrder,
    VivaError,
)
from app.domain.interview import (
    CloseReason,
    Interview,
    InterviewState,
    Mode,
    Plan,
    Seniority,
    Strictness,
)
from app.domain.resume import Resume
from app.domain.score import Assessment, AssessmentState
from app.domain.transcript import MoveKind, Span, SpanKind, Speaker, Turn
from app.interviewing.editor import Editor
from app.interviewing.intake import clean, clean_code
from app.interviewing.listener import Heard, Listening
from app.interviewing.live import Completed, Delta, Failed, LiveReply, Started
from app.interviewing.planning import Wish, make_plan
from app.interviewing.reply import Reply, ReplyWriter
from app.interviewing.state import current_question
from app.material.corpus import Corpus
from app.persistence.records import Reply as ReplyRow
from app.persistence.records import ReplyState
from app.persistence.unit_of_work import Store, UnitOfWork

log = structlog.get_logger(__name__)

REPLY_LEASE_S = 60.0
"""A reply takes seconds; one that is not stored after this was lost with its process."""
GREETING_HOLDS_S = 600.0
"""For so long a first message that is sent again is the same one; clients give up on a request and repeat it within that."""
_FOLLOW_S = 0.25
"""Between two looks for a reply that another process is writing."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a person chose for an interview."""

    role: str
    seniority: Seniority = Seniority.MID
    company: str = "neutral"
    rounds: tuple[str, ...] = ()
    minutes: int = 30
    mode: Mode = Mode.PRACTICE
    strictness: Strictness = Strictness.STANDARD
    resume_id: str | None = None
    job_description: str = ""
    seed: int = 0


Callback = Callable[[UnitOfWork, Interview], Awaitable[str]]
"""A sentence that comes back to what an earlier interview left open, or ""; bound to practice in `main`."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored turn and the reply to watch."""

    turn: Turn
    reply: LiveReply


def check_setup(corpus: Corpus, setup: Setup) -> None:
    """Raises `RoleUnknown` or `CompanyUnknown` for a wish that names what the corpus has not."""
    if setup.role not in corpus.roles:
        raise RoleUnknown(role=setup.role, known=tuple(sorted(corpus.roles)))
    if setup.company not in corpus.companies:
        raise CompanyUnknown(company=setup.company, known=tuple(sorted(corpus.companies)))


def planned_interview(
    corpus: Corpus,
    candidate_id: str,
    setup: Setup,
    resume: Resume | None,
    *,
    new_id: str,
    now: datetime,
    heard: Collection[str],
    excluded: Collection[str] = (),
    plan: Plan | None = None,
) -> Interview:
    """The planned interview that somebody wished for; with a `plan`, on that one.

    Raises:
        RoundUnknown, PlanImpossible.
    """
    wish = Wish(
        setup.role,
        setup.seniority,
        setup.company,
        setup.minutes,
        setup.seed,
        setup.rounds,
        setup.job_description,
    )
    return Interview(
        id=new_id,
        candidate_id=candidate_id,
        state=InterviewState.PLANNED,
        role=setup.role,
        seniority=setup.seniority,
        company=setup.company,
        mode=setup.mode,
        strictness=setup.strictness,
        minutes=setup.minutes,
        seed=setup.seed,
        plan=plan or make_plan(corpus, wish, resume, asked_before=heard, excluded=excluded),
        version=1,
        created_at=now,
        resume_id=setup.resume_id,
        job_description=setup.job_description,
    )


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
        self._editor = editor
        self._owner = owner
        self._corpus = corpus
        self._writer = writer
        self._listener = listener
        self._now = now
        self._new_id = new_id
        self._wake_worker = wake_worker
        self._live: dict[tuple[str, int], LiveReply] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a reply; the judge lets them go first."""
        return any(not reply.over for reply in self._live.values())

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
        self._spawn(self._writer.warm())
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
        self._spawn(self._writer.warm())
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
        await work.turns.append(self._turn_of(opened, 2 if greeting else 1, self._writer.opening(opened, callback)))
        return opened

    async def close(self, candidate_id: str, interview_id: str) -> Interview:
        """Ends an interview; a closed one is returned as it is."""
        async with self._store.write() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
            if interview.state is not InterviewState.CLOSED:
                turns = await work.turns.list(interview_id)
                interview = await self._close(work, interview, turns, CloseReason.BY_CANDIDATE)
                await work.commit()
        self._wake_worker()
        return interview

    async def _close(
        self, work: UnitOfWork, interview: Interview, turns: Sequence[Turn], reason: CloseReason
    ) -> Interview:
        closed = replace(
            interview.running(self._now()), state=InterviewState.CLOSED, closed_at=self._now(), close_reason=reason
        )
        closed = await work.interviews.save(closed, expected_version=interview.version)
        here = current_question(interview, turns)
        if here is not None:
            await self._assess(work, interview.id, here[1].question_id)
        return closed

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
        for key in [key for key in self._live if key[0] in interview_ids]:
            del self._live[key]

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
                await work.replies.add(self._making(turn))
                if interview.paused_at is not None:
                    interview = await work.interviews.save(
                        interview.running(self._now()), expected_version=interview.version
                    )
                await work.commit()
                return Accepted(turn, self._write(interview, [*turns, turn], claimed=True))
        if (known.text, known.code) != (words, program):
            raise IdempotencyConflict(key)
        return Accepted(known, self._resume(interview, turns, known))

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
            self._resume(interview, turns, last)
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
        return self._resume(interview, turns, turn)

    def _resume(self, interview: Interview, turns: Sequence[Turn], turn: Turn) -> LiveReply:
        """The reply to a stored turn: live, stored, or begun again where it was lost."""
        live = self._live.get((interview.id, turn.seq))
        if live is not None and not (live.over and isinstance(live.events[-1], Failed)):
            return live
        stored = next((each for each in turns if each.seq == turn.seq + 1), None)
        if stored is not None:
            return LiveReply.of_stored(stored, interview.state, turn.outcome)
        if interview.state is not InterviewState.OPEN:
            raise InterviewClosed(interview.id)
        return self._write(interview, [each for each in turns if each.seq <= turn.seq], claimed=False)

    def _making(self, turn: Turn) -> ReplyRow:
        """The row of a reply that this process begins at once."""
        until = turn.created_at + timedelta(seconds=REPLY_LEASE_S)
        return ReplyRow(
            turn.interview_id,
            turn.seq,
            turn.created_at,
            ReplyState.RUNNING,
            attempts=1,
            lease_owner=self._owner,
            leased_until=until,
        )

    def _write(self, interview: Interview, turns: Sequence[Turn], *, claimed: bool) -> LiveReply:
        seq = turns[-1].seq
        live = LiveReply(interview.id, seq)
        self._live[(interview.id, seq)] = live
        live.publish(Started(interview.id, seq))
        self._spawn(self._run(live, interview, turns, claimed=claimed))
        return live

    async def _run(self, live: LiveReply, interview: Interview, turns: Sequence[Turn], *, claimed: bool) -> None:
        seq = turns[-1].seq
        pieces: list[str] = []
        try:
            if not claimed and not await self._claim(interview.id, seq):
                live.publish(await self._follow(interview.id, seq))
                return
            turns = await self._tested(turns)
            resume = await self._resume_of(interview)
            reply = await self._writer.reply(interview, turns, pieces.append, resume=resume)
            kept = await self._keep(interview.id, turns, reply)
            # Released only now: words that were heard must be the words that are stored, whatever dies in between.
            if kept.turn.text == reply.text:
                for part, text in enumerate(pieces, 1):
                    live.publish(Delta(seq + 1, part, text))
            live.publish(kept)
        except VivaError as error:
            log.warning("reply failed", interview_id=interview.id, seq=seq, error=type(error).__name__)
            await self._give_back(interview.id, seq, error)
            live.publish(Failed(seq + 1, error))
        except Exception as error:
            # The edge of a stream: logged once; the candidate's turn is stored, so asking again goes on from it.
            log.exception("reply failed", interview_id=interview.id, seq=seq)
            await self._give_back(interview.id, seq, error)
            live.publish(Failed(seq + 1, ReplyFailed(interview.id, seq)))
        finally:
            if not live.over:
                live.publish(Failed(seq + 1, ReplyFailed(interview.id, seq)))
            self._forget_old()

    async def _resume_of(self, interview: Interview) -> Resume | None:
        """The interview's resume; None where there is none, or where it was deleted meanwhile."""
        if interview.resume_id is None:
            return None
        async with self._store.read() as work:
            try:
                return await work.resumes.get(interview.resume_id, candidate_id=interview.candidate_id)
            except ResumeNotFound:
                return None

    async def _tested(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        """The turns, the last one with what became of its code: run with no session open, stored before it is answered."""
        last = turns[-1]
        if self._editor is None or not last.code or last.outcome is not None:
            return turns
        outcome = await self._editor.hold(turns)
        if outcome is None:
            return turns
        async with self._store.write() as work:
            await work.turns.add_outcome(last.id, outcome)
            await work.commit()
        return [*turns[:-1], replace(last, outcome=outcome)]

    async def _give_back(self, interview_id: str, seq: int, error: Exception) -> None:
        """Lets go of a reply that failed, so that whoever asks for it again need not wait for the lease to run out."""
        try:
            async with self._store.write() as work:
                await work.replies.fail(
                    interview_id, seq, owner=self._owner, now=self._now(), error=type(error).__name__
                )
                await work.commit()
        except VivaError as fault:
            log.warning("reply not given back", interview_id=interview_id, seq=seq, error=type(fault).__name__)

    async def _claim(self, interview_id: str, seq: int) -> bool:
        async with self._store.write() as work:
            claimed = await work.replies.claim(
                interview_id, seq, owner=self._owner, now=self._now(), lease_s=REPLY_LEASE_S
            )
            await work.commit()
        return claimed is not None

    async def _follow(self, interview_id: str, seq: int) -> Completed:
        """The reply that another process is writing, as soon as it is stored."""
        for _ in range(int(REPLY_LEASE_S / _FOLLOW_S)):
            async with self._store.read() as work:
                answered = await work.turns.at(interview_id, seq)
                stored = await work.turns.at(interview_id, seq + 1)
                interview = await work.interviews.get_whosoever(interview_id)
            if stored is not None:
                return Completed(stored, interview.state, answered.outcome if answered is not None else None)
            await asyncio.sleep(_FOLLOW_S)
            if interview.state is not InterviewState.OPEN:
                raise InterviewClosed(interview_id)
        raise ReplyFailed(interview_id, seq)

    async def _keep(self, interview_id: str, turns: Sequence[Turn], reply: Reply) -> Completed:
        async with self._store.write() as work:
            interview = await work.interviews.get_whosoever(interview_id, lock=True)
            if interview.state is not InterviewState.OPEN:
                raise InterviewClosed(interview_id)
            turn = self._turn_of(interview, turns[-1].seq + 1, reply)
            try:
                await work.turns.append(turn)
            except TurnOutOfOrder:
                # Another process answered it first: its words are the ones that count.
                stored = next(each for each in await work.turns.list(interview_id) if each.seq == turn.seq)
                return Completed(stored, interview.state, turns[-1].outcome)
            await work.replies.finish(interview_id, turns[-1].seq, owner=self._owner, now=self._now())
            before = current_question(interview, turns)
            if reply.move.kind is MoveKind.CLOSE:
                reason = (
                    CloseReason.OUT_OF_TIME if reply.move.reason.startswith("out of time") else CloseReason.FINISHED
                )
                interview = await self._close(work, interview, turns, reason)
            elif before is not None and before[1].question_id != turn.question_id:
                await self._assess(work, interview_id, before[1].question_id)
            await work.commit()
        self._wake_worker()
        return Completed(turn, interview.state, turns[-1].outcome)

    async def _assess(self, work: UnitOfWork, interview_id: str, question_id: str) -> None:
        await work.assessments.add(
            Assessment(self._new_id(), interview_id, question_id, AssessmentState.PENDING, 0, self._now())
        )

    def _turn_of(self, interview: Interview, seq: int, reply: Reply) -> Turn:
        return Turn(
            id=self._new_id(),
            interview_id=interview.id,
            seq=seq,
            speaker=Speaker.INTERVIEWER,
            text=reply.text,
            created_at=self._now(),
            question_id=reply.move.question_id,
            part_id=reply.move.part_id,
            marks=reply.marks,
            move=reply.move,
            passages=reply.passages,
            generation=reply.generation,
        )

    # --- the process ------------------------------------------------------------------------------------------------------

    async def recover(self) -> int:
        """Begins again the replies that a killed process left; their number."""
        async with self._store.write() as work:
            await work.replies.release_all_of(self._owner)
            waiting = []
            for lost in await work.replies.pending(now=self._now(), limit=100):
                interview = await work.interviews.get_whosoever(lost.interview_id)
                if interview.state is not InterviewState.OPEN:
                    # Closed meanwhile: there is nothing left to say, and the row must not hide others.
                    of, owner, now = (lost.interview_id, lost.for_seq), self._owner, self._now()
                    if await work.replies.claim(*of, owner=owner, now=now, lease_s=REPLY_LEASE_S):
                        await work.replies.finish(*of, owner=owner, now=now)
                else:
                    said = await work.turns.list(lost.interview_id)
                    waiting.append((interview, [turn for turn in said if turn.seq <= lost.for_seq]))
            await work.commit()
        for interview, turns in waiting:
            self._write(interview, turns, claimed=False)
        return len(waiting)

    async def drain(self, timeout_s: float) -> None:
        """Lets replies that are being written finish, for at most `timeout_s`, then lets go of them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("background task failed", error=repr(task.exception()))

    def _forget_old(self) -> None:
        """Keeps the last replies only: older ones are read from the store."""
        over = [key for key, reply in self._live.items() if reply.over]
        for key in over[:-200]:
            del self._live[key]
