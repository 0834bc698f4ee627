"""Scores stored interviews again by the present rubrics, scorer and judge: `viva rescore`. May run beside a server.

Transactions are short, and none is open while something is judged. What someone else scored meanwhile is left as it is, and so
is a score that a model took part in where none is heard now: it stands on more than the new one would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import structlog

from app.domain.errors import InterviewStillOpen, QuestionUnknown, ScoreChanged, VivaError
from app.domain.interview import InterviewState
from app.domain.score import Score
from app.material.corpus import Corpus
from app.persistence.unit_of_work import Store
from app.review.difference import ScoreDifference, as_json, as_lines, difference
from app.scoring.appeals import carried_over
from app.scoring.assess import assessed
from app.scoring.criterion_model import CompactScorer
from app.scoring.model_judge import ModelJudge
from app.scoring.slow_voice import SlowVoice

log = structlog.get_logger(__name__)
MODELS = frozenset({"model", "joined"})
"""Names of judges in which a language model has a part."""


class RescoreOutcome(StrEnum):
    """What became of a question."""

    STORED = "stored"
    DIFFERS = "differs"
    """It would have been stored, but for the dry run."""
    UNCHANGED = "unchanged"
    """Versions and states are those of before, so nothing was stored."""
    LEFT = "left"
    """The score stays; `why_left` says why."""


RUBRIC_GONE = "its rubric is gone from the corpus"
NO_MODEL = "a model took part in its score, and none is asked now ('viva rescore --without-model' replaces it)"


@dataclass(frozen=True, slots=True)
class RescoredQuestion:
    """One question that had a score."""

    question_id: str
    outcome: RescoreOutcome
    difference: ScoreDifference | None
    """None where it was left."""
    why_left: str = ""


@dataclass(frozen=True, slots=True)
class RescoredInterview:
    """One interview. With an error, the questions are those that were done before it."""

    interview_id: str
    questions: tuple[RescoredQuestion, ...]
    error: str = ""

    def lines(self) -> list[str]:
        """For a person: the interview, then its questions with what changed."""
        told = [f"interview {self.interview_id}"]
        for question in self.questions:
            if question.difference is None:
                told.append(f"  {question.question_id}: left as it is, {question.why_left}")
            else:
                told += [f"  {line}" for line in as_lines(question.difference)]
        if self.error:
            told.append(f"  failed: {self.error}")
        elif not self.questions:
            told.append("  no question has a score")
        return told

    def json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "interview_id": self.interview_id,
            "error": self.error,
            "questions": [
                {
                    "question_id": each.question_id,
                    "outcome": str(each.outcome),
                    "why_left": each.why_left,
                    "difference": as_json(each.difference) if each.difference else None,
                }
                for each in self.questions
            ],
        }


class Rescorer:
    """Assesses stored turns again and stores what differs."""

    def __init__(
        self,
        *,
        store: Store,
        corpus: Corpus,
        compact: CompactScorer,
        judge: ModelJudge | None,
        voice: SlowVoice | None = None,
        now: Callable[[], datetime],
        without_model: bool = False,
    ) -> None:
        """`without_model` lets the compact scorer replace alone what a model took part in."""
        self._store = store
        self._corpus = corpus
        self._compact = compact
        self._judge = judge
        self._voice = voice
        self._now = now
        self._without_model = without_model

    async def closed(self) -> tuple[str, ...]:
        """Ids of all closed interviews, oldest first."""
        async with self._store.read() as work:
            return await work.interviews.closed()

    async def rescore(self, interview_id: str, *, dry_run: bool = False) -> RescoredInterview:
        """Scores each question of a closed interview again that has a score; `dry_run` stores nothing. Never raises."""
        done: list[RescoredQuestion] = []
        try:
            await self._rescore(interview_id, done, dry_run=dry_run)
        except VivaError as error:
            return RescoredInterview(interview_id, tuple(done), str(error))
        except Exception as error:
            # The edge of a job: one broken interview must not end the scoring of all others.
            log.exception("scoring again failed", interview_id=interview_id)
            return RescoredInterview(interview_id, tuple(done), type(error).__name__)
        return RescoredInterview(interview_id, tuple(done))

    async def _rescore(self, interview_id: str, done: list[RescoredQuestion], *, dry_run: bool) -> None:
        async with self._store.read() as work:
            interview = await work.interviews.get_whosoever(interview_id)
            turns = await work.turns.list(interview_id)
            scores = await work.scores.list_current(interview_id)
            appeals = await work.appeals.list(interview_id)
        if interview.state is not InterviewState.CLOSED:
            raise InterviewStillOpen(interview_id)
        for before in scores:
            kept = heard_on(before) if not self._without_model else frozenset()
            if kept and self._judge is None and self._voice is None:
                done.append(RescoredQuestion(before.question_id, RescoreOutcome.LEFT, None, NO_MODEL))
                continue
            try:
                fresh = await assessed(
                    interview,
                    turns,
                    before.question_id,
                    corpus=self._corpus,
                    compact=self._compact,
                    judge=self._judge,
                    voice=self._voice,
                    now=self._now,
                )
            except QuestionUnknown:
                done.append(RescoredQuestion(before.question_id, RescoreOutcome.LEFT, None, RUBRIC_GONE))
                continue
            if lost := [fresh.unheard[each] for each in sorted(kept) if each in fresh.unheard]:
                done.append(RescoredQuestion(before.question_id, RescoreOutcome.LEFT, None, lost[0]))
                continue
            after = carried_over(fresh.score, appeals, turns)
            found = difference(before, after)
            outcome = RescoreOutcome.UNCHANGED if found.empty else RescoreOutcome.DIFFERS
            if outcome is RescoreOutcome.DIFFERS and not dry_run:
                await self._store_after(interview_id, before, after)
                outcome = RescoreOutcome.STORED
            done.append(RescoredQuestion(before.question_id, outcome, found))

    async def _store_after(self, interview_id: str, before: Score, after: Score) -> None:
        """The new score is the current one, unless another took the old one's place meanwhile: then `ScoreChanged`."""
        async with self._store.write() as work:
            await work.interviews.get_whosoever(interview_id, lock=True)
            current = await work.scores.list_current(interview_id)
            if before not in current:
                raise ScoreChanged(interview_id, before.question_id)
            await work.scores.add(interview_id, after)
            await work.commit()


def heard_on(score: Score) -> frozenset[str]:
    """Ids of the criteria on which a model's word stands in the score."""
    return frozenset(each.criterion_id for each in score.criteria if any(one.judge in MODELS for one in each.judges))
