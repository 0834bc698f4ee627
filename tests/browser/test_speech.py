"""Speech in and out, with a double in the place of the browser's services: who hears what, and only after a yes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser import Window, accessible
from tests.support.serving import Talker

RECOGNITION = """
window.heard = { started: 0 };
class Recognition extends EventTarget {
  start() { window.heard.started += 1; window.heard.one = this; }
  stop() { this.dispatchEvent(new Event("end")); }
}
delete window.SpeechRecognition;
window.webkitSpeechRecognition = Recognition;
"""
HEARS = """words => {
  const event = new Event("result");
  event.resultIndex = 0;
  event.results = [Object.assign([{ transcript: words }], { isFinal: true })];
  window.heard.one.dispatchEvent(event);
}"""
VOICES = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
const synth = Object.assign(new EventTarget(), {
  getVoices: () => [{ lang: "en-US", localService: LOCAL, default: true, name: "one" }],
  speak: (said) => window.spoken.push(said.text),
  cancel() {},
});
Object.defineProperty(window, "speechSynthesis", { value: synth });
"""


def talk(window: Window, viva: Talker, script: str) -> Page:
    interview = viva.begin(rounds=["fundamentals"], minutes=20)
    page = window.page()
    page.add_init_script(script)
    page.goto(f"/interviews/{interview['id']}")
    expect(page.get_by_label("Your answer")).to_be_focused()
    return page


def test_nobody_listens_before_one_has_agreed(window: Window, viva: Talker) -> None:
    page = talk(window, viva, RECOGNITION)
    page.get_by_role("button", name="Speak").click()
    dialog = page.get_by_role("dialog", name="Your voice would leave this machine")
    expect(dialog).to_contain_text("Google")
    accessible(page, "talk-speech", whole=False)
    dialog.get_by_role("button", name="type").click()
    assert page.evaluate("() => window.heard.started") == 0
    page.get_by_role("button", name="Speak").click()
    dialog.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()
    page.evaluate(HEARS, "first I look at")
    page.evaluate(HEARS, "the training error")
    expect(page.get_by_label("Your answer")).to_have_value("first I look at the training error")
    page.get_by_role("button", name="Stop listening").click()
    expect(page.get_by_role("button", name="Speak")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()


def test_without_recognition_there_is_no_button(window: Window, viva: Talker) -> None:
    page = talk(window, viva, "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    expect(page.get_by_role("button", name="Speak")).to_have_count(0)


def test_replies_are_read_aloud_by_a_voice_of_this_machine(window: Window, viva: Talker) -> None:
    page = talk(window, viva, VOICES.replace("LOCAL", "true"))
    page.get_by_role("button", name="Read aloud").click()
    page.get_by_label("Your answer").fill("I compare training and validation loss.")
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.locator("#turns .turn.interviewer")).to_have_count(2)
    spoken = " ".join(page.evaluate("() => window.spoken"))
    assert spoken.split() == page.locator("#turns .turn.interviewer .said").last.inner_text().split()


def test_a_voice_of_somebody_elses_machine_is_not_offered(window: Window, viva: Talker) -> None:
    page = talk(window, viva, VOICES.replace("LOCAL", "false"))
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)
