"""Entries that are worked on rather than answered in one go: scenarios, coding problems, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.material.entries import (
    Clarification,
    Criterion,
    EntryId,
    Exemplar,
    Hint,
    Misconception,
    Name,
    QuestionSeconds,
    Share,
    Slug,
    Text,
    Texts,
    Written,
)
from app.material.entries import Entry as _Entry

CURVEBALL = "curveball"
"""The part of a scenario that its curveball opens."""


class Fact(_Entry):
    """A constraint that is held back until the candidate asks for it."""

    id: Name
    asked_as: Annotated[Texts, Field(min_length=3)]
    reply: Text
    value: int | float | None = None
    """The number in `reply`, for the sums of `derived`."""
    unit: Text | None = None
    credits: Slug | None = None
    """Criterion that asking for it counts towards."""
    volunteer_at: Slug | None = None
    """Stage at which it is told even if nobody asked."""
    if_unknown: Text | None = None
    """Said where the candidate should have estimated it and could not."""


class Derived(_Entry):
    """A figure that follows from the facts."""

    id: Name
    what: Text
    formula: Text
    """An expression over ids of facts with a value and of figures derived before."""
    unit: Text
    tolerance: Share
    criterion: Slug | None = None
    """The criterion that giving the figure shows."""


class ScenarioStage(_Entry):
    """A stretch of a scenario."""

    id: Slug
    ask: Text
    seconds: Annotated[int, Field(ge=10, le=3600)]
    criteria: tuple[Slug, ...] = ()
    """Criteria of the scenario that are open from here on."""
    priority: Annotated[int, Field(ge=1, le=3)] = 1


class Curveball(_Entry):
    """A change of the task in its midst."""

    at: Slug
    """The stage after which it comes."""
    says: Text
    criteria: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Scenario(Written):
    """A design or a case with its fact sheet."""

    round: Slug
    difficulty: Annotated[int, Field(ge=1, le=5)]
    seconds: QuestionSeconds
    opening: Text
    facts: tuple[Fact, ...] = ()
    derived: tuple[Derived, ...] = ()
    stages: Annotated[tuple[ScenarioStage, ...], Field(min_length=1)]
    curveball: Curveball | None = None
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    exemplars: tuple[Exemplar, ...] = ()
    listener: Literal["engineer", "layperson"] = "engineer"
    rewordings: Texts = ()
    parallel: Texts = ()
    lenses: Mapping[Slug, Text] = Field(default_factory=dict)
    clarifications: tuple[Clarification, ...] = ()
    enemies: tuple[EntryId, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()

    def part_of(self, criterion_id: str) -> str:
        """The stage that opens a criterion, `curveball`, or "" where it is open from the beginning."""
        if self.curveball is not None and criterion_id in self.curveball.criteria:
            return CURVEBALL
        return next((stage.id for stage in self.stages if criterion_id in stage.criteria), "")


class ProblemTest(_Entry):
    """One call of the candidate's function, or one run of the query on given rows, and what it must give."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = Field(default_factory=dict)
    rows: Mapping[Name, tuple[tuple[Any, ...], ...]] = Field(default_factory=dict)
    """For SQL: what stands in the tables; one that is not named is empty."""
    expect: Any = None
    """For SQL: the rows of the answer, each a list."""
    raises: Text | None = None
    """Name of the exception that is expected instead of a value."""
    compare: Literal["equal", "close", "same-items"] = "equal"
    """For SQL `same-items` leaves the order of rows open; numbers are always compared as by `close`."""
    tolerance: Annotated[float, Field(ge=0)] = 1e-6
    """For `close`: absolute and relative."""
    because: Text | None = None
    """What it is there to catch."""


class ProblemTests(_Entry):
    """`tests.yaml` of a problem."""

    tables: Mapping[Name, Mapping[Name, Literal["INTEGER", "REAL", "TEXT"]]] = Field(default_factory=dict)
    """For SQL: columns of each table with their types."""
    visible: Annotated[tuple[ProblemTest, ...], Field(min_length=1)]
    hidden: Annotated[tuple[ProblemTest, ...], Field(min_length=1)]


class Complexity(_Entry):
    """What the reference solution costs."""

    time: Text
    space: Text
    accepts: Texts = ()


class FollowUp(_Entry):
    """A change of the problem after it is solved."""

    ask: Text
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Problem(Written):
    """A coding problem: `problem.md` beside `tests.yaml` and `starter`, `solution` in its language (.py or .sql)."""

    round: Slug
    difficulty: Annotated[int, Field(ge=1, le=5)]
    seconds: QuestionSeconds
    title: Text
    ask: Text
    """What is said aloud; the statement is read on the screen."""
    language: Literal["python", "sql"] = "python"
    function: Name | None = None
    """The Python function that the tests call; none for SQL, which is one SELECT."""
    complexity: Complexity
    hints: Annotated[tuple[Hint, ...], Field(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    follow_up: FollowUp | None = None
    clarifications: tuple[Clarification, ...] = ()
    enemies: tuple[EntryId, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    statement: Text
    """The body's `## Statement`."""
    starter: Text
    solution: Text
    tests: ProblemTests

    @model_validator(mode="after")
    def _fits_its_language(self) -> Problem:
        every = (*self.tests.visible, *self.tests.hidden)
        if self.language == "python":
            if self.function is None:
                raise ValueError("say which function the tests call")
            if self.tests.tables or any(test.rows for test in every):
                raise ValueError("tables and rows are for language: sql")
            return self
        if self.function is not None or any(test.args or test.kwargs for test in every):
            raise ValueError("function, args and kwargs are for language: python")
        if not self.tests.tables:
            raise ValueError("tests.yaml needs tables, each with its columns")
        for test in every:
            for name, rows in test.rows.items():
                columns = self.tests.tables.get(name)
                if columns is None:
                    raise ValueError(f"a test fills '{name}', which is none of its tables")
                if any(len(row) != len(columns) for row in rows):
                    raise ValueError(f"a row of '{name}' has not its {len(columns)} columns")
        return self


class AnalyticsQuestion(_Entry):
    """A question whose answer is computed from the generated table."""

    id: Slug
    ask: Text
    seconds: Annotated[int, Field(ge=10, le=1800)]
    computed_by: Name | None = None
    """Name of the computation in `app/exercises`; none where only the reading of the table is asked for."""
    unit: Text | None = None
    tolerance: Share = 0.0
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]


class Analytics(Written):
    """Parameters of a table that is made from a seed, and the questions about it."""

    round: Slug
    difficulty: Annotated[int, Field(ge=1, le=5)]
    seconds: QuestionSeconds
    title: Text
    opening: Text
    table: Name
    """Name of the generator in `app/exercises`."""
    parameters: Mapping[Name, Any]
    questions: Annotated[tuple[AnalyticsQuestion, ...], Field(min_length=1)]
    enemies: tuple[EntryId, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria of all questions, in order."""
        return tuple(criterion for question in self.questions for criterion in question.criteria)
