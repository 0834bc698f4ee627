// A sketch of boxes and arrows, made of text: what is sent and judged is the text, so no mouse is needed for it.

const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 132, height: 44, across: 60, down: 26 };
const MOST_BOXES = 40;
const HEADING = "Sketch:";

/** Boxes and arrows of lines like "Client -> API -> Ranker: top 500". */
export function parse(text) {
  const boxes = new Map();
  const arrows = [];
  const box = (name) => {
    if (!boxes.has(name) && boxes.size < MOST_BOXES) boxes.set(name, { name, depth: 0 });
    return boxes.get(name);
  };
  for (const line of text.split("\n")) {
    const [path, ...rest] = line.split(":");
    const names = path.split(/->|→/).map((each) => each.trim()).filter(Boolean);
    const found = names.map(box);
    for (let at = 1; at < found.length; at += 1)
      if (found[at - 1] && found[at]) arrows.push({ from: found[at - 1], to: found[at], says: rest.join(":").trim() });
  }
  // Each box stands right of all that lead to it; an arrow that closes a circle leads back, and moves nothing.
  const onwards = new Map();
  const leads = (from, to) => from === to || [...(onwards.get(from) ?? [])].some((each) => leads(each, to));
  for (const arrow of arrows) {
    arrow.back = leads(arrow.to, arrow.from);
    if (!arrow.back) onwards.set(arrow.from, (onwards.get(arrow.from) ?? new Set()).add(arrow.to));
  }
  for (let settled = false; !settled; ) {
    settled = true;
    for (const { from, to, back } of arrows) {
      if (back || to.depth > from.depth) continue;
      to.depth = from.depth + 1;
      settled = false;
    }
  }
  return { boxes: [...boxes.values()], arrows };
}

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** The sketch as SVG; null where the text has no box. */
export function draw(text) {
  const { boxes, arrows } = parse(text);
  if (!boxes.length) return null;
  const columns = new Map();
  for (const each of boxes) {
    const column = columns.get(each.depth) ?? [];
    columns.set(each.depth, [...column, each]);
    each.x = each.depth * (BOX.width + BOX.across);
    each.y = column.length * (BOX.height + BOX.down);
  }
  const width = Math.max(...boxes.map((each) => each.x)) + BOX.width;
  const height = Math.max(...boxes.map((each) => each.y)) + BOX.height;
  const label = `Sketch: ${boxes.length} boxes, ${arrows.length} arrows`;
  const svg = element("svg", { viewBox: `-2 -14 ${width + 4} ${height + 18 + BOX.down}`, role: "img", "aria-label": label, class: "sketch" });
  svg.setAttribute("width", width + 4);
  for (const { from, to, says, back } of arrows) {
    // Onwards from side to side; back from below to below, so that it runs under the boxes.
    const start = back ? [from.x + BOX.width / 2, from.y + BOX.height] : [from.x + BOX.width, from.y + BOX.height / 2];
    const end = back ? [to.x + BOX.width / 2, to.y + BOX.height] : [to.x, to.y + BOX.height / 2];
    const bends = back ? [0, BOX.down, 0, BOX.down] : [30, 0, -30, 0];
    const d = `M${start} C${start[0] + bends[0]},${start[1] + bends[1]} ${end[0] + bends[2]},${end[1] + bends[3]} ${end}`;
    const tip = back
      ? `M${end[0] - 4},${end[1] + 7} L${end} L${end[0] + 4},${end[1] + 7}`
      : `M${end[0] - 7},${end[1] - 4} L${end} L${end[0] - 7},${end[1] + 4}`;
    svg.append(element("path", { d }), element("path", { d: tip }));
    const under = back ? BOX.down - 2 : -6;
    const at = { x: (start[0] + end[0]) / 2, y: (start[1] + end[1]) / 2 + under, class: "says" };
    if (says) svg.append(element("text", at, short(says, back ? 18 : 9)));
  }
  for (const each of boxes) {
    svg.append(element("rect", { x: each.x, y: each.y, width: BOX.width, height: BOX.height, rx: 8 }));
    svg.append(element("text", { x: each.x + BOX.width / 2, y: each.y + BOX.height / 2 + 5 }, short(each.name, 16)));
  }
  return svg;
}

/** The text of the sketch in an answer; "" where it has none. */
const within = (answer) => (answer.includes(`${HEADING}\n`) ? answer.slice(answer.indexOf(`${HEADING}\n`) + HEADING.length + 1) : "");

/** Draws the sketches of stored answers below their words. */
export function drawStored(turns) {
  for (const said of turns.querySelectorAll(".turn.candidate .said")) {
    const text = within(said.textContent);
    if (!text || said.nextElementSibling?.matches(".sketch")) continue;
    const svg = draw(text);
    if (svg) said.after(svg);
  }
}

/** The pad: draws while one writes, keeps the text in the drawer, and puts it into the answer. */
export class Pad {
  constructor(root, answer, drawer) {
    this.root = root;
    this.drawer = drawer;
    this.text = root.querySelector("textarea");
    this.paper = root.querySelector("[data-paper]");
    this.text.value = drawer.get("sketch") ?? "";
    this.text.addEventListener("input", () => this.draw());
    root.querySelector("button").addEventListener("click", () => {
      if (!this.text.value.trim()) {
        this.text.focus();
        return;
      }
      const words = answer.value.includes(`${HEADING}\n`) ? answer.value.slice(0, answer.value.indexOf(`${HEADING}\n`)) : answer.value;
      answer.value = `${words.trim()}\n\n${HEADING}\n${this.text.value.trim()}`.trim();
      answer.dispatchEvent(new Event("input"));
      this.root.open = false;
      answer.focus();
    });
    this.draw();
  }

  draw() {
    this.drawer.set("sketch", this.text.value);
    this.paper.replaceChildren(...[draw(this.text.value)].filter(Boolean));
  }

  show(wanted) {
    this.root.hidden = !wanted;
  }
}
