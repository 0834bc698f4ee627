"""Tests decide right and wrong: outcome to state, with a line of the code as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.code import OWN_TIME_S, CodeOutcome, Kind, Limit, NotRun, Outcome, ReviewerView, ShownTest
from app.domain.score import CriterionScore, CriterionState, Reached
from app.domain.transcript import Move, MoveKind, Span, SpanKind, Speaker, Turn
from app.material.load import load
from app.scoring.assess import assess
from app.scoring.by_tests import line_of_code, state_by_tests
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import NOW, a_turn, an_interview
from tests.support.scorers import WordScorer

CORPUS = load(Path("corpus"))
BRACKETS = "problems/balanced-brackets-in-a-config"
CODE = (
    "# def first_fault(old)\nimport re\n\n\ndef helper(x):\n    return x\n\n\ndef first_fault(text):\n    return -1\n"
)


def a_view(visible: Sequence[bool] = (True,), hidden: Sequence[bool] = (True,), broken: str = "") -> ReviewerView:
    def shown(passed: bool) -> ShownTest:
        return ShownTest("f()", "1", "an edge", Outcome(Kind.PASSED if passed else Kind.FAILED))

    return ReviewerView(broken, tuple(map(shown, visible)), tuple(map(shown, hidden)), "", "", ())


PASSED = CodeOutcome(a_view())
FAILED = CodeOutcome(a_view([True, True], [True, False, False]))
UNAVAILABLE = CodeOutcome(not_run=NotRun.UNAVAILABLE, reason="it is being compiled")
SPENT = CodeOutcome(not_run=NotRun.SPENT, reason="eight times at most")
CHANGED = CodeOutcome(not_run=NotRun.CHANGED, reason="for the first problem")


def talk(*turns: Turn, without_tests: str = "") -> list[Turn]:
    """The opening of the problem, then turns in order."""
    move = Move(MoveKind.OPEN, "begins", "Write it.", "coding", BRACKETS, editor="python", without_tests=without_tests)
    opening = a_turn(id="t0", speaker=Speaker.INTERVIEWER, text="Write it.", spans=(), question_id=BRACKETS, move=move)
    return [replace(turn, id=f"t{at}", seq=at + 1) for at, turn in enumerate([opening, *turns])]


def sent(outcome: CodeOutcome | None, code: str = CODE) -> Turn:
    return a_turn(question_id=BRACKETS, text="", spans=(), code=code, outcome=outcome)


def said(text: str = "A stack keeps the order.", kind: SpanKind = SpanKind.ANSWER) -> Turn:
    return a_turn(question_id=BRACKETS, text=text, spans=(Span(kind, 0, len(text)),))


def interviewer(kind: MoveKind, criterion_id: str = "", hint: int = 0) -> Turn:
    move = Move(kind, "r", "s", "coding", BRACKETS, criterion_id=criterion_id, hint=hint)
    return a_turn(speaker=Speaker.INTERVIEWER, text="s", spans=(), question_id=BRACKETS, move=move)


def state(*turns: Turn, without_tests: str = "", asked: bool = True) -> CriterionState:
    return state_by_tests(talk(*turns, without_tests=without_tests), BRACKETS, "first_fault", asked=asked).state


def test_the_last_code_that_was_run_decides() -> None:
    assert state(sent(PASSED)) is CriterionState.SHOWN
    assert state(sent(FAILED), sent(PASSED)) is CriterionState.SHOWN
    assert state(sent(PASSED), sent(FAILED)) is CriterionState.MISSED
    assert state(sent(CodeOutcome(a_view([False], [False], "SyntaxError")))) is CriterionState.MISSED


def test_hidden_tests_count_as_visible_ones_do() -> None:
    found = state_by_tests(talk(sent(FAILED)), BRACKETS, "first_fault", asked=True)
    assert (found.state, found.evidence) == (CriterionState.MISSED, None)
    assert found.reason == "tests: 2 of 2 visible and 1 of 3 hidden ones pass"


def test_a_run_of_no_test_at_all_passes_nothing() -> None:
    assert state(sent(CodeOutcome(a_view([], [])))) is CriterionState.MISSED


@pytest.mark.parametrize("outcome", [UNAVAILABLE, None])
def test_what_was_not_run_for_our_fault_is_unscored_and_never_missed(outcome: CodeOutcome | None) -> None:
    assert state(sent(outcome)) is CriterionState.UNSCORED
    assert state(sent(FAILED), sent(outcome)) is CriterionState.UNSCORED
    assert state(said(), without_tests="not compiled") is CriterionState.UNSCORED
    assert state(sent(PASSED), without_tests="not compiled") is CriterionState.SHOWN


@pytest.mark.parametrize("outcome", [SPENT, CHANGED])
def test_code_that_the_tests_are_not_for_takes_nothing_back(outcome: CodeOutcome) -> None:
    assert state(sent(PASSED), sent(outcome)) is CriterionState.SHOWN
    assert state(sent(FAILED), sent(outcome)) is CriterionState.MISSED


def over(visible: Sequence[Outcome], hidden: Sequence[Outcome], *, in_visible: bool = False) -> CodeOutcome:
    """A run that its time ended: in the hidden tests, or in the visible ones already."""
    view = ReviewerView(
        broken="",
        tests=tuple(ShownTest("f()", "1", "an edge", each) for each in visible),
        hidden=tuple(ShownTest("f()", "1", "an edge", each) for each in hidden),
        stdout="",
        stderr="",
        limits=(Limit.TIME,) if in_visible else (),
        hidden_limits=() if in_visible else (Limit.TIME,),
    )
    return CodeOutcome(view)


RIGHT, WRONG, UNREACHED = Outcome(Kind.PASSED), Outcome(Kind.FAILED), Outcome(Kind.NOT_REACHED)
CUT_OFF = Outcome(Kind.TIMED_OUT, seconds=OWN_TIME_S / 10)
TOO_SLOW = Outcome(Kind.TIMED_OUT, seconds=OWN_TIME_S)


@pytest.mark.parametrize(
    ("visible", "hidden", "in_visible", "says"),
    [
        (
            [RIGHT],
            [RIGHT, CUT_OFF, UNREACHED],
            False,
            "1 of 1 visible and 1 of 3 hidden ones pass and none fails; 2 are not assessed",
        ),
        (
            [RIGHT],
            [RIGHT, UNREACHED],
            False,
            "1 of 1 visible and 1 of 2 hidden ones pass and none fails; 1 is not assessed",
        ),
        (
            [RIGHT, CUT_OFF],
            [UNREACHED, UNREACHED],
            True,
            "1 of 2 visible and 0 of 2 hidden ones pass and none fails; 3 are not assessed",
        ),
    ],
)
def test_a_test_that_only_the_clock_ended_is_not_assessed_and_never_a_miss(
    visible: Sequence[Outcome], hidden: Sequence[Outcome], *, in_visible: bool, says: str
) -> None:
    found = state_by_tests(
        talk(sent(over(visible, hidden, in_visible=in_visible))), BRACKETS, "first_fault", asked=True
    )
    assert found.state is CriterionState.UNSCORED
    assert found.evidence is None
    assert says in found.reason
    assert "the time of all tests was over" in found.reason


@pytest.mark.parametrize(
    ("visible", "hidden", "in_visible", "says"),
    [
        ([RIGHT], [WRONG, CUT_OFF, UNREACHED], False, "0 of 3 hidden ones pass; 2 are not assessed"),
        (
            [RIGHT],
            [RIGHT, TOO_SLOW, UNREACHED],
            False,
            "1 of 3 hidden ones pass; 1 is too slow in itself; 1 is not assessed",
        ),
        (
            [TOO_SLOW, UNREACHED],
            [UNREACHED],
            True,
            "0 of 2 visible and 0 of 1 hidden ones pass; 1 is too slow in itself; 2 are not assessed",
        ),
        ([Outcome(Kind.ENDED), UNREACHED], [CUT_OFF], False, "0 of 2 visible"),
    ],
)
def test_what_fails_or_is_too_slow_by_itself_is_missed_whatever_the_clock_says_of_the_rest(
    visible: Sequence[Outcome], hidden: Sequence[Outcome], *, in_visible: bool, says: str
) -> None:
    found = state_by_tests(
        talk(sent(over(visible, hidden, in_visible=in_visible))), BRACKETS, "first_fault", asked=True
    )
    assert found.state is CriterionState.MISSED
    assert says in found.reason


def test_no_code_is_missed_where_it_was_asked_for() -> None:
    assert state(said()) is CriterionState.MISSED
    assert state(asked=False) is CriterionState.NOT_ASSESSED


@pytest.mark.parametrize(
    ("code", "function", "line"),
    [
        (CODE, "first_fault", "def first_fault(text):"),
        ("class A:\n    async def f(self): ...\n", "f", "async def f(self): ..."),
        ("def f(): 1\ndef f(): 2", "f", "def f(): 2"),
        ("def ff(): 1", "f", "def ff(): 1"),
        ("\n\nf = lambda: 1", "f", "f = lambda: 1"),
        ("-- mine\n  WITH a AS (select 1)\nselect 2", None, "WITH a AS (select 1)"),
        ("values (1)", None, "values (1)"),
    ],
)
def test_the_evidence_is_a_line_of_the_code(code: str, function: str | None, line: str) -> None:
    evidence = line_of_code(sent(PASSED, code), function)
    assert evidence.quote == line
    assert evidence.in_code
    assert code[evidence.start : evidence.end] == line


@given(st.text(min_size=1), st.sampled_from(["f", None]))
def test_any_code_has_a_line_that_stands_in_it(code: str, function: str | None) -> None:
    evidence = line_of_code(sent(PASSED, code), function)
    assert code[evidence.start : evidence.end] == evidence.quote


# --- in a score ---------------------------------------------------------------------------------------------------------------


async def scored(turns: Sequence[Turn], shows: dict[str, list[str]] | None = None) -> dict[str, CriterionScore]:
    compact = cast(CompactScorer, WordScorer(CORPUS, shows or {}))
    score = await assess(an_interview(), turns, BRACKETS, corpus=CORPUS, compact=compact, judge=None, now=lambda: NOW)
    return {each.criterion_id: each for each in score.criteria}


@pytest.mark.anyio
async def test_tests_decide_their_criterion_and_words_the_others() -> None:
    found = await scored(talk(said(), interviewer(MoveKind.TESTS), sent(PASSED)), {"newest-first": ["A stack"]})
    assert found["passes-tests"].state is CriterionState.SHOWN
    assert found["passes-tests"].judges == ()
    assert found["passes-tests"].reached is Reached.PROBED
    assert found["newest-first"].state is CriterionState.SHOWN


@pytest.mark.anyio
async def test_words_about_tests_and_comments_in_code_earn_nothing() -> None:
    claims = {"passes-tests": ["All green"], "newest-first": ["last opened"]}
    commented = sent(FAILED, "# last opened, first closed\ndef first_fault(text): ...")
    found = await scored(talk(said("All green, every test passes."), interviewer(MoveKind.TESTS), commented), claims)
    assert found["passes-tests"].state is CriterionState.MISSED
    assert found["newest-first"].state is CriterionState.MISSED


@pytest.mark.anyio
async def test_code_alone_is_no_chance_to_say_something() -> None:
    found = await scored(talk(sent(FAILED)))
    assert found["passes-tests"].asked_in == ("t0",)
    assert found["newest-first"].state is CriterionState.NOT_ASSESSED


@pytest.mark.anyio
async def test_hints_are_counted_against_code_as_against_words() -> None:
    turns = talk(sent(FAILED), interviewer(MoveKind.HINT, "passes-tests", 2), sent(PASSED))
    found = (await scored(turns))["passes-tests"]
    assert (found.reached, found.hints) == (Reached.HINTED, 2)


@pytest.mark.anyio
async def test_code_counts_in_whatever_language_it_was_spoken_about() -> None:
    turns = talk(replace(said("Voilà mon code.", SpanKind.OTHER_LANGUAGE), code=CODE, outcome=PASSED))
    found = await scored(turns)
    assert found["passes-tests"].state is CriterionState.SHOWN
    assert found["newest-first"].state is CriterionState.UNSCORED
