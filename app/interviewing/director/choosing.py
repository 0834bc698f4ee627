"""Which of several open criteria is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.score import CriterionKind
from app.interviewing.state import Point

WEIGHT = {CriterionKind.MUST: 3.0, CriterionKind.SHOULD: 2.0, CriterionKind.BONUS: 1.0}
Choose = Callable[[Sequence[Point], Mapping[str, float], int], Point]
"""Of open criteria the one to ask for: they, how near each lies to the last words, and fruitless answers in a row."""


def worth_most(candidates: Sequence[Point], near: Mapping[str, float], fruitless: int) -> Point:
    """The one worth most: its kind, how open it is, how near it lies to the last words; the first of equals."""
    # After a fruitless probe the nearest point is the likeliest to fail again: take the farthest of the best kind.
    sign = -1.0 if fruitless >= 2 else 1.0
    return max(
        candidates, key=lambda point: WEIGHT[point.kind] * (1.0 - point.p_shown) + sign * 0.8 * near.get(point.id, 0.0)
    )
