"""The terminal holds the same conversation as every other client: against a real port, with the keyboard scripted."""

from __future__ import annotations

import io
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from app.cli import app
from app.terminal.client import Client, Refused
from app.terminal.talk import talk
from tests.support.fake_openai import refused_url
from tests.support.resumes import two_page_pdf
from tests.support.serving import Talker, serving


class ScriptedConsole(Console):
    """A console that types what it is given, and fails when it is asked for more."""

    def __init__(self, *typed: str) -> None:
        self.shown = io.StringIO()
        super().__init__(file=self.shown, width=100)
        self.typed = list(typed)

    def input(self, *_: Any, **__: Any) -> str:
        return self.typed.pop(0)


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


@pytest.fixture
def client(viva: Talker) -> Iterator[Client]:
    with Client(str(viva.http.base_url)) as opened:
        yield opened


def wish(**changes: Any) -> dict[str, Any]:
    return {"role": "ml-engineer", "minutes": 20, "seed": 7, "rounds": ["fundamentals"], **changes}


def test_an_interview_from_the_resume_to_the_report(client: Client, tmp_path: Path) -> None:
    made = two_page_pdf()
    file = tmp_path / "cv.pdf"
    file.write_bytes(made.data)
    console = ScriptedConsole(
        "The training error first.", "/hint", "", "/repeat", "/pause", "And then the gap.", "/end"
    )
    talk(client, console, wish(rounds=[]), resume=file)
    said = console.shown.getvalue()
    assert console.typed == []
    assert "Read cv.pdf" in said
    assert "I'll note that a hint was given" in said
    assert "The clock stands still" in said
    assert "Overview" in said
    assert "not assessed" in said


def test_leaving_and_coming_back_shows_the_question_that_waits(viva: Talker, client: Client) -> None:
    leaving = ScriptedConsole("The training error first.", "/quit")
    talk(client, leaving, wish(), resume=None)
    interview = viva.call("GET", "/v1/interviews")["interviews"][0]
    assert f"--continue {interview['id']}" in leaving.shown.getvalue()
    back = ScriptedConsole("And the gap to validation.", "/end")
    talk(client, back, {}, resume=None, continue_id=interview["id"])
    turns = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
    assert [turn["text"] for turn in turns if turn["speaker"] == "candidate"] == [
        "The training error first.",
        "And the gap to validation.",
    ]
    assert " ".join(turns[2]["text"].split()[:4]) in " ".join(back.shown.getvalue().split())


def test_pausing_an_exam_is_refused_and_ends_nothing(client: Client) -> None:
    console = ScriptedConsole("/pause", "The training error first.", "/end")
    talk(client, console, wish(mode="exam"), resume=None)
    assert "Only an open practice interview can be paused" in " ".join(console.shown.getvalue().split())
    assert console.typed == []


def test_a_command_that_is_none_is_refused_with_those_there_are_and_is_no_answer(viva: Talker, client: Client) -> None:
    console = ScriptedConsole("/help", "/Hint", "/", "/ in the path was the training error first.", "/end")
    talk(client, console, wish(), resume=None)
    assert console.typed == []
    shown = " ".join(console.shown.getvalue().split())
    for mistyped in ("/help", "/Hint", "/"):
        assert f" {mistyped} is no command and was not sent. Commands: /hint /repeat /pause /end /quit" in shown
    interview = viva.call("GET", "/v1/interviews")["interviews"][0]
    turns = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
    said = [turn["text"] for turn in turns if turn["speaker"] == "candidate"]
    assert said == ["/ in the path was the training error first."]


def test_a_connection_that_is_lost_is_told_wherever_it_is_lost() -> None:
    with Client(refused_url()) as nobody:
        for ask in (
            lambda: nobody.call("GET", "/v1/interviews"),
            lambda: nobody.text("/v1/interviews/1/report?format=md"),
            lambda: list(nobody.watch("1", 1)),
        ):
            with pytest.raises(Refused, match="No answer from"):
                ask()


def test_a_reply_that_breaks_off_while_it_is_watched_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:

        def hangs_up() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(4096)
                peer.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nid: 1\r\n")

        hung = pool.submit(hangs_up)
        with (
            Client(f"http://127.0.0.1:{listener.getsockname()[1]}") as client,
            pytest.raises(Refused, match="No answer from"),
        ):
            list(client.watch("1", 1))
        hung.result(5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["interview", "--url", "http://127.0.0.1:9", "--corpus", "mine"], "--corpus"),
        (["practice", "--url", "http://127.0.0.1:9", "--corpus", "mine"], "--corpus"),
        (["interview", "--continue", "1", "--url", "http://127.0.0.1:9", "--role", "ml-engineer"], "--role"),
        (["interview", "--continue", "1", "--url", "http://127.0.0.1:9", "--resume", __file__], "--resume"),
    ],
    ids=["interview-corpus", "practice-corpus", "continue-role", "continue-resume"],
)
def test_options_that_would_be_ignored_are_refused(arguments: list[str], says: str) -> None:
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 2
    assert says in refused.output


TYPES = """
from rich.console import Console
from app.terminal.typed import typed
console = Console(width=80)
while (text := typed(console)) != "end":
    print("GOT", len(text), repr(text)[-45:], flush=True)
print("GOT all", flush=True)
"""


def test_a_keyboard_gives_long_answers_whole_pastes_as_one_and_arrow_keys() -> None:
    pty = pytest.importorskip("pty")
    if "libedit" in (pytest.importorskip("readline").__doc__ or ""):
        pytest.skip("libedit knows no bracketed paste")
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", TYPES],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""

    def see(what: bytes) -> None:
        nonlocal shown
        end_s = time.monotonic() + 30
        while what not in shown:
            assert time.monotonic() < end_s, shown[-500:]
            if select.select([ours], [], [], 1.0)[0]:
                shown += os.read(ours, 1 << 16)

    try:
        see(b"You   ")
        for number, typed in enumerate(
            ("word " * 1200, "\x1b[200~first line\nsecond line\x1b[201~", "abc\x1b[Dx", "end"), 1
        ):
            for start in range(0, len(typed), 500):
                os.write(ours, typed[start : start + 500].encode())
                time.sleep(0.05)
                while select.select([ours], [], [], 0)[0]:
                    shown += os.read(ours, 1 << 16)
            os.write(ours, b"\n")
            see((b"GOT 6000 ", b"GOT 22 'first line\\nsecond line'", b"GOT 4 'abxc'", b"GOT all")[number - 1])
    finally:
        program.kill()
        program.wait()
        os.close(ours)


def test_a_server_that_is_not_there_is_said() -> None:
    with Client("http://127.0.0.1:1") as nobody, pytest.raises(Refused, match="Is 'viva serve' running"):
        talk(nobody, ScriptedConsole(), wish(), resume=None)


def test_a_table_is_laid_out_when_it_comes_and_again_for_those_who_come_back(viva: Talker, client: Client) -> None:
    leaving = ScriptedConsole("The first column is empty, I think.", "So it says the same each time.", "/quit")
    talk(client, leaving, wish(rounds=["analytical"]), resume=None)
    interview = viva.call("GET", "/v1/interviews")["interviews"][0]
    (first, *_) = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
    back = ScriptedConsole("/end")
    talk(client, back, {}, resume=None, continue_id=interview["id"])
    for console in (leaving, back):
        shown = console.shown.getvalue()
        assert shown.count(first["table"]["title"]) == 1
        assert all(column in shown for column in first["table"]["columns"])
        assert all(str(cell) in shown for row in first["table"]["rows"] for cell in row)


def test_what_curl_sends_by_itself_is_told_which_header_it_lacks(viva: Talker) -> None:
    sent = viva.http.post(
        "/v1/interviews",
        content='{"role": "ml-engineer"}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert sent.status_code == 422
    assert "Content-Type: application/json" in sent.json()["detail"]
    malformed = viva.http.post("/v1/interviews", json={"role": "ml-engineer", "minutes": 2})
    assert "Content-Type" not in malformed.json()["detail"]
