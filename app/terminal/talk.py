"""Holds an interview in a terminal, over the same API as every other client."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from app.terminal.client import Client, Refused
from app.terminal.shown import flowed, lay_out, program, say, show_plan, show_tests
from app.terminal.typed import read_code, typed

COMMANDS = "/hint  /repeat  /pause  /end  /quit (leave; come back with --continue)"
CODE_COMMANDS = "/run FILE (try your code on the tests you see)  /code FILE (send it as your answer)"


def talk(
    client: Client,
    console: Console,
    wish: dict[str, Any],
    *,
    resume: Path | None,
    continue_id: str = "",
    command: str = "viva interview",
) -> None:
    """One interview from its set-up to its report; `command` is how one comes back to it, with `--continue` and its id."""
    if resume is not None:
        wish["resume_id"] = _upload(client, console, resume)
    interview = (
        client.call("GET", f"/v1/interviews/{continue_id}")
        if continue_id
        else client.call("POST", "/v1/interviews", json=wish)
    )
    try:
        state = _held(client, console, interview, going_on=bool(continue_id))
    except (KeyboardInterrupt, EOFError):
        console.print()
        _say_how_to_go_on(console, command, interview["id"])
        raise
    if state == "left":
        _say_how_to_go_on(console, command, interview["id"])


def _say_how_to_go_on(console: Console, command: str, interview_id: str) -> None:
    console.print(Text(f"Go on later with: {command} --continue {interview_id}", style="dim"), soft_wrap=True)


def _held(client: Client, console: Console, interview: dict[str, Any], *, going_on: bool) -> str:
    """Talks until the interview is over, and then shows its report, or is left: `closed` or `left`."""
    interview_id = interview["id"]
    turns = client.call("GET", f"/v1/interviews/{interview_id}/turns")["turns"]
    show_plan(console, interview)
    commands = COMMANDS if interview["mode"] == "practice" else COMMANDS.replace("/pause  ", "")
    console.print(Text(commands, style="dim"))
    seq = turns[-1]["seq"] if turns else 0
    for turn in turns[-2:] if going_on else turns:
        say(console, turn["text"], "You  " if turn["speaker"] == "candidate" else "Viva ")
        if turn["code"]:
            console.print(Padding(program(turn["code"]), (0, 6)))
        lay_out(console, turn)
    if going_on and turns:
        # The table in question may have been shown long before.
        for turn in turns[:-2]:
            if turn["question_id"] == turns[-1]["question_id"]:
                lay_out(console, turn)
    codes = any(
        q["question_id"].startswith("problems/") for each in interview["plan"]["rounds"] for q in each["questions"]
    )
    on_screen = ""
    state = interview["state"]
    if turns and turns[-1]["speaker"] == "candidate" and state == "open":
        state, seq = _listen(console, client.watch(interview_id, seq), seq)
    while state == "open":
        if codes:
            on_screen = _show_problem(client, console, interview_id, on_screen)
        state, seq = _one_turn(client, console, interview_id, seq)
    if state == "closed":
        _report(client, console, interview_id)
    return str(state)


def _upload(client: Client, console: Console, resume: Path) -> str:
    with console.status(f"Reading {resume.name}"):
        read = client.call("POST", "/v1/resumes", files={"file": (resume.name, resume.read_bytes())})
    console.print(Text(f"Read {resume.name}: {len(read['projects'])} projects or positions", style="dim"))
    for project in read["projects"]:
        named = ", ".join(project["techniques"][:6])
        console.print(Text(f"  {project['name']}" + (f" ({named})" if named else ""), style="dim"))
    for warning in read["warnings"]:
        console.print(Text(f"  {warning}", style="yellow"))
    return str(read["id"])


def _one_turn(client: Client, console: Console, interview_id: str, seq: int) -> tuple[str, int]:
    """One answer to the interviewer's turn `seq` and the reply to it: the state of the interview, and the last seq."""
    console.print()
    text, code = typed(console).strip(), ""
    try:
        match text:
            case "":
                return "open", seq
            case "/quit":
                return "left", seq
            case "/end":
                client.call("POST", f"/v1/interviews/{interview_id}/close")
                return "closed", seq
            case "/pause":
                client.call("POST", f"/v1/interviews/{interview_id}/pause")
                console.print(Text("The clock stands still until you answer.", style="dim"))
                return "open", seq
            case "/hint":
                text = "Could I have a hint?"
            case "/repeat":
                text = "Could you repeat the question?"
            case _ if text.startswith("/run "):
                found = client.call(
                    "POST",
                    f"/v1/interviews/{interview_id}/code/run",
                    json={"code": read_code(text.removeprefix("/run "))},
                )
                show_tests(console, found["tests"])
                console.print(Text(f"Runs left for this question: {found['runs_left']}", style="dim"))
                return "open", seq
            case _ if text.startswith("/code "):
                code = read_code(text.removeprefix("/code "))
                text = ""
            case "/run" | "/code":
                raise Refused(f"Name the file that your code is in: {text} my_answer.py")
            case _ if text.startswith("/") and len(text.split()) == 1:
                raise Refused(f"{text} is no command and was not sent. Commands: {COMMANDS}  {CODE_COMMANDS}")
            case _:
                pass
        return _listen(console, client.answer(interview_id, text, seq, code), seq + 1)
    except Refused as refused:
        console.print(Text(str(refused), style="red"))
    return _caught_up(client, console, interview_id, seq)


def _show_problem(client: Client, console: Console, interview_id: str, on_screen: str) -> str:
    """Shows the problem that the editor is open on, once; the id of the one on screen, "" where words are asked for."""
    try:
        problem = client.call("GET", f"/v1/interviews/{interview_id}/code")
    except Refused:
        return ""
    if problem["question_id"] == on_screen:
        return on_screen
    parts: list[RenderableType] = [Markdown(problem["statement"]), Text(""), program(problem["starter"])]
    for name, columns in problem["tables"].items():
        parts.append(Text(f"table {name}: {', '.join(f'{each} {kind}' for each, kind in columns.items())}"))
    console.print(Panel(Group(*parts), title=Text(problem["title"])))
    console.print(Text(CODE_COMMANDS, style="dim"))
    if problem["why_not"]:
        console.print(Text(problem["why_not"], style="yellow"))
    return str(problem["question_id"])


def _caught_up(client: Client, console: Console, interview_id: str, seq: int) -> tuple[str, int]:
    """After something went wrong: whatever was said meanwhile is shown, so that no unseen question is answered."""
    try:
        turns = client.call("GET", f"/v1/interviews/{interview_id}/turns", params={"after": seq})["turns"]
        for turn in turns:
            if turn["speaker"] == "interviewer":
                say(console, turn["text"])
                lay_out(console, turn)
        if turns and turns[-1]["speaker"] == "candidate":
            return _listen(console, client.watch(interview_id, turns[-1]["seq"]), turns[-1]["seq"])
        state = client.call("GET", f"/v1/interviews/{interview_id}")["state"]
        return str(state), turns[-1]["seq"] if turns else seq
    except Refused as refused:
        console.print(Text(str(refused), style="red"))
        return "open", seq


def _listen(console: Console, events: Iterator[dict[str, Any]], seq: int) -> tuple[str, int]:
    """Prints a reply to the candidate's turn `seq` as it comes: the interview's state, and the last seq that was seen."""
    column = 0
    for event in events:
        if event["event"] == "turn.delta":
            if not column:
                console.print()
                console.print(Text("Viva   ", style="bold cyan"), end="")
                column = len("Viva   ")
            words, column = flowed(event["text"], column, console.width)
            console.print(Text(words), end="", soft_wrap=True)
        elif event["event"] == "turn.completed":
            console.print()
            if event["tests"]:
                show_tests(console, event["tests"])
            lay_out(console, event["turn"])
            return str(event["interview_state"]), int(event["turn"]["seq"])
        elif event["event"] == "turn.failed":
            raise Refused(str(event["problem"].get("detail", "The reply could not be written.")))
    return "open", seq


def _report(client: Client, console: Console, interview_id: str) -> None:
    with console.status("Judging the answers"):
        for _ in range(240):
            if client.call("GET", f"/v1/interviews/{interview_id}/report/status")["complete"]:
                break
            time.sleep(0.5)
    text = client.text(f"/v1/interviews/{interview_id}/report?format=md")
    console.print(Padding(Markdown(text.replace("<sub>", "*").replace("</sub>", "*")), (1, 0)))
