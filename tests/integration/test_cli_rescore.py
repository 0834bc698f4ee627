"""`viva rescore` as a command of its own, with the real scorer on a small corpus."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess, run
from sys import executable
from typing import cast

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.domain.interview import InterviewState
from app.domain.score import JudgeOpinion, VerdictState
from app.domain.transcript import MoveKind
from app.material.load import load
from app.persistence import migrate
from app.persistence.records import Candidate
from app.persistence.unit_of_work import open_store
from app.scoring.assess import assess
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import NOW, OWNER, a_move, a_turn, an_interview, an_interviewers_turn
from tests.support.material import write_corpus
from tests.support.scorers import WordScorer

QUESTION = "fundamentals/leakage"
ROOT = Path(__file__).resolve().parents[2]


async def hold(url: str, corpus_folder: Path, *, model: bool = False) -> None:
    """A closed interview with a score of an older scorer; with `model`, one in which a model had its say."""
    corpus = load(corpus_folder)
    interview = an_interview(state=InterviewState.CLOSED, closed_at=NOW)
    move = a_move(kind=MoveKind.OPEN, question_id=QUESTION, criterion_id="")
    turns = (
        an_interviewers_turn(id="turn-1", seq=1, marks=(), move=move, question_id=QUESTION),
        a_turn(id="turn-2", seq=2, question_id=QUESTION, text="I have no idea, to be honest."),
    )
    blind = cast(CompactScorer, WordScorer(corpus, {}))
    score = await assess(interview, turns, QUESTION, corpus=corpus, compact=blind, judge=None, now=lambda: NOW)
    store = open_store(url)
    async with store.write() as work:
        await work.candidates.add(Candidate(OWNER, NOW))
        await work.interviews.add(interview)
        for turn in turns:
            await work.turns.append(turn)
        older = replace(score, versions=replace(score.versions, scorer="compact-0"))
        if model:
            first, *others = older.criteria
            said = replace(first, judges=(*first.judges, JudgeOpinion("joined", VerdictState.ABSENT, 0.2)))
            older = replace(
                older, criteria=(said, *others), versions=replace(older.versions, model="qwen2.5-coder-1.5b-instruct")
            )
        await work.scores.add(interview.id, older)
        await work.commit()
    await store.close()


def viva(folder: Path, *arguments: str) -> CompletedProcess[str]:
    settings = {"VIVA_DATA_DIR": str(folder), "VIVA_CORPUS": str(folder / "corpus"), "VIVA_JUDGE__PROVIDER": "none"}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
    command = [executable, "-m", "app.cli", "rescore", *arguments]
    return run(command, cwd=ROOT, env={**plain, **settings}, capture_output=True, text=True, check=False)


def test_the_command_scores_again_once_and_fails_where_one_interview_fails(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'viva.db'}"
    write_corpus(tmp_path / "corpus")
    migrate.upgrade(url)
    asyncio.run(hold(url, tmp_path / "corpus"))
    first = viva(tmp_path, "--all", "--format", "json")
    assert first.returncode == 0, first.stderr
    (line,) = first.stdout.splitlines()
    (question,) = json.loads(line)["questions"]
    assert question["outcome"] == "stored"
    (version,) = question["difference"]["versions"]
    assert (version["what"], version["before"]) == ("scorer", "compact-0")
    second = viva(tmp_path, "interview-1", "nobodys")
    assert second.returncode == 1
    assert f"{QUESTION}: nothing changed" in second.stdout
    assert "failed: There is no interview 'nobodys'" in second.stdout
    assert "scored again: 1, failed: 1" in second.stderr


def test_a_score_that_a_model_took_part_in_is_replaced_without_one_only_where_that_is_asked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'viva.db'}"
    write_corpus(tmp_path / "corpus")
    migrate.upgrade(url)
    asyncio.run(hold(url, tmp_path / "corpus", model=True))
    plain = viva(tmp_path, "--all")
    assert plain.returncode == 0, plain.stderr
    assert f"{QUESTION}: left as it is, a model took part in its score" in plain.stdout
    assert "--without-model" in plain.stdout
    wanted = viva(tmp_path, "--all", "--without-model", "--format", "json")
    (question,) = json.loads(wanted.stdout)["questions"]
    assert question["outcome"] == "stored"
    assert {"what": "model", "before": "qwen2.5-coder-1.5b-instruct", "after": ""} in question["difference"]["versions"]


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    refused = viva(tmp_path, "--all")
    assert refused.returncode == 1
    assert "viva migrate" in refused.stderr
    assert not (tmp_path / "viva.db").exists()


@pytest.mark.parametrize("arguments", [[], ["--all", "interview-1"], ["--all", "--format", "yaml"]])
def test_wrong_arguments_are_refused_before_anything_is_opened(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["rescore", *arguments]).exit_code == 2
