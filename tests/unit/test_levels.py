from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.score import (
    CLOSE_FROM,
    CLOSE_TO,
    Coverage,
    CriterionKind,
    CriterionScore,
    CriterionState,
    JudgeOpinion,
    Score,
    VerdictState,
    Versions,
)
from app.scoring.levels import competency, coverage_of, level_of, spread_of

S, K = CriterionState, CriterionKind


def criterion(
    kind: CriterionKind, state: CriterionState, hints: int = 0, *, disagreement: bool = False
) -> CriterionScore:
    return CriterionScore("c", "says", kind, "technical", state, "note#passage", hints=hints, disagreement=disagreement)


def musts(*states: CriterionState) -> list[CriterionScore]:
    return [criterion(K.MUST, state) for state in states]


def test_levels_by_musts() -> None:
    assert level_of(musts(S.MISSED, S.MISSED, S.MISSED)) == 0
    assert level_of(musts(S.SHOWN, S.MISSED, S.MISSED)) == 1
    assert level_of(musts(S.SHOWN, S.SHOWN, S.MISSED)) == 2
    assert level_of([*musts(S.SHOWN, S.SHOWN), criterion(K.SHOULD, S.MISSED), criterion(K.SHOULD, S.MISSED)]) == 3
    assert level_of([*musts(S.SHOWN, S.SHOWN), criterion(K.SHOULD, S.SHOWN), criterion(K.SHOULD, S.MISSED)]) == 4


def test_half_of_the_shoulds_after_hints_is_not_level_4() -> None:
    assert level_of([*musts(S.SHOWN), criterion(K.SHOULD, S.SHOWN, hints=1)]) == 3


def test_half_of_what_nobody_asked_for_lowers_nothing() -> None:
    unasked, asked = criterion(K.SHOULD, S.PARTLY), replace(criterion(K.SHOULD, S.PARTLY), asked_in=("t1",))
    assert level_of([*musts(S.SHOWN), unasked]) == 4
    assert level_of([*musts(S.SHOWN), criterion(K.SHOULD, S.SHOWN), criterion(K.SHOULD, S.MISSED), unasked]) == 4
    assert level_of([*musts(S.SHOWN), asked]) == 3


def test_a_bonus_never_stands_in_for_a_must() -> None:
    assert level_of([*musts(S.MISSED), criterion(K.BONUS, S.SHOWN), criterion(K.BONUS, S.SHOWN)]) == 0


def test_too_little_asked_gives_no_level() -> None:
    assert level_of(musts(S.SHOWN, S.NOT_ASSESSED, S.NOT_ASSESSED)) is None
    assert level_of([]) is None
    assert level_of([criterion(K.MUST, S.UNSCORED)]) is None


def test_coverage_counts_what_could_be_judged() -> None:
    assert coverage_of(musts(S.SHOWN, S.MISSED, S.NOT_ASSESSED)) == Coverage(2, 3)


def test_spread_follows_open_disagreements() -> None:
    scored = [criterion(K.MUST, S.SHOWN), criterion(K.MUST, S.SHOWN, disagreement=True), criterion(K.MUST, S.MISSED)]
    spread = spread_of(scored)
    assert spread is not None
    assert (spread.low, spread.high) == (1, 2)


def decided(state: CriterionState, p: float, **changes: Any) -> CriterionScore:
    """A must that two judges spoke of; the last decides."""
    sure = JudgeOpinion("compact", VerdictState.SHOWN, 0.99)
    return replace(criterion(K.MUST, state), judges=(sure, JudgeOpinion("joined", VerdictState.SHOWN, p)), **changes)


@pytest.mark.parametrize(
    ("mark", "close"),
    [
        (decided(S.MISSED, CLOSE_FROM), True),
        (decided(S.SHOWN, CLOSE_TO - 0.01), True),
        (decided(S.MISSED, CLOSE_FROM - 0.01), False),
        (decided(S.SHOWN, CLOSE_TO), False),
        (decided(S.SHOWN, 0.3, appeal_id="a1"), False),
        (decided(S.CONTRADICTED, 0.3), False),
        (decided(S.NOT_ASSESSED, 0.5), False),
        (criterion(K.MUST, S.MISSED), False),
    ],
)
def test_a_close_call_is_one_whose_deciding_probability_lies_near_the_line(mark: CriterionScore, close: bool) -> None:
    assert (mark.close_call, mark.in_doubt) == (close, close)


def test_spread_follows_close_calls_both_ways() -> None:
    sure = criterion(K.MUST, S.SHOWN)
    missed = spread_of([sure, sure, decided(S.MISSED, 0.4)])
    shown = spread_of([sure, criterion(K.MUST, S.MISSED), decided(S.SHOWN, 0.55)])
    assert missed is not None
    assert shown is not None
    assert (missed.low, missed.high) == (2, 4)
    assert (shown.low, shown.high) == (1, 2)


states = st.sampled_from([S.SHOWN, S.PARTLY, S.MISSED, S.CONTRADICTED, S.NOT_ASSESSED])
rubrics = st.lists(st.builds(criterion, st.sampled_from(list(K)), states, st.integers(0, 2)), min_size=1, max_size=8)
CREDIT = {S.CONTRADICTED: 0, S.MISSED: 0, S.PARTLY: 1, S.SHOWN: 2}


@given(rubrics, st.data())
def test_more_credit_never_lowers_a_level(rubric: list[CriterionScore], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rubric) - 1))
    old = rubric[index]
    if old.state not in CREDIT:
        return
    better = data.draw(st.sampled_from([state for state, credit in CREDIT.items() if credit >= CREDIT[old.state]]))
    raised = [*rubric[:index], replace(old, state=better), *rubric[index + 1 :]]
    before, after = level_of(rubric), level_of(raised)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before


@given(rubrics)
def test_a_bonus_changes_no_level(rubric: list[CriterionScore]) -> None:
    assert level_of(rubric) is None or level_of(rubric) == level_of(
        [one for one in rubric if one.kind is not K.BONUS] or rubric
    )


def score(question_id: str, criteria: list[CriterionScore]) -> Score:
    versions = Versions(question_id, 1, "hash", "compact", "code")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Score(
        question_id, "fundamentals", tuple(criteria), level_of(criteria), coverage_of(criteria), None, versions, now
    )


def test_a_competency_needs_six_criteria_in_three_questions() -> None:
    two = [score(f"q/{n}", musts(S.SHOWN, S.SHOWN, S.SHOWN)) for n in range(2)]
    assert competency("technical", two, seed=1).level is None
    three = [score(f"q/{n}", musts(S.SHOWN, S.MISSED)) for n in range(3)]
    found = competency("technical", three, seed=1)
    assert found.level == 2.0
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.level <= found.high
    assert competency("problem-solving", three, seed=1).level is None
