"""The replies that this process is writing: each in a task of the application, from the stored turn to the stored reply.

Whoever watches only watches. A reply that was lost with its process is begun again; one that another process writes is
followed in the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from app.domain.errors import InterviewClosed, ReplyFailed, ResumeNotFound, TurnOutOfOrder, VivaError
from app.domain.interview import CloseReason, Interview, InterviewState
from app.domain.resume import Resume
from app.domain.transcript import MoveKind, Turn
from app.interviewing.editor import Editor
from app.interviewing.live import Completed, Delta, Failed, LiveReply, Started
from app.interviewing.record import Record
from app.interviewing.reply import Reply, ReplyWriter
from app.interviewing.state import current_question
from app.persistence.records import Reply as ReplyRow
from app.persistence.records import ReplyState
from app.persistence.unit_of_work import Store

log = structlog.get_logger(__name__)

REPLY_LEASE_S = 60.0
"""A reply takes seconds; one that is not stored after this was lost with its process."""
_FOLLOW_S = 0.25
"""Between two looks for a reply that another process is writing."""


class LiveReplies:
    """One for the process; everything that has to last is in the store."""

    def __init__(
        self,
        *,
        store: Store,
        writer: ReplyWriter,
        editor: Editor | None,
        record: Record,
        now: Callable[[], datetime],
        wake_worker: Callable[[], None],
        owner: str,
    ) -> None:
        """Without an `editor`, code is stored and no tests are run."""
        self._store = store
        self._writer = writer
        self._editor = editor
        self._record = record
        self._now = now
        self._wake_worker = wake_worker
        self._owner = owner
        self._live: dict[tuple[str, int], LiveReply] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether somebody waits for a reply; the judge lets them go first."""
        return any(not reply.over for reply in self._live.values())

    def to(self, interview: Interview, turns: Sequence[Turn], turn: Turn) -> LiveReply:
        """The reply to a stored turn: live, stored, or begun again where it was lost."""
        live = self._live.get((interview.id, turn.seq))
        if live is not None and not (live.over and isinstance(live.events[-1], Failed)):
            return live
        stored = next((each for each in turns if each.seq == turn.seq + 1), None)
        if stored is not None:
            return LiveReply.of_stored(stored, interview.state, turn.outcome)
        if interview.state is not InterviewState.OPEN:
            raise InterviewClosed(interview.id)
        return self.begin(interview, [each for each in turns if each.seq <= turn.seq], claimed=False)

    def making(self, turn: Turn) -> ReplyRow:
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

    def begin(self, interview: Interview, turns: Sequence[Turn], *, claimed: bool) -> LiveReply:
        """Starts the reply to the last of the turns; `claimed` where its row is this process's already."""
        seq = turns[-1].seq
        live = LiveReply(interview.id, seq)
        self._live[(interview.id, seq)] = live
        live.publish(Started(interview.id, seq))
        self.spawn(self._run(live, interview, turns, claimed=claimed))
        return live

    def forget(self, interview_ids: Collection[str]) -> None:
        """Nothing of these interviews is held here any more; a reply that is being written to one ends without a word."""
        for key in [key for key in self._live if key[0] in interview_ids]:
            del self._live[key]

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
            self.begin(interview, turns, claimed=False)
        return len(waiting)

    async def drain(self, timeout_s: float) -> None:
        """Lets replies that are being written finish, for at most `timeout_s`, then lets go of them."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Has work done behind whoever asked for it; `drain` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

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

    async def _claim(self, interview_id: str, seq: int) -> bool:
        async with self._store.write() as work:
            claimed = await work.replies.claim(
                interview_id, seq, owner=self._owner, now=self._now(), lease_s=REPLY_LEASE_S
            )
            await work.commit()
        return claimed is not None

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

    async def _resume_of(self, interview: Interview) -> Resume | None:
        """The interview's resume; None where there is none, or where it was deleted meanwhile."""
        if interview.resume_id is None:
            return None
        async with self._store.read() as work:
            try:
                return await work.resumes.get(interview.resume_id, candidate_id=interview.candidate_id)
            except ResumeNotFound:
                return None

    async def _keep(self, interview_id: str, turns: Sequence[Turn], reply: Reply) -> Completed:
        async with self._store.write() as work:
            interview = await work.interviews.get_whosoever(interview_id, lock=True)
            if interview.state is not InterviewState.OPEN:
                raise InterviewClosed(interview_id)
            turn = self._record.turn_of(interview, turns[-1].seq + 1, reply)
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
                interview = await self._record.close(work, interview, turns, reason)
            elif before is not None and before[1].question_id != turn.question_id:
                await self._record.assess(work, interview_id, before[1].question_id)
            await work.commit()
        self._wake_worker()
        return Completed(turn, interview.state, turns[-1].outcome)

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

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("background task failed", error=repr(task.exception()))

    def _forget_old(self) -> None:
        """Keeps the last replies only: older ones are read from the store."""
        over = [key for key, reply in self._live.items() if reply.over]
        for key in over[:-200]:
            del self._live[key]
