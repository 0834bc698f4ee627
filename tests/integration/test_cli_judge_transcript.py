"""`viva judge-transcript`: its files in, its JSON and tables out. The scorers are doubles; reading and writing are real."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.shared import Bar
from app.domain.errors import ForeignRubricInvalid, RoleUnknown, TranscriptInvalid
from app.scoring.transcript_judge import TranscriptJudge
from app.settings import Settings
from app.terminal.shown import judgement_tables
from tests.support.material import write_corpus
from tests.unit.test_transcript_judge import RUBRIC, TALK, judges


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_corpus(tmp_path / "corpus")
    monkeypatch.setenv("VIVA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VIVA_CORPUS", str(tmp_path / "corpus"))

    def opened(_: Settings, corpus: object, progress: object) -> TranscriptJudge:
        return judges(corpus)  # type: ignore[arg-type]

    monkeypatch.setattr("app.wiring.commands.transcript_judge", opened)
    (tmp_path / "talk.txt").write_text(TALK, encoding="utf-8")
    (tmp_path / "rubric.json").write_text(RUBRIC.model_dump_json(), encoding="utf-8")
    return tmp_path


def test_the_judgement_goes_to_a_file_or_is_printed(folder: Path) -> None:
    arguments = ["judge-transcript", str(folder / "talk.txt"), "--rubric", str(folder / "rubric.json")]
    printed = CliRunner().invoke(app, arguments)
    assert printed.exit_code == 0, printed.output
    written = CliRunner().invoke(app, [*arguments, "--out", str(folder / "out.json")])
    assert written.exit_code == 0, written.output
    found = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert found == json.loads(printed.stdout)
    assert [each["question_id"] for each in found["questions"]] == [None, "fundamentals/leakage", None]
    assert [each["level"] for each in found["dimensions"]] == [2, None]


def test_bad_files_are_named_before_anything_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_: Settings, corpus: object, progress: object) -> TranscriptJudge:
        raise AssertionError("opened")

    monkeypatch.setattr("app.wiring.commands.transcript_judge", opened)
    (folder / "bad.txt").write_text("Anna: hello", encoding="utf-8")
    found = CliRunner().invoke(app, ["judge-transcript", str(folder / "bad.txt")])
    assert isinstance(found.exception, TranscriptInvalid)
    arguments = ["judge-transcript", str(folder / "talk.txt"), "--rubric", str(folder / "bad.txt")]
    assert isinstance(CliRunner().invoke(app, arguments).exception, ForeignRubricInvalid)
    unknown = CliRunner().invoke(app, ["judge-transcript", str(folder / "talk.txt"), "--role", "nonsense"])
    assert isinstance(unknown.exception, RoleUnknown)
    assert "ml-engineer" in str(unknown.exception)


class Impatient:
    """A clock on which every look is a minute later."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 60.0
        return self.now_s


def test_progress_is_told_on_standard_error_and_the_result_stays_alone_on_standard_output(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.judging.Bar", partial(Bar, clock=Impatient()))
    found = CliRunner().invoke(
        app, ["judge-transcript", str(folder / "talk.txt"), "--rubric", str(folder / "rubric.json")]
    )
    assert found.exit_code == 0, found.output
    told = [line for line in found.stderr.splitlines() if line.startswith("judging: ")]
    exchanges = 4
    assert told[0] == f"judging: {exchanges} of {2 * exchanges + len(RUBRIC.dimensions)}"
    whole = 2 * exchanges + len(RUBRIC.dimensions)
    assert told[-1] == f"judging: {whole} of {whole}"
    json.loads(found.stdout)


@pytest.mark.anyio
async def test_foreign_words_give_a_terminal_no_orders(folder: Path) -> None:
    from app.material.load import load
    from app.scoring.elsewhere import read

    hostile = "Interviewer: [red]hello[/] \x1b[2J\x07 there\nCandidate: ok"
    found = await judges(load(folder / "corpus")).judge(read(hostile))
    (table,) = judgement_tables(found)
    (cell,) = [str(each) for each in table.columns[0].cells]
    assert cell == "[red]hello[/] [2J there"
