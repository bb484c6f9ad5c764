// Which rows are seen, in which order: filters, search, sorting, and the folding of groups, to a list of lines.

const FILTERS = ["site", "kind", "code", "role", "label"];
const FACETS = [...FILTERS, "decision"];
const SEARCHED = ["old", "new", "dn", "mail", "site", "label", "kind", "group", "reason"];
const view = {
  text: "",
  equal: {},
  sort: "",
  descending: false,
  grouped: true,
  folded: new Set(),
  rows: [],
  lines: [],
};
let haystacks; // what a row is searched in; made when first asked for

function facet(name, row) {
  if (name !== "decision") return rows[name][row];
  return isRefused(row) ? "refused" : stateOf(row);
}

// A line is a row, or a group as a number below zero.
function lineOfGroup(group) {
  return -group - 1;
}

function groupOfLine(line) {
  return line < 0 ? -line - 1 : groups.of[line];
}

function look() {
  const words = view.text.toLowerCase().split(" ").filter(Boolean);
  const wanted = Object.entries(view.equal);
  if (words.length)
    haystacks ??= rows.dn.map((_, row) =>
      SEARCHED.map((name) => rows[name][row])
        .join("\n")
        .toLowerCase(),
    );
  const found = [];
  for (let row = 0; row < count; row += 1) {
    if (!wanted.every(([name, value]) => facet(name, row) === value)) continue;
    if (words.every((word) => haystacks[row].includes(word) || said.name[row].toLowerCase().includes(word)))
      found.push(row);
  }
  view.rows = view.sort ? sorted(found) : found;
  arrange();
}

function sorted(found) {
  const value = { decision: stateOf, new: (row) => said.name[row] }[view.sort] ?? ((row) => rows[view.sort][row]);
  const keys = new Map(found.map((row) => [row, value(row).toLowerCase()]));
  const sign = view.descending ? -1 : 1;
  return found.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    return one < other ? -sign : one > other ? sign : a - b;
  });
}

// From rows to lines: a group stands where its first row does.
function arrange() {
  if (!view.grouped) {
    view.lines = view.rows;
    return;
  }
  const members = new Map();
  for (const row of view.rows) {
    const group = groups.of[row];
    const has = members.get(group);
    if (has) has.push(row);
    else members.set(group, [row]);
  }
  view.lines = [];
  for (const [group, has] of members) {
    view.lines.push(lineOfGroup(group));
    if (!view.folded.has(group)) for (const row of has) view.lines.push(row);
  }
}

function setFolded(group, close) {
  if (close) view.folded.add(group);
  else view.folded.delete(group);
  arrange();
}

// How many rows have each value, the most first.
function tally(name, among = rows.role.keys()) {
  const found = new Map();
  for (const row of among) {
    const value = facet(name, row);
    found.set(value, (found.get(value) ?? 0) + 1);
  }
  return [...found].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
