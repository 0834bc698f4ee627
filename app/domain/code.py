"""What became of a candidate's code: each test, and who may see what of it.

A reviewer's view is what is stored. The candidate's is made from it by `for_candidate`, and holds nothing that a hidden
test was given, and nothing that the code wrote, raised or answered while it could see hidden arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OWN_TIME_S = 1.5
"""Processor time after which what came to no end was too slow by itself. **Measured** outside of the sandbox: no solution of the corpus
needs half a thousandth of a second for a test, so that a slow machine alone does not use it up."""


class Kind(StrEnum):
    """What became of one test."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMED_OUT = "timed out"
    ENDED = "ended"
    """The program ended itself, or crashed, in the midst of it."""
    NOT_REACHED = "not reached"


class Limit(StrEnum):
    """A bound that was met."""

    TIME = "time"
    MEMORY = "memory"
    PRINTED = "printed"
    """It printed more than is kept."""
    SENT = "sent"
    """It sent more out of the sandbox than is read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test."""

    kind: Kind
    given: str = ""
    """What the code gave, cut."""
    says: str = ""
    """Why it did not pass, where there is more to say than what was given."""
    line: int = 0
    """Of the candidate's source, where something was raised; 0 where that is not known."""
    seconds: float = 0.0
    """Processor time that it had before it was stopped; 0 where it came to its end, never began, or nobody measured."""

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.kind is Kind.PASSED

    @property
    def too_slow(self) -> bool:
        """Whether it was stopped after as much processor time as any test may need: by its own doing, not by the time of all."""
        return self.seconds >= OWN_TIME_S


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test with all there is to it."""

    call: str
    """The call, or the rows of the tables, cut."""
    expected: str
    because: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """What a candidate may know of a hidden test."""

    because: str
    passed: bool
    out_of_time: bool = False
    """Whether it did not pass because the time for all tests was over: in it, or before it began."""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """What the candidate is shown."""

    broken: str
    """Why the source could not be loaded; empty where it could."""
    tests: tuple[ShownTest, ...]
    hidden: tuple[HiddenTest, ...]
    hidden_passed: int
    stdout: str
    """Printed during the visible tests."""
    stderr: str
    limits: tuple[Limit, ...]
    """Met during the visible tests."""


@dataclass(frozen=True, slots=True)
class ReviewerView:
    """What a reviewer is shown: hidden tests with their arguments, and what was printed in them."""

    broken: str
    """Why the source could not be loaded for the visible tests."""
    tests: tuple[ShownTest, ...]
    hidden: tuple[ShownTest, ...]
    stdout: str
    stderr: str
    limits: tuple[Limit, ...]
    """Met during the visible tests."""
    hidden_broken: str = ""
    """The same for the hidden ones, where it may hold their arguments."""
    hidden_stdout: str = ""
    hidden_stderr: str = ""
    hidden_limits: tuple[Limit, ...] = ()

    @property
    def passed(self) -> int:
        """How many visible tests passed."""
        return sum(test.outcome.passed for test in self.tests)

    @property
    def hidden_passed(self) -> int:
        """How many hidden tests passed."""
        return sum(test.outcome.passed for test in self.hidden)

    @property
    def all_passed(self) -> bool:
        """Whether there were tests, and every one passed, the hidden ones too."""
        every = (*self.tests, *self.hidden)
        return bool(every) and all(test.outcome.passed for test in every)

    def out_of_time(self, test: ShownTest) -> bool:
        """Whether the time for all hidden tests was over before this one of them came to its end."""
        # Where the visible ones used it up, the hidden ones never began.
        late = Limit.TIME in (*self.limits, *self.hidden_limits) and test.outcome.kind is Kind.NOT_REACHED
        return late or test.outcome.kind is Kind.TIMED_OUT

    @property
    def not_assessed(self) -> int:
        """How many tests told nothing of the code, right or wrong: the time of all was over, and not by the doing of these."""
        of_visible = Limit.TIME in self.limits
        visible = sum(
            not test.outcome.too_slow
            and (test.outcome.kind is Kind.TIMED_OUT or (of_visible and test.outcome.kind is Kind.NOT_REACHED))
            for test in self.tests
        )
        return visible + sum(self.out_of_time(test) and not test.outcome.too_slow for test in self.hidden)

    @property
    def too_slow(self) -> int:
        """How many tests were stopped after more processor time than any of them needs."""
        return sum(test.outcome.too_slow for test in (*self.tests, *self.hidden))

    @property
    def not_passed(self) -> int:
        """How many tests the code failed: it gave something else, ended otherwise, or was too slow by itself."""
        every = len(self.tests) + len(self.hidden)
        return every - self.passed - self.hidden_passed - self.not_assessed

    def for_candidate(self) -> CandidateView:
        """The same as its candidate may see it."""
        return CandidateView(
            broken=self.broken,
            tests=self.tests,
            hidden=tuple(HiddenTest(test.because, test.outcome.passed, self.out_of_time(test)) for test in self.hidden),
            hidden_passed=self.hidden_passed,
            stdout=self.stdout,
            stderr=self.stderr,
            limits=self.limits,
        )


class NotRun(StrEnum):
    """Why code that came with a turn was not held against the tests."""

    UNAVAILABLE = "unavailable"
    """Nothing could be run then: the fault is not the candidate's."""
    SPENT = "spent"
    """The tests had been run as often as they are for one question."""
    CHANGED = "changed"
    """It was written for the problem as the follow-up changes it, and the tests are for the first one."""


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """What became of the code of one turn: a view, or why there is none."""

    view: ReviewerView | None = None
    not_run: NotRun | None = None
    reason: str = ""
    """For a person to read, where it was not run."""

    @property
    def all_passed(self) -> bool:
        """Whether it was run and passed every test."""
        return self.view is not None and self.view.all_passed
