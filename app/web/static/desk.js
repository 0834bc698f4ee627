// The desk of a coding question: its problem, an editor, runs against the tests that can be seen.
import { part, Problem } from "./api.js";

/** What was sent last for a question, from any browser; null where nothing was. */
const lastSent = (question) =>
  [...document.querySelectorAll("#turns .turn.candidate")]
    .filter((turn) => turn.dataset.question === question)
    .map((turn) => turn.querySelector(":scope > pre.code")?.textContent)
    .findLast((code) => code) ?? null;

/** Keeps the desk in step with the question that is open. */
export class Desk {
  constructor(root, talk, drawer, { submit, tell }) {
    this.root = root;
    this.interview = talk.dataset.interview;
    this.module = talk.dataset.editor;
    this.drawer = drawer;
    this.submit = submit;
    this.tell = tell;
    this.question = "";
    this.editor = null;
  }

  /** Opens the desk for `question` where its turn has an editor; shuts it where it has none. */
  async show(language, question) {
    if (!language) {
      this.shut();
      return;
    }
    if (this.question === question) return;
    let piece;
    try {
      piece = await part(`/parts/problem/${this.interview}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.slug !== "not-a-coding-question" && error.slug !== "interview-closed") this.tell(error);
      this.shut();
      return;
    }
    this.editor?.remove();
    this.root.replaceChildren(piece);
    this.question = this.root.firstElementChild.dataset.question;
    const { mount } = await import(this.module);
    const draft = `code:${this.question}`;
    this.editor = mount(this.root.querySelector("#editor"), {
      doc: this.drawer.get(draft) ?? lastSent(question) ?? this.root.querySelector("#starter").value,
      language: this.root.firstElementChild.dataset.language,
      nonce: document.querySelector("link[rel=stylesheet]").nonce,
      label: "editor-label",
      changed: (text) => this.drawer.set(draft, text),
      submit: () => this.send(),
    });
    this.root.querySelector("#run").addEventListener("click", () => this.run());
    this.root.querySelector("#submit-code").addEventListener("click", () => this.send());
    this.root.hidden = false;
    document.body.classList.add("coding");
  }

  shut() {
    this.editor?.remove();
    this.editor = null;
    this.question = "";
    this.root.replaceChildren();
    this.root.hidden = true;
    document.body.classList.remove("coding");
  }

  /** Sends the code. What an earlier run gave goes: it is not of what is sent now. */
  send() {
    this.root.querySelector("#run-result").replaceChildren();
    this.submit();
  }

  /** The code as it stands; "" where there is none to send. */
  text() {
    return this.editor?.text() ?? "";
  }

  async run() {
    const button = this.root.querySelector("#run");
    const result = this.root.querySelector("#run-result");
    if (button.disabled) return;
    button.disabled = true;
    result.textContent = "Running …";
    try {
      const piece = await part(`/parts/run/${this.interview}`, { code: this.editor.text() });
      result.replaceChildren(piece);
      const left = Number(result.firstElementChild.dataset.runsLeft);
      this.root.querySelector("#runs-left").textContent = `${left} ${left === 1 ? "run" : "runs"}`;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const said = document.createElement("p");
      said.className = "notice bad";
      said.textContent = `${error.title}. ${error.message}`;
      result.replaceChildren(said);
    } finally {
      button.disabled = false;
    }
  }
}
