"""Practice in a browser: what was missed is in the queue, a drill on it, before and after, progress, a study plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from app.domain.titles import title
from app.web.practice import alike, by_weight
from tests.browser.held import SAID, hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    for seed in range(1, 7):
        held = hold(viva, seed=seed)
        # Marks that nobody has seen are not practised.
        viva.report(held)
        queue = viva.call("GET", "/v1/practice/queue", params={"limit": 100})
        if any(each["asked"] for each in queue["items"]):
            return held
    raise AssertionError("in none of them a point was missed that a follow-up had asked for")


def in_days(count: int) -> str:
    """A day some days ahead. Nothing here hangs on how many they are, so that midnight may come between."""
    return (datetime.now(UTC).date() + timedelta(days=count)).isoformat()


def test_a_drill_on_what_was_missed(window: Window, viva: Talker, interview: str) -> None:
    total = viva.call("GET", "/v1/practice/queue")["total"]
    assert total
    page = window.page("/practice")
    queue = viva.call("GET", "/v1/practice/queue", params={"limit": 100})
    expect(page.locator(".queue > li")).to_have_count(len({each["question_id"] for each in queue["items"]}))
    expect(page.locator(".of-question li")).to_have_count(total)
    # Points of one question are told apart by the words that asked for them.
    asked = [each["asked"] for each in queue["items"] if each["asked"]]
    assert asked
    expect(page.locator(".heard-as")).to_have_text([f"“{each}”" for one in queue["questions"] for each in said(one)])
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


def said(question: Any) -> list[str]:
    return [each["asked"] for each in question["items"] if each["asked"]]


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
        cards = alike(by_weight(series))
        assert sum(len(each["names"]) for each in cards) == len(series)
        expect(page.locator(".plot-card h3")).to_have_text([" · ".join(map(title, each["names"])) for each in cards])
        expect(page.locator(".progress a")).to_have_count(sum(len(each["points"]) for each in cards))
    accessible(page, "progress")
    page.locator(".now a").first.click()
    page.wait_for_url("**/interviews/**")


def test_a_plan_to_a_day(window: Window, interview: str) -> None:
    page = window.page("/practice/plan")
    accessible(page, "study-plan-none")
    page.get_by_label("The day").fill(in_days(6))
    page.get_by_label("Minutes a day").fill("25")
    page.get_by_label("Sunday").check()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".days > li")).not_to_have_count(0)
    accessible(page, "study-plan")
    page.get_by_role("button", name="Remove the plan").click()
    expect(page.get_by_role("button", name="Make the plan")).to_be_visible()


def test_a_task_is_moved_dropped_and_put_back_without_a_script(
    windows: Callable[..., Window], viva: Talker, interview: str
) -> None:
    wish = {"until": in_days(9), "minutes_a_day": 40, "role": "ml-engineer"}
    made = viva.call("PUT", "/v1/practice/plan", json=wish)
    tasks = [(task, day["day"]) for day in made["days"] for task in day["tasks"]]
    assert len(tasks) > 1
    window = windows(str(viva.http.base_url).rstrip("/"), java_script_enabled=False)
    page = window.page("/practice/plan")
    page.get_by_role("link", name="Move or leave out tasks").click()
    rows = page.get_by_role("list", name="Tasks", exact=True).get_by_role("listitem")
    expect(rows).to_have_count(len(tasks))
    rows.first.locator("input[type=date]").fill(str(wish["until"]))
    rows.nth(1).get_by_role("checkbox").check()
    page.get_by_role("button", name="Keep these days").click()
    expect(page.get_by_text("These days are as you chose them.")).to_be_visible()
    plan = viva.call("GET", "/v1/practice/plan")
    assert plan["edited"]
    last = next(day["tasks"] for day in plan["days"] if day["day"] == wish["until"])
    assert names(tasks[0][0]) in [names(task) for task in last]
    out = [each["task"] for each in plan["left_out"] if each["why"] == "it was taken out by hand"]
    assert [names(each) for each in out] == [names(tasks[1][0])]
    page.goto("/practice/plan/days")
    aside = page.get_by_role("list", name="Tasks in no day").get_by_role("listitem").filter(has_text="by hand")
    # The plan's own days: today may be another by now.
    aside.locator("input[type=date]").fill(str(made["days"][-1]["day"]))
    page.get_by_role("button", name="Keep these days").click()
    expect(page.get_by_text("These days are as you chose them.")).to_be_visible()
    plan = viva.call("GET", "/v1/practice/plan")
    assert not [each for each in plan["left_out"] if each["why"] == "it was taken out by hand"]
    assert sum(len(day["tasks"]) for day in plan["days"]) == len(tasks)


def test_nothing_leads_to_what_went_with_an_interview(window: Window, viva: Talker) -> None:
    gone = hold(viva, seed=21, rounds=["deep-learning", "llm"])
    viva.report(gone)
    viva.report(hold(viva, seed=22))
    stale = window.page("/practice")
    before = {(each["question_id"], each["criterion_id"]) for each in queued(viva)}
    until = in_days(20)
    viva.call("PUT", "/v1/practice/plan", json={"until": until, "minutes_a_day": 240, "role": "ml-engineer"})
    viva.call("DELETE", f"/v1/interviews/{gone}", 204)
    left = before - {(each["question_id"], each["criterion_id"]) for each in queued(viva)}
    assert left
    page = window.page("/practice/plan")
    expect(page.get_by_text("in an interview that has been deleted")).to_be_visible()
    accessible(page, "study-plan-gone")
    addresses = page.locator("main a[href]").evaluate_all("links => links.map(link => link.pathname)")
    assert [each for each in addresses if each.startswith("/practice/items/")]
    for address in set(addresses):
        assert window.context.request.get(address).status == 200, address
    # A page that was open meanwhile has it still.
    window.expected.append("status of 404")
    question = next(iter(left))[0]
    stale.locator(f"input[name=item][value='{question}']").check()
    stale.get_by_role("button", name="Start a drill").click()
    expect(stale.get_by_role("alert")).to_contain_text("No drill was begun.")
    viva.call("DELETE", "/v1/practice/plan", 204)


def queued(viva: Talker) -> Any:
    return viva.call("GET", "/v1/practice/queue", params={"limit": 200})["items"]


def names(task: Any) -> tuple[Any, ...]:
    return task["kind"], task["question_id"], task["criterion_id"], task["topic"]


def test_a_day_outside_of_the_plan_is_refused_and_what_was_chosen_stays(
    window: Window, viva: Talker, interview: str
) -> None:
    window.expected.append("status of 422")
    until = in_days(4)
    viva.call("PUT", "/v1/practice/plan", json={"until": until, "minutes_a_day": 40, "role": "ml-engineer"})
    page = window.page("/practice/plan/days")
    accessible(page, "study-days")
    day = page.locator(".movable input[type=date]").first
    day.evaluate("input => { input.removeAttribute('max'); input.value = '2099-01-01'; }")
    page.get_by_role("button", name="Keep these days").click()
    expect(page.get_by_role("alert")).to_contain_text("2099-01-01 is not between")
    expect(page.locator(".movable input[type=date]").first).to_have_value("2099-01-01")
    accessible(page, "study-days-refused")
    viva.call("DELETE", "/v1/practice/plan", 204)
    page.goto("/practice/plan/days")
    expect(page).to_have_url(f"{window.address}/practice/plan")
