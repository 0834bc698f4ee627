"""What people do wrong at the command line is told in a line, with what to do; a trace would tell them nothing."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app import cli
from app.domain.errors import StoreUnavailable
from app.persistence.failures import translate
from app.terminal.client import Client, Refused
from app.terminal.served import served
from app.terminal.shown import flowed


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
