"""Two answers to one question under one rubric: before and after, by criterion. Pure.

`difference` says what differs between two scorings of the same words. Here the words differ, so a criterion that only one of the two
interviews asked for says nothing about the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.score import CriterionScore, CriterionState, Score
from app.review.difference import ScoreDifference, difference

_RANK = {
    CriterionState.CONTRADICTED: 0,
    CriterionState.MISSED: 1,
    CriterionState.PARTLY: 2,
    CriterionState.SHOWN: 3,
}
"""Of what was assessed, worst first."""


class Change(StrEnum):
    """What became of a criterion."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    NOT_COMPARABLE = "not-comparable"
    """Not assessed, or unscored, in one of the two, or the rubric says something else by now."""


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion before and after."""

    before: CriterionScore
    after: CriterionScore
    change: Change


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two answers to one question differ in."""

    criteria: tuple[CriterionChange, ...]
    """Those that both scores have, in the order of the later one."""
    difference: ScoreDifference

    @property
    def changed(self) -> tuple[str, ...]:
        """Ids of the criteria that are better or worse."""
        return tuple(each.after.criterion_id for each in self.criteria if each.change in {Change.BETTER, Change.WORSE})


def compare(before: Score, after: Score) -> Comparison:
    """What changed from one answer to the other.

    Raises:
        ValueError: they are not of one question.
    """
    found = difference(before, after)
    old = {criterion.criterion_id: criterion for criterion in before.criteria}
    criteria = tuple(
        CriterionChange(old[each.criterion_id], each, _change(old[each.criterion_id], each))
        for each in after.criteria
        if each.criterion_id in old
    )
    return Comparison(criteria, found)


def _change(before: CriterionScore, after: CriterionScore) -> Change:
    if before.state not in _RANK or after.state not in _RANK or before.says != after.says:
        return Change.NOT_COMPARABLE
    if before.state is after.state:
        return Change.SAME
    return Change.BETTER if _RANK[after.state] > _RANK[before.state] else Change.WORSE
