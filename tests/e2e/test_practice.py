"""From an interview with a miss to the queue, a drill, and FSRS's next date; and the same question again, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsrs
import pytest

from app.main import Parts
from tests.support.embedders import HashingEmbedder
from tests.support.material import a_criterion, a_question, write_corpus
from tests.support.serving import Talker, serving

QUESTION = "fundamentals/leakage"
OTHER_CASE = "A colleague's model scores far better in the laboratory than anybody expected. Explain that to me."
KNOWS = "Those rows were in training. The test rows had been seen in training before, so the score says nothing."
GRADES = {"again": fsrs.Rating.Again, "hard": fsrs.Rating.Hard, "good": fsrs.Rating.Good, "easy": fsrs.Rating.Easy}


@dataclass
class Clock:
    """The application's time: a day passes when a test says so."""

    now: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def days_pass(self, number: float) -> None:
        self.now += timedelta(days=number)


@dataclass
class Desk:
    viva: Talker
    clock: Clock

    def sit(self, interview: Any, *said: str) -> Any:
        """Answers, ends the interview, and gives the report once everything is judged."""
        for text in said:
            self.viva.say(interview["id"], text)
        self.viva.call("POST", f"/v1/interviews/{interview['id']}/close")
        return self.viva.report(interview["id"])

    def queue(self) -> Any:
        return self.viva.call("GET", "/v1/practice/queue")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    question = a_question(
        parallel=[OTHER_CASE],
        criteria=[
            a_criterion(),
            a_criterion(
                "splits-first",
                says="The data is split before anything is computed on it.",
                probe="In which order would you do the steps?",
                asked_by="probe",
                kind="should",
                shown_by=["Split first.", "First I split, then I scale.", "I cut the data before I compute anything."],
                denied_by="I scale everything and then split.",
                next_time="Say that the split comes first.",
            ),
        ],
    )
    parts = Parts(embedder=HashingEmbedder(max_words=10_000), now=clock)
    corpus = write_corpus(tmp_path / "corpus", question=question)
    with serving(tmp_path / "viva", corpus=corpus, parts=parts) as viva:
        yield Desk(viva, clock)


def states(report: Any) -> dict[str, str]:
    (question,) = report["questions"]
    return {each["id"]: each["state"] for each in question["score"]["criteria"]}


def test_a_miss_is_drilled_days_later_and_its_date_moves(desk: Desk) -> None:
    viva, clock = desk.viva, desk.clock
    first = viva.begin(rounds=["fundamentals"], minutes=10)
    report = desk.sit(first, "I don't know.")
    assert states(report)["names-the-cause"] == "missed"
    queue = desk.queue()
    assert {each["criterion_id"] for each in queue["items"]} == {
        name for name, state in states(report).items() if state in {"missed", "partly", "contradicted"}
    }
    item = next(each for each in queue["items"] if each["criterion_id"] == "names-the-cause")
    assert (item["state"], item["due"], item["missed"], item["new_surfaces"]) == ("missed", False, 1, 1)
    assert report["questions"][0]["score"]["criteria"][0]["says"] not in str(queue)

    clock.days_pass(3)
    assert next(each for each in desk.queue()["items"] if each["criterion_id"] == "names-the-cause")["due"]
    named = {"question_id": QUESTION, "criterion_id": "names-the-cause"}
    drill = viva.call("POST", "/v1/practice/drills", 201, json={"items": [named], "seed": 5})
    assert drill["drill"]
    (planned,) = drill["plan"]["rounds"][0]["questions"]
    assert (planned["question_id"], planned["drill"], planned["parallel"]) == (QUESTION, True, 1)
    opening = drill["turns"][0]["text"]
    assert opening.endswith(OTHER_CASE)
    assert "names-the-cause" not in str(drill)
    report = desk.sit(drill, KNOWS)
    (scored,) = report["questions"]
    assert states(report) == {"names-the-cause": "shown"}
    assert (scored["score"]["drill"], scored["score"]["level"], scored["score"]["spread"]) == (True, None, None)
    covered = scored["score"]["coverage"]
    assert (covered["assessed"], covered["total"]) == (1, 1)
    assert all(each["level"] is None for each in report["competencies"])

    assert "names-the-cause" not in {each["criterion_id"] for each in desk.queue()["items"]}
    history = viva.call("GET", f"/v1/practice/items/{QUESTION}/names-the-cause")
    assert [each["surface"] for each in history["reviews"]] == ["question", "parallel-1"]
    assert history["due_at"] > item["due_at"]
    # The dates, as the library itself gives them.
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=1)
    for review in history["reviews"]:
        at = datetime.fromisoformat(review["at"]).astimezone(UTC)
        card, _ = scheduler.review_card(card, GRADES[review["rating"]], at.replace(tzinfo=UTC))
        assert datetime.fromisoformat(review["due_at"]) == card.due
    assert datetime.fromisoformat(history["due_at"]) == card.due
    assert history["learned_at"] is not None
    assert history["reviews"][-1]["quotes"]

    (series,) = viva.call("GET", "/v1/practice/progress?by=round")["series"]
    assert [point["share"] for point in series["points"]] == [0.0, 1.0]
    assert [point["drill"] for point in series["points"]] == [False, True]
    (evidence,) = series["points"][1]["evidence"]
    turns = viva.call("GET", f"/v1/interviews/{drill['id']}/turns")["turns"]
    said = {turn["id"]: turn["text"] for turn in turns}
    for quote in evidence["quotes"]:
        assert said[quote["turn_id"]][quote["start"] : quote["end"]] == quote["quote"]

    for interview in (first, drill):
        viva.call("DELETE", f"/v1/interviews/{interview['id']}", 204)
    assert desk.queue() == {"questions": [], "items": [], "total": 0, "due": 0, "next_due": None}
    assert viva.call("GET", "/v1/practice/progress")["series"] == []
    viva.call("POST", "/v1/practice/drills", 409)


def test_the_same_question_again_names_what_changed(desk: Desk) -> None:
    viva, clock = desk.viva, desk.clock
    first = viva.begin(rounds=["fundamentals"], minutes=10)
    place = f"/v1/interviews/{first['id']}/questions/{QUESTION}"
    viva.call("POST", f"{place}/retry", 409)
    desk.sit(first, "I don't know.", "I really don't know.")
    viva.call("GET", f"{place}/comparison", 409)
    clock.days_pass(1)
    again = viva.call("POST", f"{place}/retry", 201)
    assert again["turns"][0]["text"].endswith(OTHER_CASE)
    assert "Last time a point" in again["turns"][0]["text"]
    report = desk.sit(again, KNOWS, "I don't know.")
    compared = viva.call("GET", f"/v1/interviews/{again['id']}/questions/{QUESTION}/comparison")
    assert compared["earlier"]["interview_id"] == first["id"]
    assert compared["later"]["asked"] == OTHER_CASE, "neither the greeting nor what was left open the last time"
    changes = {each["criterion_id"]: each["change"] for each in compared["criteria"]}
    assert compared["changed"] == ["names-the-cause"]
    assert changes["names-the-cause"] == "better"
    assert states(report)["splits-first"] in {"missed", "not-assessed"}
    assert compared["criteria"][0]["evidence_after"][0]["quote"] in KNOWS
    third = viva.call("POST", f"/v1/interviews/{again['id']}/questions/{QUESTION}/retry", 201, json={"start": False})
    assert third["plan"]["rounds"][0]["questions"][0]["parallel"] == 0


def test_a_study_plan_is_made_edited_and_done(desk: Desk) -> None:
    viva, clock = desk.viva, desk.clock
    viva.call("GET", "/v1/practice/plan", 404)
    first = viva.begin(rounds=["fundamentals"], minutes=10)
    wish = {"until": "2026-11-27", "minutes_a_day": 30, "role": "ml-engineer", "rest_days": [6]}
    fresh = viva.call("PUT", "/v1/practice/plan", json=wish)
    (task,) = [task for day in fresh["days"] for task in day["tasks"]]
    assert (task["kind"], task["topic"], task["round"], task["done"]) == ("topic", "leakage", "fundamentals", False)
    clock.days_pass(0.1)
    desk.sit(first, "I don't know.")
    assert [task["done"] for day in viva.call("GET", "/v1/practice/plan")["days"] for task in day["tasks"]] == [True]
    made = viva.call("PUT", "/v1/practice/plan", json=wish)
    assert [day["day"] for day in made["days"]] == [f"2026-11-{number}" for number in (21, 23, 24, 25, 26, 27)]
    tasks = {task["criterion_id"]: day["day"] for day in made["days"] for task in day["tasks"]}
    assert tasks["names-the-cause"] == "2026-11-23", "due on Sunday, which is a rest day"
    assert viva.call("PUT", "/v1/practice/plan", json=wish)["days"] == made["days"]
    moved = [{"day": "2026-11-26", "tasks": [task for day in made["days"] for task in day["tasks"]]}]
    edited = viva.call("PUT", "/v1/practice/plan", json={**wish, "days": moved})
    assert edited["edited"]
    assert [day["day"] for day in edited["days"]] == ["2026-11-26"]
    assert viva.call("GET", "/v1/practice/plan") == edited
    none = viva.call("PUT", "/v1/practice/plan", json={**wish, "days": []})
    assert {each["why"] for each in none["left_out"]} == {"it was taken out by hand"}
    assert none["missing_minutes"] > 0
    again = viva.call("PUT", "/v1/practice/plan", json=wish)
    drills = [task for day in again["days"] for task in day["tasks"] if task["kind"] == "drill"]
    assert drills
    assert again["gone"] == 0
    viva.call("DELETE", f"/v1/interviews/{first['id']}", 204)
    after = viva.call("GET", "/v1/practice/plan")
    assert after["gone"] == len(drills)
    assert not [task for day in after["days"] for task in day["tasks"] if task["kind"] == "drill"]
    assert not [each for each in after["left_out"] if each["task"]["kind"] == "drill"]
    for form in ({"days": after["days"]}, {}):
        kept = viva.call("PUT", "/v1/practice/plan", json={**wish, **form})
        assert kept["gone"] == 0
    wrong = {"kind": "topic", "topic": "astrology", "minutes": 5}
    viva.call("PUT", "/v1/practice/plan", 422, json={**wish, "days": [{"day": "2026-11-26", "tasks": [wrong]}]})
    viva.call("PUT", "/v1/practice/plan", 422, json={**wish, "until": "2026-11-01"})
    viva.call("PUT", "/v1/practice/plan", 422, json={**wish, "role": "astrologer"})
    viva.call("DELETE", "/v1/practice/plan", 204)
    viva.call("DELETE", "/v1/practice/plan", 404)
