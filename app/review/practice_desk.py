"""Practice of a candidate: brings it up to date with what was scored, and reads it. Thin: what follows from what is in `practice`.

Nobody has to tell it of a score. It follows from the current scores of closed interviews, whoever made them, and is brought up to date
when it is read: a score that an appeal or a rescoring has changed is a newer one than the one that was taken in.

An answer whose marks were never seen, and of which nobody has said how sure they are, is left out of all that is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.domain.errors import (
    InterviewStillOpen,
    NothingToCompare,
    NothingToPractise,
    PracticeItemNotFound,
    QuestionUnknown,
    RoleUnknown,
    ScoreNotYet,
    StudyPlanNotFound,
)
from app.domain.interview import Interview, InterviewState, PlannedQuestion
from app.domain.practice import (
    Memory,
    PracticeItem,
    Rating,
    Review,
    StudyDay,
    StudyPlan,
    StudyWish,
    Want,
)
from app.domain.score import Score
from app.material.corpus import Corpus
from app.material.entries import Chain
from app.material.surfaces import surface_of, without_lead_in
from app.persistence.unit_of_work import ReadUnit, Store, UnitOfWork
from app.review import callback
from app.review.comparison import Comparison, compare
from app.review.practice import (
    by_question,
    item_of,
    items_without,
    last_miss,
    memories,
    queue,
    reviews_of,
    together,
    wants_of,
    without,
)
from app.review.progress import By, Series, progress
from app.review.study_plan import OpenTopic, done, edited, study_plan, without_gone


@dataclass(frozen=True, slots=True)
class Scored:
    """A question as it was scored in one interview."""

    interview: Interview
    score: Score
    asked: str
    """The words it was asked in, without the greeting and without a word about the question before it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The same question in two interviews."""

    earlier: Scored
    later: Scored
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class DrillWish:
    """What a drill is to be about, and for whom."""

    wants: tuple[Want, ...]
    like: Interview
    """Role, seniority, company and strictness are this interview's."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A study plan as it stands."""

    plan: StudyPlan
    done: frozenset[tuple[str, str, str, str]]
    """`Task.place` of the tasks that are done."""
    gone: int
    """Drills that were in it, on what is no item any more."""


class PracticeDesk:
    """One for the process; keeps nothing."""

    def __init__(self, *, store: Store, corpus: Corpus, now: Callable[[], datetime]) -> None:
        self._store = store
        self._corpus = corpus
        self._now = now

    # --- up to date -----------------------------------------------------------------------------------------------------

    async def refresh(self, candidate_id: str) -> None:
        """Takes in what was scored since the last time. Done twice, it changes nothing."""
        async with self._store.read() as work:
            if not await work.practice.fresh(candidate_id) and not await _unshown(work, candidate_id):
                return
        async with self._store.write() as work:
            await self.bring_up_to_date(work, candidate_id)
            await work.commit()

    async def bring_up_to_date(self, work: UnitOfWork, candidate_id: str) -> None:
        """The same inside a transaction that is open."""
        await work.practice.lock(candidate_id)
        touched: set[tuple[str, str]] = set()
        for fresh in await work.practice.fresh(candidate_id):
            interview = await work.interviews.get(fresh.interview_id, candidate_id=candidate_id)
            scores = await work.scores.list_current(fresh.interview_id)
            touched |= await work.practice.take_in(
                fresh, reviews_of(interview, scores, partial(surface_of, self._corpus))
            )
        by_criterion: dict[tuple[str, str], list[Review]] = {of: [] for of in touched}
        for review in await work.practice.reviews(candidate_id) if touched else ():
            if (review.question_id, review.criterion_id) in touched:
                by_criterion[review.question_id, review.criterion_id].append(review)
        await work.practice.keep(candidate_id, {of: item_of(reviews) for of, reviews in by_criterion.items()})
        # Their marks are told from here on, so what was said of them stands.
        for interview_id, question_id in sorted(await _unshown(work, candidate_id)):
            await work.confidences.show(interview_id, [question_id], now=self._now())

    async def callback(self, work: UnitOfWork, interview: Interview) -> str:
        """A sentence for the introduction, on what the candidate's last interview left open; "" where it left nothing."""
        if interview.drill:
            return ""
        await self.bring_up_to_date(work, interview.candidate_id)
        item = last_miss(self._askable(await _items(work, interview.candidate_id)))
        if item is None:
            return ""
        return callback.callback(self._corpus, item, (question.question_id for question in interview.plan.questions))

    # --- reading --------------------------------------------------------------------------------------------------------

    async def items(self, candidate_id: str) -> list[PracticeItem]:
        """All items that the corpus can still ask, learned or not."""
        await self.refresh(candidate_id)
        async with self._store.read() as work:
            return self._askable(await _items(work, candidate_id))

    async def queue(self, candidate_id: str) -> list[PracticeItem]:
        """The whole queue, in its order."""
        return queue(await self.items(candidate_id), self._now())

    async def reviews(self, candidate_id: str) -> tuple[Review, ...]:
        """Every time that a criterion came up in a closed interview, oldest first."""
        await self.refresh(candidate_id)
        async with self._store.read() as work:
            return await work.practice.reviews(candidate_id)

    async def surfaces_seen(self, candidate_id: str) -> dict[tuple[str, str], frozenset[str]]:
        """Surfaces that each criterion came up on, by ids of question and criterion; as of the last refresh."""
        async with self._store.read() as work:
            reviews = await work.practice.reviews(candidate_id)
        found: dict[tuple[str, str], set[str]] = {}
        for review in reviews:
            found.setdefault((review.question_id, review.criterion_id), set()).add(review.surface)
        return {of: frozenset(surfaces) for of, surfaces in found.items()}

    async def history(
        self, candidate_id: str, question_id: str, criterion_id: str
    ) -> tuple[PracticeItem, list[tuple[Review, Rating, Memory]]]:
        """An item with its reviews.

        Raises:
            PracticeItemNotFound: it is none of the candidate's.
        """
        items = await self.items(candidate_id)
        item = next(
            (each for each in items if (each.question_id, each.criterion_id) == (question_id, criterion_id)), None
        )
        if item is None:
            raise PracticeItemNotFound(question_id, criterion_id)
        async with self._store.read() as work:
            reviews = await work.practice.reviews(candidate_id, (question_id, criterion_id))
            return item, memories(without(reviews, await work.confidences.hidden(candidate_id)))

    def _askable(self, items: Sequence[PracticeItem]) -> list[PracticeItem]:
        return [item for item in items if _criterion_is_there(self._corpus, item.question_id, item.criterion_id)]

    # --- asking again ---------------------------------------------------------------------------------------------------

    async def drill(self, candidate_id: str, chosen: Sequence[tuple[str, str]]) -> DrillWish:
        """What a drill on these items, or on the queue, has to ask.

        Without the id of a criterion a question is chosen as it is queued: with all its items that are due, or else with all.

        Raises:
            PracticeItemNotFound: one of `chosen` is none of the candidate's.
            NothingToPractise: nothing was chosen and the queue is empty.
        """
        items, now = await self.items(candidate_id), self._now()
        queued = [together(group, now) for group in by_question(queue(items, now))]
        if chosen:
            known: dict[tuple[str, str], tuple[PracticeItem, ...]] = {
                (item.question_id, item.criterion_id): (item,) for item in items
            }
            known |= {(group[0].question_id, ""): group for group in queued}
            for of in chosen:
                if of not in known:
                    raise PracticeItemNotFound(*of)
            wanted = list(dict.fromkeys(item for of in chosen for item in known[of]))
        else:
            wanted = [item for group in queued for item in group]
        if not wanted:
            raise NothingToPractise
        wants = []
        async with self._store.read() as work:
            like = await work.interviews.get(wanted[0].interview_id, candidate_id=candidate_id)
            for question_id, criterion_ids in wants_of(wanted):
                wants.append(await self._want(work, candidate_id, question_id, criterion_ids, wanted))
        return DrillWish(tuple(wants), like)

    async def _want(
        self,
        work: ReadUnit,
        candidate_id: str,
        question_id: str,
        criterion_ids: tuple[str, ...],
        items: Sequence[PracticeItem],
    ) -> Want:
        last = max(
            (item for item in items if item.question_id == question_id), key=lambda item: item.memory.reviewed_at
        )
        claim = None
        if question_id in self._corpus.chains:
            interview = await work.interviews.get(last.interview_id, candidate_id=candidate_id)
            planned = interview.plan.question(question_id)
            claim = planned.claim if planned is not None else None
        seen: list[str] = []
        for review in await work.practice.reviews(candidate_id, (question_id, criterion_ids[0])):
            if review.surface in seen:
                seen.remove(review.surface)
            seen.append(review.surface)
        return Want(question_id, criterion_ids, claim, tuple(seen))

    async def asked_in(
        self, candidate_id: str, interview_id: str, question_id: str
    ) -> tuple[Interview, PlannedQuestion]:
        """A closed interview, and the question as it was planned in it.

        Raises:
            InterviewNotFound, InterviewStillOpen.
            ScoreNotYet: it was not asked, or is being judged.
            QuestionUnknown: the corpus has it no more.
        """
        self._corpus.entry(question_id)
        async with self._store.read() as work:
            interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
            scores = await work.scores.list_current(interview_id)
        if interview.state is not InterviewState.CLOSED:
            raise InterviewStillOpen(interview_id)
        planned = interview.plan.question(question_id)
        if planned is None or all(score.question_id != question_id for score in scores):
            raise ScoreNotYet(interview_id, question_id)
        return interview, planned

    # --- over time ------------------------------------------------------------------------------------------------------

    async def progress(self, candidate_id: str, by: By) -> tuple[Series, ...]:
        """What closed interviews showed by topic, skill or round, with the evidence."""
        items = await self.items(candidate_id)
        async with self._store.read() as work:
            reviews = without(await work.practice.reviews(candidate_id), await work.confidences.hidden(candidate_id))
        return progress(reviews, items, by, self.topics_of)

    def topics_of(self, question_id: str) -> tuple[str, ...]:
        """Topics of a question; () where the corpus has it no more."""
        try:
            return self._corpus.entry(question_id).topics
        except QuestionUnknown:
            return ()

    async def plan(self, candidate_id: str) -> Planned:
        """The study plan with what is done of it.

        Raises:
            StudyPlanNotFound: there is none.
        """
        items = await self.items(candidate_id)
        async with self._store.read() as work:
            reviews = await work.practice.reviews(candidate_id)
            plan = await work.practice.plan(candidate_id)
        if plan is None:
            raise StudyPlanNotFound
        return self._planned(plan, reviews, items)

    async def make_plan(
        self,
        candidate_id: str,
        wish: StudyWish,
        seconds_of: Callable[[PracticeItem], int],
        days: Sequence[StudyDay] | None = None,
    ) -> Planned:
        """A new study plan in place of the one there was; with `days`, that one edited.

        Args:
            candidate_id: Whose.
            wish: What there is to give.
            seconds_of: What a drill on an item takes.
            days: As the person wants them.

        Raises:
            RoleUnknown, StudyPlanInvalid.
        """
        if wish.role not in self._corpus.roles:
            raise RoleUnknown(role=wish.role, known=tuple(sorted(self._corpus.roles)))
        items = await self.items(candidate_id)
        minutes = {
            (item.question_id, item.criterion_id): math.ceil(seconds_of(item) / 60)
            for item in items
            if item.learned_at is None
        }
        async with self._store.write() as work:
            reviews = await work.practice.reviews(candidate_id)
            plan = study_plan(wish, self._now(), items, minutes, self._open_topics(wish, reviews))
            if days is not None:
                plan = edited(plan, await work.practice.plan(candidate_id), days)
            await work.practice.keep_plan(candidate_id, plan)
            await work.commit()
        return self._planned(plan, reviews, items)

    async def delete_plan(self, candidate_id: str) -> None:
        """Removes the study plan; raises `StudyPlanNotFound`."""
        async with self._store.write() as work:
            if not await work.practice.delete_plan(candidate_id):
                raise StudyPlanNotFound
            await work.commit()

    def _planned(self, made: StudyPlan, reviews: Sequence[Review], items: Sequence[PracticeItem]) -> Planned:
        plan, gone = without_gone(made, items)
        tasks = (task for day in plan.days for task in day.tasks)
        return Planned(plan, frozenset(task.place for task in tasks if done(task, plan, reviews, self.topics_of)), gone)

    def _open_topics(self, wish: StudyWish, reviews: Sequence[Review]) -> list[OpenTopic]:
        """Topics of the role that nothing has assessed and a question can be asked on; what the role stresses first."""
        role = self._corpus.roles[wish.role]
        covered = {topic for review in reviews for topic in self.topics_of(review.question_id)}
        usual = [stage.round for stage in role.rounds]
        found = []
        for topic in sorted(role.topics, key=lambda each: each not in role.emphases):
            fitting = [
                entry
                for entry in self._corpus.asked()
                if not isinstance(entry, Chain)
                and topic in entry.topics
                and wish.role in entry.roles
                and wish.seniority in entry.seniority
            ]
            if topic in covered or not fitting:
                continue
            entry = min(fitting, key=lambda each: (each.round not in usual, each.seconds.whole, each.id))
            found.append(OpenTopic(topic, entry.round, math.ceil(entry.seconds.whole / 60)))
        return found

    # --- before and after -----------------------------------------------------------------------------------------------

    async def compare(self, candidate_id: str, interview_id: str, question_id: str, earlier_id: str | None) -> Compared:
        """The question's score in an interview beside that of an earlier one, the latest of them where none is named.

        Raises:
            InterviewNotFound, InterviewStillOpen.
            ScoreNotYet: the question has no score in the interview.
            NothingToCompare: it has none in an earlier one.
        """
        async with self._store.read() as work:
            later = await self._scored(work, candidate_id, interview_id, question_id)
            if later is None:
                raise ScoreNotYet(interview_id, question_id)
            earlier = None
            if earlier_id is not None:
                earlier = await self._scored(work, candidate_id, earlier_id, question_id)
            else:
                before = later.interview.opened_at or later.interview.created_at
                for each in await work.practice.scored_before(candidate_id, question_id, before):
                    earlier = await self._scored(work, candidate_id, each, question_id)
                    if earlier is not None and earlier.score.drill <= later.score.drill:
                        break
                    earlier = None
        if earlier is None or earlier.interview.id == interview_id:
            raise NothingToCompare(interview_id, question_id)
        return Compared(earlier, later, compare(earlier.score, later.score))

    async def _scored(self, work: ReadUnit, candidate_id: str, interview_id: str, question_id: str) -> Scored | None:
        interview = await work.interviews.get(interview_id, candidate_id=candidate_id)
        if interview.state is not InterviewState.CLOSED:
            raise InterviewStillOpen(interview_id)
        scores = await work.scores.list_current(interview_id)
        score = next((each for each in scores if each.question_id == question_id), None)
        if score is None:
            return None
        turns = await work.turns.list(interview_id)
        asked = next((turn.text for turn in turns if turn.move is not None and turn.question_id == question_id), "")
        return Scored(interview, score, without_lead_in(self._corpus, question_id, asked))


async def _items(work: ReadUnit, candidate_id: str) -> Sequence[PracticeItem]:
    items, hidden = await work.practice.items(candidate_id), await work.confidences.hidden(candidate_id)
    return items_without(items, await work.practice.reviews(candidate_id), hidden) if hidden else items


async def _unshown(work: ReadUnit, candidate_id: str) -> set[tuple[str, str]]:
    """Answers that are taken in, of which somebody has said how sure they are, and whose marks are not noted as shown."""
    said = await work.confidences.said_unshown(candidate_id)
    reviews = await work.practice.reviews(candidate_id) if said else ()
    return {(review.interview_id, review.question_id) for review in reviews} & said


def _criterion_is_there(corpus: Corpus, question_id: str, criterion_id: str) -> bool:
    try:
        corpus.rubric(question_id).criterion(criterion_id)
    except (QuestionUnknown, KeyError):
        return False
    return True
