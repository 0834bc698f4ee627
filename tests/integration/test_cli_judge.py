"""`viva judge` as a command of its own, with the packaged weights; the judge model is a server on a real port."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from sys import executable
from typing import Any

import pytest

from tests.support.fake_openai import KEY, MODEL, FakeOpenAI, says

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
SAYS = "The scaler is fitted on the training rows alone."
SAID = "I split first. Then I fit the scaler on nothing but the training rows. It was a long day."
UNSAID = "My favourite library is the one with the nicest plots, and I like long walks by the sea."


async def viva(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    given = {"VIVA_DATA_DIR": str(folder), "VIVA_JUDGE__PROVIDER": "none", **settings}
    process = await asyncio.create_subprocess_exec(
        executable,
        "-m",
        "app.cli",
        "judge",
        *arguments,
        cwd=ROOT,
        env={**plain, **given},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    return process.returncode or 0, told.decode()


@pytest.fixture
def items(tmp_path: Path) -> Path:
    rows = [
        {"id": "said", "criterion": SAYS, "answer": SAID, "met": 1},
        {"id": "unsaid", "criterion": SAYS, "answer": UNSAID, "met": 0},
        {"id": "part", "reference": f"{SAYS} Momentum smooths the gradients.", "answer": SAID},
    ]
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def read(file: Path) -> dict[str, dict[str, Any]]:
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


async def test_it_judges_goes_on_where_it_was_and_names_bad_lines(items: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    status, told = await viva(tmp_path, "--in", str(items), "--out", str(out))
    assert status == 0, told
    first = read(out)
    assert (first["said"]["state"], first["unsaid"]["state"]) == ("shown", "absent")
    assert first["said"]["evidence"] in SAID
    assert first["said"]["p"] > first["unsaid"]["p"]
    assert 0.0 <= first["part"]["p"] <= 1.0
    whole = out.read_text(encoding="utf-8")
    out.write_text(whole.splitlines(keepends=True)[0] + '{"id": "unsa', encoding="utf-8")
    with items.open("a", encoding="utf-8") as lines:
        lines.write('{"id": "neither", "answer": "x"}\n')
    status, told = await viva(tmp_path, "--in", str(items), "--out", str(out))
    assert status == 1
    assert "line 4" in " ".join(told.split())
    assert out.read_text(encoding="utf-8") == whole


async def test_what_anyone_would_try_first(tmp_path: Path) -> None:
    rows = [
        {"id": "echo", "criterion": SAYS, "answer": SAYS},
        {
            "id": "another number",
            "criterion": "The team labelled 5,000 images.",
            "answer": "We labelled 500 images in all.",
        },
        {
            "id": "denied",
            "criterion": "The test covers negative numbers.",
            "answer": "There's no test with negative numbers.",
        },
        {"id": "nothing", "reference": f"{SAYS} Momentum smooths the gradients.", "answer": UNSAID},
        {"id": "all", "reference": SAYS, "answer": SAYS},
        {
            "id": "examples",
            "criterion": "The candidate spoke with the colleague directly.",
            "answer": "I never said a word to him about it, I went to our manager.",
            "examples": {
                "shown": ["I asked her for a coffee and told her."],
                "denied": ["I did not talk to him at all."],
            },
        },
    ]
    source, out = tmp_path / "items.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    status, told = await viva(tmp_path, "--in", str(source), "--out", str(out))
    assert status == 0, told
    assert {name: row["state"] for name, row in read(out).items()} == {
        "echo": "shown",
        "another number": "contradicted",
        "denied": "contradicted",
        "nothing": "absent",
        "all": "shown",
        "examples": "contradicted",
    }
    status, told = await viva(tmp_path, "--in", str(source), "--out", str(source))
    assert status == 1
    assert "no prediction" in " ".join(told.split())
    assert read(source)["echo"]["answer"] == SAYS


async def test_a_model_judges_alone_or_beside_the_scorer(items: Path, tmp_path: Path) -> None:
    def verdict(state: str, evidence: str, name: str = "c1") -> dict[str, str]:
        return {"criterion_id": name, "evidence": evidence, "reason": "r", "state": state}

    quote = "fit the scaler on nothing but the training rows"
    answers = [
        [verdict("shown", quote)],
        [verdict("shown", "words that nobody said")],
        [verdict("shown", quote), verdict("absent", "", "c2")],
    ]
    for by in ("model", "both"):
        out = tmp_path / f"{by}.jsonl"
        async with FakeOpenAI() as server:
            server.expect(says('{"colour": "green"}'))
            server.expect(*(says(json.dumps({"criteria": rows})) for rows in answers))
            hosted = {
                "VIVA_JUDGE__PROVIDER": "openai",
                "VIVA_JUDGE__NAME": MODEL,
                "VIVA_JUDGE__BASE_URL": server.url,
                "VIVA_JUDGE__API_KEY": KEY,
            }
            status, told = await viva(tmp_path, "--in", str(items), "--out", str(out), "--judge", by, **hosted)
            assert status == 0, told
        found = read(out)
        assert (found["said"]["state"], found["said"]["evidence"]) == ("shown", quote)
        if by == "model":
            assert found["unsaid"]["p"] is None
            assert found["unsaid"]["state"] == "unscored"
            assert found["part"]["p"] == 0.5
        else:
            assert found["unsaid"]["state"] == "absent"
            assert "not found" in found["unsaid"]["judges"]["model_unscored"]
            assert found["part"]["judges"]["model"] == 0.5


async def test_a_folder_that_is_not_there_is_told_before_anything_is_judged(items: Path, tmp_path: Path) -> None:
    status, told = await viva(tmp_path, "--in", str(items), "--out", str(tmp_path / "none" / "out.jsonl"))
    assert status == 2
    assert "there is no folder" in " ".join(told.split())


async def test_without_a_judge_model_it_says_which_setting_is_missing(items: Path, tmp_path: Path) -> None:
    status, told = await viva(tmp_path, "--in", str(items), "--out", str(tmp_path / "o"), "--judge", "model")
    assert status == 1
    assert "VIVA_JUDGE__PROVIDER" in told
