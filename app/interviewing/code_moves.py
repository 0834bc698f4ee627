"""What the interviewer says to code: pure, from what became of it. The words name tests by number and purpose only.

Nothing that the candidate's code said is ever spoken: an exception's text in the interviewer's mouth would be the
candidate's own words with the interviewer's weight. It stands with the tests, for the candidate alone to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.code import CodeOutcome, Kind, NotRun, ReviewerView
from app.domain.transcript import MoveKind, SpanKind, Speaker, Turn
from app.interviewing.phrases.about_code import (
    ALL_PASS,
    COST,
    FIRST_LINE,
    LOOK_AGAIN,
    NOT_LOADED,
    NOT_RUN,
    SEND_IT,
    SIMPLEST_FIRST,
    TESTS_LEFT,
    THAT_CASE,
    TRY_SUCH,
    WHAT_IS_BEHIND,
    WRITE_IT,
)
from app.interviewing.phrases.follow_ups import HINT_IF_WANTED, HINT_THERE
from app.interviewing.subject import Subject

LOOKS_AGAIN = 2
"""How often somebody is sent back to their code over visible tests, and how often over hidden ones."""
ASKS_FOR_CODE = 2
_SPENT = "I've kept your code, but I can't run the tests again for this question."
_CHANGED = "I've kept your code; the tests are for the first version. Walk me through what you changed, and why."
_LATE = (
    "The tests you can see pass. Then the time ran out: {0} of {1} hidden ones {2} no result. "
    "Look for what takes long, or send it again."
)
_WRITE = (WRITE_IT.usual, SEND_IT.usual)
_START = (f"{SIMPLEST_FIRST.usual} {HINT_THERE}", FIRST_LINE.usual)
_AGAIN = (LOOK_AGAIN.usual, THAT_CASE.usual, WHAT_IS_BEHIND.usual)
_LEFT = TESTS_LEFT.usual
_ABOUT_A_TEST = (
    "Test {0}, {1}, {2}.",
    "It's {1}, test {0}, that {2}.",
    "Look at {1}: that test, number {0}, {2}.",
    "One of them, {1}, {2}; it's test {0}.",
    "Not yet: {1}, which is test {0}, {2}.",
    "There is still {1}; test {0} {2}.",
)
_HAPPENED = {
    Kind.FAILED: "gives something else than is expected",
    Kind.RAISED: "ends in an exception",
    Kind.TIMED_OUT: "doesn't come to an end in time",
    Kind.ENDED: "ends the whole program",
    Kind.NOT_REACHED: "isn't reached",
}


@dataclass(frozen=True, slots=True)
class CodeStep:
    """What is said about code, and whether the interview goes on with its next question in the same breath."""

    reason: str
    spoken: str
    goes_on: bool = False
    about_tests: bool = False
    """Whether a hint that is asked for next is one for passing the tests."""


class _Stage(Enum):
    VISIBLE = auto()
    """It does not load, or a visible test fails."""
    HIDDEN = auto()
    PASSED = auto()


def code_step(turns: Sequence[Turn], subject: Subject) -> CodeStep | None:
    """What follows from the candidate's last turn where it is about code; None where its words decide.

    Words that ask for something (a hint, the end) go before the code beside them.
    """
    if not subject.editor or not turns or turns[-1].speaker is not Speaker.CANDIDATE:
        return None
    last = turns[-1]
    kinds = {span.kind for span in last.spans}
    sent = [turn for turn in turns if turn.question_id == subject.question_id and turn.code]
    if last.code:
        if kinds & {SpanKind.HINT, SpanKind.END} or last.outcome is None:
            return None
        told = sum(1 for turn in turns[:-1] if turn.outcome is not None)
        return _about_outcome(last.outcome, [turn.outcome for turn in sent[:-1] if turn.outcome is not None], told)
    if sent or subject.without_tests or last.part_id or not kinds or kinds - {SpanKind.ANSWER, SpanKind.DONT_KNOW}:
        return None
    asked = sum(
        1
        for turn in turns
        if turn.move is not None and turn.move.kind is MoveKind.TESTS and turn.question_id == subject.question_id
    )
    if asked >= ASKS_FOR_CODE:
        return None
    return CodeStep(
        "words so far, and no code", (_WRITE if SpanKind.ANSWER in kinds else _START)[asked], about_tests=True
    )


def _about_outcome(outcome: CodeOutcome, before: Sequence[CodeOutcome], told: int) -> CodeStep:
    """`before` are those of the same problem; `told` is how often tests were spoken of in the interview."""
    if outcome.view is None:
        return _not_run(outcome, before)
    view = outcome.view
    stage = _stage(view)
    same = sum(1 for each in before if each.view is not None and _stage(each.view) is stage)
    if stage is _Stage.PASSED:
        if same:
            return CodeStep(f"all {_count(view)} tests pass again", "All tests pass again.", goes_on=True)
        return CodeStep(f"all {_count(view)} tests pass", f"{ALL_PASS.usual} {COST.usual}")
    reason = (
        f"{view.passed} of {len(view.tests)} visible and {view.hidden_passed} of {len(view.hidden)} hidden tests pass"
    )
    if view.broken:
        reason = "the code does not load"
    if same >= LOOKS_AGAIN:
        return CodeStep(f"{reason}; sent back {LOOKS_AGAIN} times already", _LEFT, goes_on=True)
    again = _AGAIN[min(len(before), len(_AGAIN) - 1)]
    said = _visible(view, again, told) if stage is _Stage.VISIBLE else _hidden(view)
    offer = f" {HINT_IF_WANTED.usual}" if same else ""
    return CodeStep(reason, f"{said}{offer}", about_tests=True)


def _not_run(outcome: CodeOutcome, before: Sequence[CodeOutcome]) -> CodeStep:
    match outcome.not_run:
        case NotRun.CHANGED:
            asked = any(each.not_run is NotRun.CHANGED for each in before)
            return CodeStep(
                "code for the changed problem", "I've kept your code." if asked else _CHANGED, goes_on=asked
            )
        case NotRun.SPENT:
            return CodeStep("the tests were run as often as they are", _SPENT, goes_on=True)
        case _:
            return CodeStep(f"the code could not be run: {outcome.reason}", NOT_RUN.usual, goes_on=True)


def _stage(view: ReviewerView) -> _Stage:
    if view.all_passed:
        return _Stage.PASSED
    return _Stage.HIDDEN if not view.broken and view.passed == len(view.tests) else _Stage.VISIBLE


def _visible(view: ReviewerView, again: str, told: int) -> str:
    if view.broken:
        return f"{NOT_LOADED.usual} {again}"
    number, test = next((at, each) for at, each in enumerate(view.tests, 1) if not each.outcome.passed)
    happened = _HAPPENED[test.outcome.kind]
    if not test.because:
        return f"Test {number} {happened}. {again}"
    return f"{_ABOUT_A_TEST[told % len(_ABOUT_A_TEST)].format(number, _quoted(test.because), happened)} {again}"


def _hidden(view: ReviewerView) -> str:
    failing = [test for test in view.hidden if not test.outcome.passed]
    late = [test for test in failing if view.out_of_time(test)]
    if len(late) == len(failing):
        # Its result was never seen: a case to think of would lead astray, and a busy machine is slow too.
        return _LATE.format(len(late), len(view.hidden), "has" if len(late) == 1 else "have")
    about = next((f" One is there for this: {_quoted(test.because)}." for test in failing if test.because), "")
    rest = f"{len(failing)} of {len(view.hidden)} hidden ones"
    yet = "doesn't yet" if len(failing) == 1 else "don't yet"
    return f"The tests you can see pass, and {rest} {yet}.{about} {TRY_SUCH.usual}"


def _quoted(because: str) -> str:
    return f"“{because.strip().rstrip('.')}”"


def _count(view: ReviewerView) -> int:
    return len(view.tests) + len(view.hidden)
