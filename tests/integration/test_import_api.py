"""A conversation from elsewhere is stored, searched and reported on like one that was held here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from app.api import imports, interviews, reports, reviews, searches, spreadsheets
from app.domain.interview import InterviewState, Mode
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import NOW, an_interview
from tests.support.material import write_corpus
from tests.support.reviewing import client, services
from tests.unit.test_transcript_judge import ASK, CAUSE, TALK, judges

pytest_plugins = ["tests.support.stores"]
pytestmark = pytest.mark.anyio

PATH = "/v1/interviews/import"
ROUTERS = (interviews.router, imports.router, reports.router, reviews.router, searches.router, spreadsheets.router)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load(write_corpus(tmp_path_factory.mktemp("corpus")))


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    async with opened.write() as work:
        await work.candidates.add(Candidate(LOCAL_CANDIDATE, NOW))
        await work.commit()
    yield opened
    await opened.close()


@pytest.fixture
async def http(store: Store, corpus: Corpus) -> AsyncIterator[httpx2.AsyncClient]:
    held = services(store, corpus)
    held.transcripts = judges(corpus)
    async with client(held, ROUTERS) as made:
        yield made


async def call(http: httpx2.AsyncClient, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
    response = await http.request(method, path, **arguments)
    assert response.status_code == status, response.text
    return response.json() if "json" in response.headers["content-type"] else response.text


async def test_it_is_a_closed_interview_with_scores_where_the_corpus_asks_the_same(http: httpx2.AsyncClient) -> None:
    wish = {"transcript": TALK, "title": "Mock with Anna", "held_at": "2026-05-03T10:00:00+02:00"}
    made = await call(http, "POST", PATH, 201, json=wish)
    interview = made["interview"]
    assert (interview["origin"], interview["state"], interview["title"]) == ("elsewhere", "closed", "Mock with Anna")
    assert interview["opened_at"] == "2026-05-03T08:00:00Z"
    assert (made["matched"], made["not_assessed"]) == (1, 2)
    assert [each["question_id"] for each in made["questions"]] == [None, "fundamentals/leakage", None]
    assert [each["seqs"] for each in made["questions"]] == [[1, 2], [3, 4, 5, 6], [7, 8]]
    base = f"/v1/interviews/{interview['id']}"
    review = await call(http, "GET", f"{base}/review")
    texts = [turn["text"] for turn in review["turns"]]
    assert [line.partition(": ")[2] for line in TALK.splitlines()] == texts
    assert review["turns"][0]["move"]["reason"].startswith("not assessed: ")
    (evidence,) = [each for turn in review["turns"] for each in turn["evidence"]]
    assert evidence["criterion_id"] == CAUSE
    assert review["turns"][3]["text"][evidence["start"] : evidence["end"]] == evidence["quote"]
    report = await call(http, "GET", f"{base}/report")
    assert report["complete"] is True
    assert [each["question_id"] for each in report["questions"]] == ["fundamentals/leakage"]
    found = await call(http, "GET", "/v1/search", params={"q": "training file", "state": "shown"})
    assert [(hit["origin"], hit["title"], hit["seq"]) for hit in found["hits"]] == [("elsewhere", "Mock with Anna", 4)]
    table = await call(http, "GET", f"{base}/report.csv")
    assert CAUSE in table


@pytest.mark.parametrize("beyond", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00"])
async def test_it_was_held_within_the_calendar(http: httpx2.AsyncClient, beyond: str) -> None:
    problem = await call(http, "POST", PATH, 422, json={"transcript": TALK, "held_at": beyond})
    assert problem["errors"][0]["at"] == "body/held_at"


async def test_it_is_listed_with_ones_own_and_can_be_deleted(http: httpx2.AsyncClient) -> None:
    made = await call(
        http, "POST", PATH, 201, json={"turns": [{"speaker": "Q", "text": ASK}, {"speaker": "A", "text": "No."}]}
    )
    listed = await call(http, "GET", "/v1/interviews")
    assert [each["id"] for each in listed["interviews"]] == [made["interview"]["id"]]


async def test_words_are_stored_without_what_cannot_be_seen(http: httpx2.AsyncClient) -> None:
    said = "Those rows\u202e sat\u200b in the\x07 training file."
    turns = [{"speaker": "candidate", "text": "\u200b"}, {"speaker": "Interviewer", "text": ASK}]
    made = await call(http, "POST", PATH, 201, json={"turns": [*turns, {"speaker": "candidate", "text": said}]})
    review = await call(http, "GET", f"/v1/interviews/{made['interview']['id']}/review")
    assert [turn["text"] for turn in review["turns"]] == [ASK, "Those rows sat in the training file."]
    (evidence,) = review["turns"][1]["evidence"]
    assert review["turns"][1]["text"][evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [({}, 422), ({"transcript": "no speaker at all"}, 422), ({"transcript": "Candidate: \u200b"}, 422),
     ({"transcript": TALK, "role": "juggler"}, 422), ({"transcript": TALK, "company": "nowhere"}, 422),
     ({"transcript": TALK, "held_at": "2026-05-03T10:00:00"}, 422), ({"transcript": TALK, "rubric": {}}, 422)],
)  # fmt: skip
async def test_what_cannot_be_read_stores_nothing(http: httpx2.AsyncClient, wish: dict[str, Any], status: int) -> None:
    await call(http, "POST", PATH, status, json=wish)
    assert (await call(http, "GET", "/v1/interviews"))["interviews"] == []


async def test_not_while_an_exam_is_open(http: httpx2.AsyncClient, store: Store) -> None:
    async with store.write() as work:
        await work.interviews.add(
            an_interview(candidate_id=LOCAL_CANDIDATE, mode=Mode.EXAM, state=InterviewState.OPEN, resume_id=None)
        )
        await work.commit()
    await call(http, "POST", PATH, 409, json={"transcript": TALK})
