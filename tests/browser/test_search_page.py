"""Search in a browser: words, filters, nothing found; each hit leads to its words."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.held import hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    return hold(viva)


def test_search_with_the_keyboard_alone(window: Window, interview: str) -> None:
    page = window.page("/search")
    accessible(page, "search")
    page.get_by_label("Words that were said").focus()
    page.keyboard.type("blocked order")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="with blocked, order")).to_be_visible()
    hit = page.locator(".hit", has=page.locator(f"a[href^='/interviews/{interview}/']")).first
    expect(hit.locator("mark")).to_have_text(["blocked", "orders"])
    assert "<b>person</b>" in hit.inner_text()
    href = hit.locator(".snippet a").get_attribute("href")
    assert href is not None
    assert href.startswith(f"/interviews/{interview}/transcript?words=")
    accessible(page, "search-found")


def test_filters_and_nothing_found(window: Window, interview: str) -> None:
    page = window.page("/search?q=blocked&speaker=interviewer")
    expect(page.get_by_role("heading", name="Nobody said that")).to_be_visible()
    expect(page.get_by_label("Said by")).to_have_value("interviewer")
    accessible(page, "search-empty")
    page.get_by_role("link", name="Without filters").click()
    expect(page.locator(".hit").first).to_be_visible()


def test_a_filter_of_no_known_value_is_refused_kindly(window: Window) -> None:
    window.expected.append("status of 422")
    page = window.page("/search?speaker=nobody")
    expect(page.get_by_role("alert")).to_contain_text("Not searched.")
