// The plan: each change is stored at once, and what is shown is what the server has.
import { call, part, Problem } from "./api.js";

const begin = document.getElementById("begin");
const plan = document.getElementById("plan");
const state = document.getElementById("plan-state");
const problem = document.getElementById("plan-problem");
const id = begin.dataset.interview;

function say(error) {
  problem.hidden = !error;
  problem.textContent = error ? `${error.title}. ${error.message}` : "";
}

const swap = (list, at, to) => ([list[at], list[to]] = [list[to], list[at]]);
const changes = {
  minutes: (rounds, at, control) => (rounds[at].minutes = Number(control.value)),
  up: (rounds, at) => swap(rounds, at, at - 1),
  down: (rounds, at) => swap(rounds, at, at + 1),
  "drop-round": (rounds, at) => rounds.splice(at, 1),
  drop: (rounds, at, control) => rounds[at].questions.splice(Number(control.dataset.question), 1),
  add: (rounds, at, control) => rounds[at].questions.push({ question_id: control.value, seconds: 180 }),
};

let last = Promise.resolve();

async function change(control) {
  const what = control.dataset.do;
  const at = Number(control.dataset.round);
  const rounds = JSON.parse(plan.querySelector("[data-rounds]").dataset.rounds);
  changes[what](rounds, at, control);
  const wanted = {
    rounds: rounds.map((each) => ({
      round: each.round,
      minutes: each.minutes,
      questions: each.questions.map(({ question_id, seconds }) => ({ question_id, seconds })),
      reserve: each.reserve
        .map(({ question_id }) => question_id)
        .filter((id) => !each.questions.some(({ question_id }) => question_id === id)),
    })),
  };
  try {
    say(null);
    await call("PATCH", `/v1/interviews/${id}`, wanted);
    state.textContent = "Changed.";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error);
  }
  plan.replaceChildren(await part(`/parts/plan/${id}`));
  const place = { up: at - 1, down: at + 1 }[what] ?? at;
  // The same control where it still is; else its opposite, or whatever stands nearest.
  const same = [what, { up: "down", down: "up" }[what]].map((each) => `[data-do="${each}"][data-round="${place}"]`);
  const near = [...same, `[data-round="${place}"]`, `[data-round="${Math.max(0, place - 1)}"]`];
  const again = near.map((each) => plan.querySelector(`${each}:not([disabled])`)).find((each) => each);
  (again ?? begin).focus();
}

// One after the other: the second change stands on the first.
const queue = (control) => (last = last.then(() => change(control)));
plan.addEventListener("click", (event) => {
  const control = event.target.closest("button[data-do]");
  if (control) queue(control);
});
plan.addEventListener("change", (event) => {
  const control = event.target.closest("input[data-do], select[data-do]");
  if (control && control.value && control.checkValidity()) queue(control);
});

async function open() {
  say(null);
  state.textContent = "Beginning …";
  try {
    await last;
    await call("POST", `/v1/interviews/${id}/open`);
    location.assign(`/interviews/${id}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state.textContent = "";
    say(error);
    problem.scrollIntoView({ block: "center" });
  }
}
begin.addEventListener("click", open);
document.getElementById("begin-below").addEventListener("click", open);

document.getElementById("discard").addEventListener("click", async () => {
  try {
    await call("DELETE", `/v1/interviews/${id}`);
    location.assign("/");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error);
  }
});
