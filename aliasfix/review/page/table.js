// The table: of all lines only those in view are in the document.

const HEIGHT = 38; // pixels of a line
const SPARE = 8; // lines above and below the view
const COLUMNS = [
  ["role", "Role"],
  ["old", "Name now"],
  ["new", "New name"],
  ["dn", "Entry"],
  ["kind", "Kind"],
  ["site", "Site"],
  ["decision", "Decision"],
];
const CELL = 200; // characters of a cell that are shown
const WORDS = {
  accept: "accepted",
  reject: "rejected",
  edit: "edited",
  open: "open",
  keep: "keeps it",
  refused: "refused",
};
const table = {
  active: undefined,
  onMove: () => {},
  onFold: () => {},
  onEdit: () => {},
  onRename: () => {},
  onSort: () => {},
};

function startTable() {
  const grid = byId("grid");
  document.documentElement.style.setProperty("--line", `${HEIGHT}px`);
  grid.addEventListener("scroll", () => requestAnimationFrame(drawLines), { passive: true });
  new ResizeObserver(drawLines).observe(grid);
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("focus", () => {
    if (table.active === undefined) moveTo(view.lines[0]);
  });
  byId("heads").append(...COLUMNS.map(([name, title]) => head(name, title)));
}

function head(name, title) {
  const button = make("button", { type: "button", click: () => table.onSort(name) }, title);
  return make("div", { role: "columnheader", class: `cell ${name}`, "data-column": name }, button);
}

function drawHeads() {
  for (const cell of byId("heads").children) {
    const isSorted = cell.dataset.column === view.sort;
    cell.setAttribute("aria-sort", !isSorted ? "none" : view.descending ? "descending" : "ascending");
  }
}

function drawLines() {
  const grid = byId("grid");
  const first = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - SPARE);
  const last = Math.min(view.lines.length, Math.ceil((grid.scrollTop + grid.clientHeight) / HEIGHT) + SPARE);
  const body = byId("lines");
  body.style.height = `${view.lines.length * HEIGHT}px`;
  grid.setAttribute("aria-rowcount", view.lines.length + 1);
  body.replaceChildren(...view.lines.slice(first, last).map((line, n) => drawLine(line, first + n)));
  const at = view.lines.indexOf(table.active);
  if (at >= first && at < last) grid.setAttribute("aria-activedescendant", `line${at}`);
  else grid.removeAttribute("aria-activedescendant");
}

function drawLine(line, at) {
  const element = line < 0 ? groupLine(groupOfLine(line)) : rowLine(line);
  element.style.top = `${at * HEIGHT}px`;
  element.id = `line${at}`;
  element.setAttribute("aria-rowindex", at + 2);
  element.setAttribute("aria-selected", line === table.active);
  element.addEventListener("click", () => {
    moveTo(line);
    // The button is drawn anew, and was the focus.
    if (document.activeElement === document.body) byId("grid").focus({ preventScroll: true });
  });
  return element;
}

function groupLine(group) {
  const members = groups.members[group];
  const [first] = members;
  const isOpen = !view.folded.has(group);
  const shut = make(
    "button",
    {
      type: "button",
      tabindex: "-1",
      class: "fold",
      "aria-label": isOpen ? "Fold" : "Unfold",
      click: () => table.onFold(group, isOpen),
    },
    isOpen ? "▾" : "▸",
  );
  const code = make("span", { class: "code" }, `${rows.code[first]} ${plan.codes[rows.code[first]]?.name ?? ""}`);
  const name = make(
    "span",
    { class: "groupname", title: shown(rows.group[first], CELL) },
    data(rows.group[first], CELL),
  );
  const open = members.filter((row) => stateOf(row) === "open").length;
  const told = make("span", { class: "told" }, counted(members.length, "row", "rows"), open ? `, ${open} open` : "");
  return make(
    "div",
    { role: "row", class: "line group", "aria-level": "1", "aria-expanded": isOpen },
    make("div", { role: "rowheader", class: "cell whole" }, shut, name, code, told),
    make(
      "div",
      { role: "gridcell", class: "cell decision" },
      button("✓", "Accept", "Accept the clash", () => decide(members.filter(canAccept).map(kept))),
      button("✕", "Reject", "Reject the clash", () => decide(members.filter(canReject).map(rejected))),
      button("✎", "Edit", "Rename in the clash", () => table.onRename(members)),
    ),
  );
}

// Who accepts many rows leaves the names that somebody edited.
function kept(row) {
  return said.decision[row] === "edit" ? [row, "edit", said.name[row]] : accepted(row);
}

function rowLine(row) {
  const state = facet("decision", row);
  const name = said.name[row];
  const isNew = name !== rows.new[row] || rows.decision[row] === "edit";
  const cells = {
    role: make("span", { class: `badge ${rows.role[row]}` }, rows.role[row]),
    old: data(rows.old[row], CELL),
    new: make(
      "span",
      { class: isNew ? "byhand" : "" },
      data(name, CELL),
      isNew ? make("span", { class: "mark" }, " ✎") : "",
    ),
    dn: data(rows.dn[row], CELL),
    kind: data(rows.kind[row], CELL),
    site: data(rows.site[row], CELL),
  };
  const line = make("div", { role: "row", class: `line ${state}`, "aria-level": view.grouped ? "2" : "1" });
  for (const [column] of COLUMNS.slice(0, -1)) {
    const title = column === "dn" ? shown(rows.dn[row], LONGEST) : undefined;
    line.append(make("div", { role: "gridcell", class: `cell ${column}`, title }, cells[column]));
  }
  line.append(
    make(
      "div",
      { role: "gridcell", class: "cell decision" },
      canAccept(row) &&
        button("✓", "Accept", "Accept", () => decide([kept(row)]), state === "accept" || state === "edit"),
      canReject(row) && button("✕", "Reject", "Reject", () => decide([rejected(row)]), state === "reject"),
      canEdit(row) && button("✎", "Edit", "Edit", () => table.onEdit(row), state === "edit"),
      make("span", { class: `state ${state}` }, WORDS[state]),
    ),
  );
  for (const empty of [...line.lastChild.childNodes]) if (empty.nodeType === Node.TEXT_NODE) empty.remove();
  return line;
}

function button(sign, act, title, click, pressed) {
  return make(
    "button",
    {
      type: "button",
      tabindex: "-1",
      class: "act",
      title,
      "aria-label": title,
      click,
      "data-act": act.toLowerCase(),
      "aria-pressed": pressed === undefined ? undefined : String(pressed),
    },
    sign,
  );
}

function moveTo(line) {
  if (line === undefined) return;
  table.active = line;
  const grid = byId("grid");
  const top = view.lines.indexOf(line) * HEIGHT;
  const inner = grid.clientHeight - byId("heads").offsetHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + HEIGHT > grid.scrollTop + inner) grid.scrollTop = top + HEIGHT - inner;
  drawLines();
  table.onMove(line);
}

function step(by) {
  const at = view.lines.indexOf(table.active);
  moveTo(view.lines[Math.min(view.lines.length - 1, Math.max(0, at + by))]);
}

function onKey(event) {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.floor(byId("grid").clientHeight / HEIGHT) - 2);
  const line = table.active;
  const chosen = line === undefined ? [] : line < 0 ? groups.members[groupOfLine(line)] : [line];
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    PageDown: () => step(page),
    PageUp: () => step(-page),
    Home: () => moveTo(view.lines[0]),
    End: () => moveTo(view.lines.at(-1)),
    ArrowLeft: () => view.grouped && chosen.length && table.onFold(groupOfLine(line), true),
    ArrowRight: () => view.grouped && chosen.length && table.onFold(groupOfLine(line), false),
    a: () => decide(chosen.filter(canAccept).map(kept)),
    r: () => decide(chosen.filter(canReject).map(rejected)),
    z: () => decide(chosen.map(reset)),
    e: () => (line < 0 ? table.onRename(chosen) : canEdit(line) && table.onEdit(line)),
    Enter: () => (line < 0 ? table.onFold(groupOfLine(line), !view.folded.has(groupOfLine(line))) : keys.e()),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}
