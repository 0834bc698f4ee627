// Marks in the list of the report's parts the one that is being read, and keeps it in view where the list is a narrow row.
const links = new Map();
for (const link of document.querySelectorAll(".report > .contents a")) {
  const part = document.getElementById(link.hash.slice(1));
  if (part) links.set(part, link);
}

let marked = null;
function mark() {
  const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 8;
  const passed = [...links.keys()].filter((part) => part.getBoundingClientRect().top <= line);
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const here = links.get(atEnd ? [...links.keys()].at(-1) : passed.at(-1)) ?? null;
  if (here === marked) return;
  marked?.removeAttribute("aria-current");
  here?.setAttribute("aria-current", "true");
  const row = here?.closest("ul");
  if (row) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.clientWidth) / 2;
  marked = here;
}

let waiting = false;
addEventListener("scroll", () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    mark();
  });
}, { passive: true });
mark();
