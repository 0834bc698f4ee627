"""Appeals and the history of scores over HTTP: the routes on a real store, with a scorer that is told what shows what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI

from app.api import appeals, problems, reports
from app.api.dependencies import Services
from app.domain.interview import Interview, InterviewState, Mode
from app.domain.resume import Resume
from app.domain.transcript import MoveKind
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store, open_store
from app.scoring.assess import assess
from app.scoring.court import AppealCourt
from app.scoring.criterion_model import CompactScorer
from tests.support.builders import NOW, OWNER, a_move, a_turn, an_interview, an_interviewers_turn
from tests.support.material import write_corpus
from tests.support.scorers import WordScorer, overlooks_all

pytest_plugins = ["tests.support.stores"]
pytestmark = pytest.mark.anyio

QUESTION = "fundamentals/leakage"
CAUSE = "names-the-cause"
SAID = "It looks suspicious. Those rows sat in the training file as well."
HISTORY = f"/v1/interviews/interview-1/questions/{QUESTION}/scores"
APPEALS = "/v1/interviews/interview-1/appeals"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load(write_corpus(tmp_path_factory.mktemp("corpus")))


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def http(store: Store, corpus: Corpus) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the routes, on which an interview was held whose scorer saw nothing."""

    async def read_resume(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        raise AssertionError("not asked for")

    moments, ids = count(1), count(1)
    held = Services(store=store, corpus=corpus, api_keys=False, version="1", now=lambda: NOW, read_resume=read_resume)
    held.court = AppealCourt(
        store=store,
        corpus=corpus,
        compact=cast(CompactScorer, WordScorer(corpus, {CAUSE: ("sat in the training",)})),
        alone=overlooks_all,
        judge=None,
        now=lambda: NOW + timedelta(seconds=next(moments)),
        new_id=lambda: f"appeal-{next(ids)}",
    )
    app = FastAPI()
    for module in (reports, appeals):
        app.include_router(module.router)
    problems.install(app)
    app.state.services = held
    async with store.write() as work:
        for candidate_id in (LOCAL_CANDIDATE, OWNER):
            await work.candidates.add(Candidate(candidate_id, NOW))
        await work.commit()
    closed = an_interview(candidate_id=LOCAL_CANDIDATE, state=InterviewState.CLOSED, closed_at=NOW)
    await held_with_a_score(store, corpus, closed)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://viva") as client:
        yield client


async def held_with_a_score(store: Store, corpus: Corpus, interview: Interview) -> None:
    move = a_move(kind=MoveKind.OPEN, question_id=QUESTION, criterion_id="")
    place = {"interview_id": interview.id, "question_id": QUESTION}
    asked = an_interviewers_turn(id=f"{interview.id}-1", seq=1, marks=(), move=move, **place)
    answered = a_turn(id=f"{interview.id}-2", seq=2, text=SAID, **place)
    blind = cast(CompactScorer, WordScorer(corpus, {}))
    score = await assess(
        interview, [asked, answered], QUESTION, corpus=corpus, compact=blind, judge=None, now=lambda: NOW
    )
    async with store.write() as work:
        await work.interviews.add(interview)
        await work.turns.append(asked)
        await work.turns.append(answered)
        await work.scores.add(interview.id, score)
        await work.commit()


def wish(words: str = "Those rows sat in the training file", **changes: object) -> dict[str, Any]:
    start = SAID.index(words)
    place = {"turn_id": "interview-1-2", "start": start, "end": start + len(words)}
    return {"question_id": QUESTION, "criterion_id": CAUSE, **place, **changes}


async def ok(http: httpx2.AsyncClient, path: str, **arguments: Any) -> Any:
    response = await http.get(path, **arguments)
    assert response.status_code == 200, response.text
    return response.json()


async def test_an_upheld_appeal_shows_in_history_report_and_list(http: httpx2.AsyncClient) -> None:
    before = await ok(http, HISTORY)
    assert [each["difference"] for each in before["scores"]] == [None]
    answered = await http.post(APPEALS, json=wish())
    assert answered.status_code == 200
    appeal = answered.json()
    assert (appeal["outcome"], appeal["quote"], appeal["state_before"]) == (
        "upheld",
        "Those rows sat in the training file",
        "missed",
    )
    assert [each["judge"] for each in appeal["judges"]] == ["compact"]
    history = (await ok(http, HISTORY))["scores"]
    assert history[0]["score"] == before["scores"][0]["score"]
    assert history[0]["superseded_at"] == history[1]["score"]["created_at"]
    assert history[1]["superseded_at"] is None
    (change,) = history[1]["difference"]["changed"]
    assert (change["before"], change["after"], change["on_appeal"]) == ("missed", "shown", True)
    assert history[1]["difference"]["empty"] is False
    listed = await ok(http, APPEALS)
    assert (listed["appeals"], listed["left"]) == ([appeal], 19)
    report = await ok(http, "/v1/interviews/interview-1/report")
    (criterion,) = report["questions"][0]["score"]["criteria"]
    assert (criterion["state"], criterion["appeal_id"]) == ("shown", appeal["id"])
    markdown = await http.get("/v1/interviews/interview-1/report", params={"format": "md"})
    assert "**shown**, when asked for it, credited on appeal (must)" in markdown.text


async def test_a_rejected_appeal_changes_nothing_but_the_list(http: httpx2.AsyncClient) -> None:
    first = await http.post(APPEALS, json=wish("It looks suspicious"))
    again = await http.post(APPEALS, json=wish("It looks suspicious"))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["outcome"] == "rejected"
    assert len((await ok(http, HISTORY))["scores"]) == 1
    assert (await ok(http, APPEALS))["left"] == 19


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"criterion_id": "alchemy"}, 404, "criterion-unknown"),
        ({"question_id": "fundamentals/never-asked"}, 409, "score-not-yet"),
        ({"turn_id": "interview-1-1"}, 422, "appeal-invalid"),
        ({"start": 5, "end": 5}, 422, "appeal-invalid"),
        ({"end": 10_000}, 422, "appeal-invalid"),
        ({"start": -1}, 422, "request-malformed"),
        ({"question_id": "no slash"}, 422, "request-malformed"),
        ({"verdict": "shown"}, 422, "request-malformed"),
    ],
)
async def test_refusals_are_problems(http: httpx2.AsyncClient, changes: dict[str, Any], status: int, slug: str) -> None:
    refused = await http.post(APPEALS, json=wish(**changes))
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (status, slug)
    assert refused.headers["content-type"] == problems.MEDIA_TYPE


async def test_what_is_credited_needs_no_appeal(http: httpx2.AsyncClient) -> None:
    await http.post(APPEALS, json=wish())
    refused = await http.post(APPEALS, json=wish("sat in the training file"))
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/appeal-not-needed")


async def test_an_exam_tells_nothing_before_it_is_closed(
    http: httpx2.AsyncClient, store: Store, corpus: Corpus
) -> None:
    exam = an_interview(id="exam-1", candidate_id=LOCAL_CANDIDATE, mode=Mode.EXAM)
    await held_with_a_score(store, corpus, exam)
    place = "/v1/interviews/exam-1"
    asked = [
        await http.get(f"{place}/questions/{QUESTION}/scores"),
        await http.get(f"{place}/appeals"),
        await http.post(f"{place}/appeals", json=wish(turn_id="exam-1-2")),
    ]
    assert [each.status_code for each in asked] == [409, 409, 409]
    assert all(each.json()["type"].endswith("/report-not-yet") for each in asked)


async def test_what_is_anothers_is_not_there(http: httpx2.AsyncClient, store: Store, corpus: Corpus) -> None:
    theirs = an_interview(id="theirs-1", candidate_id=OWNER, state=InterviewState.CLOSED, closed_at=NOW)
    await held_with_a_score(store, corpus, theirs)
    place = "/v1/interviews/theirs-1"
    asked = [
        await http.get(f"{place}/questions/{QUESTION}/scores"),
        await http.get(f"{place}/appeals"),
        await http.post(f"{place}/appeals", json=wish(turn_id="theirs-1-2")),
    ]
    assert [each.status_code for each in asked] == [404, 404, 404]


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("fundamentals%2Fleakage", 200),
        ("fundamentals/never-asked", 200),
        ("a/b/c", 404),
        ("plain", 404),
        ("%2e%2e/x", 422),
    ],
)
async def test_a_question_id_keeps_its_slash(http: httpx2.AsyncClient, question: str, status: int) -> None:
    response = await http.get(f"/v1/interviews/interview-1/questions/{question}/scores")
    assert response.status_code == status, response.text
    if status == 200:
        assert len(response.json()["scores"]) == (1 if "leakage" in question else 0)


async def test_without_models_no_appeal_is_heard_yet(http: httpx2.AsyncClient) -> None:
    transport = cast(httpx2.ASGITransport, http._transport)
    services: Services = cast(FastAPI, transport.app).state.services
    services.court = None
    services.not_ready = ("opening the models",)
    refused = await http.post(APPEALS, json=wish())
    assert refused.status_code == 503
    assert "opening the models" in refused.json()["detail"]
    assert (await http.get(APPEALS)).status_code == 200
