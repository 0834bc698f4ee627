"""Transcript and report as tables: nothing of them is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from app.domain.remarks import LabellerRole, Override
from app.domain.score import CriterionState, Evidence
from app.domain.transcript import Speaker
from app.review import spreadsheet
from tests.support.builders import NOW, QUESTION, a_score, a_turn, an_interview, an_interviewers_turn

FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\uff1d1"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("said", FORMULAS)
def test_what_a_candidate_says_is_text(said: str) -> None:
    turn = a_turn(text=said, code=said, spans=())
    (row,) = rows(spreadsheet.transcript([turn], revealed=True).csv())
    assert row["text"] == row["code"] == f"'{said}"


@pytest.mark.parametrize("said", FORMULAS)
def test_quotes_and_names_are_text_too(said: str) -> None:
    turn = a_turn(text=said)
    shown = replace(a_score().criteria[0], evidence=(Evidence(said, turn.id, 0, len(said)),), reason=said)
    (row,) = rows(spreadsheet.report([turn], [a_score(criteria=(shown,))], []).csv())
    assert row["quotes"] == row["reason"] == f"'{said}"


def test_a_row_for_each_turn_with_reasons_once_they_may_be_read() -> None:
    turns = [an_interviewers_turn(seq=1, text='He said "go",\nthen went.'), a_turn(seq=2)]
    told = rows(spreadsheet.transcript(turns, revealed=True).csv())
    assert [row["speaker"] for row in told] == [Speaker.INTERVIEWER, Speaker.CANDIDATE]
    assert told[0]["text"] == 'He said "go",\nthen went.'
    assert told[0]["reason"]
    assert not rows(spreadsheet.transcript(turns, revealed=False).csv())[0]["reason"]


def test_persons_stand_beside_the_machine() -> None:
    override = Override(
        "o1", "interview-1", QUESTION, "c1", "Says.", CriterionState.MISSED, "Why.", LabellerRole.EXPERT, "=Anna", "", 0, 0, "",
        CriterionState.SHOWN, NOW,
    )  # fmt: skip
    first, second = rows(spreadsheet.report([a_turn()], [a_score()], [override]).csv())
    assert (first["state"], first["persons_say"], first["turns"]) == ("shown", "expert =Anna: missed", "1")
    assert second["persons_say"] == ""


def test_the_name_of_the_file_holds_nothing_that_anybody_wrote() -> None:
    assert spreadsheet.file_name("report", an_interview(title='"; rm')) == f"report-{NOW:%Y-%m-%d}.csv"
