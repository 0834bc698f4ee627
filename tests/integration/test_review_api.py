"""The review of a transcript over HTTP: search, notes, judgements by persons and labels, on a real store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from app.api import remarks, reviews, searches
from app.domain.interview import InterviewState, Mode
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.repositories import remarks as kept
from app.persistence.unit_of_work import Store, open_store
from app.scoring.items import BadLine, read_items
from tests.support.builders import QUESTION, an_interview
from tests.support.reviewing import MINE, OTHERS, SAID, client, hold, score_of, services

pytest_plugins = ["tests.support.stores"]
pytestmark = pytest.mark.anyio

ROUTERS = (searches.router, reviews.router, remarks.router, remarks.labels_router)
NOTES = f"/v1/interviews/{MINE}/annotations"
OVERRIDES = f"/v1/interviews/{MINE}/overrides"
MISSED = {"question_id": QUESTION, "criterion_id": "c2", "state": "shown", "why": "It says how."}
QUOTE = "on validation data"


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def http(store: Store) -> AsyncIterator[httpx2.AsyncClient]:
    await hold(store)
    async with client(services(store), ROUTERS) as made:
        yield made


async def call(http: httpx2.AsyncClient, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
    response = await http.request(method, path, **arguments)
    assert response.status_code == status, response.text
    kind = response.headers.get("content-type", "")
    return (
        response.json()
        if response.content and kind.startswith(("application/json", "application/problem"))
        else response.text
    )


def place(words: str = QUOTE) -> dict[str, Any]:
    start = SAID.index(words)
    return {"turn_id": f"{MINE}-2", "start": start, "end": start + len(words)}


# --- search ---------------------------------------------------------------------------------------------------------------


async def test_a_hit_is_a_stretch_of_its_turn_with_places_in_it(http: httpx2.AsyncClient) -> None:
    found = await call(http, "GET", "/v1/search", params={"q": 'uber "validation data"'})
    assert found["terms"] == ["uber", "validation data"]
    assert found["total"] == 1
    (hit,) = found["hits"]
    assert hit["snippet"] == SAID[hit["start"] : hit["end"]]
    assert [hit["snippet"][each["start"] : each["end"]] for each in hit["highlights"]] == [
        "validation data",
        "\u00dcber",
    ]
    assert (hit["interview_id"], hit["seq"], hit["speaker"]) == (MINE, 2, "candidate")
    assert hit["criteria"] == [], "how sure one was can still be said"
    await call(http, "GET", f"/v1/interviews/{MINE}/review")
    (hit,) = (await call(http, "GET", "/v1/search", params={"q": "validation", "speaker": "candidate"}))["hits"]
    assert hit["criteria"] == [
        {"question_id": QUESTION, "criterion_id": "c1", "says": score_of(MINE).criteria[0].says, "state": "shown"}
    ]


async def test_pages_have_a_next_until_the_last(http: httpx2.AsyncClient) -> None:
    first = await call(http, "GET", "/v1/search", params={"limit": 1})
    assert (first["total"], len(first["hits"])) == (2, 1)
    second = await call(http, "GET", "/v1/search", params={"limit": 1, "after": first["next"]})
    assert (second["total"], second["next"]) == (2, None)
    assert {first["hits"][0]["turn_id"], second["hits"][0]["turn_id"]} == {f"{MINE}-1", f"{MINE}-2"}


@pytest.mark.parametrize("after", ["0-999999999999999999", "999999999999999999-1", "0-2147483648"])
async def test_a_page_cannot_go_on_where_none_can_have_ended(http: httpx2.AsyncClient, after: str) -> None:
    problem = await call(http, "GET", "/v1/search", 422, params={"after": after})
    assert problem["errors"][0]["at"] == "query/after"
    await call(http, "GET", "/v1/search", params={"after": "0-2147483647"})


@pytest.mark.parametrize("q", ["!!!", "😀", '"', "*"])
async def test_a_query_without_a_word_finds_nothing_and_blank_ones_ask_for_all(
    http: httpx2.AsyncClient, q: str
) -> None:
    assert (await call(http, "GET", "/v1/search", params={"q": q}))["total"] == 0
    assert (await call(http, "GET", "/v1/search", params={"q": "  "}))["total"] == 2


@pytest.mark.parametrize(
    "wrong",
    [{"q": "a" * 301}, {"after": "x"}, {"after": "-999999999999999999-1"}, {"from": "yesterday"}, {"from": "0001-01-01"},
     {"to": "9999-12-31"}, {"limit": 0}, {"state": "met"}, {"speaker": "Viva"}, {"interview_id": "a b"}],
)  # fmt: skip
async def test_filters_that_mean_nothing_are_refused(http: httpx2.AsyncClient, wrong: dict[str, str]) -> None:
    await call(http, "GET", "/v1/search", 422, params=wrong)


async def test_days_include_both_ends(http: httpx2.AsyncClient) -> None:
    said_on = (await call(http, "GET", "/v1/search", params={"q": "validation"}))["hits"][0]["said_at"][:10]
    for days, total in (({"from": said_on, "to": said_on}, 2), ({"from": "2199-12-31"}, 0), ({"to": "1970-01-01"}, 0)):
        assert (await call(http, "GET", "/v1/search", params=days))["total"] == total


# --- notes ----------------------------------------------------------------------------------------------------------------


async def test_a_note_is_written_listed_reworded_and_deleted(http: httpx2.AsyncClient) -> None:
    on_words = await call(http, "POST", NOTES, 201, json={**place(), "text": "  <b>Say</b> the gap\u202e first. "})
    assert on_words["quote"] == QUOTE
    assert on_words["text"] == "<b>Say</b> the gap first."
    on_turn = await call(http, "POST", NOTES, 201, json={"turn_id": f"{MINE}-1", "text": "A good question."})
    assert (on_turn["start"], on_turn["end"], on_turn["quote"]) == (None, None, None)
    assert await call(http, "GET", NOTES) == {"annotations": [on_turn, on_words]}
    changed = await call(http, "PATCH", f"{NOTES}/{on_words['id']}", json={"text": "Begin with the gap."})
    assert changed["text"] == "Begin with the gap."
    assert changed["updated_at"] > changed["created_at"]
    assert {**changed, "text": "", "updated_at": ""} == {**on_words, "text": "", "updated_at": ""}
    await call(http, "DELETE", f"{NOTES}/{on_turn['id']}", 204)
    assert await call(http, "GET", NOTES) == {"annotations": [changed]}
    await call(http, "DELETE", f"{NOTES}/{on_turn['id']}", 404)
    await call(http, "PATCH", f"{NOTES}/{on_turn['id']}", 404, json={"text": "Again."})


@pytest.mark.parametrize(
    "wrong",
    [{"turn_id": f"{OTHERS}-2"}, {"start": None}, {"end": None}, {"start": 5, "end": 5}, {"end": 10_000},
     {"in_code": True}, {"start": None, "end": None, "in_code": True}, {"text": " \u200b "}, {"text": "x" * 5_001}],
)  # fmt: skip
async def test_a_note_needs_words_and_a_place(http: httpx2.AsyncClient, wrong: dict[str, Any]) -> None:
    await call(http, "POST", NOTES, 422, json={**place(), "text": "A note.", **wrong})
    assert await call(http, "GET", NOTES) == {"annotations": []}


async def test_notes_are_kept_in_numbers(http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_ANNOTATIONS", 2)
    monkeypatch.setattr(kept, "MAX_OVERRIDES", 1)
    for status in (201, 201, 409):
        await call(http, "POST", NOTES, status, json={"turn_id": f"{MINE}-1", "text": "A note."})
    for status in (201, 409):
        await call(http, "POST", OVERRIDES, status, json=MISSED)


# --- judgements by persons ------------------------------------------------------------------------------------------------


async def test_a_persons_judgement_stands_beside_the_machines_and_changes_no_score(http: httpx2.AsyncClient) -> None:
    before = await call(http, "GET", f"/v1/interviews/{MINE}/review")
    made = await call(http, "POST", OVERRIDES, 201, json={**MISSED, **place(), "role": "expert", "by": " Dr.\nNobody "})
    assert (made["state"], made["machine_state"], made["machine_now"]) == ("shown", "missed", "missed")
    assert (made["quote"], made["seq"], made["by"], made["latest"]) == (QUOTE, 2, "Dr. Nobody", True)
    after = await call(http, "GET", f"/v1/interviews/{MINE}/review")
    assert after["questions"][0]["overrides"] == [made]
    assert [each["score"] for each in after["questions"]] == [each["score"] for each in before["questions"]]
    assert after["questions"][0]["score"]["criteria"][1]["state"] == "missed"


async def test_a_later_judgement_of_the_same_person_is_the_latest_and_can_be_taken_back(
    http: httpx2.AsyncClient,
) -> None:
    first = await call(http, "POST", OVERRIDES, 201, json=MISSED)
    peers = await call(http, "POST", OVERRIDES, 201, json={**MISSED, "role": "peer", "state": "partly"})
    second = await call(http, "POST", OVERRIDES, 201, json={**MISSED, "state": "contradicted"})
    listed = (await call(http, "GET", OVERRIDES))["overrides"]
    assert [(each["id"], each["latest"]) for each in listed] == [
        (first["id"], False), (peers["id"], True), (second["id"], True)
    ]  # fmt: skip
    await call(http, "DELETE", f"{OVERRIDES}/{second['id']}", 204)
    assert [each["latest"] for each in (await call(http, "GET", OVERRIDES))["overrides"]] == [True, True]
    await call(http, "DELETE", f"{OVERRIDES}/{second['id']}", 404)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [({"criterion_id": "none-such"}, 404), ({"question_id": "fundamentals/none"}, 409), ({"state": "not-assessed"}, 422),
     ({"state": "unscored"}, 422), ({"why": " "}, 422), ({"role": "machine"}, 422), ({"turn_id": f"{MINE}-2"}, 422),
     ({"turn_id": f"{MINE}-1", "start": 0, "end": 3}, 422), ({"turn_id": f"{OTHERS}-2", "start": 0, "end": 3}, 422)],
)  # fmt: skip
async def test_a_judgement_needs_a_criterion_a_reason_and_ones_own_words(
    http: httpx2.AsyncClient, wrong: dict[str, Any], status: int
) -> None:
    await call(http, "POST", OVERRIDES, status, json={**MISSED, **wrong})


async def test_labels_are_items_for_the_judge_with_their_source(http: httpx2.AsyncClient, tmp_path: Any) -> None:
    await call(http, "POST", OVERRIDES, 201, json={**MISSED, "state": "missed"})
    await call(http, "POST", OVERRIDES, 201, json={**MISSED, **place(), "state": "partly"})
    wish = {**MISSED, "criterion_id": "c1", "state": "missed", "role": "coach", "by": "C."}
    await call(http, "POST", OVERRIDES, 201, json=wish)
    text = await call(http, "GET", "/v1/labels")
    rows = [json.loads(line) for line in text.splitlines()]
    assert [(row["criterion_id"], row["label"], row["role"], row["by"]) for row in rows] == [
        ("c2", "partly", "candidate", ""), ("c1", "absent", "coach", "C.")
    ]  # fmt: skip
    assert {row["source"] for row in rows} == {"human"}
    assert {row["answer"] for row in rows} == {SAID}
    assert rows[0]["evidence"] == QUOTE
    assert await call(http, "GET", "/v1/labels", params={"interview_id": MINE}) == text
    file = tmp_path / "labels.jsonl"
    file.write_text(text, encoding="utf-8")
    items = list(read_items(file))
    assert not any(isinstance(item, BadLine) for item in items)
    assert [item.id for item in items] == [row["id"] for row in rows]


async def test_an_exam_that_is_open_shows_notes_and_nothing_of_its_scores(store: Store) -> None:
    await hold(store, an_interview(id=MINE, candidate_id=LOCAL_CANDIDATE, mode=Mode.EXAM, state=InterviewState.OPEN))
    async with client(services(store), ROUTERS) as http:
        await call(http, "POST", NOTES, 201, json={**place(), "text": "Mine."})
        found = await call(http, "GET", f"/v1/interviews/{MINE}/review")
        assert found["scores_readable"] is False
        assert [len(turn["annotations"]) for turn in found["turns"]] == [0, 1]
        assert all(not turn["evidence"] and not turn["appeals"] for turn in found["turns"])
        assert found["questions"][0]["score"] is None
        assert found["turns"][0]["move"]["criterion_id"] is None
        await call(http, "POST", OVERRIDES, 409, json=MISSED)
        await call(http, "GET", OVERRIDES, 409)
        assert await call(http, "GET", "/v1/labels") == ""


async def test_the_review_has_each_score_beside_its_words(http: httpx2.AsyncClient) -> None:
    found = await call(http, "GET", f"/v1/interviews/{MINE}/review")
    assert found["scores_readable"] is True
    (evidence,) = found["turns"][1]["evidence"]
    assert SAID[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert (evidence["criterion_id"], evidence["state"]) == ("c1", "shown")
    assert found["turns"][0]["move"]["reason"]
    assert [(each["question_id"], each["asked_in"]) for each in found["questions"]] == [(QUESTION, 1)]


async def test_what_is_anothers_is_not_there(http: httpx2.AsyncClient) -> None:
    theirs = f"/v1/interviews/{OTHERS}"
    for method, path, body in (
        ("GET", "/review", None), ("GET", "/annotations", None), ("GET", "/overrides", None),
        ("POST", "/annotations", {"turn_id": f"{OTHERS}-1", "text": "x"}), ("POST", "/overrides", MISSED),
        ("PATCH", "/annotations/a", {"text": "x"}), ("DELETE", "/annotations/a", None), ("DELETE", "/overrides/a", None),
    ):  # fmt: skip
        await call(http, method, theirs + path, 404, **({"json": body} if body else {}))
    await call(http, "GET", "/v1/labels", 404, params={"interview_id": OTHERS})
    assert (await call(http, "GET", "/v1/search", params={"interview_id": OTHERS}))["total"] == 0


async def test_scoring_again_is_asked_of_what_may_take_its_time(store: Store) -> None:
    closed = an_interview(id=MINE, candidate_id=LOCAL_CANDIDATE, state=InterviewState.CLOSED)
    await hold(store, closed, replace(closed, id="interview-3", state=InterviewState.OPEN))
    held = services(store)
    asked: list[tuple[str, bool]] = []

    async def rescore(interview_id: str, dry_run: bool) -> dict[str, Any]:
        asked.append((interview_id, dry_run))
        left = {"question_id": QUESTION, "outcome": "left", "why_left": "gone", "difference": None}
        return {"interview_id": interview_id, "error": "", "questions": [left]}

    async with client(held, ROUTERS) as http:
        await call(http, "POST", f"/v1/interviews/{MINE}/rescore", 503)
        held.rescore = rescore
        found = await call(http, "POST", f"/v1/interviews/{MINE}/rescore")
        assert found["questions"][0]["outcome"] == "left"
        await call(http, "POST", f"/v1/interviews/{MINE}/rescore", json={"dry_run": True})
        await call(http, "POST", "/v1/interviews/interview-3/rescore", 409)
    assert asked == [(MINE, False), (MINE, True)]
