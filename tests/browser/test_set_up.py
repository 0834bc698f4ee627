"""From the open page to the first question, in as few steps as promised."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.support.browser import Window, accessible, first_time
from tests.support.serving import Talker

RESUME = """# Ada Fictional

## Projects

### Churn at a phone company
- Built an XGBoost churn model on 2 million customers, 12 % fewer losses
- Balanced classes with SMOTE and watched for leakage

### Support triage
- Fine-tuned BERT with LoRA to route tickets, macro-F1 0.87
"""


class Person:
    """Counts what a person has to do: a click, a choice, a file."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def choose(self, what: Locator, value: str) -> None:
        self.actions += 1
        what.select_option(value)

    def upload(self, what: Locator, path: Path) -> None:
        self.actions += 1
        what.set_input_files(path)

    def hears_the_first_question(self) -> None:
        expect(self.page.locator(".turn.interviewer .said").first).to_contain_text("interviewer", timeout=30_000)


def newest(viva: Talker) -> Any:
    return viva.call("GET", "/v1/interviews")["interviews"][0]


def test_without_a_resume_two_actions(window: Window, viva: Talker) -> None:
    first_time(viva)
    person = Person(window.page("/"))
    person.choose(person.page.get_by_label("Role"), "data-scientist")
    person.click(person.page.get_by_role("button", name="Begin now"))
    person.hears_the_first_question()
    assert person.actions <= 2
    assert newest(viva)["role"] == "data-scientist"


def test_with_a_resume_and_a_look_at_the_plan_four_actions(window: Window, viva: Talker, tmp_path: Path) -> None:
    first_time(viva)
    file = tmp_path / "ada.md"
    file.write_text(RESUME)
    person = Person(window.page("/"))
    page = person.page
    person.choose(page.get_by_label("Role"), "ml-engineer")
    person.upload(page.get_by_label("Resume"), file)
    expect(page.get_by_text("2 projects and positions found")).to_be_visible()
    expect(page.get_by_text("Churn at a phone company")).to_be_visible()
    accessible(page, "set-up-resume")
    person.click(page.get_by_role("button", name="See the plan first"))
    expect(page.get_by_role("heading", name="The plan")).to_be_visible()
    expect(page.get_by_text("You wrote:").first).to_be_visible()
    accessible(page, "plan")
    # It stands at the end of the plan too.
    person.click(page.get_by_role("button", name="Begin", exact=True).first)
    person.hears_the_first_question()
    assert person.actions <= 4
    assert newest(viva)["resume_id"]


def test_the_last_resume_is_offered_again(window: Window, viva: Talker) -> None:
    text = ("ada.md", RESUME.encode())
    resume = viva.call("POST", "/v1/resumes", 201, files={"file": text})
    viva.begin(resume_id=resume["id"], seniority="senior")
    page = window.page("/new")
    expect(page.get_by_text("Support triage")).to_be_visible()
    expect(page.get_by_label("Senior")).to_be_checked()
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_label("Resume")).to_be_focused()
    page.get_by_role("button", name="Begin now").click()
    page.wait_for_url("**/interviews/*")
    assert newest(viva)["resume_id"] is None


def test_a_file_that_cannot_be_read_says_why(window: Window, tmp_path: Path) -> None:
    window.expected.append("status of 4")
    page = window.page("/new")
    file = tmp_path / "cv.pdf"
    file.write_bytes(b"%PDF-1.4 nothing")
    page.get_by_label("Resume").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("The resume cannot be read")
    file = tmp_path / "<img src=x onerror=alert(1)>.md"
    file.write_text(RESUME)
    page.get_by_label("Resume").set_input_files(file)
    expect(page.get_by_text("<img src=x onerror=alert(1)>.md")).to_be_visible()


def test_all_choices_arrive(window: Window, viva: Talker) -> None:
    page = window.page("/new")
    page.get_by_text("More choices").click()
    accessible(page, "set-up-all")
    page.get_by_label("Company", exact=True).select_option(label="Oracle")
    page.get_by_label("Length").select_option("45")
    page.get_by_role("radio", name="Exam").check()
    page.get_by_role("radio", name="Strict").check()
    page.get_by_role("radio", name="Staff").check()
    page.get_by_label("Fundamentals").check()
    page.get_by_label("Job description").fill("You will build ranking models.\nYou know data leakage.")
    page.get_by_role("button", name="See the plan first").click()
    page.wait_for_url("**/plan")
    expect(page.get_by_role("heading", name="What the job description asks for")).to_be_visible()
    accessible(page, "plan-job")
    made = newest(viva)
    said = {name: made[name] for name in ("company", "minutes", "mode", "strictness", "seniority", "state")}
    assert said == {
        "company": "oracle",
        "minutes": 45,
        "mode": "exam",
        "strictness": "strict",
        "seniority": "staff",
        "state": "planned",
    }


def test_while_the_models_are_opened_one_waits_and_is_told(window: Window) -> None:
    window.expected.append("status of 503")
    page = window.page("/new")
    refused: list[Route] = []
    opened: list[bool] = []

    def not_ready(route: Route) -> None:
        # Until the page was looked at: it tries again by itself, and would be gone in the midst of that.
        if opened:
            route.continue_()
            return
        refused.append(route)
        document = {"type": "x/not-ready", "title": "Not ready", "status": 503, "detail": "Opening."}
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(document))

    page.route("**/v1/interviews", not_ready)
    page.get_by_role("button", name="Begin now").click()
    expect(page.get_by_text("Viva is still opening its models")).to_be_visible()
    accessible(page, "set-up-waiting")
    opened.append(True)
    page.wait_for_url("**/interviews/*")
    assert refused


def test_the_plan_is_changed_and_stored(window: Window, viva: Talker) -> None:
    planned = viva.begin(start=False, rounds=["fundamentals", "behavioural"], minutes=40)
    page = window.page(f"/interviews/{planned['id']}/plan")
    page.get_by_role("button", name="Behavioural earlier").click()
    expect(page.locator(".plan-round h2").first).to_have_text("Behavioural")
    expect(page.get_by_role("button", name="Behavioural later")).to_be_focused()
    page.get_by_label("Minutes for Behavioural").fill("9")
    page.get_by_label("Minutes for Behavioural").blur()
    expect(page.get_by_text("Changed.")).to_be_visible()
    adding = page.get_by_label("Add a subject to Fundamentals")
    added = adding.locator("option").nth(1).get_attribute("value")
    adding.select_option(added)
    expect(page.get_by_label("Add a subject to Fundamentals").locator(f'option[value="{added}"]')).to_have_count(0)
    rounds = viva.call("GET", f"/v1/interviews/{planned['id']}")["plan"]["rounds"]
    assert [each["round"] for each in rounds] == ["behavioural", "fundamentals"]
    assert rounds[0]["minutes"] == 9
    assert added in [each["question_id"] for each in rounds[1]["questions"]]
    page.get_by_role("button", name="Remove Behavioural").click()
    expect(page.locator(".plan-round")).to_have_count(1)
    page.get_by_role("button", name="Discard this plan").click()
    expect(page).to_have_url(f"{window.address}/")
    viva.call("GET", f"/v1/interviews/{planned['id']}", 404)
