"""One's own data over HTTP, on a real store: out, gone, in again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from app.api import interviews, me, remarks, resumes, shares
from app.domain.interview import InterviewState, Mode
from app.persistence.records import LOCAL_CANDIDATE
from app.persistence.unit_of_work import Store, open_store
from tests.support.builders import a_resume, an_interview
from tests.support.reviewing import client, services
from tests.support.whole_person import HIDDEN, TAIL, a_whole_person

pytest_plugins = ["tests.support.postgres", "tests.support.stores"]
pytestmark = pytest.mark.anyio

ROUTERS = (me.router, interviews.router, remarks.router, shares.mine_router, resumes.router)
GONE = "/v1/me?confirm=everything"


@pytest.fixture
async def store(store_url: str, anyio_backend: str) -> AsyncIterator[Store]:
    opened = open_store(store_url)
    yield opened
    await opened.close()


@pytest.fixture
async def http(store: Store) -> AsyncIterator[httpx2.AsyncClient]:
    await a_whole_person(store, LOCAL_CANDIDATE)
    await a_whole_person(store, "other", word="elsewise")
    async with client(services(store), ROUTERS) as made:
        yield made


async def call(http: httpx2.AsyncClient, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
    response = await http.request(method, path, **arguments)
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def test_out_gone_and_in_again_byte_for_byte(http: httpx2.AsyncClient, store: Store) -> None:
    response = await http.get("/v1/me/export")
    assert response.headers["content-disposition"] == 'attachment; filename="viva-data.json"'
    assert response.headers["cache-control"] == "no-store"
    document = response.json()
    assert (document["format"], document["version"]) == ("viva-data", 1)
    assert HIDDEN not in response.text
    counts = {name: len(rows) for name, rows in document["tables"].items()}
    told = await call(http, "GET", "/v1/me")
    assert told["stored"] == counts
    await call(http, "DELETE", GONE, 204)
    empty = await call(http, "GET", "/v1/me")
    assert set(empty["stored"].values()) == {0}
    assert (await call(http, "GET", "/v1/shares"))["shares"] == []
    assert TAIL.decode() not in (await http.get("/v1/me/export")).text
    done = await call(http, "POST", "/v1/me/import", json=document)
    assert done["added"] == counts
    assert (await http.get("/v1/me/export")).content == response.content
    restored = await call(http, "GET", f"/v1/interviews/{LOCAL_CANDIDATE}-closed")
    assert restored["restored_at"] is not None
    again = await call(http, "POST", "/v1/me/import", json=document)
    assert again == {"added": dict.fromkeys(counts, 0), "there_already": counts}


async def test_nothing_is_deleted_without_a_word_for_it(http: httpx2.AsyncClient) -> None:
    for path in ("/v1/me", "/v1/me?confirm=yes", "/v1/me?confirm="):
        await call(http, "DELETE", path, 422)
    assert (await call(http, "GET", "/v1/me"))["stored"]["interviews"] == 2


async def test_documents_of_another_kind_are_refused(http: httpx2.AsyncClient) -> None:
    for other in ({"format": "viva-data", "version": 2}, {"format": "json-resume", "version": 1}):
        problem = await call(http, "POST", "/v1/me/import", 422, json={**other, "tables": {}})
        assert problem["type"].endswith("data-version-unknown")
    problem = await call(http, "POST", "/v1/me/import", 422, json={"tables": {"turns": [{"id": 5}]}})
    assert problem["type"].endswith("data-invalid")
    assert problem["place"] == "tables.turns[0].id"
    for beyond in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00"):
        document = (await http.get("/v1/me/export")).json()
        document["tables"]["interviews"][0]["created_at"] = beyond
        problem = await call(http, "POST", "/v1/me/import", 422, json=document)
        assert problem["place"] == "tables.interviews[0].created_at"
    await call(http, "POST", "/v1/me/import", 422, json={"tables": {"turns": ["a turn"]}})
    await call(http, "POST", "/v1/me/import", 422, json={"tables": {}, "more": 1})
    raw = json.dumps({"tables": {"interviews": [{"minutes": float("nan")}]}})
    await call(http, "POST", "/v1/me/import", 422, content=raw, headers={"Content-Type": "application/json"})


async def test_interviews_are_listed_page_by_page_whenever_they_were_held(
    http: httpx2.AsyncClient, store: Store
) -> None:
    held = [datetime(year, 1, 1, tzinfo=UTC) for year in (1, 1969, 2026, 9999)]
    async with store.write() as work:
        for number, moment in enumerate(held):
            one = an_interview(id=f"held-{number}", candidate_id=LOCAL_CANDIDATE, created_at=moment, resume_id=None)
            await work.interviews.add(one)
            await work.resumes.add(a_resume(id=f"cv-{number}", candidate_id=LOCAL_CANDIDATE, created_at=moment))
        await work.commit()
    for path, name in (("/v1/interviews", "interviews"), ("/v1/resumes", "resumes")):
        whole = [each["id"] for each in (await call(http, "GET", path))[name]]
        assert len(whole) >= len(held)
        paged, after = [], ""
        while after is not None:
            page = await call(http, "GET", path, params={"limit": 2, **({"after": after} if after else {})})
            paged += [each["id"] for each in page[name]]
            after = page["next"]
        assert paged == whole
        for wrong in ("999999999999999999-a", "0-", "here", "-999999999999999999-a"):
            await call(http, "GET", path, 422, params={"after": wrong})


async def test_not_while_one_sits_an_exam(http: httpx2.AsyncClient, store: Store) -> None:
    exam = an_interview(id="exam", candidate_id=LOCAL_CANDIDATE, mode=Mode.EXAM, state=InterviewState.OPEN)
    async with store.write() as work:
        await work.interviews.add(exam)
        await work.commit()
    await call(http, "GET", "/v1/me/export", 409)
    await call(http, "POST", "/v1/me/import", 409, json={"tables": {}})
    await call(http, "DELETE", GONE, 204)
    assert set((await call(http, "GET", "/v1/me"))["stored"].values()) == {0}
