// While practising: how an answer did, right after it, and first how sure one is of it.
import { call, part, Problem } from "./api.js";

/** Only the last answer to each question has the button: marks are a question's, not a turn's. */
export function offer(turns) {
  const seen = new Set();
  for (const button of [...turns.querySelectorAll("[data-feedback]")].reverse()) {
    button.hidden = seen.has(button.dataset.feedback);
    seen.add(button.dataset.feedback);
  }
}

/** Answers the buttons in `turns`; `tell` shows a Problem. */
export function listen(turns, interview, tell) {
  const shelf = (turn) => turn.querySelector(":scope > .shelf") ?? turn.appendChild(Object.assign(document.createElement("div"), { className: "shelf" }));

  async function show(turn, question, reveal) {
    const place = shelf(turn);
    place.setAttribute("aria-live", "polite");
    try {
      place.replaceChildren(await part(`/parts/feedback/${interview}/${question}${reveal ? "?reveal=true" : ""}`));
      place.firstElementChild.scrollIntoView({ block: "nearest" });
      place.querySelector("input, [tabindex]")?.focus({ preventScroll: true });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      tell(error);
    }
  }

  turns.addEventListener("click", (event) => {
    const turn = event.target.closest(".turn");
    const question = turn?.querySelector("[data-feedback]")?.dataset.feedback;
    if (event.target.closest("[data-feedback]")) show(turn, question, false);
    if (event.target.closest("[data-reveal]")) show(turn, question, true);
    if (event.target.closest("[data-shut]")) {
      shelf(turn).replaceChildren();
      turn.querySelector("[data-feedback]").focus();
    }
  });
  turns.addEventListener("input", (event) => {
    if (event.target.name === "percent") event.target.parentElement.querySelector("output").textContent = `${event.target.value} %`;
  });
  turns.addEventListener("submit", async (event) => {
    event.preventDefault();
    const question = event.target.dataset.rate;
    const percent = Number(new FormData(event.target).get("percent"));
    try {
      await call("PUT", `/v1/interviews/${interview}/questions/${question}/confidence`, { percent });
      await show(event.target.closest(".turn"), question, true);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      tell(error);
    }
  });
}
