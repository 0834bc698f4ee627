"""`viva try-problem` and `viva sandbox`, on the corpus as it is; queries need no compiled runtime."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.preparing import _compile_behind
from app.domain.code import CandidateView, Limit
from app.domain.errors import ProblemUnknown, SandboxNotPrepared
from app.exercises.python_runtime import PythonRuntime
from app.settings import ROOT, load
from app.terminal.shown import outcome_lines
from app.wiring.sandbox import sandbox

PROBLEMS = ROOT / "corpus" / "problems"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIVA_DATA_DIR", str(tmp_path))
    return tmp_path


def test_a_query_that_is_right_passes_and_hidden_tests_stay_hidden() -> None:
    found = CliRunner().invoke(app, ["try-problem", "churn-by-cohort", str(PROBLEMS / "churn-by-cohort/solution.sql")])
    assert found.exit_code == 0, found.output
    assert "hidden tests: 8 of 8 pass" in found.stdout
    assert "a leap year" in found.stdout
    assert "2024-01-31" not in found.stdout


def test_a_query_that_is_wrong_says_what_it_gave_and_a_reviewer_sees_all(folder: Path) -> None:
    (folder / "mine.sql").write_text("SELECT '2026-01', 2, 1, 0.5", encoding="utf-8")
    arguments = ["try-problem", "problems/churn-by-cohort", str(folder / "mine.sql")]
    found = CliRunner().invoke(app, arguments)
    assert found.exit_code == 1
    assert "test 1 (the example): passed" in found.stdout
    assert "given [['2026-01', 2, 1, 0.5]]" in found.stdout
    assert "2024-01-31" in CliRunner().invoke(app, [*arguments, "--reviewer"]).stdout


def test_what_is_missing_is_said(folder: Path) -> None:
    (folder / "mine.py").write_text("def answer(): ...\n", encoding="utf-8")
    unknown = CliRunner().invoke(app, ["try-problem", "no-such", str(folder / "mine.py")])
    assert isinstance(unknown.exception, ProblemUnknown)
    python = CliRunner().invoke(app, ["try-problem", "edit-distance", str(folder / "mine.py")])
    assert isinstance(python.exception, SandboxNotPrepared)
    assert not list(folder.glob("sandbox/*"))
    state = CliRunner().invoke(app, ["sandbox"])
    assert state.exit_code == 1


def test_setting_up_starts_the_compiling_and_does_not_wait_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[Path] = []
    monkeypatch.setattr(PythonRuntime, "prepare_apart", lambda runtime: started.append(runtime.folder))
    _compile_behind(load())
    assert started == [folder / "sandbox"]
    assert "goes on behind this" in " ".join(capsys.readouterr().err.split())


def test_what_cannot_be_written_is_not_said_to_be_prepared(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[Path] = []
    monkeypatch.setattr(PythonRuntime, "prepare_apart", lambda runtime: started.append(runtime.folder))
    (folder / "sandbox").write_text("mine")
    _compile_behind(load())
    said = " ".join(capsys.readouterr().err.split())
    assert f"its folder cannot be written: {folder / 'sandbox'}" in said
    assert "goes on behind" not in said
    assert isinstance(sandbox(load()).why_not(sql=False), SandboxNotPrepared)
    assert started == []


@pytest.mark.parametrize("wished", [True, False])
def test_serving_starts_the_compiling_where_it_is_wished_and_waits_for_nothing(
    wished: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_SANDBOX__PREPARE", str(wished).lower())
    started: list[Path] = []
    monkeypatch.setattr(PythonRuntime, "prepare_apart", lambda runtime: started.append(runtime.folder))
    found = sandbox(load())
    assert started == ([folder / "sandbox"] if wished else [])
    assert isinstance(found.why_not(sql=False), SandboxNotPrepared)
    assert found.why_not(sql=True) is None


def test_what_the_code_printed_gives_a_terminal_no_orders() -> None:
    view = CandidateView("", (), (), 0, "\x1b[2Jcleared\n    indented", "\x1b]0;title\x07", (Limit.TIME,))
    lines = list(outcome_lines(view))
    assert "limits met: time" in lines
    assert "printed:     indented" in lines
    assert not any("\x1b" in line or "\x07" in line for line in lines)
