"""Pages by their addresses: what they name, and what a search engine is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tests.support.serving import Talker, serving

LOADED = {"src", "href", "action", "srcset", "data", "poster", "formaction"}
HELD = (
    "",
    "/transcript",
    "/report",
    "/report?reveal=true",
    "/share",
    "/rescore",
    "/delete",
    "/note",
    "/appeal",
    "/correct",
)
PAGES = ("/", "/new", "/practice", "/practice/progress", "/practice/plan", "/search", "/search?q=nothing", "/data", "/privacy",
         "/docs", "/sign-in", "/nothing/here", "/shared/nothing")  # fmt: skip


@pytest.fixture(scope="module")
def viva(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talker]:
    with serving(tmp_path_factory.mktemp("pages")) as talker:
        yield talker


class Addresses(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in LOADED and value]


def elsewhere(html: str) -> list[str]:
    """Addresses in a page that have a host."""
    read = Addresses()
    read.feed(html)
    assert read.found
    return [each for each in read.found if urlsplit(each).netloc]


def test_no_page_names_another_host(viva: Talker) -> None:
    interview = viva.begin(rounds=["fundamentals"])["id"]
    viva.say(interview, "I split by time first.")
    viva.call("POST", f"/v1/interviews/{interview}/close")
    viva.report(interview)
    for path in (*PAGES, *(f"/interviews/{interview}{each}" for each in HELD)):
        page = viva.http.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        assert page.headers["content-type"].startswith("text/html"), path
        assert elsewhere(page.text) == [], path
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "http" not in policy, path


def test_a_page_that_did_would_be_found() -> None:
    assert elsewhere('<link href="/a.css"><script src="https://cdn.example/x.js"></script>') == [
        "https://cdn.example/x.js"
    ]
    assert elsewhere('<img src="//evil.example/x.png">') == ["//evil.example/x.png"]


def test_the_reference_has_every_operation_and_every_link_leads_somewhere(viva: Talker) -> None:
    document = viva.call("GET", "/openapi.json")
    page = viva.http.get("/docs").text
    ids = set(re.findall(r' id="([^"]+)"', page))
    for path, item in document["paths"].items():
        assert f"<code>{path}</code>" in page
        assert {operation["operationId"] for operation in item.values()} <= ids
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= ids
    assert {each[1:] for each in re.findall(r'href="(#[^"]+)"', page)} <= ids
    assert viva.http.get("/redoc").headers["location"] == "/docs"


def test_robots_are_kept_out(viva: Talker) -> None:
    assert viva.call("GET", "/robots.txt") == "User-agent: *\nDisallow: /\n"
