"""The conversation: streamed, kept through reloads, lost connections and second windows, and done by keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import Window, accessible
from tests.support.serving import Talker

ANSWER = "First I compare the loss on training and on validation data; a gap means that it overfits."
NETWORK = "ERR_|Failed to load resource: net"


def begin(viva: Talker, **wish: Any) -> str:
    return str(viva.begin(rounds=["fundamentals"], minutes=20, **wish)["id"])


def said(viva: Talker, interview: str) -> list[str]:
    turns = viva.call("GET", f"/v1/interviews/{interview}/turns")["turns"]
    return [turn["text"] for turn in turns if turn["speaker"] == "candidate"]


def replies(page: Page, number: int) -> None:
    """Waits until the interviewer has had `number` turns, all of them stored."""
    expect(page.locator("#turns .turn.interviewer")).to_have_count(number)
    expect(page.locator("#coming .turn")).to_have_count(0)


def test_an_answer_is_sent_and_followed_up(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    answer = page.get_by_label("Your answer")
    expect(answer).to_be_focused()
    answer.fill(ANSWER)
    answer.press("Control+Enter")
    replies(page, 2)
    expect(page.locator(".turn.candidate .said")).to_have_text(ANSWER)
    expect(answer).to_have_value("")
    expect(answer).to_be_focused()
    expect(page.get_by_role("log")).to_contain_text(page.locator(".turn.interviewer .said").last.inner_text())
    expect(page.get_by_role("timer")).to_contain_text("of 20 min")
    accessible(page, "talk", whole=False)
    assert said(viva, interview) == [ANSWER]


def test_the_buttons_say_what_they_cost_and_do_it(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    for name in ("Hint noted in the report", "Ask back costs nothing", "Repeat costs nothing"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    page.get_by_role("button", name="Hint").click()
    replies(page, 2)
    expect(page.get_by_text("Hint 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ask back").click()
    expect(page.get_by_label("Your answer")).to_have_value("Could you clarify: ")
    assert said(viva, interview) == ["Could I have a hint?"]


def test_practice_tells_how_an_answer_did(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    page.get_by_label("Your answer").fill(
        "Data leakage is when the model sees what it will not have at prediction time."
    )
    page.get_by_label("Your answer").press("Control+Enter")
    replies(page, 2)
    page.get_by_role("button", name="How did that do?").click()
    expect(page.get_by_label("How sure are you that")).to_be_focused()
    page.get_by_label("How sure are you that").fill("80")
    clear = "it => it.contains(document.elementFromPoint(it.getBoundingClientRect().x + 9, it.getBoundingClientRect().bottom - 4))"
    assert page.get_by_role("button", name="Show me").evaluate(clear), "the composer lies over it"
    accessible(page, "talk-sure", whole=False)
    page.get_by_role("button", name="Show me").click()
    expect(page.get_by_role("region", name="How your answer did")).to_be_visible()
    accessible(page, "talk-feedback", whole=False)
    status = viva.call("GET", f"/v1/interviews/{interview}/report/status")
    assert [each["percent"] for each in status["questions"]] == [80]
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("button", name="How did that do?")).to_be_focused()


def test_an_exam_tells_nothing_before_its_end(window: Window, viva: Talker) -> None:
    page = window.page(f"/interviews/{begin(viva, mode='exam')}")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    replies(page, 2)
    expect(page.get_by_role("button", name="How did that do?")).to_have_count(0)


def test_a_draft_lives_through_a_reload(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    page.get_by_label("Your answer").fill("Half a thou")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("Half a thou")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Send").click()
    replies(page, 2)
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("")
    assert said(viva, interview) == [ANSWER]


def test_a_reload_in_mid_answer_says_nothing_twice(window: Window, viva: Talker) -> None:
    """The server has the words; the page goes before it hears of it."""
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    arrived: list[int] = []

    def swallow(route: Route) -> None:
        arrived.append(route.fetch().status)

    page.route("**/turns", swallow)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_text("Viva is thinking")).to_be_visible()
    while not arrived:
        page.wait_for_timeout(20)
    page.unroute("**/turns")
    page.reload()
    replies(page, 2)
    assert said(viva, interview) == [ANSWER]
    assert page.evaluate("() => Object.keys(localStorage).filter(each => each.includes('sending')).length") == 0


def test_a_connection_lost_before_sending(window: Window, viva: Talker) -> None:
    window.expected.append(NETWORK)
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    window.context.set_offline(True)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_text("No connection to the server")).to_be_visible()
    expect(page.locator("#coming")).to_contain_text(ANSWER)
    window.context.set_offline(False)
    replies(page, 2)
    expect(page.get_by_text("No connection to the server")).to_be_hidden()
    assert said(viva, interview) == [ANSWER]


def test_a_connection_lost_after_the_words_arrived(window: Window, viva: Talker) -> None:
    window.expected.append(NETWORK)
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    lost: list[int] = []

    def cut(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route("**/turns", cut)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    replies(page, 2)
    assert lost == [200]
    assert said(viva, interview) == [ANSWER]


def test_a_reply_that_could_not_be_written_is_tried_again(window: Window, viva: Talker) -> None:
    window.expected.append("status of 503")
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    failed: list[str] = []

    def fail(route: Route) -> None:
        failed.append(route.request.headers["idempotency-key"])
        document = {
            "type": "x/reply-failed",
            "title": "The reply could not be written",
            "status": 503,
            "detail": "Again.",
        }
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(document))

    page.route("**/turns", fail)
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The reply could not be written")
    accessible(page, "talk-failed", whole=False)
    page.unroute("**/turns")
    page.get_by_role("button", name="Try again").click()
    replies(page, 2)
    assert len(failed) == 4
    assert len(set(failed)) == 1, "one key for one answer"
    assert said(viva, interview) == [ANSWER]


@pytest.mark.parametrize("how", ["Hint", "Send"])
def test_what_could_not_be_sent_goes_before_anything_else(window: Window, viva: Talker, how: str) -> None:
    """Nothing of the long answer was stored: only this browser has it."""
    window.expected.append("status of 503")
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    document = {"type": "x/store-unavailable", "title": "The store is away", "status": 503, "detail": "Again."}
    page.route(
        "**/turns",
        lambda route: route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(document)),
    )
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/turns")
    page.get_by_label("Your answer").fill("And one more thing.")
    page.get_by_role("button", name=how).click()
    replies(page, 2)
    expect(page.get_by_role("alert")).to_contain_text("Your answer from before went first")
    expect(page.get_by_label("Your answer")).to_have_value("And one more thing.")
    assert said(viva, interview) == [ANSWER]
    page.get_by_role("button", name="Send").click()
    replies(page, 3)
    assert said(viva, interview) == [ANSWER, "And one more thing."]


def test_words_that_are_refused_come_back(window: Window, viva: Talker) -> None:
    window.expected.append("status of 422")
    page = window.page(f"/interviews/{begin(viva)}")
    invisible = "\u200b\u200b"
    page.get_by_label("Your answer").fill(invisible)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("The answer is empty")
    expect(page.get_by_label("Your answer")).to_have_value(invisible)


def test_an_interview_ended_elsewhere_is_over_here_too(window: Window, viva: Talker) -> None:
    window.expected.append("status of 409")
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    viva.call("POST", f"/v1/interviews/{interview}/close")
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.get_by_role("heading", name="That was the interview")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("was not sent")


def test_a_second_window_is_told_kindly_and_loses_nothing(
    windows: Callable[..., Window], window: Window, viva: Talker
) -> None:
    interview = begin(viva)
    other = windows(window.address)
    other.expected.append("status of 409")
    first, second = window.page(f"/interviews/{interview}"), other.page(f"/interviews/{interview}")
    first.get_by_label("Your answer").fill(ANSWER)
    first.get_by_label("Your answer").press("Control+Enter")
    replies(first, 2)
    mine = "What I typed in the other window."
    second.get_by_label("Your answer").fill(mine)
    second.get_by_label("Your answer").press("Control+Enter")
    expect(second.get_by_role("alert")).to_contain_text("another window")
    expect(second.get_by_label("Your answer")).to_have_value(mine)
    replies(second, 2)
    assert said(viva, interview) == [ANSWER]
    second.get_by_label("Your answer").press("Control+Enter")
    replies(second, 3)
    assert said(viva, interview) == [ANSWER, mine]


def test_a_second_tab_keeps_up(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    first, second = window.page(f"/interviews/{interview}"), window.page(f"/interviews/{interview}")
    second.get_by_label("Your answer").fill("Something else")
    first.get_by_label("Your answer").fill(ANSWER)
    first.get_by_label("Your answer").press("Control+Enter")
    replies(first, 2)
    replies(second, 2)
    expect(second.get_by_role("alert")).to_contain_text("There is a new question")
    expect(second.get_by_label("Your answer")).to_have_value("Something else")


def test_pause_and_end(window: Window, viva: Talker) -> None:
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused: the clock stands still")).to_be_visible()
    assert viva.call("GET", f"/v1/interviews/{interview}/clock")["running"] is False
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert viva.call("GET", f"/v1/interviews/{interview}/clock")["running"] is True
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Go on").last.click()
    assert viva.call("GET", f"/v1/interviews/{interview}")["state"] == "open"
    page.get_by_role("button", name="End", exact=True).click()
    accessible(page, "talk-end", whole=False)
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("heading", name="That was the interview")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("link", name="Read the report")).to_be_visible()
    accessible(page, "talk-over", whole=False)


def test_an_exam_cannot_be_paused(window: Window, viva: Talker) -> None:
    page = window.page(f"/interviews/{begin(viva, mode='exam')}")
    expect(page.get_by_role("button", name="End", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_a_table_is_a_table(window: Window, viva: Talker) -> None:
    planned = viva.begin(start=False, rounds=["analytical"], minutes=30, seed=11)
    one = {
        "round": "analytical",
        "minutes": 30,
        "questions": [{"question_id": "analytics/constant-spam-model", "seconds": 1500}],
    }
    viva.call("PATCH", f"/v1/interviews/{planned['id']}", json={"rounds": [one]})
    viva.call("POST", f"/v1/interviews/{planned['id']}/open")
    page = window.page(f"/interviews/{planned['id']}")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("columnheader").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "table-1.csv"
    accessible(page, "talk-table", whole=False)


def test_a_design_can_be_sketched_by_keyboard(window: Window, viva: Talker) -> None:
    interview = str(viva.begin(rounds=["high-level-design"], minutes=40)["id"])
    page = window.page(f"/interviews/{interview}")
    page.get_by_text("Sketch", exact=False).first.click()
    lines = "Client -> Gateway -> Ranker: top 500\nRanker -> Logs -> Trainer -> Ranker: nightly\n<b>x</b> -> Logs"
    page.get_by_label("Boxes and arrows", exact=True).fill(lines)
    expect(page.get_by_role("img", name="Sketch: 6 boxes, 6 arrows")).to_be_visible()
    accessible(page, "talk-sketch", whole=False)
    page.reload()
    page.get_by_text("Sketch", exact=False).first.click()
    expect(page.get_by_label("Boxes and arrows", exact=True)).to_have_value(lines)
    page.get_by_label("Your answer").fill("Two stages.")
    page.get_by_role("button", name="Put it into the answer").press("Enter")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.press("Control+Enter")
    replies(page, 2)
    expect(page.locator("#turns").get_by_role("img", name="Sketch: 6 boxes, 6 arrows")).to_be_visible()
    assert said(viva, interview) == [f"Two stages.\n\nSketch:\n{lines}"]


def test_no_sketch_where_nothing_is_designed(window: Window, viva: Talker) -> None:
    page = window.page(f"/interviews/{begin(viva)}")
    expect(page.get_by_label("Your answer")).to_be_focused()
    expect(page.locator("#sketch")).to_be_hidden()


def test_hostile_words_are_text(window: Window, viva: Talker) -> None:
    hostile = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} [x](javascript:alert(3))"
    interview = begin(viva)
    page = window.page(f"/interviews/{interview}")
    page.get_by_label("Your answer").fill(hostile)
    page.get_by_label("Your answer").press("Control+Enter")
    replies(page, 2)
    expect(page.locator(".turn.candidate .said")).to_have_text(hostile)
    page.reload()
    expect(page.locator(".turn.candidate .said")).to_have_text(hostile)


def test_by_keyboard_alone_from_the_first_page_to_an_answer(window: Window, viva: Talker) -> None:
    page = window.page("/new")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    reached = ""
    for _ in range(60):
        page.keyboard.press("Tab")
        reached = page.evaluate("() => document.activeElement.textContent.trim()")
        outlined = page.evaluate(
            "() => { const it = document.activeElement; const near = it.matches('.segments input') ? it.nextElementSibling : it;"
            " return getComputedStyle(near).outlineStyle !== 'none'; }"
        )
        assert outlined, f"no focus to be seen on {reached!r}"
        if reached == "Begin now":
            break
    assert reached == "Begin now"
    page.keyboard.press("Enter")
    page.wait_for_url("**/interviews/*")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("I am Ada and I build models.")
    page.keyboard.press("Control+Enter")
    replies(page, 2)
    page.keyboard.type("More.")
    expect(page.get_by_label("Your answer")).to_have_value("More.")
