"""Links and one's own data in a browser: only what was chosen is shown; all of it leaves, comes back and goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.held import hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker, serving


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    return hold(viva, seed=4)


def test_a_link_shows_what_was_chosen_until_it_is_revoked(
    window: Window, windows: Callable[..., Window], interview: str
) -> None:
    page = window.page(f"/interviews/{interview}/share")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you look")
    accessible(page, "before-sharing")
    page.get_by_role("button", name="Go on to sharing").click()
    accessible(page, "share")
    page.get_by_label("For whom").fill("Dana <coach>")
    page.get_by_role("button", name="Make a link").press("Enter")
    link = page.get_by_label("The link", exact=True).input_value()
    accessible(page, "share-made")
    visitor = windows(window.address, java_script_enabled=True)
    shown = visitor.page(link)
    expect(shown.get_by_role("heading", name="What was shown")).to_be_visible()
    expect(shown.get_by_role("heading", name="The conversation")).to_have_count(0)
    assert shown.evaluate("() => document.querySelector('meta[name=robots]').content").startswith("noindex")
    accessible(shown, "shared")
    page.goto(f"/interviews/{interview}/share")
    page.get_by_role("button", name="Revoke Dana <coach>").click()
    expect(page.locator(".card", has_text="Dana <coach>")).to_contain_text("revoked")
    visitor.expected.append("status of 404")
    response = shown.reload()
    assert response is not None
    assert response.status == 404
    expect(shown.get_by_role("heading", level=1)).to_have_text("This link shows nothing")
    accessible(shown, "shared-nothing")


def test_the_conversation_of_one_question_alone(window: Window, viva: Talker, interview: str) -> None:
    questions = [each["question_id"] for each in viva.call("GET", f"/v1/interviews/{interview}/report")["questions"]]
    assert len(questions) > 1
    page = window.page(f"/interviews/{interview}/share")
    page.get_by_label("The conversation").check()
    for other in page.locator("input[name=question]").all()[1:]:
        other.uncheck()
    page.get_by_role("button", name="Make a link").click()
    page.goto(page.get_by_label("The link", exact=True).input_value())
    expect(page.locator("article.question")).to_have_count(1)
    expect(page.get_by_text("<b>person</b>").first).to_be_visible()
    accessible(page, "shared-conversation")


def test_no_question_is_not_all_questions(window: Window, viva: Talker, interview: str) -> None:
    window.expected.append("status of 422")
    before = len(viva.call("GET", f"/v1/interviews/{interview}/shares")["shares"])
    page = window.page(f"/interviews/{interview}/share")
    for each in page.locator("input[name=question]").all():
        each.uncheck()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one question.")
    assert len(viva.call("GET", f"/v1/interviews/{interview}/shares")["shares"]) == before


def test_a_conversation_from_elsewhere_becomes_an_interview(windows: Callable[..., Window], tmp_path: Path) -> None:
    # On a server of its own: while somebody sits an exam nothing is taken in.
    with serving(tmp_path / "viva") as other:
        page = windows(str(other.http.base_url).rstrip("/")).page("/data")
        page.get_by_label("The conversation").fill(
            "Interviewer: What is data leakage?\nCandidate: Information that won't be there when it <predicts>."
        )
        page.get_by_label("Your name for it").fill("A call in May")
        page.get_by_role("button", name="Store and judge it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("A call in May")
        expect(page.get_by_text("when it <predicts>.").first).to_be_visible()
        accessible(page, "transcript-elsewhere")


def test_everything_leaves_comes_back_and_goes(windows: Callable[..., Window], tmp_path: Path, interview: str) -> None:
    with serving(tmp_path / "viva") as other:
        held = hold(other)
        window = windows(str(other.http.base_url).rstrip("/"))
        page = window.page("/data")
        accessible(page, "data")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download everything").click()
        taken = tmp_path / "viva-data.json"
        download.value.save_as(taken)
        window.expected.append("status of 422")
        confirm = page.get_by_label("Write “delete everything”")
        confirm.fill("yes")
        page.get_by_role("button", name="Delete everything").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was deleted")
        confirm.fill("Delete  everything")
        page.get_by_role("button", name="Delete everything").click()
        expect(page.get_by_role("status").filter(has_text="Everything is deleted.")).to_be_visible()
        assert other.call("GET", "/v1/interviews")["interviews"] == []
        accessible(page, "data-empty")
        page.get_by_label("The file").set_input_files(taken)
        page.get_by_role("button", name="Restore it").click()
        expect(page.get_by_role("status").filter(has_text="Restored.")).to_be_visible()
        assert [each["id"] for each in other.call("GET", "/v1/interviews")["interviews"]] == [held]
        page.get_by_label("The file").set_input_files(
            {"name": "x.json", "mimeType": "application/json", "buffer": b"{"}
        )
        page.get_by_role("button", name="Restore it").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was stored.")
        window.close()
        assert interview


def test_one_interview_is_deleted_without_a_script_once_one_has_said_so(
    windows: Callable[..., Window], viva: Talker
) -> None:
    interview = hold(viva, seed=11)
    window = windows(str(viva.http.base_url).rstrip("/"), java_script_enabled=False)
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete this interview?")
    expect(page.get_by_text("answers of yours")).to_be_visible()
    page.get_by_role("link", name="Keep it").click()
    assert viva.call("GET", f"/v1/interviews/{interview}")["id"] == interview
    page.goto("/")
    page.locator(f"a[href='/interviews/{interview}/delete']").click()
    page.get_by_role("checkbox", name="Yes, delete it for good").check()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("status").filter(has_text="Deleted.")).to_be_visible()
    viva.call("GET", f"/v1/interviews/{interview}", 404)


def test_the_page_before_a_deletion(window: Window, viva: Talker, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/delete")
    accessible(page, "delete-interview")
    window.expected.append("status of 422")
    page.locator("input[name=sure]").evaluate("box => box.removeAttribute('required')")
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was deleted")
    accessible(page, "delete-interview-unsure")
    page.goto("/")
    accessible(page, "home-delete")
    page.goto("/?deleted=true")
    accessible(page, "home-deleted")
