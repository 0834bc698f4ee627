"""What there is to practise: reviews out of scores, items out of reviews, the queue out of items. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta

from app.domain.interview import Interview, InterviewState, PlannedQuestion
from app.domain.practice import NOT_SHOWN, Memory, PracticeItem, Rating, Review
from app.domain.score import CriterionKind, CriterionState, Reached, Score
from app.review.spacing import reviewed

ASSESSED = NOT_SHOWN | {CriterionState.SHOWN}
LEARNED_AFTER = timedelta(days=2)
"""From the last time that a criterion was not shown to the one that shows it is known."""
FIRST = {CriterionKind.MUST: 0, CriterionKind.SHOULD: 1, CriterionKind.BONUS: 2}
SurfaceOf = Callable[[PlannedQuestion, int, str], str]
"""Planned question, the interview's seed, id of the criterion -> surface."""


def reviews_of(interview: Interview, scores: Sequence[Score], surface_of: SurfaceOf) -> tuple[Review, ...]:
    """One review for each criterion that a closed interview could assess; none of an interview that goes on."""
    if interview.state is not InterviewState.CLOSED or interview.closed_at is None:
        return ()
    found = []
    for score in scores:
        planned = interview.plan.question(score.question_id) or PlannedQuestion(score.question_id, 0)
        for criterion in score.criteria:
            if criterion.state not in ASSESSED:
                continue
            found.append(
                Review(
                    interview_id=interview.id,
                    candidate_id=interview.candidate_id,
                    question_id=score.question_id,
                    criterion_id=criterion.criterion_id,
                    at=interview.closed_at,
                    round=score.round,
                    says=criterion.says,
                    kind=criterion.kind,
                    skill=criterion.skill,
                    state=criterion.state,
                    reached=criterion.reached,
                    surface=surface_of(planned, interview.seed, criterion.criterion_id),
                    drill=score.drill,
                    evidence=criterion.evidence,
                )
            )
    return tuple(found)


def rating_of(review: Review) -> Rating:
    """Nothing or the wrong thing: again. Half of it, or with a hint: hard. When it was asked for: good. Unasked: easy."""
    if review.state in {CriterionState.MISSED, CriterionState.CONTRADICTED}:
        return Rating.AGAIN
    if review.state is CriterionState.PARTLY or review.reached is Reached.HINTED:
        return Rating.HARD
    return Rating.EASY if review.reached is Reached.VOLUNTEERED else Rating.GOOD


def in_order(reviews: Iterable[Review]) -> list[Review]:
    """Oldest first."""
    return sorted(reviews, key=lambda review: (review.at, review.interview_id))


def memories(reviews: Sequence[Review]) -> list[tuple[Review, Rating, Memory]]:
    """Reviews of one criterion, oldest first, from the first in which it was not shown, each with the memory after it."""
    found: list[tuple[Review, Rating, Memory]] = []
    memory: Memory | None = None
    for review in itertools.dropwhile(lambda each: each.met, in_order(reviews)):
        rating = rating_of(review)
        memory = reviewed(memory, rating, review.at)
        found.append((review, rating, memory))
    return found


def item_of(reviews: Sequence[Review]) -> PracticeItem | None:
    """How one criterion stands after all its reviews, given in any order; None where it was shown every time."""
    known = memories(reviews)
    if not known:
        return None
    last, _, memory = known[-1]
    missed_in = known[0][0]
    learned_at: datetime | None = None
    for review, rating, _ in known:
        if not review.met:
            missed_in, learned_at = review, None
        elif learned_at is None and _learned(missed_in, review, rating):
            learned_at = review.at
    return PracticeItem(
        candidate_id=last.candidate_id,
        question_id=last.question_id,
        criterion_id=last.criterion_id,
        round=last.round,
        kind=last.kind,
        skill=last.skill,
        state=last.state,
        missed=sum(1 for review, _, _ in known if not review.met),
        interview_id=last.interview_id,
        memory=memory,
        learned_at=learned_at,
    )


def _learned(missed_in: Review, review: Review, rating: Rating) -> bool:
    """Shown without a hint, on another surface, days after it was last not shown."""
    unaided = rating in {Rating.GOOD, Rating.EASY}
    return unaided and review.surface != missed_in.surface and review.at - missed_in.at >= LEARNED_AFTER


def without(reviews: Iterable[Review], hidden: Collection[tuple[str, str]]) -> list[Review]:
    """The reviews but for those of answers whose marks are hidden: ids of interview and question."""
    return [review for review in reviews if (review.interview_id, review.question_id) not in hidden]


def items_without(
    items: Iterable[PracticeItem], reviews: Sequence[Review], hidden: Collection[tuple[str, str]]
) -> list[PracticeItem]:
    """How the items stood before answers whose marks are hidden: made anew of the other reviews, where one of these is theirs."""
    touched = {
        (review.question_id, review.criterion_id)
        for review in reviews
        if (review.interview_id, review.question_id) in hidden
    }
    left: dict[tuple[str, str], list[Review]] = {of: [] for of in touched}
    for review in without(reviews, hidden):
        if (review.question_id, review.criterion_id) in touched:
            left[review.question_id, review.criterion_id].append(review)
    kept = [item for item in items if (item.question_id, item.criterion_id) not in touched]
    made = [item for item in map(item_of, left.values()) if item is not None]
    return sorted(kept + made, key=lambda item: (item.question_id, item.criterion_id))


def is_due(item: PracticeItem, now: datetime) -> bool:
    """Whether its date has come."""
    return item.memory.due_at <= now


def queue(items: Iterable[PracticeItem], now: datetime) -> list[PracticeItem]:
    """What is to be practised: all that was not shown the last time, and what was shown, is not learned and is due.

    Due before not due, said wrongly before the rest, musts before shoulds before bonuses, the earlier date first.
    """
    wanted = [item for item in items if item.learned_at is None and (not item.met or is_due(item, now))]
    return sorted(wanted, key=lambda item: _turn(item, now))


def _turn(item: PracticeItem, now: datetime) -> tuple[bool, bool, int, datetime, str, str]:
    wrong = item.state is CriterionState.CONTRADICTED
    return (
        not is_due(item, now),
        not wrong,
        FIRST[item.kind],
        item.memory.due_at,
        item.question_id,
        item.criterion_id,
    )


def last_miss(items: Iterable[PracticeItem]) -> PracticeItem | None:
    """What the next interview may come back to: of the latest interview in which something was not shown, what matters most."""
    open_ = [item for item in items if item.learned_at is None and not item.met]
    if not open_:
        return None
    latest = max(item.memory.reviewed_at for item in open_)
    newest = [item for item in open_ if item.memory.reviewed_at == latest]
    return min(
        newest,
        key=lambda item: (
            FIRST[item.kind],
            item.state is not CriterionState.CONTRADICTED,
            item.question_id,
            item.criterion_id,
        ),
    )


def by_question(queued: Iterable[PracticeItem]) -> list[tuple[PracticeItem, ...]]:
    """A queue with the items of one question together, at the place of the first; each group and all of them in its order."""
    grouped: dict[str, list[PracticeItem]] = {}
    for item in queued:
        grouped.setdefault(item.question_id, []).append(item)
    return [tuple(group) for group in grouped.values()]


def together(queued: Sequence[PracticeItem], now: datetime) -> tuple[PracticeItem, ...]:
    """What one drill of a question takes of its queued items: all that are due, or all of them where none is."""
    due = tuple(item for item in queued if is_due(item, now))
    return due or tuple(queued)


def wants_of(items: Sequence[PracticeItem]) -> list[tuple[str, tuple[str, ...]]]:
    """The items by question, questions and criteria each in their order."""
    grouped: dict[str, list[str]] = {}
    for item in items:
        grouped.setdefault(item.question_id, []).append(item.criterion_id)
    return [(question_id, tuple(criteria)) for question_id, criteria in grouped.items()]
