"""How sure somebody said they were, against what was shown: counts first, a figure only where there is enough. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.review.places import Refs, merged

OWED_LEVEL = 3
"""What a confidence is about: that the answer reaches this level, everything the question owes."""
MIN_FOR_FIGURE = 5
"""Rated questions below which there is a table and no figure."""
_BANDS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))
_ONE_CHANCE_IN_FIVE = 1.28
"""Standard deviations that chance alone exceeds once in five times."""


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    """A question with a word on how sure one was, and with a level."""

    question_id: str
    interview_id: str
    percent: int
    level: int
    refs: Refs
    """Its answers."""

    @property
    def reached(self) -> bool:
        """Whether what was predicted came."""
        return self.level >= OWED_LEVEL


@dataclass(frozen=True, slots=True)
class Band:
    """Questions of which somebody was about as sure, `low` to `high` percent."""

    low: int
    high: int
    rated: int
    reached: int
    mean_percent: float
    refs: Refs


@dataclass(frozen=True, slots=True)
class Ledger:
    """Confidence against shown knowledge."""

    questions: tuple[RatedQuestion, ...]
    rated: int
    reached: int
    mean_percent: float | None
    brier: float | None
    """Mean of (percent / 100 - reached) squared, 0..1, small is good; None below `MIN_FOR_FIGURE`."""
    bands: tuple[Band, ...]
    """Those with a question in them."""
    says: str
    refs: Refs


def ledger(rated: Sequence[RatedQuestion]) -> Ledger:
    """The ledger over some questions.

    **Source:** the score of G. W. Brier, "Verification of forecasts expressed in terms of probability" (1950), for one outcome.
    """
    bands = []
    for low, high in _BANDS:
        mine = [each for each in rated if low <= each.percent <= high]
        if mine:
            refs = merged(*(each.refs for each in mine))
            reached = sum(each.reached for each in mine)
            bands.append(Band(low, high, len(mine), reached, _mean([each.percent for each in mine]), refs))
    brier = None
    if len(rated) >= MIN_FOR_FIGURE:
        brier = round(sum((each.percent / 100 - each.reached) ** 2 for each in rated) / len(rated), 3)
    return Ledger(
        questions=tuple(rated),
        rated=len(rated),
        reached=sum(each.reached for each in rated),
        mean_percent=_mean([each.percent for each in rated]) if rated else None,
        brier=brier,
        bands=tuple(bands),
        says=_says(rated),
        refs=merged(*(each.refs for each in rated)),
    )


def _mean(values: Sequence[int]) -> float:
    return round(sum(values) / len(values), 1)


def _says(rated: Sequence[RatedQuestion]) -> str:
    """What the counts can tell, in words that hold no number of their own."""
    if not rated:
        return "You have not said how sure you were of any question that has a level."
    if len(rated) < MIN_FOR_FIGURE:
        return "These are too few answers to say how well you judge yourself. This is what you said, and how each came out."
    expected = sum(each.percent for each in rated) / 100
    chance = _ONE_CHANCE_IN_FIVE * math.sqrt(sum(each.percent / 100 * (1 - each.percent / 100) for each in rated))
    distance = sum(each.reached for each in rated) - expected
    if distance < -chance:
        return "You were surer than your answers bore out, by more than chance would often do."
    if distance > chance:
        return "Your answers held more than you gave yourself credit for, by more than chance would often do."
    return "How sure you were fits how you did: what is between them, chance alone would often bring about."
