// The overview: how many rows of each role, and plots of them by site, code and kind, parted by what was decided.

const PARTS = ["accepted", "open", "rejected", "kept"];
const PART_OF = { accept: "accepted", edit: "accepted", reject: "rejected", open: "open", keep: "kept" };
const PLOTS = [
  ["site", "By site"],
  ["code", "By finding"],
  ["kind", "By kind"],
];
const BARS = 5;
const BAR = 22; // pixels from one bar to the next
const SVG = "http://www.w3.org/2000/svg";

function draw(tag, properties, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function drawPlots(choose) {
  byId("plots").replaceChildren(...PLOTS.map(([name, title]) => plot(name, title, choose)));
}

// Of each value how many rows there are in each part; all values but the most frequent together.
function bars(name) {
  const found = new Map();
  for (let row = 0; row < count; row += 1) {
    const value = rows[name][row];
    if (!found.has(value)) found.set(value, { accepted: 0, open: 0, rejected: 0, kept: 0, total: 0 });
    found.get(value)[PART_OF[stateOf(row)]] += 1;
    found.get(value).total += 1;
  }
  const all = [...found].sort(([a, m], [b, n]) => n.total - m.total || (a < b ? -1 : 1));
  return { all, most: all.slice(0, all.length === BARS + 1 ? BARS + 1 : BARS) };
}

function titleOf(name, value) {
  if (value === "") return "(none)";
  return name === "code" ? `${value} ${plan.codes[value]?.name ?? ""}` : value;
}

function plot(name, title, choose) {
  const { all, most } = bars(name);
  const longest = Math.max(...most.map(([, parts]) => parts.total), 1);
  const label = most.map(([value, parts]) => `${shown(titleOf(name, value), 40)} ${parts.total}`).join(", ");
  const height = Math.max(1, most.length) * BAR;
  const svg = draw("svg", { role: "img", width: "100%", height, "aria-label": `${title}: ${label}` });
  most.forEach(([value, parts], n) =>
    svg.append(bar(titleOf(name, value), parts, longest, n, () => choose(name, value))),
  );
  const rest = all.length - most.length;
  return make(
    "figure",
    {},
    make("figcaption", {}, title, rest ? make("span", { class: "rest" }, ` ${rest} more`) : ""),
    svg,
  );
}

function bar(title, parts, longest, n, click) {
  const middle = n * BAR + BAR / 2;
  const told = PARTS.filter((part) => parts[part])
    .map((part) => `${parts[part]} ${part}`)
    .join(", ");
  const group = draw("g", { class: "bar" }, draw("title", {}, `${shown(title, 200)}: ${told}`));
  group.append(draw("rect", { class: "ground", x: 0, y: n * BAR, width: "100%", height: BAR }));
  const label = draw("text", { x: 0, y: BAR / 2, "dominant-baseline": "central" }, shown(title, 40));
  group.append(draw("svg", { x: 0, y: n * BAR, width: "41%", height: BAR }, label)); // it cuts what is too long
  let at = 42;
  for (const part of PARTS) {
    const width = (46 * parts[part]) / longest;
    if (width)
      group.append(draw("rect", { class: part, x: `${at}%`, y: n * BAR + 5, width: `${width}%`, height: BAR - 10 }));
    at += width;
  }
  const number = { x: `${at + 1}%`, y: middle, "dominant-baseline": "central", class: "number" };
  group.append(draw("text", number, parts.total.toLocaleString("en")));
  group.addEventListener("click", click);
  return group;
}

function drawTiles(choose) {
  const numbers = new Map(tally("role"));
  byId("tiles").replaceChildren(
    ...["rename", "repair", "decide", "blocked", "keep"].map((role) =>
      make(
        "button",
        {
          type: "button",
          class: `tile ${role}`,
          "aria-pressed": String(view.equal.role === role),
          click: () => choose("role", role),
        },
        make("b", {}, (numbers.get(role) ?? 0).toLocaleString("en")),
        role,
      ),
    ),
  );
}

function drawMeter() {
  const parts = { accepted: 0, open: 0, rejected: 0 };
  let [made, kept] = [0, 0];
  for (let row = 0; row < count; row += 1) {
    const state = stateOf(row);
    if (state === "keep") kept += 1;
    else parts[PART_OF[state]] += 1;
    made += changes(row);
  }
  const all = Math.max(1, parts.accepted + parts.open + parts.rejected);
  let at = 0;
  const svg = draw("svg", { role: "img", width: "100%", height: 8, "aria-label": "How far the review is" });
  for (const [part, number] of Object.entries(parts)) {
    svg.append(draw("rect", { class: part, x: `${at}%`, width: `${(100 * number) / all}%`, height: 8 }));
    at += (100 * number) / all;
  }
  const told = Object.entries({ ...parts, kept }).map(([part, number]) =>
    make("span", { class: `part ${part}` }, `${number.toLocaleString("en")} ${part}`),
  );
  byId("meter").replaceChildren(svg, make("p", {}, make("b", {}, counted(made, "change", "changes")), ...told));
}
