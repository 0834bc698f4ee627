"""From the upload to the drill with nothing but a keyboard: whatever is needed on the way is reached by Tab."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_set_up import RESUME
from tests.support.browser import Window, first_time
from tests.support.serving import Talker

MOST_TABS = 150
# Nothing that any question asks for, in words that none of them uses (the embedder of these tests compares words): there has
# to be something to appeal against and to practise.
SAID = "Umbrellas, apples, yellow gloves, seven sandwiches, muddy boots: packed everything, locked both doors."


def tab_to(page: Page, what: Locator) -> Locator:
    """Presses Tab until it has the focus, and it must be seen to have it."""
    target = what.first
    expect(target).to_be_attached()
    for _ in range(MOST_TABS):
        if target.evaluate("it => it === document.activeElement"):
            return target
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {MOST_TABS} tabs: {what}")


def press(page: Page, what: Locator, key: str = "Enter") -> None:
    tab_to(page, what)
    page.keyboard.press(key)


def test_from_the_upload_to_the_drill_by_keyboard_alone(window: Window, viva: Talker, tmp_path: Path) -> None:
    first_time(viva)
    resume = tmp_path / "ada.md"
    resume.write_text(RESUME)
    page = window.page("/")

    with page.expect_file_chooser() as chooser:
        press(page, page.get_by_label("Resume"))
    chooser.value.set_files(resume)
    expect(page.get_by_text("2 projects and positions found")).to_be_visible()
    press(page, page.get_by_role("button", name="Begin now"))
    page.wait_for_url("**/interviews/*", timeout=60_000)

    expect(page.locator("#turns .turn.interviewer")).to_have_count(1, timeout=60_000)
    for number in (2, 3):
        tab_to(page, page.get_by_label("Your answer"))
        page.keyboard.type(SAID)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#turns .turn.interviewer")).to_have_count(number, timeout=60_000)
    interview = page.url.rsplit("/", 1)[1]
    press(page, page.get_by_role("button", name="End", exact=True))
    press(page, page.get_by_role("button", name="End it"))
    expect(page.get_by_role("link", name="Read the report")).to_be_focused()
    press(page, page.get_by_role("link", name="Read the report"))

    press(page, page.get_by_role("radio"), "ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Likely 70 %").first).to_be_checked()
    press(page, page.get_by_role("button", name="Show the report"))
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible(timeout=90_000)
    expect(page.get_by_role("link", name="70 % sure").first).to_be_visible()

    press(page, page.get_by_role("link", name="I did say that"))
    press(page, page.get_by_role("checkbox"), "Space")
    press(page, page.get_by_role("button", name="Judge these words"))
    expect(page.locator(".ruling h2")).to_be_visible(timeout=60_000)
    assert len(viva.call("GET", f"/v1/interviews/{interview}/appeals")["appeals"]) == 1

    press(page, page.get_by_role("link", name="To the report"))
    press(page, page.get_by_role("button", name="Practise what was missed"))
    expect(page.locator("#turns .turn.interviewer")).to_have_count(1, timeout=60_000)
    drill = viva.call("GET", f"/v1/interviews/{page.url.rsplit('/', 1)[1]}")
    assert drill["drill"] is True
