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
from app.interviewing.subject import Subject

LOOKS_AGAIN = 2
"""How often somebody is sent back to their code over visible tests, and how often over hidden ones."""
ASKS_FOR_CODE = 2
COST = "What does it cost in time and in memory as the input grows, and why?"
_NOT_RUN = "I can't run it now; nothing is marked against you."
_SPENT = "I've kept your code, but I can't run the tests again for this question."
_CHANGED = "I've kept your code; the tests are for the first version. Walk me through what you changed, and why."
_WRITE = (
    "All right. Write it down now and send it as code; I'll run the tests.",
    "It's code that the tests need; send what you have, however short.",
)
_START = (
    "That's fine. Start with the simplest version that gives the right result, and send it as code. A hint is there if you ask.",
    "Even a first line is a start: send whatever you have, and the tests tell us the rest.",
)
_AGAIN = (
    "Look at it again and send it once more.",
    "Go through your code with that case in hand, then send it.",
    "Change what you think is behind it, and try again.",
)
_LEFT = "Let's leave the tests there; you can send your code again at any time."
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
        return _about_outcome(last.outcome, [turn.outcome for turn in sent[:-1] if turn.outcome is not None])
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


def _about_outcome(outcome: CodeOutcome, before: Sequence[CodeOutcome]) -> CodeStep:
    if outcome.view is None:
        return _not_run(outcome, before)
    view = outcome.view
    stage = _stage(view)
    same = sum(1 for each in before if each.view is not None and _stage(each.view) is stage)
    if stage is _Stage.PASSED:
        if same:
            return CodeStep(f"all {_count(view)} tests pass again", "All tests pass again.", goes_on=True)
        return CodeStep(f"all {_count(view)} tests pass", f"All tests pass, the hidden ones too. {COST}")
    reason = (
        f"{view.passed} of {len(view.tests)} visible and {view.hidden_passed} of {len(view.hidden)} hidden tests pass"
    )
    if view.broken:
        reason = "the code does not load"
    if same >= LOOKS_AGAIN:
        return CodeStep(f"{reason}; sent back {LOOKS_AGAIN} times already", _LEFT, goes_on=True)
    again = _AGAIN[min(len(before), len(_AGAIN) - 1)]
    said = _visible(view, again) if stage is _Stage.VISIBLE else _hidden(view)
    offer = " Ask for a hint if you want one." if same else ""
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
            return CodeStep(f"the code could not be run: {outcome.reason}", _NOT_RUN, goes_on=True)


def _stage(view: ReviewerView) -> _Stage:
    if view.all_passed:
        return _Stage.PASSED
    return _Stage.HIDDEN if not view.broken and view.passed == len(view.tests) else _Stage.VISIBLE


def _visible(view: ReviewerView, again: str) -> str:
    if view.broken:
        return f"The code doesn't load yet; what stopped it stands with the tests. {again}"
    number, test = next((at, each) for at, each in enumerate(view.tests, 1) if not each.outcome.passed)
    about = f", {_quoted(test.because)}," if test.because else ""
    return f"Test {number}{about} {_HAPPENED[test.outcome.kind]}. {again}"


def _hidden(view: ReviewerView) -> str:
    failing = [test for test in view.hidden if not test.outcome.passed]
    about = next((f" One is there for this: {_quoted(test.because)}." for test in failing if test.because), "")
    rest = f"{len(failing)} of {len(view.hidden)} hidden ones"
    return f"The tests you can see pass, and {rest} don't yet.{about} Think of such a case and look again."


def _quoted(because: str) -> str:
    return f"“{because.strip().rstrip('.')}”"


def _count(view: ReviewerView) -> int:
    return len(view.tests) + len(view.hidden)
