// Words that are selected lead to what can be done with them. Places count code points, as the API does.

const toolbar = document.getElementById("selected");
const points = (text) => Array.from(text).length;

/** The selection as a place in one turn, or null. */
function place() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const words = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".words");
  if (!words || !range.toString().trim()) return null;
  const before = document.createRange();
  before.selectNodeContents(words);
  before.setEnd(range.startContainer, range.startOffset);
  const start = points(before.toString());
  return { words, start, end: start + points(range.toString()), box: range.getBoundingClientRect() };
}

function show() {
  const found = place();
  toolbar.hidden = !found;
  if (!found) return;
  const { turn, speaker, code } = found.words.dataset;
  for (const link of toolbar.querySelectorAll("a")) {
    link.hidden = Boolean(link.dataset.own) && (speaker !== "candidate" || Boolean(code));
    const asked = new URLSearchParams({ turn, start: found.start, end: found.end, ...(code ? { code: "yes" } : {}) });
    link.href = `${link.dataset.to}?${asked}`;
  }
  const top = scrollY + found.box.top - toolbar.offsetHeight - 8;
  const left = Math.min(scrollX + found.box.left, scrollX + document.documentElement.clientWidth - toolbar.offsetWidth - 8);
  toolbar.style.setProperty("top", `${Math.max(scrollY + 8, top)}px`);
  toolbar.style.setProperty("left", `${Math.max(8, left)}px`);
}

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 120);
});
