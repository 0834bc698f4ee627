"""Pages by their addresses: what they name, and what a search engine is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.web import home
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


@pytest.fixture(scope="module")
def held(viva: Talker) -> str:
    """Id of a closed interview that is judged and whose marks were seen."""
    interview = str(viva.begin(rounds=["fundamentals"])["id"])
    viva.say(interview, "I split by time first.")
    viva.call("POST", f"/v1/interviews/{interview}/close")
    viva.report(interview)
    return interview


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


# --- forms ----------------------------------------------------------------------------------------------------------------


def sent(viva: Talker, path: str, status: int, **fields: Any) -> str:
    """The page that a form leads to."""
    page = viva.http.post(path, data=fields, headers={"Accept": "text/html"})
    assert page.status_code == status, page.text
    return page.text


def turns(viva: Talker, interview: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = viva.call("GET", f"/v1/interviews/{interview}/turns")["turns"]
    return found


def test_interviews_beyond_the_first_page_are_found(viva: Talker, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "SHOWN", 1)
    viva.begin(rounds=["fundamentals"], start=False)
    everything = [each["id"] for each in viva.call("GET", "/v1/interviews", params={"limit": 200})["interviews"]]
    assert held in everything
    seen, path = [], "/"
    while path:
        page = viva.http.get(path, headers={"Accept": "text/html"}).text
        seen += re.findall(r'class="cover" href="/interviews/([^"/]+)(?:/report)?"', page)
        onward = re.search(r'href="(/\?after=[^"]+)"', page)
        path = onward[1] if onward else ""
    assert seen == everything
    assert viva.http.get("/?after=nonsense", headers={"Accept": "text/html"}).status_code == 422


def test_a_resume_is_listed_and_deleted_once_one_has_said_so(viva: Talker) -> None:
    files = {"file": ("my <resume>.txt", b"Churn model\nBuilt an XGBoost model on 40,000 customers.\n", "text/plain")}
    resume = viva.call("POST", "/v1/resumes", 201, files=files)["id"]
    path = f"/data/resumes/{resume}/delete"
    page = viva.http.get("/data").text
    assert f'href="{path}"' in page
    assert "my &lt;resume&gt;.txt" in page
    before = viva.http.get(path).text
    assert "What goes" in before
    assert "What stays" in before
    assert "Nothing was deleted" in sent(viva, path, 422)
    assert [each["id"] for each in viva.call("GET", "/v1/resumes")["resumes"]] == [resume]
    sent(viva, path, 303, sure="yes")
    assert viva.call("GET", "/v1/resumes") == {"resumes": [], "next": None}
    assert "no longer on this server" in viva.http.get("/data?resume_gone=true").text
    assert viva.http.get(path, headers={"Accept": "text/html"}).status_code == 404


def test_a_file_of_ones_data_may_be_as_large_as_the_api_takes_it(viva: Talker) -> None:
    large = b'{"padding": "' + b"x" * (viva.settings.server.max_body_bytes + 1) + b'"}'
    page = viva.http.post("/data/import", files={"file": ("viva-data.json", large)}, headers={"Accept": "text/html"})
    assert page.status_code == 422, "it was read, and is no data of Viva's"
    assert "Nothing was stored." in page.text


def test_a_note_that_is_refused_is_shown_again(viva: Talker, held: str) -> None:
    answer = turns(viva, held)[1]
    long = "Say <why>. " * 500
    words = f"{answer['id']} 0-{len(answer['text'])}"
    page = sent(viva, f"/interviews/{held}/note", 422, turn=answer["id"], text=long, words=words)
    assert "Not kept." in page
    assert escape(long) in page
    assert f'value="{words}" checked' in page or f'name="words" value="{words}"' in page
    two = [words, f"{turns(viva, held)[0]['id']} 0-1"]
    page = sent(viva, f"/interviews/{held}/note", 422, turn=answer["id"], text="A thought.", words=two)
    assert "The words must be of one answer." in page
    assert "A thought." in page
    note = viva.call(
        "POST", f"/v1/interviews/{held}/annotations", 201, json={"turn_id": answer["id"], "text": "Before."}
    )
    page = sent(viva, f"/interviews/{held}/notes/{note['id']}", 422, text=long)
    assert escape(long) in page
    assert "Before." not in page


def test_a_correction_that_is_refused_is_shown_again(viva: Talker, held: str) -> None:
    (question,) = [each for each in viva.report(held)["questions"] if each["score"]]
    criterion = question["score"]["criteria"][0]["id"]
    answer = turns(viva, held)[1]
    wrote = {"state": "partly", "why": "w" * 2001, "role": "coach", "by": "Dana & Co"}
    about = {"question": question["question_id"], "criterion": criterion}
    words = f"{answer['id']} 2-7"
    page = sent(viva, f"/interviews/{held}/correct", 422, **about, **wrote, words=words)
    assert wrote["why"] in page
    assert 'value="Dana &amp; Co"' in page
    assert '<option value="coach" selected>' in page
    assert 'value="partly" required checked' in page
    assert f'name="words" value="{words}"' in page, "words that were chosen before the form was shown"


@pytest.mark.parametrize(("form", "field"), [("reflection", "was_hard"), ("thank-you", "text")])
def test_what_one_writes_on_a_report_is_shown_again_where_it_is_refused(
    viva: Talker, held: str, form: str, field: str
) -> None:
    long = "The end was <hard>. " * 300
    page = sent(viva, f"/interviews/{held}/{form}", 422, **{field: long})
    assert "Not kept." in page
    assert escape(long) in page


@pytest.mark.parametrize(
    ("form", "most"), [("note", 5_000), ("correct", 2_000), ("reflection", 4_000), ("thank-you", 4_000)]
)
def test_as_many_characters_as_a_browser_lets_one_type_are_kept(viva: Talker, held: str, form: str, most: int) -> None:
    """A browser counts a line break as one, and sends two."""
    typed = ("a line\n" * most)[: most - 1] + "."
    (question,) = [each for each in viva.report(held)["questions"] if each["score"]]
    about = {
        "turn": turns(viva, held)[1]["id"],
        "question": question["question_id"],
        "criterion": question["score"]["criteria"][0]["id"],
        "state": "partly",
    }
    field = {"note": "text", "correct": "why", "reflection": "will_do", "thank-you": "text"}[form]
    given = about if form in {"note", "correct"} else {}
    sent(viva, f"/interviews/{held}/{form}", 303, **given, **{field: typed.replace("\n", "\r\n")})


def test_a_conversation_from_elsewhere_is_listed_by_its_name(viva: Talker, held: str) -> None:
    told = "Interviewer: What is data leakage?\nCandidate: Information that is not there when it predicts."
    viva.call("POST", "/v1/interviews/import", 201, json={"transcript": told, "title": "Mock with Jo"})
    listed = viva.call("GET", "/")
    card = next(each for each in listed.split('<li class="card">') if "Mock with Jo" in each)
    assert "<h2>Mock with Jo</h2>" in card
    assert "From elsewhere" in card
    assert "Practice</span>" not in card
    assert "Report on Mock with Jo, of" in card
