// What every page has: the theme's button, and the line that says when the server cannot be reached.

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
