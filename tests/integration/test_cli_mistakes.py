"""What people do wrong at the command line is told in a line, with what to do; a trace would tell them nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from app import cli
from app.domain.errors import StoreUnavailable
from app.persistence.failures import translate
from app.settings import load as load_settings
from app.terminal.client import Client, Refused
from app.terminal.served import served
from app.terminal.shown import flowed
from app.wiring.reading import ingest_passages, open_index
from tests.support.embedders import HashingEmbedder
from tests.support.material import NOTE_BODY, write_corpus


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("VIVA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def ended(variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says on standard error when it ends with 1."""
    variables.setattr("sys.argv", ["viva", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_a_data_folder_that_is_a_file_is_named(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes").write_text("mine")
    variables.setenv("VIVA_DATA_DIR", "notes")
    assert "notes: File exists" in ended(variables, capsys, "setup")


def test_a_port_that_is_taken_is_said_before_anything_is_opened(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = ended(variables, capsys, "serve", "--port", str(port))
    assert f"port {port} of 127.0.0.1 is taken" in said
    assert "--port" in said
    assert "is starting" not in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (["--role", "nonsense"], "There is no role 'nonsense'. Choose from: ml-engineer"),
        (["--company", "nonsense"], "There is no company 'nonsense'. Leave it out, or choose from: neutral"),
        (["--rounds", "fundamentals,nonsense"], "There is no round 'nonsense'. Choose from: fundamentals"),
        (["--seniority", "staff"], "fits"),
    ],
)
def test_a_wrong_choice_is_said_before_anything_is_opened(
    variables: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    wrong: Sequence[str],
    says: str,
) -> None:
    write_corpus(tmp_path / "material")
    variables.setenv("VIVA_CORPUS", "material")
    said = ended(variables, capsys, "interview", *wrong)
    assert says in " ".join(said.split())
    assert [each.name for each in tmp_path.iterdir()] == ["material"]


@pytest.mark.parametrize(
    ("wrong", "choices"),
    [
        (["--seniority", "boss"], ("junior", "staff")),
        (["--mode", "fun"], ("practice", "exam")),
        (["--minutes", "200"], ("180",)),
    ],
)
def test_a_wrong_option_is_answered_with_its_choices(
    variables: pytest.MonkeyPatch, tmp_path: Path, wrong: Sequence[str], choices: Sequence[str]
) -> None:
    variables.setenv("TERM", "dumb")
    said = CliRunner().invoke(cli.app, ["interview", *wrong])
    assert said.exit_code == 2
    assert all(each in said.output for each in choices)
    assert list(tmp_path.iterdir()) == []


def told(variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """The line about the index."""
    variables.setattr("sys.argv", ["viva", "doctor"])
    with contextlib.suppress(SystemExit):
        cli.main()
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("index: ")]
    assert len(lines) == 1
    return lines[0]


def test_the_doctor_says_how_the_index_stands_and_builds_none(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_corpus(tmp_path / "material")
    variables.setenv("VIVA_CORPUS", "material")
    variables.setenv("VIVA_DATA_DIR", str(tmp_path / "data"))
    assert "There is no index of passages" in told(variables, capsys)
    assert not (tmp_path / "data" / "index").exists()

    embedder = HashingEmbedder(id="hashing@1")
    variables.setattr("app.wiring.reading.make_embedder", lambda _, threads=1: embedder)
    settings = load_settings()
    made = ingest_passages(settings, embedder)
    fits = told(variables, capsys)
    assert f"{made.added} passages in " in fits
    assert "by hashing@1, built 20" in fits
    assert "it fits the corpus and the embedder" in fits

    other = HashingEmbedder(id="hashing@2")
    variables.setattr("app.wiring.reading.make_embedder", lambda _, threads=1: other)
    assert "built with the embedder 'hashing@1', but 'hashing@2' is in use. Run 'viva ingest'" in told(
        variables, capsys
    )

    variables.setattr("app.wiring.reading.make_embedder", lambda _, threads=1: embedder)
    write_corpus(tmp_path / "material", note_body=NOTE_BODY.replace("leaked", "seeped in"))
    assert "The corpus has changed since it was indexed" in told(variables, capsys)

    held = open_index(settings)
    try:
        assert "is in use by another process" in told(variables, capsys)
    finally:
        held.close()
    (tmp_path / "data" / "index" / "chroma.sqlite3").write_bytes(b"no database" * 100)
    assert "is damaged" in told(variables, capsys)


def test_an_address_that_is_none_of_this_machine_is_said(
    variables: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variables.setenv("VIVA_SERVER__API_KEYS", "true")
    assert "192.0.2.1:8000 cannot be listened on" in ended(variables, capsys, "serve", "--host", "192.0.2.1")


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "localhost", "http://localhost:eight", "http://[::1"])
def test_an_address_without_its_form_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="is no address"):
        Client(address)


def test_a_server_of_something_else_is_no_viva() -> None:
    with served(FastAPI()) as address, Client(address) as client, pytest.raises(Refused, match="no server of Viva"):
        client.call("GET", "/docs")


def test_a_server_that_is_gone_is_told_wherever_it_is_asked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with Client(address) as client:
        for ask in (
            lambda: client.call("GET", "/v1/interviews"),
            lambda: client.text("/v1/interviews/1/report"),
            lambda: list(client.watch("1", 2)),
        ):
            with pytest.raises(Refused, match="No answer from"):
                ask()


def test_what_the_terminals_server_does_in_threads_is_ended_and_not_cut_off() -> None:
    """A daemon that is reading an answer with native code when the process ends makes it abort."""
    app = FastAPI()

    @app.get("/")
    def in_a_thread() -> bool:
        return threading.current_thread().daemon

    with served(app) as address:
        assert httpx2.get(address).json() is False


def test_a_database_that_may_only_be_read_is_no_fault_of_viva(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'viva.db'}")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        connection.exec_driver_sql("PRAGMA query_only=ON")
        with pytest.raises(OperationalError) as refused:
            connection.execute(text("INSERT INTO t VALUES (1)"))
    assert isinstance(refused.value.orig, sqlite3.Error)
    assert translate(refused.value) == StoreUnavailable("its file may only be read")


def test_words_that_come_in_pieces_are_broken_between_words() -> None:
    first, column = flowed("You said “ship models at a hospital”. ", 7, 40)
    second, column = flowed("Go back to the time before all this.", column, 40)
    lines = ("Viva   " + first + second).splitlines()
    assert [line.rstrip() for line in lines] == [
        "Viva   You said “ship models at a",
        "hospital”. Go back to the time before",
        "all this.",
    ]
    assert column == len("all this.")
    assert flowed("one\n\n    two", 30, 40) == ("one\n\ntwo", 3)
