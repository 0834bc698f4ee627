"""Progress by topic, skill or round over time, with what each point rests on. Pure. It counts, and makes no level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.practice import PracticeItem, Review
from app.domain.score import CriterionKind, CriterionState

_CREDIT = {
    CriterionState.SHOWN: 1.0,
    CriterionState.PARTLY: 0.5,
    CriterionState.MISSED: 0.0,
    CriterionState.CONTRADICTED: 0.0,
}


class By(StrEnum):
    """What progress is told by."""

    TOPIC = "topic"
    SKILL = "skill"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Point:
    """What one interview showed; its counts are those of `reviews`."""

    interview_id: str
    at: datetime
    drill: bool
    reviews: tuple[Review, ...]
    """Musts and shoulds: what an answer owes."""

    def count(self, state: CriterionState) -> int:
        """How many of its criteria are in that state."""
        return sum(1 for review in self.reviews if review.state is state)

    @property
    def share(self) -> float:
        """0..1: what was shown and half of what was partly shown, of all that could be assessed."""
        return sum(_CREDIT[review.state] for review in self.reviews) / len(self.reviews)


@dataclass(frozen=True, slots=True)
class Series:
    """One topic, skill or round over time."""

    name: str
    points: tuple[Point, ...]
    """Oldest first; none without a criterion."""
    open: int
    """Items in it that are not learned."""
    learned: int


def progress(
    reviews: Sequence[Review], items: Sequence[PracticeItem], by: By, topics_of: Callable[[str], Sequence[str]]
) -> tuple[Series, ...]:
    """All series by name. `topics_of` gives a question's topics: it is in the series of each of them; () where it is not known."""

    def names(of: Review | PracticeItem) -> Sequence[str]:
        if by is By.TOPIC:
            return topics_of(of.question_id)
        return (of.skill,) if by is By.SKILL else (of.round,)

    sorted_reviews: dict[str, dict[str, list[Review]]] = {}
    for review in sorted(reviews, key=lambda each: (each.at, each.interview_id, each.question_id)):
        if review.kind is not CriterionKind.BONUS:
            for name in names(review):
                sorted_reviews.setdefault(name, {}).setdefault(review.interview_id, []).append(review)
    return tuple(
        Series(
            name,
            tuple(_point(found) for found in sorted_reviews[name].values()),
            open=sum(1 for item in items if name in names(item) and item.learned_at is None),
            learned=sum(1 for item in items if name in names(item) and item.learned_at is not None),
        )
        for name in sorted(sorted_reviews)
    )


def _point(reviews: Sequence[Review]) -> Point:
    first = reviews[0]
    return Point(first.interview_id, first.at, all(review.drill for review in reviews), tuple(reviews))
