"""What became of each test of a submission, and who may see what of it. Pure: held against what the sandbox sent.

What comes out of the sandbox is what the candidate's code says. It is compared here with the expected values, which
never go in. Nothing that a hidden test was given leaves this module in the candidate's view, and nothing that the code
wrote, raised or answered while it could see hidden arguments.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.code import CandidateView, Kind, Limit, Outcome, ReviewerView, ShownTest
from app.exercises.compare import same

SHOWN_CHARACTERS = 300
"""Of a value that is shown."""
PRINTED_CHARACTERS = 8_000
"""Kept of each stream that a submission printed to."""
_SAYS_CHARACTERS = 500


class Case(Protocol):
    """A test as its author wrote it: one call of the function, or one run of the query, and what must come of it."""

    @property
    def args(self) -> Sequence[Any]:
        """Positional arguments."""

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """Arguments by name."""

    @property
    def rows(self) -> Mapping[str, Sequence[tuple[Any, ...]]]:
        """For SQL: what stands in the tables."""

    @property
    def expect(self) -> Any:
        """The value, or the rows."""

    @property
    def raises(self) -> str | None:
        """Name of the exception that is expected instead."""

    @property
    def compare(self) -> str:
        """`equal`, `close` or `same-items`."""

    @property
    def tolerance(self) -> float:
        """For `close`."""

    @property
    def because(self) -> str | None:
        """What it is there to catch."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a candidate wrote, and how it is called: a Python function, or one SELECT on tables."""

    source: str
    function: str | None = None
    """None for SQL."""
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For SQL: columns of each table with SQLite types."""


@dataclass(frozen=True, slots=True)
class Part:
    """One guest's run: the visible tests, or the hidden ones."""

    outcomes: tuple[Outcome, ...]
    broken: str = ""
    """Why the source could not be loaded; empty where it could."""
    stdout: str = ""
    stderr: str = ""
    limits: frozenset[Limit] = frozenset()

    @property
    def passed(self) -> int:
        """How many tests passed."""
        return sum(each.kind is Kind.PASSED for each in self.outcomes)


@dataclass(frozen=True, slots=True)
class Run:
    """All tests of one submission. For code and reviewers; `candidate_view` is for the candidate."""

    visible: Part
    hidden: Part

    @property
    def all_passed(self) -> bool:
        """Whether every test passed, the hidden ones too."""
        return all(each.kind is Kind.PASSED for part in (self.visible, self.hidden) for each in part.outcomes)


def candidate_view(run: Run, submission: Submission, visible: Sequence[Case], hidden: Sequence[Case]) -> CandidateView:
    """The run as its candidate may see it."""
    return reviewer_view(run, submission, visible, hidden).for_candidate()


def reviewer_view(run: Run, submission: Submission, visible: Sequence[Case], hidden: Sequence[Case]) -> ReviewerView:
    """The run with everything, in text that every database can hold."""
    return ReviewerView(
        broken=run.visible.broken,
        tests=_shown(run.visible, submission, visible),
        hidden=_shown(run.hidden, submission, hidden),
        stdout=_printed(run.visible.stdout),
        stderr=_printed(run.visible.stderr),
        limits=tuple(sorted(run.visible.limits)),
        hidden_broken=run.hidden.broken,
        hidden_stdout=_printed(run.hidden.stdout),
        hidden_stderr=_printed(run.hidden.stderr),
        hidden_limits=tuple(sorted(run.hidden.limits)),
    )


def judge(frames: Sequence[Mapping[str, Any]], cases: Sequence[Case], *, sql: bool, cut_off: Limit | None) -> Part:
    """What the sandbox sent about one part, held against its tests.

    Args:
        frames: Objects of that part in the order in which they came; their contents are the candidate's.
        cases: Its tests.
        sql: Rows are compared as rows: numbers as by `close`, and no rows for an expectation of none.
        cut_off: Why the child was killed before it had said all; None where it ended by itself.
    """
    loaded = any(frame.get("loaded") is True for frame in frames)
    told = next((frame["broken"] for frame in frames if "broken" in frame), None)
    end = next((frame for frame in frames if "stopped_by" in frame), None)
    said = {frame["call"]: frame for frame in frames if isinstance(frame.get("call"), int)}
    limits = {Limit.PRINTED} if end is not None and end["cut"] else set()
    if cut_off is not None and end is None:
        limits.add(cut_off)
    if (end is not None and end["stopped_by"] == "deadline") or any(frame.get("slow") for frame in frames):
        limits.add(Limit.TIME)
    outcomes = []
    for number, case in enumerate(cases):
        if number in said:
            outcomes.append(_outcome(said[number], case, sql=sql))
        elif loaded and number == len(said):
            outcomes.append(_unfinished(end, limits))
        elif not loaded and not number:
            # What took too long to load was too slow for the first test already.
            outcomes.append(Outcome(Kind.NOT_REACHED, seconds=_seconds(end, limits)))
        else:
            outcomes.append(Outcome(Kind.NOT_REACHED))
    if any(outcome.given.startswith("MemoryError") for outcome in outcomes if outcome.kind is Kind.RAISED):
        limits.add(Limit.MEMORY)
    broken = ""
    if told is not None:
        broken = _raised(told).given
        if broken.startswith("MemoryError"):
            limits.add(Limit.MEMORY)
    elif not loaded and (end is not None or limits):
        broken = f"it was not loaded: {_unfinished(end, limits).says}"
    return Part(
        tuple(outcomes),
        broken,
        str(end["stdout"]) if end is not None else "",
        str(end["stderr"]) if end is not None else "",
        frozenset(limits),
    )


def _outcome(frame: Mapping[str, Any], case: Case, *, sql: bool) -> Outcome:
    if "failed" in frame:
        says = _cut(str(frame["failed"]), _SAYS_CHARACTERS)
        if frame.get("slow"):
            return Outcome(Kind.TIMED_OUT, says=says, seconds=float(frame.get("seconds", 0.0)))
        return Outcome(Kind.RAISED, says=says)
    if "raised" in frame:
        found = _raised(frame["raised"])
        names = frame["raised"].get("raised") if isinstance(frame["raised"], Mapping) else None
        if case.raises is not None and isinstance(names, list) and case.raises in names:
            return Outcome(Kind.PASSED, found.given, line=found.line)
        says = f"expected {case.raises}" if case.raises is not None else ""
        return Outcome(Kind.RAISED, found.given, says, found.line)
    if "unsayable" in frame:
        return Outcome(Kind.FAILED, says=f"it gives something that cannot be compared: {_cut(str(frame['unsayable']))}")
    try:
        value = json.loads(frame["value"])
        given = _cut(repr(value))
        if case.raises is not None:
            return Outcome(Kind.FAILED, given, f"expected {case.raises}")
        agrees = _agrees_sql(value, case) if sql else same(value, case.expect, case.compare, case.tolerance)
    except (KeyError, TypeError, ValueError, RecursionError):
        return Outcome(Kind.FAILED, says="it gives something that cannot be compared")
    return Outcome(Kind.PASSED if agrees else Kind.FAILED, given)


def _agrees_sql(rows: Any, case: Case) -> bool:
    return same(rows, case.expect or [], "same-items" if case.compare == "same-items" else "close", case.tolerance)


def _raised(told: Any) -> Outcome:
    """An error in words; what is told is the candidate's and may be anything."""
    if not isinstance(told, Mapping):
        return Outcome(Kind.RAISED, "something")
    names = told.get("raised")
    name = names[0] if isinstance(names, list) and names else ""
    line = told.get("line")
    line = line if isinstance(line, int) and 0 < line < 1_000_000 else 0
    words = ": ".join(str(each) for each in (name, told.get("says") or "") if each)
    return Outcome(Kind.RAISED, _cut(words or "something", _SAYS_CHARACTERS), line=line)


def _unfinished(end: Mapping[str, Any] | None, limits: set[Limit]) -> Outcome:
    if Limit.TIME in limits:
        return Outcome(Kind.TIMED_OUT, says="the time for all tests was over", seconds=_seconds(end, limits))
    if Limit.SENT in limits:
        return Outcome(Kind.ENDED, says="it sent more than is read, and was stopped")
    if end is None:
        return Outcome(Kind.ENDED, says="the process was ended by one of its limits")
    if end["stopped_by"]:
        return Outcome(Kind.ENDED, says=f"it crashed: {_cut(str(end['stopped_by']))}")
    return Outcome(Kind.ENDED, says=f"it ended itself with status {end['exit_code']}")


def _seconds(end: Mapping[str, Any] | None, limits: set[Limit]) -> float:
    """Processor time that was used up by what was stopped at the end of all time; the child measured it and no candidate can say it."""
    return float(end.get("seconds", 0.0)) if end is not None and Limit.TIME in limits else 0.0


def _shown(part: Part, submission: Submission, cases: Sequence[Case]) -> tuple[ShownTest, ...]:
    return tuple(
        ShownTest(
            _cut(_call(submission, case)),
            case.raises or _cut(repr(case.expect)),
            case.because or "",
            outcome,
        )
        for case, outcome in zip(cases, part.outcomes, strict=True)
    )


def _call(submission: Submission, case: Case) -> str:
    if submission.function is None:
        return "; ".join(f"{name}: {[list(row) for row in rows]!r}" for name, rows in case.rows.items())
    words = [repr(each) for each in case.args] + [f"{name}={value!r}" for name, value in case.kwargs.items()]
    return f"{submission.function}({', '.join(words)})"


def _printed(text: str) -> str:
    """The beginning of what was printed; what neither page nor database would take is written out."""
    kept = text[:PRINTED_CHARACTERS]
    return "".join(each if each.isprintable() or each in "\n\t" else _cut(each) for each in kept)


def _cut(text: str, characters: int = SHOWN_CHARACTERS) -> str:
    """Cut to a length; what a terminal or a page would not print is written out."""
    text = text[: characters + 1]
    plain = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
    return plain if len(plain) <= characters else f"{plain[: characters - 1]}…"
