"""Holds an interview in a terminal, over the same API as every other client."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx2
import uvicorn
from fastapi import FastAPI
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.domain.code import CandidateView, HiddenTest, Kind, Limit, Outcome, ReviewerView, ShownTest
from app.scoring.transcript_judge import TranscriptJudgement

COMMANDS = "/hint  /repeat  /pause  /end  /quit (leave; come back with --continue)"
CODE_COMMANDS = "/run FILE (try your code on the tests you see)  /code FILE (send it as your answer)"
_RETRIES = 5
_PRINTED_LINES = 50
"""Of what a candidate's code printed."""


class Refused(Exception):
    """The server refused; the text says why and what to do."""


class Client:
    """The few calls that a conversation needs."""

    def __init__(self, base_url: str, key: str = "") -> None:
        if not base_url.startswith(("http://", "https://")):
            raise Refused(f"{base_url} is no address: it begins with http:// or https://, as http://127.0.0.1:8000.")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._http = httpx2.Client(base_url=base_url, headers=headers, timeout=httpx2.Timeout(10.0, read=120.0))
        except httpx2.InvalidURL as error:
            raise Refused(f"{base_url} is no address: {error}.") from None

    def __enter__(self) -> Self:
        """The client itself; its connections are closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The JSON body of an answer; None for none."""
        response = self._answered(method, path, **arguments)
        try:
            return response.json() if response.content else None
        except ValueError:
            raise Refused(f"{self._http.base_url} is no server of Viva: its answer cannot be read.") from None

    def text(self, path: str) -> str:
        """The text of an answer."""
        return self._answered("GET", path).text

    def _answered(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        with self._connected():
            response = self._http.request(method, path, **arguments)
        if response.status_code >= 400:
            raise Refused(_detail(response))
        return response

    def answer(self, interview_id: str, text: str, in_reply_to: int, code: str = "") -> Iterator[dict[str, Any]]:
        """The events of the reply to words, code or both. A lost connection is taken up again under the same key: nothing is said twice."""
        key, seen, stored = uuid.uuid4().hex, "", False
        for attempt in range(_RETRIES):
            headers = {"Accept": "text/event-stream", "Idempotency-Key": key}
            if seen:
                headers["Last-Event-ID"] = seen
            try:
                with self._http.stream(
                    "POST",
                    f"/v1/interviews/{interview_id}/turns",
                    json={"text": text, "code": code, "in_reply_to": in_reply_to},
                    headers=headers,
                ) as response:
                    if response.status_code >= 400:
                        response.read()
                        raise Refused(_detail(response))
                    for place, event in _events(response.iter_lines()):
                        seen, stored = place, True
                        yield event
                        if event["event"] in {"turn.completed", "turn.failed"}:
                            return
            except httpx2.TransportError:
                time.sleep(min(4.0, 0.5 * 2**attempt))
        if stored:
            raise Refused("The connection was lost. Your answer is stored; go on with --continue.")
        raise Refused("No connection, and your answer may not have arrived. It stands above: send it again.")

    def watch(self, interview_id: str, seq: int) -> Iterator[dict[str, Any]]:
        """The events of the reply to a stored turn: one that failed or was lost is written now."""
        with (
            self._connected(),
            self._http.stream("GET", f"/v1/interviews/{interview_id}/turns/{seq}/events") as response,
        ):
            if response.status_code >= 400:
                response.read()
                raise Refused(_detail(response))
            for _, event in _events(response.iter_lines()):
                yield event

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """A connection that is lost or was never there is a refusal."""
        try:
            yield
        except httpx2.TransportError as error:
            raise Refused(
                f"No answer from {self._http.base_url}: {type(error).__name__}. Is 'viva serve' running?"
            ) from error


def _detail(response: httpx2.Response) -> str:
    if response.status_code == 401:
        return "This server needs an API key that it knows: --api-key KEY. 'viva key create' on its machine makes one."
    try:
        return str(response.json().get("detail", response.text))
    except ValueError:
        return f"{response.status_code}: {response.text[:200]}"


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    place, data = "", ""
    for line in lines:
        if line.startswith("id:"):
            place = line[3:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line and data:
            yield place, json.loads(data)
            data = ""


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of the application, served in this process on a free port of the loopback until the block ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    # Listening before the server is up: a client that comes early waits for it.
    listener.listen(128)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
    # No daemon, for its threads would be some too: one that is reading an answer when the process ends would abort it.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=False)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise Refused("The server could not start; its log says why.")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def wait_until_ready(client: Client, console: Console) -> None:
    """Returns when interviews can begin; raises `Refused` with the server's reason after two minutes."""
    said = ""
    with console.status("Opening models and index"):
        for _ in range(240):
            try:
                client.call("GET", "/v1/health/ready")
            except Refused as refused:
                said = str(refused)
                time.sleep(0.5)
            else:
                return
    raise Refused(said)


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
    _show_plan(console, interview)
    commands = COMMANDS if interview["mode"] == "practice" else COMMANDS.replace("/pause  ", "")
    console.print(Text(commands, style="dim"))
    seq = turns[-1]["seq"] if turns else 0
    for turn in turns[-2:] if going_on else turns:
        _say(console, turn["text"], "You  " if turn["speaker"] == "candidate" else "Viva ")
        if turn["code"]:
            console.print(Padding(_program(turn["code"]), (0, 6)))
        _lay_out(console, turn)
    if going_on and turns:
        # The table in question may have been shown long before.
        for turn in turns[:-2]:
            if turn["question_id"] == turns[-1]["question_id"]:
                _lay_out(console, turn)
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


def _show_plan(console: Console, interview: dict[str, Any]) -> None:
    rounds = ", ".join(
        f"{each['round'].replace('-', ' ')} {each['minutes']:.0f} min" for each in interview["plan"]["rounds"]
    )
    console.print(Panel(Text(rounds), title=f"{interview['role']}, {interview['seniority']}", subtitle=interview["id"]))


def _say(console: Console, text: str, who: str = "Viva ") -> None:
    console.print()
    console.print(Text(f"{who} ", style="bold cyan" if who == "Viva " else "bold green"), Text(text))


def _lay_out(console: Console, turn: dict[str, Any]) -> None:
    """The table that a turn shows, where it shows one."""
    shown = turn.get("table")
    if not shown:
        return
    table = Table()
    for place, name in enumerate(shown["columns"]):
        of_numbers = not any(isinstance(row[place], str) for row in shown["rows"])
        table.add_column(_harmless(name), justify="right" if of_numbers else "left")
    for row in shown["rows"]:
        table.add_row(*(_harmless(str(cell)) for cell in row))
    # Not the table's own title, which would be broken to the width of few columns.
    title = _harmless(shown["title"])
    title.stylize("italic")
    console.print(Padding(title, (1, 0, 0, 6)))
    console.print(Padding(table, (0, 0, 0, 6)))


def _one_turn(client: Client, console: Console, interview_id: str, seq: int) -> tuple[str, int]:
    """One answer to the interviewer's turn `seq` and the reply to it: the state of the interview, and the last seq."""
    console.print()
    text, code = _typed(console).strip(), ""
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
                    json={"code": _read_code(text.removeprefix("/run "))},
                )
                _show_tests(console, found["tests"])
                console.print(Text(f"Runs left for this question: {found['runs_left']}", style="dim"))
                return "open", seq
            case _ if text.startswith("/code "):
                code = _read_code(text.removeprefix("/code "))
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


def _typed(console: Console) -> str:
    """What is typed: in a terminal with arrow keys, in any length, and what is pasted as one, over several lines too."""
    if not (console.is_terminal and sys.stdin.isatty() and _edits_lines()):
        return console.input("[bold green]You[/]   ")
    # A prompt that the console wrote would be overwritten: readline counts columns from its own.
    return input("You   ")


@cache
def _edits_lines() -> bool:
    """Whether there is readline, which is then at work. Without it the system cuts a line at 4,095 characters."""
    try:
        import readline
    except ImportError:  # on Windows
        return False
    # CPython switches it off; with it a paste of several lines is one answer.
    readline.parse_and_bind("set enable-bracketed-paste on")
    return True


_MOST_BYTES = 1_000_000
"""Of a file of code: far more than is taken, so that the refusal comes from the server and says its limit."""


def _read_code(name: str) -> str:
    path = Path(name.strip().strip("'\"")).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{path} is no text in UTF-8.") from None


def _show_problem(client: Client, console: Console, interview_id: str, on_screen: str) -> str:
    """Shows the problem that the editor is open on, once; the id of the one on screen, "" where words are asked for."""
    try:
        problem = client.call("GET", f"/v1/interviews/{interview_id}/code")
    except Refused:
        return ""
    if problem["question_id"] == on_screen:
        return on_screen
    parts: list[RenderableType] = [Markdown(problem["statement"]), Text(""), _program(problem["starter"])]
    for name, columns in problem["tables"].items():
        parts.append(Text(f"table {name}: {', '.join(f'{each} {kind}' for each, kind in columns.items())}"))
    console.print(Panel(Group(*parts), title=Text(problem["title"])))
    console.print(Text(CODE_COMMANDS, style="dim"))
    if problem["why_not"]:
        console.print(Text(problem["why_not"], style="yellow"))
    return str(problem["question_id"])


def _program(code: str) -> Text:
    """Code as it stands, without what a terminal would act on."""
    return Text("".join(each if each.isprintable() or each == "\n" else " " for each in code.expandtabs(4)))


def _show_tests(console: Console, tests: dict[str, Any]) -> None:
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


def _caught_up(client: Client, console: Console, interview_id: str, seq: int) -> tuple[str, int]:
    """After something went wrong: whatever was said meanwhile is shown, so that no unseen question is answered."""
    try:
        turns = client.call("GET", f"/v1/interviews/{interview_id}/turns", params={"after": seq})["turns"]
        for turn in turns:
            if turn["speaker"] == "interviewer":
                _say(console, turn["text"])
                _lay_out(console, turn)
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
                _show_tests(console, event["tests"])
            _lay_out(console, event["turn"])
            return str(event["interview_state"]), int(event["turn"]["seq"])
        elif event["event"] == "turn.failed":
            raise Refused(str(event["problem"].get("detail", "The reply could not be written.")))
    return "open", seq


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


def _report(client: Client, console: Console, interview_id: str) -> None:
    with console.status("Judging the answers"):
        for _ in range(240):
            if client.call("GET", f"/v1/interviews/{interview_id}/report/status")["complete"]:
                break
            time.sleep(0.5)
    text = client.text(f"/v1/interviews/{interview_id}/report?format=md")
    console.print(Padding(Markdown(text.replace("<sub>", "*").replace("</sub>", "*")), (1, 0)))


def judgement_tables(found: TranscriptJudgement) -> list[Table]:
    """A judgement of a conversation from elsewhere, to be read: its questions, and the dimensions where it has any."""
    questions = Table("asked", "question", "level", "judged", "shown, or why not", show_lines=True, title="Questions")
    for each in found.questions:
        shown = "; ".join(one.quote for criterion in each.criteria for one in criterion.evidence)
        questions.add_row(
            _harmless(each.asked),
            each.question_id or "-",
            "-" if each.level is None else str(each.level),
            f"{each.assessed} of {each.total}" if each.question_id else "-",
            _harmless(each.unscored_reason or shown or each.why_not or "-"),
        )
    tables = [questions]
    if found.dimensions:
        dimensions = Table("dimension", "level", "spread", "words that decided", show_lines=True, title="Dimensions")
        for dimension in found.dimensions:
            dimensions.add_row(
                _harmless(dimension.name),
                "-" if dimension.level is None else str(dimension.level),
                "-" if dimension.low is None else f"{dimension.low} to {dimension.high}",
                _harmless(dimension.evidence.quote if dimension.evidence else dimension.reason),
            )
        tables.append(dimensions)
    return tables


_SHOWN_CHARACTERS = 300


def _harmless(text: str) -> Text:
    """Foreign words for a table: no markup of ours, no control codes of a terminal, and not too long."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return Text(plain if len(plain) <= _SHOWN_CHARACTERS else f"{plain[:_SHOWN_CHARACTERS]}...")


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
