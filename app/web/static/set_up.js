// Setting up: reads a chosen resume at once, then plans or begins.
import { call, part, Problem } from "./api.js";

const form = document.getElementById("set-up");
const drop = document.getElementById("drop");
const file = document.getElementById("resume-file");
const preview = document.getElementById("resume-preview");
const fileProblem = document.getElementById("resume-problem");
const problem = document.getElementById("set-up-problem");
const state = document.getElementById("set-up-state");
const NOT_READY_S = 1.5;

const resumeId = () => preview.querySelector("[data-resume]")?.dataset.resume ?? null;

function say(where, error) {
  where.replaceChildren();
  where.hidden = !error;
  if (!error) return;
  const title = document.createElement("strong");
  title.textContent = `${error.title ?? "Something went wrong"}. `;
  where.append(title, error.message);
}

async function upload(chosen) {
  say(fileProblem, null);
  preview.textContent = `Reading ${chosen.name} …`;
  form.dataset.reading = "yes";
  try {
    const body = new FormData();
    body.append("file", chosen);
    const read = await call("POST", "/v1/resumes", body);
    preview.replaceChildren(await part(`/parts/resume/${read.id}`));
    drop.hidden = true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    preview.replaceChildren();
    say(fileProblem, error);
    file.focus();
  } finally {
    file.value = "";
    delete form.dataset.reading;
  }
}

file.addEventListener("change", () => file.files[0] && upload(file.files[0]));
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) upload(event.dataTransfer.files[0]);
  });
}
preview.addEventListener("click", (event) => {
  if (!event.target.closest('[data-do="leave-out"]')) return;
  preview.replaceChildren();
  drop.hidden = false;
  file.focus();
});

const summary = document.getElementById("more-says");
form.addEventListener("change", () => {
  const said = new FormData(form);
  const rounds = said.getAll("rounds").length;
  const parts = [`${said.get("minutes")} minutes`, said.get("mode")];
  if (said.get("company") !== "neutral") parts.push(form.elements.company.selectedOptions[0].textContent);
  if (rounds) parts.push(rounds === 1 ? "1 round" : `${rounds} rounds`);
  summary.textContent = parts.join(", ");
});

/** Creates the interview; while the server is still opening its models, waits for it and says so. */
async function create(wish) {
  for (;;) {
    try {
      return await call("POST", "/v1/interviews", wish);
    } catch (error) {
      if (error.slug !== "not-ready") throw error;
      state.textContent = "Viva is still opening its models. It begins as soon as they are there.";
      await new Promise((wake) => setTimeout(wake, 1000 * NOT_READY_S));
    }
  }
}

let busy = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  busy = true;
  const start = event.submitter?.value !== "plan";
  const said = new FormData(form);
  const wish = {
    role: said.get("role"),
    seniority: said.get("seniority"),
    company: said.get("company"),
    minutes: Number(said.get("minutes")),
    mode: said.get("mode"),
    strictness: said.get("strictness"),
    rounds: said.getAll("rounds"),
    job_description: said.get("job_description"),
    resume_id: resumeId(),
    start,
  };
  say(problem, null);
  state.textContent = start ? "Preparing your interview …" : "Planning …";
  try {
    while (form.dataset.reading) await new Promise((wake) => setTimeout(wake, 100));
    wish.resume_id = resumeId();
    const made = await create(wish);
    location.assign(start ? `/interviews/${made.id}` : `/interviews/${made.id}/plan`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state.textContent = "";
    say(problem, error);
    busy = false;
  }
});
// Back from the interview: the page may come from the browser's memory as it was left.
addEventListener("pageshow", () => {
  busy = false;
  state.textContent = "";
});
