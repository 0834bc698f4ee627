"""What every page has: its frame, its weight, its errors, both themes."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Route, expect

from app.review.practice_desk import PracticeDesk
from app.web import home
from tests.support.browser import Window, accessible, bytes_over_the_wire, first_time
from tests.support.serving import Talker

FIRST_PAGE_BYTES = 150_000


def test_the_first_page_is_light(window: Window, viva: Talker) -> None:
    first_time(viva)
    assert bytes_over_the_wire(window, "/") < FIRST_PAGE_BYTES


def test_home_without_and_with_interviews(window: Window, viva: Talker) -> None:
    first_time(viva)
    page = window.page("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    accessible(page, "home-empty")
    viva.begin()
    page.reload()
    expect(page.get_by_role("link", name="ML engineer, mid", exact=True)).to_be_visible()
    accessible(page, "home")


def test_a_finished_interview_leads_to_its_report_and_older_ones_stand_on_pages(
    window: Window, viva: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_time(viva)
    viva.begin()
    finished = viva.begin()["id"]
    viva.call("POST", f"/v1/interviews/{finished}/close")
    monkeypatch.setattr(home, "SHOWN", 1)
    page = window.page("/")
    expect(page.locator(".card .cover")).to_have_attribute("href", f"/interviews/{finished}/report")
    page.get_by_role("link", name="Older interviews").click()
    expect(page.get_by_role("link", name="The newest")).to_be_visible()
    expect(page.locator(".card .cover")).not_to_have_attribute("href", re.compile("report"))
    accessible(page, "home-older")


def test_a_resume_is_deleted_once_one_has_said_so(window: Window, viva: Talker) -> None:
    made = viva.call(
        "POST", "/v1/resumes", 201, files={"file": ("ada.md", b"# Ada\n\n## Projects\n\n### Churn\n- Cut it.")}
    )
    page = window.page("/data")
    page.get_by_role("link", name="Delete ada.md").first.click()
    expect(page).to_have_url(f"{window.address}/data/resumes/{made['id']}/delete")
    accessible(page, "delete-resume")
    page.get_by_label("Yes, delete it for good").check()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status").filter(has_text="Deleted.")).to_be_visible()
    accessible(page, "data-resume-gone")
    viva.call("GET", f"/v1/resumes/{made['id']}", 404)


@pytest.mark.parametrize(("path", "status"), [("/nothing/here", 404), ("/interviews/of-nobody", 404)])
def test_what_is_not_there_is_a_page_with_a_way_on(window: Window, path: str, status: int) -> None:
    window.expected.append(f"status of {status}")
    page = window.page()
    response = page.goto(path)
    assert response is not None
    assert response.status == status
    accessible(page, "not-found")
    page.get_by_role("link", name="To your interviews").click()
    expect(page).to_have_url(f"{window.address}/")


def test_an_unexpected_error_is_a_page_that_tells_nothing_of_the_inside(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(PracticeDesk, "progress", breaks)
    window.expected.append("status of 500")
    page = window.page()
    response = page.goto("/practice/progress")
    assert response is not None
    assert response.status == 500
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("What you sent before is stored").first).to_be_visible()
    expect(page.locator("code")).to_have_text(re.compile(r"^urn:uuid:[0-9a-f-]{32,36}$"))
    assert not re.search("secret|RuntimeError|Traceback|breaks", page.content())
    accessible(page, "error-500")
    page.get_by_role("link", name="To your interviews").click()
    expect(page).to_have_url(f"{window.address}/")


def test_privacy_says_that_nothing_leaves(window: Window) -> None:
    page = window.page("/")
    page.get_by_role("contentinfo").get_by_role("link", name="More").click()
    expect(page.get_by_text("Nothing.", exact=False).first).to_be_visible()
    accessible(page, "privacy")


def test_the_theme_is_kept(window: Window) -> None:
    page = window.page("/")
    page.get_by_role("button", name="Use dark colours").click()
    page.reload()
    assert page.evaluate("() => getComputedStyle(document.body).colorScheme") == "dark"
    expect(page.get_by_role("button", name="Use light colours")).to_be_visible()


def test_without_a_connection_the_page_says_so(window: Window) -> None:
    # A picture that the page still loads may be lost with the connection.
    window.expected.append("ERR_INTERNET_DISCONNECTED")
    page = window.page("/")
    window.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    window.context.set_offline(False)
    expect(page.get_by_text("No connection to the server")).to_be_hidden()


def test_the_reference_of_the_api(window: Window) -> None:
    page = window.page("/docs")
    expect(page.get_by_role("heading", level=1)).to_have_text("The API")
    page.locator("#readReport > summary").click()
    expect(page.locator("#readReport").get_by_text("in the path").first).to_be_visible()
    accessible(page, "reference", whole=False)
    page.locator("#readReport").get_by_role("link", name="ReportOut").first.click()
    expect(page.locator("#schema-ReportOut")).to_be_visible()


def test_what_has_nothing_in_it_yet(window: Window, viva: Talker) -> None:
    first_time(viva)
    page = window.page("/practice")
    expect(page.get_by_role("heading", name="Nothing to practise")).to_be_visible()
    accessible(page, "practice-empty")
    page.goto("/practice/progress")
    accessible(page, "progress-empty")
    page.goto("/search?q=nobody-said-this")
    expect(page.get_by_role("heading", name="Nobody said that")).to_be_visible()
    accessible(page, "search-nothing")


def test_a_page_that_has_lost_its_server(window: Window) -> None:
    window.expected.append("ERR_INTERNET_DISCONNECTED")
    page = window.page("/search")
    page.evaluate("() => document.fonts.ready")
    window.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="No connection")).to_be_visible()
    accessible(page, "offline")
    window.context.set_offline(False)


def test_a_form_that_takes_its_time_says_so_and_is_sent_once(window: Window) -> None:
    window.expected.append("status of 422")
    page = window.page("/data")
    sent: list[str] = []

    def late(route: Route) -> None:
        sent.append(route.request.method)
        time.sleep(9)
        route.continue_()

    page.route("**/data/conversation", late)
    page.get_by_label("The conversation").fill("Nothing that anybody said")
    # What it says until the next page is there is kept for that page to tell.
    page.evaluate(
        """() => {
            const working = document.getElementById('working');
            const note = () => sessionStorage.setItem('said', `${sessionStorage.getItem('said') ?? ''}|${working.textContent}`);
            new MutationObserver(note).observe(working, {childList: true});
            const form = document.querySelector('#conversation form');
            form.requestSubmit();
            form.requestSubmit();
        }"""
    )
    expect(page.get_by_role("alert")).to_contain_text("It could not be read.")
    reading = "Reading the conversation and finding the questions in it. A long one takes a while."
    said = page.evaluate("() => sessionStorage.getItem('said')").strip("|").split("|")
    assert said == [reading, f"{reading} Still working; nothing is lost."]
    assert sent == ["POST"]
    expect(page.locator("#working")).to_be_empty()
    page.evaluate("words => { document.getElementById('working').textContent = words; }", reading)
    accessible(page, "working", whole=False)


def test_what_cannot_be_read_is_a_page_that_says_why(window: Window) -> None:
    window.expected.append("status of 422")
    page = window.page()
    response = page.goto("/practice/progress?by=weather")
    assert response is not None
    assert response.status == 422
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    expect(page.get_by_text("query/by")).to_be_hidden()
    accessible(page, "error-422")
