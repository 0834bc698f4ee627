"""Practice in a terminal, over the same API as every other client: the queue, a drill, and before and after by criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.terminal.client import Client, Refused
from app.terminal.talk import talk

QUEUED = 20
MOST_CHOSEN = 30
LEAVE = frozenset({"q", "/quit"})
_STATES = {
    "shown": "shown",
    "partly": "partly",
    "missed": "missed",
    "contradicted": "said wrongly",
    "not-assessed": "not asked",
    "unscored": "not judged",
}


def practise(client: Client, console: Console, *, minutes: int, only_list: bool = False) -> None:
    """Shows the queue, begins a drill on what is chosen of it, and says what has changed.

    Args:
        client: Of a server that is ready.
        console: Where it is shown, and what is typed.
        minutes: What the head of the queue is to fit into, where nothing is chosen.
        only_list: Shows the queue and asks for nothing.
    """
    queue = client.call("GET", "/v1/practice/queue", params={"limit": QUEUED})
    questions = queue["questions"]
    hidden = client.call("GET", "/v1/confidence/hidden")["interviews"]
    if hidden:
        console.print(
            Text(f"Left out until you have read their reports: {', '.join(map(_named, hidden))}.", style="dim")
        )
    if not questions:
        after = f" The next point is due on {queue['next_due'][:10]}." if queue["next_due"] else ""
        console.print(Text(f"Nothing to practise: what you miss in an interview comes here by itself.{after}"))
        return
    console.print(queue_table(questions))
    console.print(Text(f"{queue['due']} of {queue['total']} points are due.", style="dim"))
    if only_list:
        return
    chosen = _choice(console, questions)
    if chosen is None:
        return
    items = [{"question_id": each["question_id"]} for each in chosen]
    drill = client.call("POST", "/v1/practice/drills", json={"items": items, "minutes": minutes})
    talk(client, console, {}, resume=None, continue_id=drill["id"])
    if client.call("GET", f"/v1/interviews/{drill['id']}")["state"] == "closed":
        _before_and_after(client, console, drill)


def _named(interview: dict[str, Any]) -> str:
    named = interview["title"] or f"{interview['role']} {interview['seniority']}"
    return f"{named} of {interview['closed_at'][:10]} ({interview['interview_id']})"


def chosen_of(typed: str, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The questions of these numbers, counted from 1, each once; [] for no number; None where one is none of them."""
    numbers = typed.replace(",", " ").split()
    if len(numbers) > MOST_CHOSEN or not all(each.isdecimal() and 1 <= int(each) <= len(questions) for each in numbers):
        return None
    return [questions[number - 1] for number in dict.fromkeys(int(each) for each in numbers)]


def queue_table(questions: Sequence[dict[str, Any]]) -> Table:
    """A queue to be read: a row for each question."""
    table = Table(title="Practice")
    for name in ("", "question", "points", "due", "minutes"):
        table.add_column(name, justify="left" if name == "question" else "right")
    for number, each in enumerate(questions, 1):
        table.add_row(
            str(number),
            Text(each["about"]),
            str(len(each["items"])),
            str(each["due"]),
            f"{max(1, round(each['seconds'] / 60))}",
        )
    return table


def _choice(console: Console, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """What is to be drilled, [] for the head of the queue; None where nothing is."""
    while True:
        typed = console.input("Numbers to drill, Enter for what is due first, q to leave: ").strip().lower()
        if typed in LEAVE:
            return None
        found = chosen_of(typed, questions)
        if found is not None:
            return found
        console.print(Text(f"Numbers from 1 to {len(questions)}, with blanks between them.", style="yellow"))


def _before_and_after(client: Client, console: Console, drill: dict[str, Any]) -> None:
    place = f"/v1/interviews/{drill['id']}/questions"
    for planned in (each for one in drill["plan"]["rounds"] for each in one["questions"]):
        question_id = planned["question_id"]
        try:
            compared = client.call("GET", f"{place}/{question_id}/comparison")
        except Refused as refused:
            console.print(Text(f"{question_id}: {refused}", style="dim"))
            continue
        table = Table(title=Text(f"Before and after: {question_id}"), show_lines=True)
        for name in ("point", "before", "after", "", "next due"):
            table.add_column(name)
        for each in compared["criteria"]:
            table.add_row(
                Text(each["says"]),
                _STATES[each["before"]],
                _STATES[each["after"]],
                each["change"],
                _due(client, question_id, each["criterion_id"]),
            )
        console.print(table)


def _due(client: Client, question_id: str, criterion_id: str) -> str:
    try:
        item = client.call("GET", f"/v1/practice/items/{question_id}/{criterion_id}")
    except Refused:
        return ""
    return "learned" if item["learned_at"] else str(item["due_at"])[:10]
