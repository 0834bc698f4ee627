"""The transcript to review: marks and notes beside the words, an appeal, a correction, scoring again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.held import SAID, hold
from tests.support.browser import Window, accessible
from tests.support.serving import Talker


@pytest.fixture(scope="module")
def interview(viva: Talker) -> str:
    """One in which some words earned or denied something. Its marks were seen: by whom they were not, that is asked first."""
    for seed in range(1, 9):
        interview_id = hold(viva, seed=seed)
        review = viva.call("GET", f"/v1/interviews/{interview_id}/review")
        if any(turn["evidence"] for turn in review["turns"]):
            return interview_id
    raise AssertionError("no answer of eight interviews is evidence of anything")


def test_scores_stand_beside_their_words(window: Window, viva: Talker, interview: str) -> None:
    review = viva.call("GET", f"/v1/interviews/{interview}/review")
    page = window.page(f"/interviews/{interview}/transcript")
    for turn in review["turns"]:
        if turn["text"]:
            assert page.locator(f"#t{turn['seq']} .words").first.inner_text() == turn["text"]
    evidence = [each for turn in review["turns"] for each in turn["evidence"]]
    assert evidence
    shown = "".join(page.locator("mark.shown").all_inner_texts())
    assert all(each["quote"] in shown for each in evidence if each["state"] == "shown")
    page.locator(".ref").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".side:target")).to_have_count(1)
    accessible(page, "transcript")


def test_a_number_of_the_report_marks_its_words(window: Window, viva: Talker, interview: str) -> None:
    report = viva.call("GET", f"/v1/interviews/{interview}/report")
    (um,) = [each for each in report["delivery"]["fillers"]["found"] if each["words"] == "um"]
    page = window.page(f"/interviews/{interview}/report?reveal=true")
    page.get_by_role("link", name="“um”").click()
    expect(page.locator("mark.word")).to_have_count(um["count"])
    assert {each.lower() for each in page.locator("mark.word").all_inner_texts()} == {"um"}
    expect(page.get_by_role("navigation", name="Marked words")).to_contain_text(f"{um['count']} place")
    accessible(page, "transcript-marked")


def test_a_note_on_words_by_keyboard_and_on_a_selection(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="Note on turn 2").focus()
    page.keyboard.press("Enter")
    accessible(page, "note")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Space")
    page.get_by_label("Your note").fill("Say <this> without the um.")
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.locator("#t2 .own")).to_have_text("Say <this> without the um.")
    page.locator("#t2 .words").evaluate(
        """words => {
            const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
            let node = walker.nextNode();
            while (!node.textContent.includes('person')) node = walker.nextNode();
            const range = document.createRange();
            const at = node.textContent.indexOf('person');
            range.setStart(node, at);
            range.setEnd(node, at + 6);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    page.get_by_role("toolbar", name="Selected words").get_by_role("link", name="Note").click()
    expect(page.get_by_role("blockquote")).to_have_text("person")
    page.get_by_label("Your note").fill("Whom?")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("mark.note", has_text="person")).to_have_text("person")
    page.locator("#t2 .side", has_text="Whom?").get_by_role("link", name="Change or delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.locator("#t2 .side", has_text="Whom?")).to_have_count(0)


def test_an_appeal_without_a_script(windows: object, viva: Talker, interview: str) -> None:
    window = windows(str(viva.http.base_url).rstrip("/"), java_script_enabled=False)  # type: ignore[operator]
    page = window.page(f"/interviews/{interview}/transcript")
    page.locator("#open-1").or_(page.locator("#open-2")).get_by_role("link", name="I did say that").first.click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Judge these words").click()
    expect(page.locator(".ruling h2")).to_have_text("It stays as it was.")
    (appeal,) = viva.call("GET", f"/v1/interviews/{interview}/appeals")["appeals"]
    expect(page.locator(".ruling blockquote")).to_have_text(appeal["quote"])
    assert appeal["quote"] in SAID


def test_an_appeal_says_what_is_missing(window: Window, interview: str) -> None:
    window.expected.append("status of 422")
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="I did say that").last.click()
    accessible(page, "appeal")
    page.get_by_role("button", name="Judge these words").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the words")


def test_a_correction_stands_beside_the_machines(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="I see it otherwise").last.click()
    accessible(page, "correct")
    page.get_by_role("radio", name="Partly").check(force=True)
    page.get_by_label("Why").fill("It was said in <other> words.")
    page.get_by_label("Who says so").select_option("coach")
    page.get_by_label("Name").fill("Dana")
    page.get_by_role("button", name="Keep it").click()
    card = page.locator(".card", has_text="It was said in <other> words.")
    expect(card).to_contain_text("Dana, coach")
    card.get_by_role("button", name="Take it back").click()
    expect(page.locator(".card", has_text="It was said in <other> words.")).to_have_count(0)


def test_scoring_again_shows_what_would_change(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/rescore")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("status").filter(has_text="chang")).to_be_visible()
    accessible(page, "rescore")


def test_no_mark_is_seen_before_one_has_said_how_sure_one_is(window: Window, viva: Talker) -> None:
    interview = hold(viva, seed=4)
    page = window.page(f"/interviews/{interview}/transcript")
    expect(page.get_by_role("status").filter(has_text="Your marks are not shown yet")).to_be_visible()
    expect(page.locator(".state, .pips, mark")).to_have_count(0)
    levels = page.get_by_role("link", name="Level")
    expect(levels).to_have_count(0)
    accessible(page, "transcript-before-marks")
    # Neither by another way to the same marks.
    page.goto("/search?q=blocked&speaker=candidate")
    hit = page.locator(".hit", has=page.locator(f"a[href^='/interviews/{interview}/']"))
    expect(hit.first).to_be_visible()
    expect(hit.locator(".sign")).to_have_count(0)
    for state in ("shown", "missed"):
        page.goto(f"/search?state={state}")
        expect(page.get_by_text("not searched until you open the report")).to_be_visible()
        expect(page.locator(f".hit a[href^='/interviews/{interview}/']")).to_have_count(0)
    accessible(page, "search-hidden-marks")
    for path in ("/practice", "/practice/progress"):
        page.goto(path)
        expect(page.locator(f".notice a[href='/interviews/{interview}/report']")).to_be_visible()
        expect(page.locator(f"a[href*='/interviews/{interview}/']:not([href$='/report'])")).to_have_count(0)
    accessible(page, "progress-hidden-marks")
    queued = viva.call("GET", "/v1/practice/queue", params={"limit": 200})["items"]
    assert interview not in {each["interview_id"] for each in queued}
    asked = viva.call("GET", f"/v1/interviews/{interview}/report/status")["questions"][0]["question_id"]
    for path in ("appeal", "correct", "rescore", "share", f"questions/{asked}"):
        page.goto(f"/interviews/{interview}/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Before you look")
    assert all(
        each["can_rate"]
        for each in viva.call("GET", f"/v1/interviews/{interview}/report/status")["questions"]
        if each["answered"]
    )
    page.goto(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="Say it first").click()
    for each in page.locator("fieldset.sure").all():
        question, scale = (each.locator(part).bounding_box() for part in (".asked", ".scale"))
        assert question is not None
        assert scale is not None
        assert question["y"] + question["height"] <= scale["y"]
    for even in page.get_by_role("radio", name="Even 50 %").all():
        even.check(force=True)
    page.get_by_role("button", name="Show the marks").click()
    page.wait_for_url(f"**/interviews/{interview}/transcript?reveal=true")
    expect(levels.first).to_be_visible()
    # Which question is drawn depends on what was asked before, and so whether any of these words earned something.
    review = viva.call("GET", f"/v1/interviews/{interview}/review")
    earned = [each["quote"] for turn in review["turns"] for each in turn["evidence"] if each["state"] == "shown"]
    marked = "".join(page.locator("mark.shown").all_inner_texts())
    assert all(each in marked for each in earned)
    assert bool(marked) == bool(earned)
    page.goto("/practice")
    expect(page.locator(f".notice a[href='/interviews/{interview}/report']")).to_have_count(0)
    queued = viva.call("GET", "/v1/practice/queue", params={"limit": 200})["items"]
    assert interview in {each["interview_id"] for each in queued}
    assert all(
        each["percent"] == 50
        for each in viva.call("GET", f"/v1/interviews/{interview}/report/status")["questions"]
        if each["answered"]
    )


def test_who_does_not_want_to_say_it_is_shown_the_marks(window: Window, viva: Talker) -> None:
    interview = hold(viva, seed=10)
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="Show me anyway").click()
    expect(page.get_by_role("link", name="how it was scored over time").first).to_be_visible()
    page.goto(f"/interviews/{interview}/before?then=https://evil.example/")
    expect(page).to_have_url(f"{window.address}/interviews/{interview}/report?reveal=true")


def test_what_became_of_an_appeal(window: Window, interview: str) -> None:
    page = window.page(f"/interviews/{interview}/transcript")
    page.get_by_role("link", name="I did say that").last.click()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Judge these words").click()
    expect(page.locator(".ruling h2")).to_have_text("It stays as it was.")
    accessible(page, "appeal-outcome")
    # Which is not the end of it: other words can be marked, on the same point, and one's own judgement kept.
    point = page.locator(".ruling > p").first.inner_text()
    otherwise = page.get_by_role("link", name="I see it otherwise").get_attribute("href")
    page.get_by_role("link", name="Mark other words").click()
    expect(page.locator(".point")).to_contain_text(point)
    page.goto(str(otherwise))
    expect(page.locator(".point")).to_contain_text(point)


def test_only_answers_are_offered_for_an_appeal(window: Window, viva: Talker, interview: str) -> None:
    turns = viva.call("GET", f"/v1/interviews/{interview}/transcript")["turns"]
    (hint,) = [turn for turn in turns if turn["text"] == "Could I have a hint?"]
    page = window.page(f"/interviews/{interview}/transcript")
    page.locator("#open-1").or_(page.locator("#open-2")).get_by_role("link", name="I did say that").first.click()
    expect(page.get_by_role("checkbox").first).to_be_visible()
    expect(page.locator(".choose")).not_to_contain_text(hint["text"])
