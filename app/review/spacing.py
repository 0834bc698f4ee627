"""When a criterion is due again: the one place that speaks to `fsrs`.

Its dates are taken as they come: no fuzz, its own parameters, nine tenths to be recalled. Without learning steps: those are
minutes, for cards that lie in front of somebody, and an interview comes back in days at the earliest.
"""

from __future__ import annotations

from datetime import datetime

from fsrs import Card, Scheduler, State
from fsrs import Rating as Grade

from app.domain.practice import Memory, Rating

_GRADES = {Rating.AGAIN: Grade.Again, Rating.HARD: Grade.Hard, Rating.GOOD: Grade.Good, Rating.EASY: Grade.Easy}
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_ANY_ID = 1
"""Without an id a card takes one from the clock and sleeps on it."""


def reviewed(before: Memory | None, rating: Rating, at: datetime) -> Memory:
    """The memory after a review at `at`, an aware time in UTC; `before` is None for the first one."""
    card, _ = _SCHEDULER.review_card(_card(before, at), _GRADES[rating], at)
    assert card.stability is not None
    assert card.difficulty is not None
    return Memory(card.stability, card.difficulty, card.due, at)


def recall(memory: Memory, now: datetime) -> float:
    """The probability, 0..1, that it would be recalled at `now`."""
    return float(_SCHEDULER.get_card_retrievability(_card(memory, now), now))


def _card(memory: Memory | None, at: datetime) -> Card:
    if memory is None:
        return Card(_ANY_ID, due=at)
    return Card(
        _ANY_ID,
        State.Review,
        stability=memory.stability_days,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.reviewed_at,
    )
