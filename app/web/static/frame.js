// What every page has: the theme's button, the line that says when the server cannot be reached, and the one that says that it works.

const root = document.documentElement;
const button = document.getElementById("theme");
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
const label = () => {
  button.textContent = isDark() ? "Light" : "Dark";
  button.setAttribute("aria-label", isDark() ? "Use light colours" : "Use dark colours");
};

button.hidden = false;
label();
system.addEventListener("change", label);
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("viva:theme", root.dataset.theme);
  } catch {
    // It holds for this page.
  }
  label();
});

const connection = document.getElementById("connection");
addEventListener("offline", () => (connection.hidden = false));
addEventListener("online", () => (connection.hidden = true));

// A form that the browser sends itself is sent once, and says that it is being worked on, until the next page is there.
const working = document.getElementById("working");
const SAYS_AFTER_MS = 600;
const STILL_AFTER_MS = 8_000;
const AGAIN_AFTER_MS = 30_000;
let timers = [];

const say = (words) => (working.textContent = words);
const rest = () => {
  timers.forEach(clearTimeout);
  timers = [];
  say("");
  for (const form of document.forms) delete form.dataset.sentAt;
};

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (Date.now() - Number(form.dataset.sentAt ?? 0) < AGAIN_AFTER_MS) {
    event.preventDefault();
    return;
  }
  rest();
  form.dataset.sentAt = String(Date.now());
  const words = form.dataset.waits ?? "One moment …";
  timers = [
    setTimeout(() => say(words), SAYS_AFTER_MS),
    setTimeout(() => say(`${words} Still working; nothing is lost.`), STILL_AFTER_MS),
  ];
});
addEventListener("pageshow", rest);
