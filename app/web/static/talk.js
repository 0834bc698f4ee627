// An interview as it goes on: sends answers, shows replies as they come, and loses nothing on the way.
import { call, part, Problem, request } from "./api.js";
import * as clock from "./clock.js";
import { Desk } from "./desk.js";
import { Drawer, newKey } from "./draft.js";
import { events } from "./events.js";
import * as feedback from "./feedback.js";
import { drawStored, Pad } from "./sketch.js";
import { aloud, speak } from "./speech.js";

const talk = document.getElementById("talk");
const id = talk.dataset.interview;
const turns = document.getElementById("turns");
const coming = document.getElementById("coming");
const spoken = document.getElementById("spoken");
const state = document.getElementById("talk-state");
const problem = document.getElementById("talk-problem");
const composer = document.getElementById("composer");
const answer = document.getElementById("answer");
const connection = document.getElementById("connection");
const pause = document.getElementById("pause");
const drawer = new Drawer(id);
const voice = aloud(document.getElementById("aloud"));
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`viva:${id}`) : null;

const LONGEST_WAIT_S = 8;
const RETRIES_OF_A_REPLY = 3;
/** Refusals after which the words go back into the field, and what was said meanwhile is shown. */
const ANOTHER_WAS_FASTER = new Set([
  "turn-out-of-date",
  "turn-out-of-order",
  "reply-pending",
  "duplicate-request",
  "idempotency-conflict",
]);

const lastSeq = () => Number([...turns.querySelectorAll(".turn")].at(-1)?.dataset.seq ?? 0);
const last = () => [...turns.querySelectorAll(".turn")].at(-1);

// --- what is said to the person ---

function tell(error, { retry } = {}) {
  problem.replaceChildren();
  problem.hidden = !error;
  if (!error) return;
  const title = document.createElement("strong");
  title.textContent = error.title ? `${error.title}. ` : "";
  const text = document.createElement("p");
  text.append(title, error.message ?? String(error));
  problem.append(text);
  if (error.slug === "key-invalid") {
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = "Sign in again; your words are kept.";
    problem.append(link);
  }
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button second";
    button.textContent = "Try again";
    button.addEventListener("click", () => (tell(null), retry()));
    problem.append(button);
  }
}

const notice = (title, message) => tell({ title, message });

function grow() {
  answer.style.height = "auto";
  answer.style.height = `${Math.min(answer.scrollHeight + 2, innerHeight * 0.4)}px`;
}

/** The end of the page; where the last words are longer than the window, their beginning. */
function toEnd() {
  scrollTo({ top: document.body.scrollHeight });
  const words = coming.querySelector(".turn:last-child") ?? last();
  const bar = talk.querySelector(".talk-bar").getBoundingClientRect().bottom;
  if (words && words.getBoundingClientRect().top < bar) words.scrollIntoView({ block: "start" });
}

// --- a turn on its way ---

/** An element like one of the template's, for words that the server has not confirmed. */
function provisional(speaker, text, code = "") {
  const turn = document.createElement("article");
  turn.className = `turn ${speaker}`;
  const who = document.createElement("p");
  who.className = "who";
  who.textContent = speaker === "interviewer" ? "Viva" : "You";
  const said = document.createElement("div");
  said.className = "said";
  said.textContent = text;
  turn.append(who, said);
  if (code) {
    const pre = document.createElement("pre");
    pre.className = "code";
    pre.textContent = code;
    turn.append(pre);
  }
  coming.append(turn);
  return said;
}

const wait = (seconds) =>
  new Promise((wake) => {
    const timer = setTimeout(wake, 1000 * seconds);
    addEventListener("online", () => (clearTimeout(timer), wake()), { once: true });
  });

let busy = false;

function setBusy(on) {
  busy = on;
  composer.setAttribute("aria-busy", String(on));
  for (const button of composer.querySelectorAll("button")) button.setAttribute("aria-disabled", String(on));
  document.getElementById("submit-code")?.setAttribute("aria-disabled", String(on));
}

/**
 * Watches the events that `open` brings until the reply is there; a broken connection is taken up again.
 */
async function follow(open) {
  let seen = "";
  let said = null;
  let aloud = null;
  let failures = 0;
  for (let tries = 0; ; tries += 1) {
    try {
      const response = await open(seen ? { "Last-Event-ID": seen } : {});
      connection.hidden = true;
      for await (const { id: place, data } of events(response)) {
        // Part 0 leaves nothing out, so it would be no use to come back with.
        if (!place.endsWith(".0")) seen = place;
        if (data.event === "turn.delta") {
          state.textContent = "";
          said ??= provisional("interviewer", "");
          said.textContent += data.text;
          aloud = hear(data.text, aloud);
          toEnd();
        }
        if (data.event === "turn.completed") {
          if (!said) hear(data.turn.text);
          return data;
        }
        if (data.event === "turn.failed") throw new Problem(data.problem);
      }
    } catch (error) {
      if (error instanceof Problem && error.status >= 400 && error.status !== 503) throw error;
      if (error instanceof Problem && error.status === 503 && (failures += 1) > RETRIES_OF_A_REPLY) throw error;
      if (error instanceof Problem && error.status === 0) connection.hidden = false;
    }
    // Broken off, or not reached: the same key again, from where it broke off.
    await wait(Math.min(LONGEST_WAIT_S, 0.5 * 2 ** tries));
  }
}

/** Says a part of a reply; one that is said in parts stays together in `reply`, the element of its first. */
function hear(text, reply = null) {
  const whole = reply ?? spoken.appendChild(document.createElement("div"));
  const line = document.createElement("p");
  line.textContent = text;
  whole.append(line);
  voice.say(text);
  return whole;
}

/** Shows what is stored after `seq` in the place of what was on its way. */
async function settle(seq) {
  const piece = await part(`/parts/turns/${id}?after=${seq}`);
  for (const each of piece.querySelectorAll(".turn")) document.getElementById(each.id)?.remove();
  const known = new Set([...turns.querySelectorAll(".round-begins")].map((each) => each.dataset.round));
  for (const each of piece.querySelectorAll(".round-begins")) if (known.has(each.dataset.round)) each.remove();
  turns.append(piece);
  dress();
  coming.replaceChildren();
  // The reply that was just said stays whole: a screen reader may be in the midst of it.
  spoken.replaceChildren(...[...spoken.children].slice(-1));
  const editor = talk.dataset.state === "open" ? last()?.dataset.editor : "";
  await Promise.all([desk.show(editor ?? "", last()?.dataset.question ?? ""), clock.look(id)]);
  toEnd();
}

function over() {
  talk.dataset.state = "closed";
  composer.hidden = true;
  desk.shut();
  for (const each of document.querySelectorAll(".needs-open")) each.hidden = true;
  document.getElementById("over").hidden = false;
  drawer.clear();
}

// --- answering ---

/** Sends what is in `sending`, which is kept until the server has it. */
async function send(sending) {
  setBusy(true);
  tell(null);
  coming.replaceChildren();
  provisional("candidate", sending.text, sending.code);
  state.textContent = sending.code ? "Your code is being tested …" : "Viva is thinking …";
  clock.hold();
  toEnd();
  const body = JSON.stringify({ text: sending.text, code: sending.code, in_reply_to: sending.in_reply_to });
  try {
    const completed = await follow(
      (headers) =>
        request(`/v1/interviews/${id}/turns`, {
          method: "POST",
          body,
          headers: {
            Accept: "text/event-stream",
            "Content-Type": "application/json",
            "Idempotency-Key": sending.key,
            ...headers,
          },
        }),
    );
    drawer.set("sending", null);
    await settle(sending.in_reply_to);
    if (pause) pause.textContent = "Pause";
    tabs?.postMessage("turn");
    if (completed.interview_state === "closed") over();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await refused(sending, error);
  } finally {
    state.textContent = "";
    setBusy(false);
    if (!composer.hidden && !document.body.classList.contains("coding")) answer.focus({ preventScroll: true });
  }
}

async function refused(sending, error) {
  if (error.status === 503) {
    // The words are stored, or may be: the same key finds out.
    tell(error, { retry: () => send(sending) });
    return;
  }
  drawer.set("sending", null);
  coming.replaceChildren();
  giveBack(sending.text);
  if (error.slug === "interview-closed") {
    await settle(lastSeq());
    over();
    notice("The interview was ended in another window", "What you had typed was not sent.");
  } else if (ANOTHER_WAS_FASTER.has(error.slug)) {
    await catchUp();
    notice("You went on in another window", "Your words are still here, and were not sent: read the new question first.");
  } else {
    tell(error);
  }
}

function giveBack(text) {
  const now = answer.value.trim();
  answer.value = now && now !== text ? `${text}\n\n${now}` : text;
  drawer.set("draft", answer.value);
  grow();
}

async function submit(text, code = "") {
  if (busy || !(text.trim() || code.trim())) {
    if (!busy) answer.focus();
    return;
  }
  const waiting = drawer.get("sending");
  if (waiting) {
    // It may not have arrived: what is put in its place would be all that is left.
    await send(waiting);
    if (problem.hidden && !composer.hidden)
      notice("Your answer from before went first", "This was not sent, and what you typed is still here: read the new question first.");
    return;
  }
  const sending = { text: text.trim(), code, key: newKey(), in_reply_to: lastSeq() };
  drawer.set("sending", sending);
  if (answer.value.trim() === sending.text) {
    answer.value = "";
    drawer.set("draft", null);
    grow();
  }
  await send(sending);
}

const pad = new Pad(document.getElementById("sketch"), answer, drawer);
const designs = talk.dataset.designs.split(" ");

/** What scripts add to turns that the server rendered. */
function dress() {
  feedback.offer(turns);
  drawStored(turns);
  const round = [...turns.querySelectorAll(".turn.interviewer")].at(-1)?.dataset.round;
  pad.show(designs.includes(round));
}

const desk = new Desk(document.getElementById("desk"), talk, drawer, {
  submit: () => submit(answer.value, desk.text()),
  tell,
});

// --- what went on elsewhere ---

/** Shows what was said since, and waits for a reply that is on its way. */
async function catchUp() {
  await settle(lastSeq());
  const interview = await call("GET", `/v1/interviews/${id}`);
  if (interview.state === "closed") over();
  else if (last()?.classList.contains("candidate")) await waitForReply();
}

/** The reply to the last stored turn: another window's, or one that a reload left behind. */
async function waitForReply() {
  const seq = lastSeq();
  setBusy(true);
  state.textContent = "Viva is thinking …";
  try {
    const completed = await follow((headers) => request(`/v1/interviews/${id}/turns/${seq}/events`, { headers }));
    await settle(seq);
    if (completed.interview_state === "closed") over();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(error, { retry: waitForReply });
  } finally {
    state.textContent = "";
    setBusy(false);
  }
}

tabs?.addEventListener("message", async () => {
  if (busy) return;
  const before = lastSeq();
  try {
    await catchUp();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
  if (lastSeq() > before && answer.value.trim())
    notice("You went on in another window", "There is a new question. What you had typed is still here.");
});

// --- controls ---

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(answer.value);
});
answer.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  submit(answer.value);
});
answer.addEventListener("input", () => {
  drawer.set("draft", answer.value);
  grow();
});
for (const button of composer.querySelectorAll("[data-say]"))
  button.addEventListener("click", () => submit(button.dataset.say));
for (const button of composer.querySelectorAll("[data-begin]"))
  button.addEventListener("click", () => {
    if (!answer.value.startsWith(button.dataset.begin)) answer.value = button.dataset.begin + answer.value;
    answer.focus();
    answer.setSelectionRange(button.dataset.begin.length, button.dataset.begin.length);
    answer.dispatchEvent(new Event("input"));
  });

pause?.addEventListener("click", async () => {
  const paused = talk.dataset.paused === "yes";
  try {
    const found = await call("POST", `/v1/interviews/${id}/${paused ? "resume" : "pause"}`);
    talk.dataset.paused = found.paused_at ? "yes" : "no";
    pause.textContent = found.paused_at ? "Go on" : "Pause";
    state.textContent = found.paused_at ? "Paused: the clock stands still until you answer or go on." : "";
    await clock.look(id);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(error);
  }
});

const endDialog = document.getElementById("end-dialog");
document.getElementById("end").addEventListener("click", () => {
  endDialog.returnValue = "";
  endDialog.showModal();
});
endDialog.addEventListener("close", async () => {
  if (endDialog.returnValue !== "end") return;
  try {
    await call("POST", `/v1/interviews/${id}/close`);
    over();
    tabs?.postMessage("turn");
    await settle(lastSeq());
    // What comes next is seen, and is where the keyboard is.
    document.querySelector("#over a").focus();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(error);
  }
});

speak(document.getElementById("speak"), answer, document.getElementById("speech-dialog"), new Drawer("all"), (said) =>
  notice("", said),
);

feedback.listen(turns, id, tell);
dress();

// --- at the start: where it was left ---

async function resume() {
  answer.value = drawer.get("draft") ?? "";
  grow();
  toEnd();
  await desk.show(last()?.dataset.editor ?? "", last()?.dataset.question ?? "");
  const sending = drawer.get("sending");
  if (sending) await send(sending);
  else if (last()?.classList.contains("candidate")) await waitForReply();
  else if (!document.body.classList.contains("coding")) answer.focus({ preventScroll: true });
  toEnd();
}

if (talk.dataset.state === "open") resume();
else drawer.clear();
