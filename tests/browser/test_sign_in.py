"""A server with keys: nobody sees anything without one, and a browser's key is out of reach of scripts and of other sites."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

import httpx2
import pytest
from playwright.sync_api import expect

from app.persistence.records import Candidate
from app.persistence.unit_of_work import open_store
from tests.support.browser import Window, accessible, beside
from tests.support.serving import Talker, serving


class Shared(NamedTuple):
    viva: Talker
    keys: dict[str, str]
    address: str


async def issue(viva: Talker, name: str) -> str:
    store = open_store(viva.settings.database_url)
    now = datetime.now(UTC)
    async with store.write() as work:
        await work.candidates.add(Candidate(name, now, name))
        issued = await work.keys.create(name, key_id=f"key-{name}", now=now)
        await work.commit()
    await store.close()
    return issued.secret


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with beside(serving(tmp_path_factory.mktemp("viva"), keys=True)) as talker, ThreadPoolExecutor(1) as thread:
        keys = {name: thread.submit(asyncio.run, issue(talker, name)).result() for name in ("ada", "bob")}
        yield Shared(talker, keys, str(talker.http.base_url).rstrip("/"))


@pytest.fixture
def window(windows: Callable[..., Window], shared: Shared) -> Window:
    return windows(shared.address)


def test_signing_in_leads_back_and_out_again(window: Window, shared: Shared) -> None:
    window.expected.append("status of 401")
    page = window.page("/new?role=data-engineer")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    accessible(page, "sign-in")
    page.get_by_label("API key").fill("viva_nonsense")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not known here")
    accessible(page, "sign-in-refused")
    page.get_by_label("API key").fill(shared.keys["ada"])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{shared.address}/new?role=data-engineer")
    page.get_by_role("button", name="Begin now").click()
    page.wait_for_url("**/interviews/*")
    page.get_by_label("Your answer").fill("I build pipelines.")
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.locator("#turns .turn.interviewer")).to_have_count(2)
    (cookie,) = window.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("() => document.cookie") == ""
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert window.context.cookies() == []


def test_anothers_interview_is_not_there(window: Window, shared: Shared) -> None:
    window.expected.append("status of 404")
    shared.viva.headers = {"Authorization": f"Bearer {shared.keys['ada']}"}
    interview = shared.viva.begin()
    shared.viva.headers = {}
    page = window.page("/sign-in")
    page.get_by_label("API key").fill(shared.keys["bob"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sit the interview")).to_be_visible()
    for path in ("", "/plan"):
        answer = page.goto(f"/interviews/{interview['id']}{path}")
        assert answer is not None
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/", "/new", "/interviews/a", "/interviews/a/plan"])
def test_pages_ask_for_a_key(shared: Shared, path: str) -> None:
    with httpx2.Client(base_url=shared.address) as http:
        answer = http.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "path", ["/parts/resume/a", "/parts/plan/a", "/parts/turns/a", "/parts/problem/a", "/parts/feedback/a/b/c"]
)
def test_pieces_of_pages_need_a_key(shared: Shared, path: str) -> None:
    with httpx2.Client(base_url=shared.address) as http:
        assert http.get(path, headers={"Accept": "application/problem+json, text/html"}).status_code == 401


def test_a_cookie_alone_changes_nothing_from_elsewhere(shared: Shared) -> None:
    key = {"Cookie": f"viva_key={shared.keys['ada']}"}
    with httpx2.Client(base_url=shared.address) as http:
        assert http.get("/v1/interviews", headers=key).status_code == 200
        for more in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = http.post("/v1/interviews", json={"role": "ml-engineer"}, headers={**key, **more})
            assert answer.status_code == 403
            assert answer.json()["type"].endswith("origin-refused")
        own = {**key, "Origin": shared.address}
        assert http.post("/v1/interviews", json={"role": "ml-engineer"}, headers=own).status_code == 201


def test_one_is_never_led_to_another_site(shared: Shared) -> None:
    for bad in ("https://evil.example", "//evil.example", "/\\evil.example"):
        with httpx2.Client(base_url=shared.address) as http:
            answer = http.post("/sign-in", data={"key": shared.keys["ada"], "next": bad})
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
