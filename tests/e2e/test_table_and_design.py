"""A question about a table, and a design with held-back facts, sat to the end over HTTP on a real port, and their reports read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from app.exercises.computations import compute
from app.material.load import load
from app.scoring.wanted_numbers import table_of
from tests.support.serving import ROOT, Talker, serving

SPAM = "analytics/constant-spam-model"


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


def begin(viva: Talker, round_slug: str, question_id: str, **wish: Any) -> Any:
    """An interview that asks this one entry."""
    planned = viva.begin(start=False, rounds=[round_slug], minutes=30, **wish)
    one = {"round": round_slug, "minutes": 30, "questions": [{"question_id": question_id, "seconds": 1500}]}
    viva.call("PATCH", f"/v1/interviews/{planned['id']}", json={"rounds": [one]})
    return viva.call("POST", f"/v1/interviews/{planned['id']}/open")


def sit(viva: Talker, interview: Any, answers: dict[str, str], otherwise: str = "I'd leave that open.") -> list[Any]:
    """Answers each of the interviewer's turns by what it asks, until the interview closes: the transcript."""
    last = interview["turns"][-1]
    for _ in range(60):
        said = next((text for asked, text in answers.items() if asked in last["text"]), otherwise)
        answered = viva.say(interview["id"], said)
        if answered["interview_state"] == "closed":
            break
        last = answered["reply"]
    else:
        raise AssertionError("it does not come to an end")
    turns: list[Any] = viva.call("GET", f"/v1/interviews/{interview['id']}/turns")["turns"]
    return turns


def scored(viva: Talker, interview: Any) -> Any:
    (question,) = viva.report(interview["id"])["questions"]
    return {criterion["id"]: criterion for criterion in question["score"]["criteria"]}


def test_a_table_is_shown_worked_on_and_its_numbers_are_judged(viva: Talker) -> None:
    interview = begin(viva, "analytical", SPAM, seed=11)
    shown = interview["turns"][0]["table"]
    exercise = load(ROOT / "corpus").analytics[SPAM]
    made = table_of(exercise, 11)
    assert shown["columns"] == list(made.columns)
    assert [tuple(row) for row in shown["rows"]] == list(made.rows)
    (accuracy,) = compute("accuracy", made)
    turns = sit(
        viva,
        interview,
        {
            "four cells": "It says ham to everything. No positives at all, all spam missed.",
            "accuracy?": f"All the legitimate ones over a thousand, {accuracy * 100:.1f} percent.",
            "Now F1": "F1 is 0.5.",
        },
    )
    assert [turn["table"] is not None for turn in turns] == [True] + [False] * (len(turns) - 1)
    criteria = scored(viva, interview)
    assert criteria["accuracy-value"]["state"] == "shown"
    assert f"{accuracy * 100:.1f}" in criteria["accuracy-value"]["evidence"][0]["quote"]
    assert criteria["f1-zero"]["state"] == "missed"
    for question in exercise.questions:
        asked = any(question.ask in turn["text"] for turn in turns)
        assert asked or {criteria[each.id]["state"] for each in question.criteria} == {"shown"}, criteria
    assert sum(question.ask in turn["text"] for turn in turns for question in exercise.questions) >= 4


def test_the_table_can_be_had_as_a_file_and_stands_in_the_transcript(viva: Talker) -> None:
    interview = begin(viva, "analytical", SPAM, seed=11)
    path = f"/v1/interviews/{interview['id']}"
    rows = list(csv.reader(io.StringIO(viva.call("GET", f"{path}/turns/1/table.csv"))))
    table = interview["turns"][0]["table"]
    assert rows == [table["columns"], *[[str(cell) for cell in row] for row in table["rows"]]]
    viva.say(interview["id"], "It never flags anything.")
    for seq in (2, 3, 99):
        assert viva.call("GET", f"{path}/turns/{seq}/table.csv", 404)["type"].endswith("table-not-found")
    transcript = viva.call("GET", f"{path}/transcript", params={"format": "md"})
    assert "| truth | predicted\\_spam | predicted\\_ham |" in transcript


def test_another_interview_has_another_table(viva: Talker) -> None:
    tables = [begin(viva, "analytical", SPAM, seed=seed)["turns"][0]["table"]["rows"] for seed in (11, 11, 12)]
    assert tables[0] == tables[1] != tables[2]


FRAUD = "scenarios/hld-payment-fraud"


def test_a_design_tells_what_is_asked_for_and_its_report_credits_the_asking(viva: Talker) -> None:
    interview = begin(viva, "high-level-design", FRAUD, company="neutral", seniority="senior")
    scenario = load(ROOT / "corpus").scenarios[FRAUD]
    reply_of = {fact.id: fact.reply for fact in scenario.facts}
    probe_of = {each.id: each.probe for each in scenario.criteria}
    first = viva.say(interview["id"], "What does a mistake cost, and what is the latency budget?")["reply"]
    assert first["move"]["kind"] == "clarify"
    assert first["text"] == f"{reply_of['mistake_costs']} {reply_of['latency']}"
    again = viva.say(interview["id"], "What is the latency budget?")["reply"]
    assert again["text"] == f"{reply_of['latency']} {scenario.opening}", "told again, and the question waits"
    interview["turns"].append(again)
    turns = sit(
        viva,
        interview,
        {probe_of["review-share"]: "A hundred and twenty times a hundred, so twelve thousand a day."},
    )
    said = [turn["text"] for turn in turns if turn["speaker"] == "interviewer"]
    assert all(any(stage.ask in text for text in said) for stage in scenario.stages)
    assert sum(scenario.curveball is not None and scenario.curveball.says in text for text in said) == 1
    assert not any(reply_of["daily_payments"] in text for text in said), "nobody asked"
    assert sum(reply_of["label_delay"] in text for text in said) == 1, "volunteered at its stage"
    criteria = scored(viva, interview)
    asked = criteria["limits-before-method"]
    assert asked["state"] == "shown"
    (evidence,) = asked["evidence"]
    turn = next(turn for turn in turns if turn["id"] == evidence["turn_id"])
    assert turn["text"][evidence["start"] : evidence["end"]] == evidence["quote"]
    assert "mistake cost" in evidence["quote"]
    assert criteria["review-share"]["state"] == "shown"
    assert criteria["judged-by-money"]["state"] == "missed", "probed even though it was skipped"
    assert criteria["weekend-answer"]["state"] == "missed"


def test_the_catalog_lists_rounds_and_openings_of_designs_and_tables(viva: Talker) -> None:
    rounds = {each["id"]: each["name"] for each in viva.call("GET", "/v1/catalog/rounds")["rounds"]}
    assert rounds["high-level-design"] == "High-level ML system design"
    assert {"analytical", "case-study", "low-level-design", "staged-scenario"} <= set(rounds)
    order = ["introduction", "project-deep-dive", "fundamentals", "coding", "behavioural", "candidate-questions"]
    assert [each for each in rounds if each in order] == order, "as an interview goes through them"
    found = viva.call("GET", "/v1/catalog/questions", params={"round": "analytical"})["questions"]
    assert SPAM in {each["id"] for each in found}
    assert all(each["ask"] for each in found)


def test_the_companys_default_interview_holds_its_rounds(viva: Talker) -> None:
    plan = viva.begin(start=False, company="oracle", minutes=90)["plan"]
    rounds = {each["round"]: each["questions"][0]["question_id"] for each in plan["rounds"]}
    assert rounds["analytical"].startswith("analytics/")
    assert rounds["case-study"].startswith("scenarios/case-")
    assert rounds["staged-scenario"].startswith("scenarios/staged-")
