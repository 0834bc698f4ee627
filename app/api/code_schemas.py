"""The wire of code: the problem that an editor shows, the code that is tried, what became of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from app.api.schemas import In, Out
from app.domain.code import Kind, Limit, NotRun


class ShownTestOut(Out):
    """A visible test and what became of it. What is given is what the code said: show it as text."""

    call: str
    expected: str
    because: str
    outcome: Kind
    given: str
    says: str
    line: int = Field(description="Of the code, where something was raised; 0 where that is not known.")


class HiddenTestOut(Out):
    """What may be known of a hidden test: what it is there to catch."""

    because: str
    passed: bool
    out_of_time: bool = Field(
        default=False,
        description="It did not pass because the time for all tests was over, in it or before it began; not that its result was wrong.",
    )


class TestsOut(Out):
    """What became of code. What it printed and raised is its own text: show it as text."""

    not_run: NotRun | None = Field(
        default=None, description="Why it was not run; `unavailable` is never counted against the candidate."
    )
    reason: str = ""
    broken: str = Field(default="", description="Why it could not be loaded; empty where it could.")
    tests: list[ShownTestOut] = Field(default=[])
    hidden: list[HiddenTestOut] = Field(default=[])
    hidden_passed: int = 0
    stdout: str = Field(default="", description="Printed in the visible tests.")
    stderr: str = ""
    limits: list[Limit] = Field(default=[], description="Bounds that were met in the visible tests.")


class CodeIn(In):
    """Code to be tried."""

    code: str = Field(max_length=200_000, examples=["def first_fault(text):\n    return -1\n"])


class CodeRunOut(Out):
    """What the visible tests made of it."""

    tests: TestsOut
    runs_left: int = Field(description="For this question.")


class VisibleTestOut(Out):
    """A test that the candidate can see."""

    args: list[Any]
    keywords: dict[str, Any] = Field(description="Arguments by name.")
    rows: dict[str, list[list[Any]]] = Field(description="For SQL: what stands in the tables; the others are empty.")
    expect: Any = Field(description="The value, or for SQL the rows.")
    raises: str | None = Field(description="Name of the exception that is expected instead.")
    because: str


class CodingProblemOut(Out):
    """What an editor shows."""

    question_id: str
    title: str
    statement: str = Field(description="Markdown.")
    language: Literal["python", "sql"]
    function: str | None = Field(description="That the tests call; null for SQL, which is one SELECT.")
    starter: str
    libraries: list[str]
    tables: dict[str, dict[str, str]] = Field(description="For SQL: columns with their types.")
    visible: list[VisibleTestOut]
    hidden: int = Field(description="How many tests are hidden.")
    max_characters: int
    runs_left: int
    runs_allowed: int
    submissions_tested: int = Field(description="Turns with code of which the tests are run; later ones are kept.")
    why_not: str = Field(description="Why code cannot be run now; empty where it can.")
