"""What tests say of a criterion: pure, from what became of the candidate's code. No judge is asked, and no words count.

The last code that was run decides, as the last word does. What was not run for a fault of ours is unscored with its reason
and never missed; nor is it missed where the only thing against the code is that the time for all tests was over (docs/decisions/0034).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.code import NotRun
from app.domain.score import CriterionState, Evidence
from app.domain.transcript import Turn

_SQL_BEGINS = re.compile(r"^[ \t]*(?:with|select)\b.*$", re.IGNORECASE | re.MULTILINE)
_SOME_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The state of a criterion that tests decide."""

    state: CriterionState
    reason: str
    evidence: Evidence | None = None
    """The line of the code that passed which names it; None where nothing is credited."""


def state_by_tests(turns: Sequence[Turn], question_id: str, function: str | None, *, asked: bool) -> Ruling:
    """What the tests of a question come to.

    Args:
        turns: Of the interview.
        question_id: Of the problem.
        function: That the tests call; None for a query.
        asked: Whether code was asked for and something was answered.
    """
    own = [turn for turn in turns if turn.question_id == question_id]
    sent = [turn for turn in own if turn.code]
    last = next((turn for turn in reversed(sent) if not _set_aside(turn)), None)
    if last is not None and last.outcome is not None and last.outcome.view is not None:
        view = last.outcome.view
        if view.all_passed:
            reason = f"all {len(view.tests)} visible and {len(view.hidden)} hidden tests pass"
            return Ruling(CriterionState.SHOWN, reason, line_of_code(last, function))
        late = (
            f"; {_tests(view.not_assessed)} not assessed, for the time of all tests was over"
            if view.not_assessed
            else ""
        )
        passed = f"{view.passed} of {len(view.tests)} visible and {view.hidden_passed} of {len(view.hidden)} hidden ones pass"
        if late and not view.not_passed:
            return Ruling(CriterionState.UNSCORED, f"tests: {passed} and none fails{late}")
        if view.broken:
            return Ruling(CriterionState.MISSED, "tests: the code does not load")
        slow = f"; {_tests(view.too_slow)} too slow in itself" if view.too_slow else ""
        return Ruling(CriterionState.MISSED, f"tests: {passed}{slow}{late}")
    if last is not None:
        why = last.outcome.reason if last.outcome is not None else "the interview ended before it was"
        return Ruling(CriterionState.UNSCORED, f"the code was not run: {why}")
    why = next((turn.move.without_tests for turn in own if turn.move is not None and turn.move.without_tests), "")
    if why:
        return Ruling(CriterionState.UNSCORED, f"code could not be run: {why}")
    if asked:
        return Ruling(CriterionState.MISSED, "asked, and no code was sent")
    return Ruling(CriterionState.NOT_ASSESSED, "never asked for")


def _tests(count: int) -> str:
    return f"{count} is" if count == 1 else f"{count} are"


def _set_aside(turn: Turn) -> bool:
    """Whether the code is not one that the tests are for, or came after they had been run often enough."""
    return turn.outcome is not None and turn.outcome.not_run in {NotRun.SPENT, NotRun.CHANGED}


def line_of_code(turn: Turn, function: str | None) -> Evidence:
    """The line that defines the function, or begins the query; the first one that is not blank where neither is found."""
    named = (
        re.compile(rf"^[ \t]*(?:async[ \t]+)?def[ \t]+{re.escape(function)}\b.*$", re.MULTILINE) if function else None
    )
    lines = list((named or _SQL_BEGINS).finditer(turn.code))
    found = (lines[-1] if named else lines[0]) if lines else _SOME_LINE.search(turn.code)
    start, end = found.span() if found is not None else (0, len(turn.code))
    start += len(turn.code[start:end]) - len(turn.code[start:end].lstrip())
    return Evidence(turn.code[start:end], turn.id, start, end, in_code=True)
