"""The report in a browser: how sure one was, then every number with the words that it stands on."""

from __future__ import annotations

import contextlib
import re
import sqlite3

import pytest
from playwright.sync_api import expect

from tests.browser.held import SAID, hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    return hold(viva)


def test_how_sure_is_asked_before_anything_is_shown(window: Window, viva: Talker) -> None:
    interview = hold(viva, seed=8)
    page = window.page(f"/interviews/{interview}/report")
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you look")
    assert "Shown" not in page.locator("main").inner_text()
    accessible(page, "before-report")
    page.get_by_role("radio", name="Likely 70 %").first.check()
    page.get_by_role("button", name="Show the report").click()
    expect(page.get_by_role("link", name="70 % sure").first).to_be_visible()
    page.goto(f"/interviews/{interview}/report")
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()


def test_it_can_be_skipped(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/report")
    page.get_by_role("link", name="Skip this").click()
    expect(page.get_by_role("heading", name="What was shown")).to_be_visible()
    expect(page.get_by_text("You did not say it this time.")).to_be_visible()
    page.reload()
    accessible(page, "report")


def test_every_number_leads_to_its_words(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    numbers = page.locator("main a.num")
    assert numbers.count() > 10
    for place in numbers.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
        assert re.fullmatch(rf"/interviews/{interview}/transcript\?words=[\dc.,-]+#w1", place)


@pytest.mark.parametrize("width", [1200, 380])
def test_the_list_of_its_parts_stays_in_view_and_marks_the_one_that_is_read(
    window: Window, interview: str, width: int
) -> None:
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    page.set_viewport_size({"width": width, "height": 800})
    parts = page.get_by_role("navigation", name="In this report")
    for name in ("Questions", "Delivery", "Levels"):
        parts.get_by_role("link", name=name).click()
        expect(parts.locator("[aria-current]")).to_have_text(name)
        expect(parts).to_be_in_viewport(ratio=0.99)
        heading = page.locator(f"section[id={name.lower()}] h2").first
        expect(heading).to_be_in_viewport(ratio=0.99)
        below, above = heading.bounding_box(), parts.bounding_box()
        assert below is not None
        assert above is not None
        assert below["y"] >= above["y"] + above["height"]
    parts.get_by_role("link", name="Delivery").click()
    expect(parts.locator("[aria-current]")).to_have_text("Delivery")
    before = page.evaluate("scrollY")
    parts.get_by_role("link", name="Levels").focus()
    expect(parts.get_by_role("link", name="Levels")).to_be_in_viewport(ratio=0.99)
    assert page.evaluate("scrollY") == before


def test_a_reflection_and_a_note_are_kept_without_a_script(windows: object, viva: Talker, interview: str) -> None:
    window = windows(str(viva.http.base_url).rstrip("/"), java_script_enabled=False)  # type: ignore[operator]
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    page.get_by_label("What you will do").fill("Name the <limit> first.")
    page.get_by_role("button", name="Keep it").first.click()
    expect(page.get_by_label("What you will do")).to_have_value("Name the <limit> first.")
    note = page.locator("#note")
    draft = note.input_value()
    note.fill("Thank you, Viva.")
    page.get_by_role("button", name="Keep it").last.click()
    expect(page.locator("#note")).to_have_value("Thank you, Viva.")
    page.get_by_role("button", name="Back to the draft").click()
    expect(page.locator("#note")).to_have_value(draft)


def test_a_persons_mark_stands_beside_the_machines(window: Window, viva: Talker, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    page.get_by_role("link", name="I see it otherwise").first.click()
    said = page.locator(".point").inner_text()
    page.get_by_role("radio", name="Contradicted").check(force=True)
    page.get_by_label("Why").fill("It was <said> wrongly.")
    page.get_by_label("Who says so").select_option("expert")
    page.get_by_label("Name").fill("Ines")
    page.get_by_role("button", name="Keep it").click()
    page.goto(f"/interviews/{interview}/report?reveal=true")
    criterion = page.locator(".criterion", has_text="It was <said> wrongly.")
    expect(criterion.locator(".by-person")).to_contain_text("Ines, an expert")
    assert criterion.locator("> .says").inner_text().split()[-1] in said
    expect(page.get_by_text("rests on the machine’s marks")).to_have_count(1)
    expect(page.get_by_role("link", name="Persons judged 1 criterion")).to_be_visible()
    accessible(page, "report-by-persons")
    for each in viva.call("GET", f"/v1/interviews/{interview}/overrides")["overrides"]:
        viva.call("DELETE", f"/v1/interviews/{interview}/overrides/{each['id']}", 204)


def test_what_was_said_is_text(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    assert page.locator("main b", has_text="person").count() == 0
    assert SAID.startswith("Um")
    expect(page.get_by_role("link", name="“um”").first).to_be_visible()


def test_downloads(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    page.get_by_text("Download").click()
    for name in ("PDF, to print", "HTML, one file", "Markdown", "JSON, all of it"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.path().stat().st_size > 500


def test_an_open_exam_shows_nothing_yet(window: Window, viva: Talker) -> None:
    exam = viva.begin(mode="exam", minutes=15)["id"]
    page = window.page(f"/interviews/{exam}/report")
    expect(page.get_by_role("heading", level=1)).to_have_text("The report comes after the interview")
    accessible(page, "report-not-yet")
    viva.call("POST", f"/v1/interviews/{exam}/close")


def test_what_is_still_being_judged_says_so(window: Window, viva: Talker) -> None:
    interview = hold(viva, seed=12)
    file = viva.settings.database_url.removeprefix("sqlite:///")
    # As a judge leaves it that is at work: nobody else takes the work over before its lease is over.
    with contextlib.closing(sqlite3.connect(file, timeout=20)) as database, database:
        moment = database.execute("SELECT created_at FROM assessments WHERE interview_id = ?", (interview,)).fetchone()[
            0
        ]
        later = str(moment).replace("2026", "2099", 1) if isinstance(moment, str) else moment + 10**15
        changed = database.execute(
            "UPDATE assessments SET state = 'running', lease_owner = 'another', leased_until = ? WHERE interview_id = ?",
            (later, interview),
        )
        assert changed.rowcount
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are being judged")
    accessible(page, "report-waits")
    page.get_by_role("link", name="Show what is there").click()
    expect(page.get_by_text("Not all of it is judged yet:")).to_be_visible()
    viva.call("DELETE", f"/v1/interviews/{interview}", 204)
