"""What the sandbox sent, held against the tests. Everything in a frame may be the candidate's invention."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.code import Kind, Limit, Outcome
from app.exercises.outcomes import (
    SHOWN_CHARACTERS,
    Part,
    Run,
    Submission,
    candidate_view,
    judge,
    reviewer_view,
)
from app.material.tasks import ProblemTest

LOADED = {"loaded": True}
END = {"exit_code": 0, "stopped_by": "", "stdout": "", "stderr": "", "cut": False}


def case(**fields: Any) -> ProblemTest:
    return ProblemTest(**{"expect": 1, **fields})


def judged(*frames: Mapping[str, Any], cases: Sequence[ProblemTest], cut_off: Limit | None = None) -> Part:
    return judge(frames, cases, sql=False, cut_off=cut_off)


def value(call: int, given: Any) -> dict[str, Any]:
    return {"call": call, "value": json.dumps(given)}


def raised(call: int, *names: str, line: Any = 3) -> dict[str, Any]:
    return {"call": call, "raised": {"raised": list(names), "says": "no", "line": line}}


def test_values_are_compared_with_what_is_expected() -> None:
    cases = [case(), case(), case(expect=[0.3], compare="close"), case(expect=[2, 1], compare="same-items")]
    part = judged(LOADED, value(0, 1), value(1, 2), value(2, [0.1 + 0.2]), value(3, [1, 2]), END, cases=cases)
    assert [each.kind for each in part.outcomes] == [Kind.PASSED, Kind.FAILED, Kind.PASSED, Kind.PASSED]
    assert part.outcomes[1].given == "2"
    assert part.passed == 3


def test_an_exception_passes_where_it_or_its_parent_is_expected() -> None:
    cases = [case(raises="ValueError"), case(raises="ValueError"), case(raises="ValueError"), case()]
    part = judged(
        LOADED,
        raised(0, "UnicodeError", "ValueError"),
        raised(1, "KeyError", "LookupError"),
        value(2, 1),
        raised(3, "ValueError"),
        END,
        cases=cases,
    )
    assert [each.kind for each in part.outcomes] == [Kind.PASSED, Kind.RAISED, Kind.FAILED, Kind.RAISED]
    assert part.outcomes[1] == Outcome(Kind.RAISED, "KeyError: no", "expected ValueError", 3)


@pytest.mark.parametrize(
    ("end", "cut_off", "kind", "limits"),
    [
        ({**END, "stopped_by": "deadline", "exit_code": None}, None, Kind.TIMED_OUT, {Limit.TIME}),
        (None, Limit.TIME, Kind.TIMED_OUT, {Limit.TIME}),
        (None, Limit.SENT, Kind.ENDED, {Limit.SENT}),
        (None, None, Kind.ENDED, set()),
        ({**END, "stopped_by": "unreachable"}, None, Kind.ENDED, set()),
        ({**END, "exit_code": 7, "cut": True}, None, Kind.ENDED, {Limit.PRINTED}),
    ],
)
def test_the_test_in_which_it_ended_says_so_and_later_ones_were_not_reached(
    end: Mapping[str, Any] | None, cut_off: Limit | None, kind: Kind, limits: set[Limit]
) -> None:
    frames = [LOADED, value(0, 1), *([end] if end else [])]
    part = judged(*frames, cases=[case()] * 4, cut_off=cut_off)
    assert [each.kind for each in part.outcomes] == [Kind.PASSED, kind, Kind.NOT_REACHED, Kind.NOT_REACHED]
    assert part.limits == limits


def test_what_was_stopped_says_how_long_it_had_and_nothing_else_does() -> None:
    stopped = {**END, "stopped_by": "deadline", "seconds": 1.25}
    part = judged(LOADED, value(0, 1), stopped, cases=[case()] * 3)
    assert [each.seconds for each in part.outcomes] == [0.0, 1.25, 0.0]
    loading = judged(stopped, cases=[case()] * 2)
    assert [(each.kind, each.seconds) for each in loading.outcomes] == [
        (Kind.NOT_REACHED, 1.25),
        (Kind.NOT_REACHED, 0.0),
    ]
    itself = judged(LOADED, {**END, "exit_code": 7, "seconds": 1.25}, cases=[case()])
    assert itself.outcomes[0].seconds == 0.0
    slow = {"call": 0, "failed": "it took more than 2 s and was stopped", "slow": True, "seconds": 2.0}
    assert judged(LOADED, slow, END, cases=[case()]).outcomes[0].seconds == 2.0


def test_a_part_that_was_never_begun_was_not_reached() -> None:
    part = judged(cases=[case()])
    assert part == Part((Outcome(Kind.NOT_REACHED),))


def test_a_source_that_does_not_load_is_told_and_no_test_is_reached() -> None:
    told = {"raised": ["SyntaxError"], "says": "invalid syntax", "line": 3}
    part = judged({"broken": told}, END, cases=[case()])
    assert part.broken == "SyntaxError: invalid syntax"
    assert [each.kind for each in part.outcomes] == [Kind.NOT_REACHED]
    endless = judged({**END, "stopped_by": "deadline"}, cases=[case()])
    assert endless.broken == "it was not loaded: the time for all tests was over"


def test_memory_that_ran_out_is_a_limit_that_was_met() -> None:
    assert judged(LOADED, raised(0, "MemoryError"), END, cases=[case()]).limits == {Limit.MEMORY}


@pytest.mark.parametrize(
    "frame",
    [
        {"call": 0},
        {"call": 0, "value": None},
        {"call": 0, "value": 1},
        {"call": 0, "value": "{"},
        {"call": 0, "value": "[" * 100_000},
        {"call": 0, "value": "9" * 5000},
        {"call": 0, "value": "1e999"},
        {"call": 0, "raised": None},
        {"call": 0, "raised": [1]},
        {"call": 0, "raised": {"raised": 7, "says": {"a": 1}, "line": "x"}},
        {"call": 0, "unsayable": ["x"]},
        {"call": 0, "passed": True, "kind": "passed"},
    ],
)
def test_whatever_a_frame_holds_it_passes_nothing_and_breaks_nothing(frame: Mapping[str, Any]) -> None:
    (outcome,) = judged(LOADED, frame, END, cases=[case()]).outcomes
    assert outcome.kind in (Kind.FAILED, Kind.RAISED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["call", "value", "raised", "unsayable", "loaded", "broken", "says"])


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=4).map(lambda told: {**told, "call": 0}), max_size=4))
def test_no_invention_is_an_answer_that_only_the_right_value_is(frames: list[dict[str, Any]]) -> None:
    expected = "a value that nobody draws"
    part = judged(LOADED, *frames, END, cases=[case(expect=expected)])
    assert part.passed == 0


def test_what_is_shown_is_cut_and_has_no_control_codes() -> None:
    part = judged(LOADED, value(0, "\x1b[31m" + "x" * 10_000), raised(1, "\x1b[2J"), END, cases=[case(), case()])
    assert all("\x1b" not in each.given for each in part.outcomes)
    assert all(len(each.given) <= 2 * SHOWN_CHARACTERS for each in part.outcomes)


def test_rows_are_compared_as_rows() -> None:
    cases = [case(expect=[[1, 0.3333333]], compare="equal"), case(expect=None), case(expect=[[1]])]
    frames = [
        LOADED,
        value(0, [[1, 1 / 3]]),
        value(1, []),
        {"call": 2, "failed": "no such column: x", "slow": False},
        END,
    ]
    part = judge(frames, cases, sql=True, cut_off=None)
    assert [each.kind for each in part.outcomes] == [Kind.PASSED, Kind.PASSED, Kind.RAISED]
    assert part.outcomes[2].says == "no such column: x"
    slow = judge([LOADED, {"call": 0, "failed": "slow", "slow": True}], [case()], sql=True, cut_off=None)
    assert (slow.outcomes[0].kind, set(slow.limits)) == (Kind.TIMED_OUT, {Limit.TIME})


def test_the_candidate_is_told_which_hidden_tests_the_time_was_over_for() -> None:
    late = Part(
        (Outcome(Kind.FAILED), Outcome(Kind.TIMED_OUT), Outcome(Kind.NOT_REACHED)), limits=frozenset({Limit.TIME})
    )
    ended = Part((Outcome(Kind.FAILED), Outcome(Kind.ENDED), Outcome(Kind.NOT_REACHED)))
    hidden = [case(because="a"), case(because="b"), case(because="c")]
    for part, out_of_time in ((late, [False, True, True]), (ended, [False, False, False])):
        view = candidate_view(Run(Part(()), part), Submission("", "add"), [], hidden)
        assert [each.out_of_time for each in view.hidden] == out_of_time


def test_the_candidates_view_has_of_hidden_tests_only_what_they_are_for() -> None:
    visible = [case(args=(5,), kwargs={"by": 2}, expect=7, because="the example")]
    hidden = [case(args=("secret argument",), expect="secret value", because="an edge"), case(raises="SecretError")]
    run = Run(
        Part((Outcome(Kind.FAILED, "8"),), stdout="mine", limits=frozenset({Limit.PRINTED})),
        Part(
            (Outcome(Kind.RAISED, "secret argument"), Outcome(Kind.PASSED)),
            broken="secret broken",
            stdout="secret printed",
            stderr="secret aside",
            limits=frozenset({Limit.TIME}),
        ),
    )
    submission = Submission("", "add")
    view = candidate_view(run, submission, visible, hidden)
    assert "secret" not in str(view).lower()
    assert (view.tests[0].call, view.tests[0].expected) == ("add(5, by=2)", "7")
    assert [(each.because, each.passed) for each in view.hidden] == [("an edge", False), ("", True)]
    assert (view.hidden_passed, view.stdout, view.limits) == (1, "mine", (Limit.PRINTED,))
    whole = reviewer_view(run, submission, visible, hidden)
    assert whole.hidden[0].call == "add('secret argument')"
    assert (whole.broken, whole.hidden_broken, whole.hidden_stdout) == ("", "secret broken", "secret printed")
    assert (whole.limits, whole.hidden_limits) == ((Limit.PRINTED,), (Limit.TIME,))
    assert not run.all_passed
