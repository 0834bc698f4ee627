// Looks whether the report is there, and shows it then. A lost connection is waited out.
import { call } from "./api.js";

const wait = document.getElementById("wait");
const says = wait.querySelector("[role=status]");

async function look() {
  try {
    const status = await call("GET", wait.dataset.status);
    if (!status.pending) return location.reload();
    const text = `${status.pending} ${status.pending === 1 ? "answer" : "answers"} to go`;
    if (!says.textContent.includes(text)) says.lastChild.textContent = ` ${text}`;
  } catch (problem) {
    says.lastChild.textContent = ` ${problem.title}. Trying again.`;
  }
  setTimeout(look, 2000);
}
setTimeout(look, 1500);
