"""`viva labels` as a command, on a database of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState
from app.persistence.unit_of_work import open_store
from tests.support.builders import NOW, QUESTION
from tests.support.reviewing import MINE, OTHERS, SAID, hold

pytest_plugins = ["tests.support.stores"]


def override(interview_id: str) -> Override:
    return Override(
        id=f"of-{interview_id}", interview_id=interview_id, question_id=QUESTION, criterion_id="c2", says="Names a remedy.",
        state=CriterionState.SHOWN, why="It does.", role=LabellerRole.EXPERT, by="", turn_id=f"{interview_id}-2", start=0,
        end=9, quote=SAID[:9], machine_state=CriterionState.MISSED, created_at=NOW,
    )  # fmt: skip


async def fill(url: str) -> None:
    store = open_store(url)
    await hold(store)
    async with store.write() as work:
        await work.overrides.add(override(MINE))
        await work.overrides.add(replace(override(OTHERS), state=CriterionState.MISSED))
        await work.commit()
    await store.close()


def test_labels_of_all_of_one_and_of_nobody(
    migrated_sqlite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(migrated_sqlite_file, tmp_path / "viva.db")
    asyncio.run(fill(f"sqlite:///{tmp_path / 'viva.db'}"))
    monkeypatch.setenv("VIVA_DATA_DIR", str(tmp_path))
    out = tmp_path / "labels.jsonl"
    runner = CliRunner()
    for arguments, expected in (
        ([], [(MINE, "shown"), (OTHERS, "absent")]),
        (["--interview", MINE], [(MINE, "shown")]),
        (["--candidate", "owner"], [(OTHERS, "absent")]),
        (["--candidate", "nobody"], []),
    ):
        result = runner.invoke(app, ["labels", "--out", str(out), *arguments])
        assert result.exit_code == 0, result.output
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert sorted((row["interview_id"], row["label"]) for row in rows) == expected
        assert {row["source"] for row in rows} <= {"human"}
    printed = runner.invoke(app, ["labels", "--interview", MINE])
    assert f'"id": "of-{MINE}"' in printed.output
