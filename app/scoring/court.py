"""Hears appeals: fetches what was said and scored, has the marked words judged, stores what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.appeal import Appeal, AppealOutcome, MarkedWords
from app.domain.errors import AppealNotNeeded, AppealsSpent, ReportNotYet, ScoreChanged, ScoreNotYet
from app.domain.interview import Interview
from app.domain.score import CriterionState, Score
from app.domain.transcript import Turn
from app.material.corpus import Corpus
from app.persistence.unit_of_work import ReadUnit, Store
from app.scoring.appeals import Hearing, credited, criterion_in, hear, marked_words
from app.scoring.criterion_model import CompactScorer
from app.scoring.free_model import ReadAlone
from app.scoring.model_judge import ModelJudge

MAX_APPEALS = 20
"""In one interview, whatever became of them."""
_TRIES = 3
"""How often an appeal is decided anew because its score was changed meanwhile."""


@dataclass(frozen=True, slots=True)
class AppealWish:
    """What the candidate asks for: these words, held against this criterion once more."""

    question_id: str
    criterion_id: str
    turn_id: str
    start: int
    end: int
    """Offsets in the turn's text."""


@dataclass(frozen=True, slots=True)
class _Brief:
    """What is known before anyone judges."""

    interview: Interview
    turns: tuple[Turn, ...]
    score: Score
    marked: MarkedWords


class AppealCourt:
    """Decides appeals at once. No database session is open while the words are judged."""

    def __init__(
        self,
        *,
        store: Store,
        corpus: Corpus,
        compact: CompactScorer,
        alone: ReadAlone,
        judge: ModelJudge | None,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._corpus = corpus
        self._compact = compact
        self._alone = alone
        self._judge = judge
        self._now = now
        self._new_id = new_id

    async def decide(self, candidate_id: str, interview_id: str, wish: AppealWish) -> Appeal:
        """The decided appeal, stored. The same words against the same criterion have the answer they had before.

        Raises:
            InterviewNotFound: there is none, or it is another candidate's.
            ReportNotYet: an exam that is still going on.
            AppealInvalid, CriterionUnknown, CriterionChanged, QuestionUnknown: words or criterion are none to judge.
            ScoreNotYet, AppealNotNeeded, AppealsSpent: there is nothing to appeal against, or no more is heard.
            ScoreChanged: the question was scored anew again and again meanwhile; nothing was stored.
        """
        for _ in range(_TRIES):
            async with self._store.read() as work:
                known = await self._brief(work, candidate_id, interview_id, wish)
            if isinstance(known, Appeal):
                return known
            criterion = criterion_in(known.score, wish.criterion_id)
            rubric = self._corpus.rubric(wish.question_id)
            heard = await hear(
                known.interview,
                known.turns,
                rubric,
                criterion,
                known.marked,
                compact=self._compact,
                alone=self._alone,
                judge=self._judge,
            )
            async with self._store.write() as work:
                # Others who decide or score in this interview wait here, so that each sees what the one before stored.
                await work.interviews.get(interview_id, candidate_id=candidate_id, lock=True)
                fresh = await self._brief(work, candidate_id, interview_id, wish)
                if isinstance(fresh, Appeal):
                    return fresh
                if criterion_in(fresh.score, wish.criterion_id) == criterion:
                    appeal, score = self._outcome(fresh, wish, heard)
                    await work.appeals.add(appeal)
                    if score is not None:
                        await work.scores.add(interview_id, score)
                    await work.commit()
                    return appeal
        raise ScoreChanged(interview_id, wish.question_id)

    async def _brief(self, work: ReadUnit, candidate_id: str, interview_id: str, wish: AppealWish) -> _Brief | Appeal:
        """What is to be judged; or the appeal where it was decided before."""
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if not interview.report_readable:
            raise ReportNotYet(interview_id)
        turns = await work.turns.list(interview_id)
        scores = await work.scores.list_current(interview_id)
        appeals = await work.appeals.list(interview_id)
        score = next((each for each in scores if each.question_id == wish.question_id), None)
        if score is None:
            raise ScoreNotYet(interview_id, wish.question_id)
        criterion = criterion_in(score, wish.criterion_id)
        marked = marked_words(turns, wish.question_id, wish.turn_id, wish.start, wish.end)
        for appeal in appeals:
            # What was decided about a criterion that read otherwise is no answer any more.
            place = (appeal.question_id, appeal.criterion_id, appeal.says, appeal.turn_id, appeal.start, appeal.end)
            if place == (wish.question_id, wish.criterion_id, criterion.says, marked.turn_id, marked.start, marked.end):
                return appeal
        if criterion.state is CriterionState.SHOWN:
            raise AppealNotNeeded(wish.question_id, wish.criterion_id)
        if len(appeals) >= MAX_APPEALS:
            raise AppealsSpent(MAX_APPEALS)
        return _Brief(interview, turns, score, marked)

    def _outcome(self, known: _Brief, wish: AppealWish, heard: Hearing) -> tuple[Appeal, Score | None]:
        """The appeal, and the score that it makes the current one; None where the score stays."""
        before = criterion_in(known.score, wish.criterion_id)

        def decided(level_after: int | None) -> Appeal:
            return Appeal(
                id=appeal_id,
                interview_id=known.interview.id,
                question_id=wish.question_id,
                criterion_id=wish.criterion_id,
                says=before.says,
                turn_id=known.marked.turn_id,
                start=known.marked.start,
                end=known.marked.end,
                quote=known.marked.quote,
                outcome=AppealOutcome.UPHELD if heard.upheld else AppealOutcome.REJECTED,
                reason=heard.reason,
                judges=heard.judges,
                state_before=before.state,
                level_before=known.score.level,
                level_after=level_after,
                versions=heard.versions,
                created_at=at,
            )

        appeal_id, at = self._new_id(), self._now()
        if not heard.upheld:
            return decided(known.score.level), None
        score = credited(known.score, decided(None), known.turns)
        return decided(score.level), score
