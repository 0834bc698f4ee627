"""A coding question in the browser: an editor, runs, and code that is sent and tested in the real sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from app.exercises.python_runtime import PythonRuntime
from app.exercises.sandbox import Sandbox
from app.main import Parts
from tests.support.browser import Window, accessible, beside
from tests.support.embedders import HashingEmbedder
from tests.support.serving import ROOT, Talker, serving

pytest_plugins = ["tests.support.sandbox"]
pytestmark = pytest.mark.sandbox

BRACKETS = "problems/balanced-brackets-in-a-config"
QUERY = "problems/duplicates-keep-latest"
SOLVED = (ROOT / "corpus" / BRACKETS / "solution.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def coding(tmp_path_factory: pytest.TempPathFactory, runtime: PythonRuntime) -> Iterator[Talker]:
    parts = Parts(embedder=HashingEmbedder(max_words=10_000), runner=Sandbox(runtime))
    with beside(serving(tmp_path_factory.mktemp("viva"), parts=parts)) as talker:
        yield talker


@pytest.fixture
def window(windows: Callable[..., Window], coding: Talker) -> Window:
    return windows(str(coding.http.base_url).rstrip("/"))


def begin(viva: Talker, problem: str) -> str:
    planned = viva.begin(rounds=["coding"], minutes=40, start=False)
    one = {"round": "coding", "minutes": 40, "questions": [{"question_id": problem, "seconds": 2000}]}
    viva.call("PATCH", f"/v1/interviews/{planned['id']}", json={"rounds": [one]})
    viva.call("POST", f"/v1/interviews/{planned['id']}/open")
    return str(planned["id"])


def write(page: Page, code: str) -> None:
    """Pastes code over what is there."""
    editor = page.get_by_role("textbox", name="Your Python")
    editor.click()
    page.keyboard.press("Control+a")
    editor.evaluate(
        """(editor, code) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", code);
            editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        code,
    )


def test_python_is_run_sent_and_tested(window: Window, coding: Talker) -> None:
    interview = begin(coding, BRACKETS)
    page = window.page(f"/interviews/{interview}")
    expect(page.get_by_role("textbox", name="Your Python")).to_contain_text("def first_fault(")
    write(page, "def first_fault(text):\n    return -1\n")
    page.get_by_role("button", name="Run the tests you see").click()
    expect(page.get_by_text("visible tests pass. 19 runs left.")).to_be_visible(timeout=30_000)
    accessible(page, "coding", whole=False)
    write(page, SOLVED)
    page.reload()
    expect(page.get_by_role("textbox", name="Your Python")).to_contain_text(SOLVED.strip().splitlines()[-1].strip())
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_text("11 of 11 hidden tests pass")).to_be_visible(timeout=30_000)
    expect(page.locator(".turn.candidate .tests .bad")).to_have_count(0)
    accessible(page, "coding-sent", whole=False)
    turns = coding.call("GET", f"/v1/interviews/{interview}/turns")["turns"]
    assert turns[1]["code"].strip() == SOLVED.strip()


def test_the_editor_suggests_nothing_and_lets_the_keyboard_out(window: Window, coding: Talker) -> None:
    page = window.page(f"/interviews/{begin(coding, BRACKETS)}")
    editor = page.get_by_role("textbox", name="Your Python")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("de")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run the tests you see")).to_be_focused()


def test_sql_shows_its_tables_and_runs(window: Window, coding: Talker) -> None:
    page = window.page(f"/interviews/{begin(coding, QUERY)}")
    expect(page.get_by_role("textbox", name="Your SQL")).to_be_visible()
    expect(page.get_by_text("Table").first).to_be_visible()
    page.get_by_role("button", name="Run the tests you see").click()
    expect(page.get_by_text("visible tests pass")).to_be_visible(timeout=30_000)


def test_what_code_prints_is_text(window: Window, coding: Talker) -> None:
    page = window.page(f"/interviews/{begin(coding, BRACKETS)}")
    write(
        page,
        'def first_fault(text):\n    print("</pre><script>alert(1)</script>")\n    return "<img src=x onerror=alert(2)>"\n',
    )
    page.get_by_role("button", name="Run the tests you see").click()
    expect(page.locator("#run-result")).to_contain_text("</pre><script>alert(1)</script>", timeout=30_000)
    expect(page.locator("#run-result")).to_contain_text("<img src=x onerror=alert(2)>")
