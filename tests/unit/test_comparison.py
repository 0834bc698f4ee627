"""Before and after by criterion: exactly what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.score import CriterionKind, CriterionScore, CriterionState, Score
from app.review.comparison import Change, compare
from tests.support.builders import a_score

S = CriterionState
ASSESSED = [S.SHOWN, S.PARTLY, S.MISSED, S.CONTRADICTED]


def scored(*states: CriterionState, says: str = "Says it.") -> Score:
    return a_score(
        criteria=tuple(
            CriterionScore(f"c{number}", says, CriterionKind.MUST, "technical", state, "note#passage")
            for number, state in enumerate(states)
        )
    )


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (S.MISSED, S.SHOWN, Change.BETTER),
        (S.CONTRADICTED, S.MISSED, Change.BETTER),
        (S.SHOWN, S.PARTLY, Change.WORSE),
        (S.SHOWN, S.CONTRADICTED, Change.WORSE),
        (S.PARTLY, S.PARTLY, Change.SAME),
        (S.NOT_ASSESSED, S.SHOWN, Change.NOT_COMPARABLE),
        (S.MISSED, S.NOT_ASSESSED, Change.NOT_COMPARABLE),
        (S.UNSCORED, S.UNSCORED, Change.NOT_COMPARABLE),
    ],
)
def test_what_becomes_of_a_criterion(before: CriterionState, after: CriterionState, change: Change) -> None:
    (found,) = compare(scored(before), scored(after)).criteria
    assert found.change is change
    assert (found.before.state, found.after.state) == (before, after)


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.sampled_from(list(S))), max_size=9))
def test_the_diff_names_exactly_the_criteria_that_changed(states: list[tuple[CriterionState, CriterionState]]) -> None:
    found = compare(scored(*(before for before, _ in states)), scored(*(after for _, after in states)))
    wanted = tuple(
        f"c{number}"
        for number, (before, after) in enumerate(states)
        if before in ASSESSED and after in ASSESSED and before is not after
    )
    assert found.changed == wanted
    assert len(found.criteria) == len(states)


@given(st.lists(st.sampled_from(list(S)), max_size=9))
def test_the_same_answer_again_changes_nothing(states: list[CriterionState]) -> None:
    assert compare(scored(*states), scored(*states)).changed == ()


def test_a_criterion_that_reads_otherwise_by_now_is_not_compared() -> None:
    (found,) = compare(scored(S.MISSED), scored(S.SHOWN, says="Says more.")).criteria
    assert found.change is Change.NOT_COMPARABLE


def test_a_drill_is_compared_over_its_own_criteria_alone() -> None:
    drill = replace(scored(S.SHOWN), drill=True, level=None)
    found = compare(scored(S.MISSED, S.MISSED), drill)
    assert found.changed == ("c0",)
    assert [each.after.criterion_id for each in found.criteria] == ["c0"]
    assert [each.criterion_id for each in found.difference.removed] == ["c1"]


def test_two_questions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="two questions"):
        compare(scored(S.SHOWN), replace(scored(S.SHOWN), question_id="fundamentals/other"))
