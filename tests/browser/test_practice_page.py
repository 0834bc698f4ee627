"""Practice in a browser: what was missed is in the queue, a drill on it, before and after, progress, a study plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.held import SAID, hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    return hold(viva)


def test_a_drill_on_what_was_missed(window: Window, viva: Talker, interview: str) -> None:
    total = viva.call("GET", "/v1/practice/queue")["total"]
    assert total
    page = window.page("/practice")
    queue = viva.call("GET", "/v1/practice/queue", params={"limit": 100})
    expect(page.locator(".queue > li")).to_have_count(len({each["question_id"] for each in queue["items"]}))
    expect(page.locator(".of-question li")).to_have_count(total)
    accessible(page, "practice")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Start a drill").press("Enter")
    page.wait_for_url("**/interviews/*")
    made = viva.call("GET", f"/v1/interviews/{page.url.rsplit('/', 1)[1]}")
    assert made["drill"] is True
    assert [each["question_id"] for one in made["plan"]["rounds"] for each in one["questions"]] == [
        queue["questions"][0]["question_id"]
    ]
    viva.call("POST", f"/v1/interviews/{made['id']}/close")


def test_one_point_with_its_history(window: Window, interview: str) -> None:
    page = window.page("/practice")
    page.get_by_role("link", name="What was looked for in point 1 of question 1", exact=True).click()
    expect(page.get_by_role("heading", name="Each time it came up")).to_be_visible()
    expect(page.locator(".times li").first).to_be_visible()
    accessible(page, "practice-item")


def test_the_same_question_again_and_the_difference(window: Window, viva: Talker, interview: str) -> None:
    question = viva.call("GET", f"/v1/interviews/{interview}/report")["questions"][0]["question_id"]
    page = window.page(f"/interviews/{interview}/questions/{question}?reveal=true")
    accessible(page, "question-once")
    page.goto(f"/interviews/{interview}/report?reveal=true")
    page.get_by_role("button", name="Try it again, on another case").first.click()
    page.wait_for_url(lambda url: interview not in url)
    again = page.url.rsplit("/", 1)[1]
    viva.say(again, SAID)
    viva.call("POST", f"/v1/interviews/{again}/close")
    viva.report(again)
    compared = viva.call("GET", f"/v1/interviews/{again}/questions/{question}/comparison")
    page.goto(f"/interviews/{again}/questions/{question}?reveal=true")
    expect(page.locator(".change")).to_have_count(len(compared["criteria"]))
    expect(page.locator(".change.better, .change.worse")).to_have_count(len(compared["changed"]))
    accessible(page, "question")


def test_progress_leads_to_the_evidence(window: Window, viva: Talker, interview: str) -> None:
    for by in ("topic", "skill", "round"):
        page = window.page(f"/practice/progress?by={by}")
        series = [each for each in viva.call("GET", f"/v1/practice/progress?by={by}")["series"] if each["points"]]
        expect(page.locator(".plot-card")).to_have_count(len(series))
        expect(page.locator(".progress a")).to_have_count(sum(len(each["points"]) for each in series))
    accessible(page, "progress")
    page.locator(".now a").first.click()
    page.wait_for_url("**/interviews/**")


def test_a_plan_to_a_day(window: Window, interview: str) -> None:
    page = window.page("/practice/plan")
    accessible(page, "study-plan-none")
    page.get_by_label("The day").fill((datetime.now(UTC).date() + timedelta(days=6)).isoformat())
    page.get_by_label("Minutes a day").fill("25")
    page.get_by_label("Sunday").check()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".days > li")).not_to_have_count(0)
    accessible(page, "study-plan")
    page.get_by_role("button", name="Remove the plan").click()
    expect(page.get_by_role("button", name="Make the plan")).to_be_visible()
