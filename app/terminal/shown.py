"""What a terminal shows: words, tables, code and what became of it. Foreign words come without what a terminal would act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.domain.code import CandidateView, HiddenTest, Kind, Limit, Outcome, ReviewerView, ShownTest
from app.scoring.transcript_judge import TranscriptJudgement

_PRINTED_LINES = 50
"""Of what a candidate's code printed."""
_SHOWN_CHARACTERS = 300


def show_plan(console: Console, interview: dict[str, Any]) -> None:
    """The rounds with their minutes, in a frame."""
    rounds = ", ".join(
        f"{each['round'].replace('-', ' ')} {each['minutes']:.0f} min" for each in interview["plan"]["rounds"]
    )
    console.print(Panel(Text(rounds), title=f"{interview['role']}, {interview['seniority']}", subtitle=interview["id"]))


def say(console: Console, text: str, who: str = "Viva ") -> None:
    """Words of a turn, after whose they are."""
    console.print()
    console.print(Text(f"{who} ", style="bold cyan" if who == "Viva " else "bold green"), Text(text))


def flowed(text: str, column: int, width: int) -> tuple[str, int]:
    """Words that follow others on a line, with breaks between words where it is full; and the column they end in.

    What comes in pieces cannot be wrapped as a whole, and the terminal itself breaks within words.
    """
    lines = []
    for number, line in enumerate(text.split("\n")):
        column = 0 if number else column
        flowing = ""
        for word in re.findall(r"\s+|\S+", line):
            long = cell_len(word)
            if column and column + long > width:
                flowing, column = f"{flowing.rstrip()}\n", 0
            if column or not word.isspace():
                flowing, column = flowing + word, column + long
        lines.append(flowing)
    return "\n".join(lines), column


def lay_out(console: Console, turn: dict[str, Any]) -> None:
    """The table that a turn shows, where it shows one."""
    shown = turn.get("table")
    if not shown:
        return
    table = Table()
    for place, name in enumerate(shown["columns"]):
        of_numbers = not any(isinstance(row[place], str) for row in shown["rows"])
        table.add_column(harmless(name), justify="right" if of_numbers else "left")
    for row in shown["rows"]:
        table.add_row(*(harmless(str(cell)) for cell in row))
    # Not the table's own title, which would be broken to the width of few columns.
    title = harmless(shown["title"])
    title.stylize("italic")
    console.print(Padding(title, (1, 0, 0, 6)))
    console.print(Padding(table, (0, 0, 0, 6)))


def program(code: str) -> Text:
    """Code as it stands, without what a terminal would act on."""
    return Text("".join(each if each.isprintable() or each == "\n" else " " for each in code.expandtabs(4)))


def show_tests(console: Console, tests: dict[str, Any]) -> None:
    """What became of code, as the API tells it."""
    if tests["not_run"]:
        console.print(Text(f"Not run: {tests['reason']}", style="yellow"))
        return
    for line in outcome_lines(_view(tests)):
        console.print(Text(line, style="dim"))


def _view(tests: dict[str, Any]) -> CandidateView:
    shown = tuple(
        ShownTest(
            each["call"],
            each["expected"],
            each["because"],
            Outcome(Kind(each["outcome"]), each["given"], each["says"], each["line"]),
        )
        for each in tests["tests"]
    )
    hidden = tuple(HiddenTest(each["because"], each["passed"], each["out_of_time"]) for each in tests["hidden"])
    limits = tuple(Limit(each) for each in tests["limits"])
    return CandidateView(
        tests["broken"], shown, hidden, tests["hidden_passed"], tests["stdout"], tests["stderr"], limits
    )


def outcome_lines(view: CandidateView | ReviewerView) -> Iterator[str]:
    """What became of a submission, a line each; what the code printed comes without its control characters."""
    broken = view.broken or (view.hidden_broken if isinstance(view, ReviewerView) else "")
    if broken:
        yield f"The code does not load: {broken}"
    for number, test in enumerate(view.tests, 1):
        yield from _test_lines(f"{number}", test)
    if isinstance(view, ReviewerView):
        for number, test in enumerate(view.hidden, 1):
            yield from _test_lines(f"hidden {number}", test)
    elif view.hidden:
        yield f"hidden tests: {view.hidden_passed} of {len(view.hidden)} pass"
        for each in view.hidden:
            became = "passed" if each.passed else "out of time" if each.out_of_time else "not passed"
            yield f"  {became}: {each.because or 'no remark'}"
    limits = {*view.limits, *(view.hidden_limits if isinstance(view, ReviewerView) else ())}
    if limits:
        yield f"limits met: {', '.join(sorted(limits))}"
    printed = [("printed", view.stdout), ("printed to standard error", view.stderr)]
    if isinstance(view, ReviewerView):
        printed += [("printed in hidden tests", view.hidden_stdout), ("the same, error", view.hidden_stderr)]
    for name, text in printed:
        for line in text.splitlines()[:_PRINTED_LINES]:
            yield f"{name}: {''.join(each if each.isprintable() else ' ' for each in line)}"


def _test_lines(name: str, test: ShownTest) -> Iterator[str]:
    outcome = test.outcome
    remark = f" ({test.because})" if test.because else ""
    yield f"test {name}{remark}: {outcome.kind}"
    if outcome.kind is Kind.PASSED:
        return
    yield f"  {test.call}"
    yield f"  expected {test.expected}"
    if outcome.given:
        at = f", line {outcome.line}" if outcome.line else ""
        yield f"  {'raised' if outcome.kind is Kind.RAISED else 'given'} {outcome.given}{at}"
    if outcome.says:
        yield f"  {outcome.says}"


def judgement_tables(found: TranscriptJudgement) -> list[Table]:
    """A judgement of a conversation from elsewhere, to be read: its questions, and the dimensions where it has any."""
    questions = Table("asked", "question", "level", "judged", "shown, or why not", show_lines=True, title="Questions")
    for each in found.questions:
        shown = "; ".join(one.quote for criterion in each.criteria for one in criterion.evidence)
        questions.add_row(
            harmless(each.asked),
            each.question_id or "-",
            "-" if each.level is None else str(each.level),
            f"{each.assessed} of {each.total}" if each.question_id else "-",
            harmless(each.unscored_reason or shown or each.why_not or "-"),
        )
    tables = [questions]
    if found.dimensions:
        dimensions = Table("dimension", "level", "spread", "words that decided", show_lines=True, title="Dimensions")
        for dimension in found.dimensions:
            dimensions.add_row(
                harmless(dimension.name),
                "-" if dimension.level is None else str(dimension.level),
                "-" if dimension.low is None else f"{dimension.low} to {dimension.high}",
                harmless(dimension.evidence.quote if dimension.evidence else dimension.reason),
            )
        tables.append(dimensions)
    return tables


def harmless(text: str) -> Text:
    """Foreign words for a table: no markup of ours, no control codes of a terminal, and not too long."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return Text(plain if len(plain) <= _SHOWN_CHARACTERS else f"{plain[:_SHOWN_CHARACTERS]}...")
