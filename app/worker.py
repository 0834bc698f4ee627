"""Claims pending assessments by lease and runs them. Several may run beside each other; a restart loses nothing.

It goes slower than anyone who waits: while a reply is being written it starts no call, and the embedded model lets the
reply pass a call that has begun. After an interview is closed its report does not wait for the embedded model: past `patience_s` the
compact scorer's word stands alone, and the score says so. For a hosted judge, which decides, a report waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.domain.errors import InterviewNotFound, LeaseLost, VivaError
from app.domain.interview import Interview
from app.domain.score import Assessment, Score
from app.domain.transcript import Turn
from app.material.corpus import Corpus
from app.persistence.unit_of_work import Store
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from app.scoring.model_judge import ModelJudge
from app.scoring.slow_voice import SlowVoice

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerManner:
    """Time limits of the worker, in seconds."""

    lease_s: float = 120.0
    patience_s: float = 25.0
    """After closing: from then on the embedded model is not asked. While an interview goes on: how long a call waits at most for
    those who wait for a reply."""
    max_attempts: int = 3
    idle_s: float = 5.0
    """Longest time between two looks for work that another process may have left."""


class Worker:
    """Runs assessments one after another until it is stopped."""

    def __init__(
        self,
        *,
        store: Store,
        corpus: Corpus,
        compact: CompactScorer,
        judge: ModelJudge | None,
        voice: SlowVoice | None = None,
        now: Callable[[], datetime],
        owner: str,
        manner: WorkerManner,
        somebody_waits: Callable[[], bool],
    ) -> None:
        self._store = store
        self._corpus = corpus
        self._compact = compact
        self._judge = judge
        self._voice = voice
        self._now = now
        self._owner = owner
        self._manner = manner
        self._somebody_waits = somebody_waits
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """There may be work."""
        self._bell.set()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            self._bell.clear()
            try:
                worked = await self.work_once()
            except VivaError as error:
                # A busy database passes; work that was claimed comes back with the end of its lease.
                log.warning("worker held up", error=type(error).__name__)
                worked = False
            except Exception:
                # The edge of the worker: one broken row must not end the judging of all others.
                log.exception("worker failed")
                worked = False
            if not worked:
                try:
                    async with asyncio.timeout(self._manner.idle_s):
                        await self._bell.wait()
                except TimeoutError:
                    continue

    async def work_once(self) -> bool:
        """Claims and runs one assessment; whether there was one.

        Raises:
            StoreBusy, StoreUnavailable: what was claimed, if anything was, is taken up again when its lease ends.
        """
        async with self._store.write() as work:
            # First give up what was lost too often: nobody may claim it, and its report would wait for it for ever.
            await work.assessments.requeue_expired(now=self._now(), max_attempts=self._manner.max_attempts)
            claimed = await work.assessments.claim(owner=self._owner, now=self._now(), lease_s=self._manner.lease_s)
            await work.commit()
        if claimed is None:
            return False
        try:
            await self._run(claimed)
        except LeaseLost:
            # Deleted meanwhile, or taken over by another worker: this result is not wanted any more.
            log.info("assessment no longer held", assessment_id=claimed.id)
        return True

    async def _run(self, assessment: Assessment) -> None:
        try:
            async with self._store.read() as work:
                interview = await work.interviews.get_whosoever(assessment.interview_id)
                turns = await work.turns.list(assessment.interview_id)
        except InterviewNotFound:
            return
        renewing = asyncio.create_task(self._renew(assessment.id))
        try:
            score = await self._score(interview, turns, assessment.question_id)
        except Exception as error:
            # The edge of a job: logged once; the row goes back to be tried again, or fails for good.
            log.exception("assessment failed", assessment_id=assessment.id, attempt=assessment.attempts)
            message = str(error) if isinstance(error, VivaError) else type(error).__name__
            async with self._store.write() as work:
                await work.assessments.fail(
                    assessment.id,
                    owner=self._owner,
                    now=self._now(),
                    error=message,
                    max_attempts=self._manner.max_attempts,
                )
                await work.commit()
            return
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
        async with self._store.write() as work:
            await work.assessments.finish(assessment.id, owner=self._owner, now=self._now(), score=score)
            await work.commit()

    async def _renew(self, assessment_id: str) -> None:
        """Holds the lease while a slow judge is asked, so that no other worker begins the same work."""
        while True:
            await asyncio.sleep(self._manner.lease_s / 3)
            try:
                async with self._store.write() as work:
                    await work.assessments.renew(
                        assessment_id, owner=self._owner, now=self._now(), lease_s=self._manner.lease_s
                    )
                    await work.commit()
            except LeaseLost:
                return
            except VivaError as error:
                log.warning("lease not renewed", assessment_id=assessment_id, error=type(error).__name__)

    async def _score(self, interview: Interview, turns: Sequence[Turn], question_id: str) -> Score:
        voice, alone = self._voice, ""
        asks = self._judge is not None or voice is not None
        waits_until = self._now() + timedelta(seconds=self._manner.patience_s)
        # Not for ever: where somebody is always answered, nothing would ever be judged.
        while (  # noqa: ASYNC110 - who waits is counted elsewhere
            asks and interview.closed_at is None and self._somebody_waits() and self._now() < waits_until
        ):
            await asyncio.sleep(0.2)
        patience = timedelta(seconds=self._manner.patience_s)
        if voice is not None and interview.closed_at is not None and self._now() > interview.closed_at + patience:
            voice, alone = None, "the judge model was too slow for the report; the compact scorer judged alone"
        return await assess(
            interview,
            turns,
            question_id,
            corpus=self._corpus,
            compact=self._compact,
            judge=self._judge,
            voice=voice,
            now=self._now,
            why_alone=alone,
        )
