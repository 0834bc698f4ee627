"""The review desk: fetches what was said, scored and added, has the report made of it, and stores what its reader adds.

Marks that are shown are noted as shown before they leave: from then on nobody can say how sure they were of that answer.
No database session is open while anything is scored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import structlog
from numpy.typing import NDArray

from app.candidate.job_description import LineKind, lines_of
from app.domain.afterwards import Afterwards, Confidence
from app.domain.errors import ConfidenceTooLate, FeedbackNotYet, NotReady, QuestionUnknown, ReportNotYet
from app.domain.interview import Interview, InterviewState
from app.domain.remarks import Override
from app.domain.score import Assessment, AssessmentState, Competency, CriterionState, RoundLevel, Score
from app.domain.transcript import Turn
from app.material.corpus import Corpus
from app.material.surfaces import without_lead_in
from app.persistence.unit_of_work import ReadUnit, Store
from app.review.confidence import Ledger, RatedQuestion, ledger
from app.review.job_lines import TestedLines, lines_tested, planned_for, probes
from app.review.places import Places
from app.review.reference import is_over
from app.review.repair import Likeness, Repair, Repairer, ScoreAnswers
from app.review.report import Judged, QuestionReport, Report, Talk, build

log = structlog.get_logger(__name__)

PATIENCE_S = 2.0
"""Repairs that take longer are in the next reading of the report."""
PATIENCE_FOR_DOCUMENTS_S = 60.0
"""A page or a file cannot be read again by itself."""
_WAITING = frozenset({AssessmentState.PENDING, AssessmentState.RUNNING})


@dataclass(frozen=True, slots=True)
class Levels:
    """How levels over several questions are made."""

    competencies: Callable[[Interview, Sequence[Score]], Sequence[Competency]]
    rounds: Callable[[Sequence[Score]], Sequence[RoundLevel]]


@dataclass(frozen=True, slots=True)
class Means:
    """What scores and compares words; there once the models are open."""

    score: ScoreAnswers
    likeness: Likeness
    repairer: Repairer
    forget_readings: Callable[[], None] = lambda: None
    """Lets go of the words that were read last."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report, and the questions whose repair is still being made."""

    report: Report
    repair_pending: frozenset[str]


@dataclass(frozen=True, slots=True)
class Feedback:
    """One question right after its answer."""

    question: QuestionReport
    turns: tuple[Turn, ...]
    provisional: bool
    """The stored score is still to come."""
    still_open: bool
    repair_pending: bool


@dataclass(frozen=True, slots=True)
class QuestionStatus:
    """What can be done about a question before its marks are seen."""

    question_id: str
    round: str
    asked: str
    answered: bool
    percent: int | None
    can_rate: bool
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What a report waits for. Shows no mark."""

    readable: bool
    complete: bool
    pending: int
    failed: int
    questions: tuple[QuestionStatus, ...]


@dataclass(frozen=True, slots=True)
class HiddenMarks:
    """A closed interview some of whose marks are hidden: never seen, and nothing said on how sure one is."""

    interview: Interview
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """All that is stored of one interview and bears on its report."""

    talk: Talk
    scores: tuple[Score, ...]
    jobs: tuple[Assessment, ...]
    confidences: tuple[Confidence, ...]
    overrides: tuple[Override, ...]
    afterwards: Afterwards

    @property
    def pending(self) -> int:
        """Judgements that are still to come."""
        return sum(1 for job in self.jobs if job.state in _WAITING)

    @property
    def failures(self) -> dict[str, str]:
        """Why judging was given up, by question id."""
        return {job.question_id: job.error for job in self.jobs if job.state is AssessmentState.FAILED}


@dataclass
class ReviewDesk:
    """Reports, feedback, and what candidates add to them."""

    store: Store
    corpus: Corpus
    levels: Levels
    now: Callable[[], datetime]
    means: Means | None = None
    """None while the models are being opened: then a report has no repairs, and no feedback can be given."""
    _making: dict[tuple[object, ...], asyncio.Task[Repair | None]] = field(default_factory=dict)

    async def report(self, candidate_id: str, interview_id: str, *, patience_s: float = PATIENCE_S) -> MadeReport:
        """The report as things stand. The marks in it are noted as shown.

        Raises:
            InterviewNotFound: there is none, or it is another candidate's.
            ReportNotYet: an exam that is still going on.
        """
        stored = await self._stored(candidate_id, interview_id)
        talk = stored.talk
        repairs, pending = await self._repairs(talk, stored.scores, patience_s)
        judged = Judged(
            scores=stored.scores,
            pending=stored.pending,
            failures=stored.failures,
            competencies=tuple(self.levels.competencies(talk.interview, stored.scores)),
            rounds=tuple(self.levels.rounds(stored.scores)),
        )
        job = await self._job_lines(talk, stored.scores)
        await self._show(stored, [score.question_id for score in stored.scores])
        made = build(
            talk,
            judged,
            confidences=stored.confidences,
            overrides=stored.overrides,
            afterwards=stored.afterwards,
            repairs=repairs,
            job_description=job,
        )
        return MadeReport(made, pending)

    async def status(self, candidate_id: str, interview_id: str) -> Status:
        """What the report waits for, and which questions can still be rated; an exam's too while it goes on.

        Raises:
            InterviewNotFound: there is none, or it is another candidate's.
        """
        stored = await self._stored(candidate_id, interview_id, readable=False)
        talk = stored.talk
        sure = {each.question_id: each for each in stored.confidences}
        questions = []
        for question_id, turn in talk.asked().items():
            mine = sure.get(question_id)
            answered = bool(talk.places.answers(question_id))
            shown_at = mine.shown_at if mine else None
            questions.append(
                QuestionStatus(
                    question_id=question_id,
                    round=turn.move.round if turn.move else "",
                    asked=without_lead_in(self.corpus, question_id, turn.text),
                    answered=answered,
                    percent=mine.percent if mine else None,
                    can_rate=shown_at is None and talk.places.attempted(question_id),
                    shown_at=shown_at,
                )
            )
        closed = talk.interview.state is InterviewState.CLOSED
        return Status(
            talk.interview.report_readable,
            closed and not stored.pending,
            stored.pending,
            len(stored.failures),
            tuple(questions),
        )

    async def feedback(self, candidate_id: str, interview_id: str, question_id: str) -> Feedback:
        """One question as it stands, from its stored score or else from the compact scorer. Its marks are noted as shown.

        Raises:
            InterviewNotFound, ReportNotYet: as for a report.
            FeedbackNotYet: it has no answer.
            NotReady: it has no score yet, and what would score it is still being opened.
            QuestionUnknown: its rubric is gone from the corpus.
        """
        stored = await self._stored(candidate_id, interview_id)
        talk = stored.talk
        if question_id not in talk.asked() or not talk.places.answers(question_id):
            raise FeedbackNotYet(interview_id, question_id)
        still_open = not is_over(talk.interview, talk.turns, question_id)
        score = next((each for each in stored.scores if each.question_id == question_id), None)
        provisional = score is None
        if score is None:
            if self.means is None:
                raise NotReady(("opening what scores answers",))
            score = await self.means.score(talk.interview, talk.turns, question_id)
        repairs, pending = await self._repairs(talk, [score], PATIENCE_S)
        if still_open:
            # What nothing has asked for yet may be asked next.
            known = tuple(one for one in score.criteria if one.state is not CriterionState.NOT_ASSESSED)
            score = replace(score, criteria=known)
        await self._show(stored, [question_id])
        sure = next((each for each in stored.confidences if each.question_id == question_id), None)
        question = talk.question(
            question_id,
            score=score,
            repaired=repairs.get(question_id),
            confidence=sure,
            overrides=stored.overrides,
        )
        return Feedback(question, talk.turns, provisional, still_open, bool(pending))

    async def show(self, candidate_id: str, interview_id: str, question_ids: Collection[str]) -> None:
        """Notes that the marks of these questions are being shown by another way than a report.

        Raises:
            InterviewNotFound, ReportNotYet: as for a report.
        """
        stored = await self._stored(candidate_id, interview_id)
        await self._show(stored, [score.question_id for score in stored.scores if score.question_id in question_ids])

    async def say_confidence(self, candidate_id: str, interview_id: str, question_id: str, percent: int) -> Confidence:
        """Stores how sure somebody is of an answer whose marks they have not seen.

        Raises:
            InterviewNotFound: there is none, or it is another candidate's.
            FeedbackNotYet: the question has no answer.
            ConfidenceTooLate: its marks were shown.
        """
        now = self.now()
        async with self.store.write() as work:
            await work.interviews.get(interview_id, candidate_id=candidate_id)
            turns = await work.turns.list(interview_id)
            if not question_id or not Places(tuple(turns)).answers(question_id):
                raise FeedbackNotYet(interview_id, question_id)
            if not await work.confidences.say(interview_id, question_id, percent=percent, now=now):
                raise ConfidenceTooLate(interview_id, question_id)
            await work.commit()
        return Confidence(interview_id, question_id, percent, now)

    async def hidden(self, candidate_id: str) -> list[HiddenMarks]:
        """The candidate's closed interviews with marks that search and practice leave out, latest first. Shows no mark."""
        async with self.store.read() as work:
            answers = await work.confidences.hidden(candidate_id)
            found = [
                HiddenMarks(
                    await work.interviews.get(interview_id, candidate_id=candidate_id),
                    tuple(sorted(question_id for of, question_id in answers if of == interview_id)),
                )
                for interview_id in {of for of, _ in answers}
            ]
        closed = [each for each in found if each.interview.state is InterviewState.CLOSED]
        return sorted(closed, key=lambda each: each.interview.closed_at or each.interview.created_at, reverse=True)

    async def reflect(
        self, candidate_id: str, interview_id: str, *, went_well: str, was_hard: str, will_do: str
    ) -> Afterwards:
        """Stores a reflection in place of the one before.

        Raises:
            InterviewNotFound, ReportNotYet: as for a report.
        """
        async with self.store.write() as work:
            await _readable(work, candidate_id, interview_id)
            await work.afterwards.reflect(
                interview_id, went_well=went_well, was_hard=was_hard, will_do=will_do, now=self.now()
            )
            stored = await work.afterwards.get(interview_id)
            await work.commit()
        return stored

    async def thank(self, candidate_id: str, interview_id: str, text: str) -> Report:
        """Stores the note as the candidate wants it; without words the draft stands again. Gives a report without repairs.

        Raises:
            InterviewNotFound, ReportNotYet: as for a report.
        """
        async with self.store.write() as work:
            await _readable(work, candidate_id, interview_id)
            await work.afterwards.thank(interview_id, text=text.strip(), now=self.now())
            await work.commit()
        stored = await self._stored(candidate_id, interview_id)
        return build(stored.talk, Judged(stored.scores), afterwards=stored.afterwards)

    async def ledger(self, candidate_id: str) -> Ledger:
        """How sure the candidate said they were over all interviews, against what was shown; only of marks that they have seen."""
        async with self.store.read() as work:
            rated = await work.confidences.rated(candidate_id)
            places = {}
            for interview_id in dict.fromkeys(each.interview_id for each in rated):
                places[interview_id] = Places(await work.turns.list(interview_id))
        return ledger(
            [
                RatedQuestion(
                    each.question_id,
                    each.interview_id,
                    each.percent,
                    each.level,
                    places[each.interview_id].answers(each.question_id),
                )
                for each in rated
            ]
        )

    def forget(self, interview_ids: Collection[str]) -> None:
        """Nothing of these interviews, which are deleted, is held here any more; repairs that are being made end."""
        for key in [key for key in self._making if key[0] in interview_ids]:
            self._making.pop(key).cancel()
        if self.means is not None:
            self.means.repairer.forget(interview_ids)
            self.means.forget_readings()

    async def close(self) -> None:
        """Lets go of repairs that are still being made."""
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    # --- the parts ----------------------------------------------------------------------------------------------------------

    async def _stored(self, candidate_id: str, interview_id: str, *, readable: bool = True) -> _Stored:
        async with self.store.read() as work:
            if readable:
                interview = await _readable(work, candidate_id, interview_id)
            else:
                interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
            return _Stored(
                Talk(interview, await work.turns.list(interview_id), self.corpus),
                await work.scores.list_current(interview_id),
                await work.assessments.list(interview_id),
                await work.confidences.list(interview_id),
                await work.overrides.list(interview_id),
                await work.afterwards.get(interview_id),
            )

    async def _show(self, stored: _Stored, question_ids: Sequence[str]) -> None:
        shown = {each.question_id for each in stored.confidences if each.shown_at is not None}
        fresh = [each for each in question_ids if each not in shown]
        if fresh:
            async with self.store.write() as work:
                # Deleted meanwhile, it has nothing to be noted of.
                await work.interviews.get(
                    stored.talk.interview.id, candidate_id=stored.talk.interview.candidate_id, lock=True
                )
                await work.confidences.show(stored.talk.interview.id, fresh, now=self.now())
                await work.commit()

    async def _repairs(
        self, talk: Talk, scores: Sequence[Score], patience_s: float
    ) -> tuple[dict[str, Repair | None], frozenset[str]]:
        """Repairs by question id, and the ids of those that are still being made: these go on behind the answer."""
        if self.means is None:
            return {}, frozenset()
        tasks: dict[str, asyncio.Task[Repair | None]] = {}
        for score in scores:
            try:
                rubric = self.corpus.rubric(score.question_id)
            except QuestionUnknown:
                continue
            states = tuple((one.criterion_id, one.state) for one in score.criteria)
            key = (talk.interview.id, score.question_id, talk.turns[-1].id, states)
            if key not in self._making:
                making = asyncio.create_task(self.means.repairer.repair(talk.interview, talk.turns, score, rubric))
                self._making[key] = making
                making.add_done_callback(lambda _, key=key: self._making.pop(key, None))  # type: ignore[misc]
            tasks[score.question_id] = self._making[key]
        if tasks:
            await asyncio.wait(tasks.values(), timeout=patience_s)
        found: dict[str, Repair | None] = {}
        for question_id, task in tasks.items():
            if task.done() and not task.cancelled():
                failed = task.exception()
                if failed is not None:
                    # The report stands without it: what was said and missed does not depend on a repair.
                    log.warning("repair failed", question_id=question_id, error=type(failed).__name__)
                found[question_id] = None if failed is not None else task.result()
        return found, frozenset(tasks) - frozenset(found)

    async def _job_lines(self, talk: Talk, scores: Sequence[Score]) -> TestedLines | None:
        lines = lines_of(talk.interview.job_description)
        if not lines:
            return None
        asked = probes(talk.turns, scores)
        wanted = [line.text for line in lines if line.kind is LineKind.TESTABLE]
        likeness: NDArray[np.float32] | None = None
        if self.means is not None and wanted and asked:
            likeness = await self.means.likeness(wanted, [each.text for each in asked])
        return lines_tested(lines, asked, likeness, planned_for(talk.interview, talk.turns))


async def _readable(work: ReadUnit, candidate_id: str, interview_id: str) -> Interview:
    interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
    if not interview.report_readable:
        raise ReportNotYet(interview_id)
    return interview
