// The server's clock, told on between two looks at it.
import { call } from "./api.js";

const shown = document.getElementById("clock");
const progress = document.getElementById("progress");
const roundName = document.getElementById("round-name");
const rounds = document.getElementById("rounds");
const SAYS = { done: ", done", now: ", now", ahead: "" };

let elapsed = Number(shown.dataset.elapsed);
let budget = Number(shown.dataset.budget);
let running = shown.dataset.running === "yes";
let since = performance.now();

const warning = document.getElementById("time-left");
const WARNINGS = [
  [60, "One minute left."],
  [300, "Five minutes left."],
];

/** Tells those who do not see the clock, once for each. */
function warn(left) {
  const [, says] = WARNINGS.find(([from]) => left <= from && left > 0) ?? [0, ""];
  if (warning.textContent !== says) warning.textContent = says;
}

const spent = () => elapsed + (running ? (performance.now() - since) / 1000 : 0);

function draw() {
  const seconds = Math.floor(spent());
  const two = (number) => String(number).padStart(2, "0");
  shown.textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)} of ${Math.round(budget / 60)} min`;
  progress.value = Math.min(seconds, budget);
  progress.max = budget;
  warn(budget - seconds);
}

/** The clock stands: an answer is on its way, or the interview is paused. */
export function hold() {
  elapsed = spent();
  running = false;
  draw();
}

/** Asks the server. A clock that cannot be asked goes on as it was. */
export async function look(interview) {
  let found;
  try {
    found = await call("GET", `/v1/interviews/${interview}/clock`);
  } catch {
    return;
  }
  ({ elapsed_s: elapsed, budget_s: budget, running } = found);
  since = performance.now();
  for (const [at, each] of found.rounds.entries()) {
    const item = rounds.children[at];
    if (!item) continue;
    item.dataset.state = each.state;
    item.querySelector("[data-says]").textContent = SAYS[each.state];
    if (each.state === "now") roundName.textContent = item.firstElementChild.textContent;
  }
  draw();
}

draw();
setInterval(draw, 1000);
