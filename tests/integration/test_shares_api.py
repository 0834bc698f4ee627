"""Links over HTTP, on a real store: made, read without a key, listed, revoked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from app.api import interviews, shares
from app.api.dependencies import Services
from app.domain.interview import InterviewState
from app.material.corpus import Corpus
from app.material.load import load
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.repositories import shares as kept
from app.persistence.tables import metadata
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import NOW, QUESTION, an_interview
from tests.support.reviewing import MINE, OTHERS, SAID, client, hold, services

pytest_plugins = ["tests.support.stores"]
pytestmark = pytest.mark.anyio

ROUTERS = (shares.router, shares.mine_router, shares.open_router, interviews.router)
SHARES = f"/v1/interviews/{MINE}/shares"
BOTH = {"transcript": True, "report": True}


@pytest.fixture
async def store(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(Path("corpus"))


@pytest.fixture
def held(store: Store, corpus: Corpus) -> Services:
    # Whoever looks at a link has no key.
    return services(store, corpus)


@pytest.fixture
async def http(store: Store, held: Services) -> AsyncIterator[httpx2.AsyncClient]:
    await hold(store)
    async with client(held, ROUTERS) as made:
        yield made


async def call(http: httpx2.AsyncClient, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
    response = await http.request(method, path, **arguments)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def test_a_link_shows_what_was_chosen_to_whoever_has_it(http: httpx2.AsyncClient, held: Services) -> None:
    made = await call(http, "POST", SHARES, 201, json={**BOTH, "label": "for Anna"})
    assert made["open"] is True
    held.api_keys = True
    response = await http.get(f"/v1/shared/{made['token']}")
    assert response.status_code == 200
    assert response.headers["x-robots-tag"].startswith("noindex")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    seen = response.json()
    assert set(seen) == {"role", "seniority", "company", "held_at", "transcript", "report"}
    assert [turn["text"] for turn in seen["transcript"] if turn["speaker"] == "candidate"] == [SAID]
    (question,) = seen["report"]["questions"]
    assert [criterion["state"] for criterion in question["criteria"]] == ["shown", "missed"]
    for secret in (MINE, LOCAL_CANDIDATE, "for Anna", made["id"], "reason"):
        assert secret not in response.text


async def test_parts_that_were_not_chosen_are_null(http: httpx2.AsyncClient) -> None:
    made = await call(http, "POST", SHARES, 201, json={"report": True, "questions": [QUESTION]})
    seen = await call(http, "GET", f"/v1/shared/{made['token']}")
    assert seen["transcript"] is None
    assert len(seen["report"]["questions"]) == 1


async def test_to_share_marks_is_to_have_seen_them_and_whose_look_it_is_does_not_count(
    http: httpx2.AsyncClient, store: Store
) -> None:
    async def said(percent: int) -> bool:
        async with store.write() as work:
            in_time = await work.confidences.say(MINE, QUESTION, percent=percent, now=NOW)
            await work.commit()
            return in_time

    talk = await call(http, "POST", SHARES, 201, json={"transcript": True})
    await call(http, "GET", f"/v1/shared/{talk['token']}")
    assert await said(70)
    await call(http, "POST", SHARES, 201, json={"report": True, "questions": [QUESTION]})
    assert not await said(10)


async def test_a_token_that_is_wrong_expired_revoked_or_of_something_deleted_is_the_same_404(
    http: httpx2.AsyncClient, held: Services, store: Store
) -> None:
    revoked = await call(http, "POST", SHARES, 201, json=BOTH)
    soon = (NOW + timedelta(days=1)).isoformat()
    expiring = await call(http, "POST", SHARES, 201, json={**BOTH, "expires_at": soon})
    deleted = await call(http, "POST", SHARES, 201, json=BOTH)
    for each in (revoked, expiring, deleted):
        await call(http, "GET", f"/v1/shared/{each['token']}")
    await call(http, "DELETE", f"{SHARES}/{revoked['id']}", 204)
    await call(http, "DELETE", f"{SHARES}/{revoked['id']}", 204)
    held.now = lambda: NOW + timedelta(days=2)
    refused = [await call(http, "GET", f"/v1/shared/{each['token']}", 404) for each in (revoked, expiring)]
    listed = (await call(http, "GET", SHARES))["shares"]
    assert {each["id"]: each["open"] for each in listed} == {
        revoked["id"]: False, expiring["id"]: False, deleted["id"]: True
    }  # fmt: skip
    async with store.write() as work:
        await work.interviews.delete(MINE, candidate_id=LOCAL_CANDIDATE)
        await work.commit()
    for token in (deleted["token"], "wrong", "a" * 43, "%00", "\u00e9", "x" * 2_000):
        refused.append(await call(http, "GET", f"/v1/shared/{token}", 404))
    assert len({str({**each, "instance": ""}) for each in refused}) == 1


async def test_the_token_is_stored_as_a_hash_alone_and_never_listed(http: httpx2.AsyncClient, store: Store) -> None:
    made = await call(http, "POST", SHARES, 201, json=BOTH)
    token = made["token"]
    assert len(token) >= 43
    async with store.read() as work:
        rows = (await work.shares._connection.execute(select(metadata.tables["shares"]))).mappings().all()
    assert [row["token_hash"] for row in rows] == [sha256(token.encode()).hexdigest()]
    assert token not in str(rows)
    for path in (SHARES, "/v1/shares"):
        assert token not in str(await call(http, "GET", path))


async def test_looking_is_noted_for_the_owner(http: httpx2.AsyncClient) -> None:
    made = await call(http, "POST", SHARES, 201, json=BOTH)
    assert made["last_read_at"] is None
    await call(http, "GET", f"/v1/shared/{made['token']}")
    first = (await call(http, "GET", "/v1/shares"))["shares"][0]["last_read_at"]
    assert first is not None
    await call(http, "GET", f"/v1/shared/{made['token']}")
    assert (await call(http, "GET", "/v1/shares"))["shares"][0]["last_read_at"] == first, "within the minute"


@pytest.mark.parametrize(
    ("wish", "status"),
    [({}, 422), ({"label": "nothing"}, 422), ({**BOTH, "questions": []}, 422), ({**BOTH, "questions": ["a/b"]}, 404),
     ({**BOTH, "expires_at": "2026-01-01T00:00:00"}, 422), ({**BOTH, "resume": True}, 422), ({**BOTH, "label": "x" * 201}, 422),
     ({**BOTH, "expires_at": "9999-12-31T23:59:59-05:00"}, 422), ({**BOTH, "expires_at": "0001-01-01T00:00:00+14:00"}, 422)],
)  # fmt: skip
async def test_a_link_needs_something_to_show(http: httpx2.AsyncClient, wish: dict[str, Any], status: int) -> None:
    await call(http, "POST", SHARES, status, json=wish)


async def test_only_ones_own_closed_interviews_are_shown_and_only_so_often(
    http: httpx2.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hold(store, an_interview(id="interview-3", candidate_id=LOCAL_CANDIDATE, state=InterviewState.OPEN))
    await call(http, "POST", "/v1/interviews/interview-3/shares", 409, json=BOTH)
    theirs = f"/v1/interviews/{OTHERS}/shares"
    await call(http, "POST", theirs, 404, json=BOTH)
    await call(http, "GET", theirs, 404)
    await call(http, "DELETE", f"{theirs}/any", 404)
    await call(http, "DELETE", f"{SHARES}/any", 404)
    monkeypatch.setattr(kept, "MAX_SHARES", 1)
    await call(http, "POST", SHARES, 201, json=BOTH)
    await call(http, "POST", SHARES, 409, json=BOTH)
