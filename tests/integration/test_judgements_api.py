"""`POST /v1/judgements` on its route, with words hashed and a scorer that is told what shows what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.api import judgements, problems
from app.api.dependencies import Services
from app.domain.interview import InterviewState, Mode
from app.domain.resume import Resume
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE, Candidate
from app.persistence.unit_of_work import Store, open_store
from app.scoring.elsewhere import MAX_TURN_CHARACTERS, MAX_TURNS
from tests.support.builders import NOW, OWNER, an_interview
from tests.support.material import write_corpus
from tests.unit.test_transcript_judge import RUBRIC, TALK, judges

pytest_plugins = ["tests.support.stores"]
pytestmark = pytest.mark.anyio

PATH = "/v1/judgements"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return load(write_corpus(tmp_path_factory.mktemp("corpus")))


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


def services(store: Store, corpus: Corpus, *, api_keys: bool = False) -> Services:
    async def read_resume(data: bytes, file_name: str, media_type: str, candidate_id: str) -> Resume:
        raise AssertionError("not asked for")

    return Services(
        store=store, corpus=corpus, api_keys=api_keys, version="1", now=lambda: NOW, read_resume=read_resume
    )


def client(held: Services) -> httpx2.AsyncClient:
    app = FastAPI()
    app.include_router(judgements.router)
    problems.install(app)
    app.state.services = held
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://viva")


@pytest.fixture
async def http(store: Store, corpus: Corpus) -> AsyncIterator[httpx2.AsyncClient]:
    held = services(store, corpus)
    held.transcripts = judges(corpus)
    async with client(held) as opened:
        yield opened


async def test_a_text_and_its_turns_get_the_same_judgement(http: httpx2.AsyncClient) -> None:
    pairs = [line.split(": ", 1) for line in TALK.split("\n")]
    turns = [{"speaker": speaker, "text": text} for speaker, text in pairs]
    first = await http.post(PATH, json={"transcript": TALK})
    second = await http.post(PATH, json={"turns": turns})
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert [each["question_id"] for each in first.json()["questions"]] == [None, "fundamentals/leakage", None]
    assert first.json()["dimensions"] == []


async def test_a_rubric_gets_its_levels(http: httpx2.AsyncClient) -> None:
    rubric = RUBRIC.model_dump(mode="json")
    found = (await http.post(PATH, json={"transcript": TALK, "rubric": rubric, "seniority": "senior"})).json()
    assert [each["level"] for each in found["dimensions"]] == [2, None]
    assert found["seniority"] == "senior"


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({}, 422, "request-malformed"),
        ({"transcript": TALK, "turns": [{"speaker": "ai", "text": "Hello."}]}, 422, "request-malformed"),
        ({"transcript": TALK, "secret": 1}, 422, "request-malformed"),
        ({"transcript": TALK, "rubric": {"dimensions": []}}, 422, "request-malformed"),
        ({"turns": [{"speaker": "ai", "text": "Hello."}] * (MAX_TURNS + 1)}, 422, "request-malformed"),
        ({"transcript": "Anna: hello"}, 422, "transcript-invalid"),
        ({"turns": [{"speaker": "narrator", "text": "Hello."}]}, 422, "transcript-invalid"),
        ({"transcript": f"Candidate: {'a' * (MAX_TURN_CHARACTERS + 1)}"}, 413, "transcript-too-large"),
        ({"transcript": TALK, "role": "juggler"}, 422, "role-unknown"),
    ],
)
async def test_bad_input_is_a_problem(http: httpx2.AsyncClient, body: dict[str, Any], status: int, slug: str) -> None:
    response = await http.post(PATH, json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == problems.MEDIA_TYPE
    assert response.json()["type"].endswith(f"/{slug}")


async def test_nothing_is_judged_before_the_models_are_open(store: Store, corpus: Corpus) -> None:
    async with client(services(store, corpus)) as http:
        response = await http.post(PATH, json={"transcript": TALK})
    assert response.status_code == 503


async def test_without_a_key_nothing_is_judged_where_keys_are_on(store: Store, corpus: Corpus) -> None:
    held = services(store, corpus, api_keys=True)
    held.transcripts = judges(corpus)
    async with client(held) as http:
        response = await http.post(PATH, json={"transcript": TALK})
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("mode", "state", "status"),
    [
        (Mode.EXAM, InterviewState.OPEN, 409),
        (Mode.EXAM, InterviewState.CLOSED, 200),
        (Mode.PRACTICE, InterviewState.OPEN, 200),
    ],
)
async def test_who_sits_an_exam_sees_no_rubric(
    http: httpx2.AsyncClient, store: Store, mode: Mode, state: InterviewState, status: int
) -> None:
    closed_at = NOW if state is InterviewState.CLOSED else None
    async with store.write() as work:
        for each in (LOCAL_CANDIDATE, OWNER):
            await work.candidates.add(Candidate(each, NOW))
        await work.interviews.add(
            an_interview(candidate_id=LOCAL_CANDIDATE, mode=mode, state=state, closed_at=closed_at)
        )
        elses = an_interview(id="interview-2", candidate_id=OWNER, mode=Mode.EXAM, state=InterviewState.OPEN)
        await work.interviews.add(elses)
        await work.commit()
    response = await http.post(PATH, json={"transcript": TALK})
    assert response.status_code == status
    if status == 409:
        assert response.json()["type"].endswith("/exam-still-open")
        assert "names-the-cause" not in response.text
