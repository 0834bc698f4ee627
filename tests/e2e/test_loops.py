"""A loop over HTTP: several linked interviews, held one by one, with one summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.serving import Talker, serving


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("viva")) as talker:
        yield talker


def begin(viva: Talker, **wish: Any) -> Any:
    return viva.call("POST", "/v1/loops", 201, json={"role": "ml-engineer", "company": "linkedin", "seed": 5, **wish})


def questions(interview: Any) -> list[str]:
    return [question["question_id"] for each in interview["plan"]["rounds"] for question in each["questions"]]


def test_a_loop_is_planned_held_and_summed_up(viva: Talker) -> None:
    made = begin(viva)
    loop, interviews = made["loop"], made["interviews"]
    assert loop["state"] == "planned"
    assert [each["interview_id"] for each in loop["interviews"]] == [each["id"] for each in interviews]
    asked = [question for interview in interviews for question in questions(interview)]
    assert len(asked) == len(set(asked))
    last = interviews[-1]["id"]
    opened = viva.call("POST", f"/v1/interviews/{last}/open")
    assert opened["turns"]
    viva.say(
        last, "We argued about the split for a week, and I measured both. The error fell from nine to six percent."
    )
    viva.call("POST", f"/v1/interviews/{last}/close")
    viva.report(last)
    found = viva.call("GET", f"/v1/loops/{loop['id']}")
    assert found["state"] == "open"
    assert found["pending"] == 0
    assert found["withheld"] == []
    scored = {each["round"]: each for each in found["rounds"] if each["scored"]}
    assert set(scored) == {"behavioural"}
    assert found["rounds"][0]["round"] == interviews[0]["plan"]["rounds"][0]["round"]
    assert {each["skill"] for each in found["competencies"]} == {"technical", "problem-solving"}


def test_an_open_exam_shows_no_levels(viva: Talker) -> None:
    loop = begin(viva, mode="exam", interviews=["hiring-manager"])["loop"]
    interview = loop["interviews"][0]["interview_id"]
    viva.call("POST", f"/v1/interviews/{interview}/open")
    viva.say(interview, "I led a team of three and we shipped in May.")
    found = viva.call("GET", f"/v1/loops/{loop['id']}")
    assert found["withheld"] == [interview]
    assert all(each["scored"] == 0 for each in found["rounds"])


def test_a_plan_of_a_loop_cannot_take_over_what_another_of_its_interviews_asks(viva: Talker) -> None:
    first, second = begin(viva, interviews=["theory", "phone-screen"])["interviews"]
    taken = next(
        (each["round"], question["question_id"])
        for each in second["plan"]["rounds"]
        for question in each["questions"]
        if each["round"] == "fundamentals"
    )
    plan = {"rounds": [{"round": taken[0], "minutes": 10, "questions": [{"question_id": taken[1], "seconds": 300}]}]}
    problem = viva.call("PATCH", f"/v1/interviews/{first['id']}", 422, json=plan)
    assert problem["type"].endswith("/plan-invalid")
    viva.call("DELETE", f"/v1/interviews/{second['id']}", 204)
    viva.call("PATCH", f"/v1/interviews/{first['id']}", json=plan)


def test_a_loop_is_deleted_with_its_interviews(viva: Talker) -> None:
    loop = begin(viva, interviews=["coding"])["loop"]
    viva.call("DELETE", f"/v1/loops/{loop['id']}", 204)
    viva.call("GET", f"/v1/loops/{loop['id']}", 404)
    viva.call("GET", f"/v1/interviews/{loop['interviews'][0]['interview_id']}", 404)


def test_a_company_without_a_loop_is_refused_with_those_that_have_one(viva: Talker) -> None:
    problem = viva.call("POST", "/v1/loops", 422, json={"role": "ml-engineer", "company": "oracle"})
    assert problem["type"].endswith("/loop-unknown")
    assert "linkedin" in problem["known"]


def test_a_plan_shows_which_line_of_the_job_is_tested_by_what_and_an_edited_one_too(viva: Talker) -> None:
    job = (
        "Requirements:\n- Strong knowledge of gradient boosting\n- Experience with A/B testing\n- A love of mountains\n"
    )
    interview = viva.begin(rounds=["fundamentals"], minutes=30, start=False, job_description=job)
    lines = {each["text"]: each["questions"] for each in interview["plan"]["job_lines"]}
    assert set(lines) == {"Strong knowledge of gradient boosting", "Experience with A/B testing", "A love of mountains"}
    assert lines["Experience with A/B testing"]
    assert lines["A love of mountains"] == []
    assert all(job[each["start"] : each["end"]] == each["text"] for each in interview["plan"]["job_lines"])
    kept = interview["plan"]["rounds"][0]["questions"][0]
    assert kept["why"]
    known = ("fundamentals/data-leakage", "fundamentals/feature-scaling", "fundamentals/detect-overfitting")
    fresh = next(each for each in known if each not in questions(interview))
    wish = [{"question_id": kept["question_id"], "seconds": 200}, {"question_id": fresh, "seconds": 200}]
    plan = {"rounds": [{"round": "fundamentals", "minutes": 10, "questions": wish}]}
    edited = viva.call("PATCH", f"/v1/interviews/{interview['id']}", json=plan)["plan"]["rounds"][0]["questions"]
    assert edited[0]["why"] == kept["why"]
    assert edited[1]["why"].startswith("You put it into the plan.")


def test_a_reserve_is_shown_and_an_edited_plan_keeps_what_it_names(viva: Talker) -> None:
    interview = viva.begin(rounds=["fundamentals"], minutes=8, start=False)
    (planned,) = interview["plan"]["rounds"]
    reserve = [each["question_id"] for each in planned["reserve"]]
    assert len(reserve) > 1
    assert not set(reserve) & {each["question_id"] for each in planned["questions"]}
    asked = [{"question_id": planned["questions"][0]["question_id"], "seconds": 200}]
    one = {"round": "fundamentals", "minutes": 8, "questions": asked}
    place = f"/v1/interviews/{interview['id']}"
    kept = viva.call("PATCH", place, json={"rounds": [one | {"reserve": reserve[:1]}]})["plan"]["rounds"][0]["reserve"]
    assert [each["question_id"] for each in kept] == reserve[:1]
    wrong = viva.call("PATCH", place, 422, json={"rounds": [one | {"reserve": reserve[1:2]}]})
    assert wrong["type"].endswith("/plan-invalid")
    assert viva.call("PATCH", place, json={"rounds": [one]})["plan"]["rounds"][0]["reserve"] == []
