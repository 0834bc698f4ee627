from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.score import CriterionScore, CriterionState, Evidence, Score
from app.review.difference import as_json, as_lines, difference
from tests.support.builders import a_score

SCORE = a_score()
SHOWN, UNASKED = SCORE.criteria


def with_criteria(*criteria: CriterionScore, **changes: object) -> Score:
    return replace(SCORE, criteria=criteria, **changes)  # type: ignore[arg-type]


def test_the_same_score_differs_in_nothing_and_says_so() -> None:
    found = difference(SCORE, SCORE)
    assert found.empty
    assert as_lines(found) == [f"{SCORE.question_id}: nothing changed, level 2"]
    assert as_json(found)["empty"] is True


def test_other_quotes_and_probabilities_are_no_difference() -> None:
    judge = replace(SHOWN.judges[0], p=0.61)
    other = replace(SHOWN, evidence=(Evidence("on training and", "turn-1", 19, 34),), judges=(judge,))
    assert difference(SCORE, with_criteria(other, UNASKED)).empty


def test_a_changed_state_has_both_quotes() -> None:
    lost = replace(SHOWN, state=CriterionState.MISSED, evidence=())
    found = difference(SCORE, with_criteria(lost, UNASKED, level=0))
    (change,) = found.changed
    assert (change.before, change.after) == (CriterionState.SHOWN, CriterionState.MISSED)
    assert (change.quote_before, change.quote_after) == ("I compare the loss", "")
    assert as_lines(found) == [
        f"{SCORE.question_id}: level 2 -> level 0",
        "  c1: shown -> missed (Compares training and validation loss.)",
        '    before: "I compare the loss"',
    ]


def test_criteria_that_are_new_or_gone_are_named() -> None:
    added = replace(UNASKED, criterion_id="c3", says="Names a cause.", state=CriterionState.MISSED)
    found = difference(SCORE, with_criteria(SHOWN, added))
    assert [(one.criterion_id, one.state) for one in found.added] == [("c3", CriterionState.MISSED)]
    assert [(one.criterion_id, one.state) for one in found.removed] == [("c2", CriterionState.NOT_ASSESSED)]
    lines = "\n".join(as_lines(found))
    assert "c3: new in the rubric, missed" in lines
    assert "c2: no longer in the rubric, was not-assessed" in lines


def test_versions_that_changed_are_named_and_hashes_are_short() -> None:
    versions = replace(SCORE.versions, scorer="compact-2", rubric_hash="ef" * 32, model="judge-1")
    found = difference(SCORE, replace(SCORE, versions=versions))
    assert not found.empty
    assert [change.what for change in found.versions] == ["rubric_hash", "scorer", "model"]
    assert as_lines(found)[1:] == [
        "  rubric_hash: cdcdcdcdcdcd -> efefefefefef",
        "  scorer: compact-1 -> compact-2",
        "  model: none -> judge-1",
    ]


def test_credit_by_appeal_is_called_that() -> None:
    missed = with_criteria(replace(SHOWN, state=CriterionState.MISSED, evidence=()), UNASKED)
    appealed = with_criteria(replace(SHOWN, appeal_id="appeal-1"), UNASKED)
    found = difference(missed, appealed)
    assert found.changed[0].on_appeal
    assert "c1: missed -> shown, on appeal" in as_lines(found)[1]


def test_a_quote_cannot_forge_a_line_or_move_the_cursor() -> None:
    hostile = replace(SHOWN, evidence=(Evidence("fine\n  c2: missed -> shown\x1b[2J\x07", "turn-1", 0, 18),))
    missed = with_criteria(replace(SHOWN, state=CriterionState.MISSED, evidence=()), UNASKED)
    lines = as_lines(difference(missed, with_criteria(hostile, UNASKED)))
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


def test_two_questions_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="two questions"):
        difference(SCORE, a_score(question_id="chains/lora"))


STATES = st.sampled_from(CriterionState)
IDS = st.dictionaries(st.sampled_from("abcdef"), STATES, max_size=6)


@given(IDS, IDS, st.none() | st.integers(0, 4), st.none() | st.integers(0, 4))
def test_every_criterion_is_told_once_and_only_where_it_differs(
    before: dict[str, CriterionState], after: dict[str, CriterionState], low: int | None, high: int | None
) -> None:
    def score(states: dict[str, CriterionState], level: int | None) -> Score:
        criteria = tuple(replace(UNASKED, criterion_id=each, state=state) for each, state in states.items())
        return with_criteria(*criteria, level=level)

    found = difference(score(before, low), score(after, high))
    assert {one.criterion_id for one in found.changed} == {
        each for each in before.keys() & after.keys() if before[each] is not after[each]
    }
    assert {one.criterion_id for one in found.added} == after.keys() - before.keys()
    assert {one.criterion_id for one in found.removed} == before.keys() - after.keys()
    assert found.empty is (before == after and low == high)
    assert json.loads(json.dumps(as_json(found)))["question_id"] == SCORE.question_id
