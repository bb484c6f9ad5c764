// The plan, column by column, and the decisions on its rows: the only state that counts. All else is drawn from it.

const plan = JSON.parse(byId("data").textContent);
const rows = Object.fromEntries(Object.entries(plan.rows).map(([name, column]) => [name, spread(column)]));
const count = rows.role.length;
const UNKNOWN = { attributes: [], equality: "rfc4518" }; // who made the page did not say whose names are taken
const namespaces = [...plan.taken, UNKNOWN];
const said = { decision: rows.decision.slice(), name: rows.new.slice() };
const groups = grouped();
const STORE = `aliasfix:${plan.head.hash}`;
const past = [];
const future = [];
const listeners = [];
let named; // of each namespace the keys of accepted names, and which rows have them; made when first asked for

function spread(column) {
  return Array.isArray(column) ? column : column.at.map((number) => column.words[number]);
}

// The rows of each group; a plan has them one after the other.
function grouped() {
  const of = new Int32Array(count);
  const members = [];
  const numbers = new Map();
  rows.group.forEach((name, row) => {
    if (!numbers.has(name)) numbers.set(name, members.push([]) - 1);
    of[row] = numbers.get(name);
    members[of[row]].push(row);
  });
  return { of, members };
}

function isReference(row) {
  return rows.role[row] === "decide" && !rows.new[row];
}

function canAccept(row) {
  return Boolean(rows.new[row]) || isReference(row);
}

function canReject(row) {
  return rows.role[row] !== "keep";
}

function canEdit(row) {
  return !isReference(row);
}

function namespaceOf(row) {
  return plan.taken.find((each) => each.attributes.includes(rows.attribute[row])) ?? UNKNOWN;
}

// "accept", "reject", "edit", "keep", or "open" where nobody has said anything yet.
function stateOf(row) {
  return said.decision[row] || (rows.role[row] === "keep" ? "keep" : "open");
}

function isChanged(row) {
  return said.decision[row] !== rows.decision[row] || said.name[row] !== rows.new[row];
}

function changes(row) {
  return (said.decision[row] === "accept" || said.decision[row] === "edit") && said.name[row] !== "";
}

// What a person's word makes of a row: [row, decision, name].
function accepted(row) {
  return [row, rows.decision[row] === "edit" ? "edit" : "accept", rows.new[row]];
}

function rejected(row) {
  return [row, "reject", rows.new[row]];
}

function reset(row) {
  return [row, rows.decision[row], rows.new[row]];
}

function edited(row, name) {
  if (name === "") return reset(row);
  return name === rows.new[row] ? accepted(row) : [row, "edit", name];
}

// One step, which undo takes back as a whole. Returns how many rows it changed.
function decide(words) {
  const told = words.filter(([row, decision, name]) => decision !== said.decision[row] || name !== said.name[row]);
  if (told.length) {
    past.push(laid(told));
    future.length = 0;
    tell();
  }
  return told.length;
}

function undo() {
  return moved(past, future);
}

function redo() {
  return moved(future, past);
}

function moved(from, to) {
  if (!from.length) return 0;
  const words = from.pop();
  to.push(laid(words));
  tell();
  return words.length;
}

// Lays words over the rows and returns those that were there.
function laid(words) {
  return words.map(([row, decision, name]) => {
    const before = [row, said.decision[row], said.name[row]];
    [, said.decision[row], said.name[row]] = [row, decision, name];
    return before;
  });
}

function tell() {
  named = undefined;
  listeners.forEach((listener) => listener());
}

// Decisions outlive a reload, in this browser and for this very plan. False where the browser keeps nothing.
function keep() {
  const told = [];
  for (let row = 0; row < count; row += 1) if (isChanged(row)) told.push([row, said.decision[row], said.name[row]]);
  try {
    if (told.length) localStorage.setItem(STORE, JSON.stringify(told));
    else localStorage.removeItem(STORE);
    return true;
  } catch {
    return false;
  }
}

function recall() {
  try {
    const told = JSON.parse(localStorage.getItem(STORE) ?? "[]").filter(isWord);
    laid(told);
    return told.length;
  } catch {
    return 0;
  }
}

// Other pages on this disk may share the browser's memory.
function isWord([row, decision, name]) {
  return (
    Number.isInteger(row) &&
    row >= 0 &&
    row < count &&
    /^(accept|reject|edit|)$/.test(decision) &&
    typeof name === "string"
  );
}

// Why `write` would probably refuse the name for the row; "" where nothing speaks against it here.
function objection(row, name) {
  if (/[\p{Cc}\p{Cs}]/u.test(name)) return "it holds a control character";
  if (rows.role[row] === "blocked" && !rows.tried[row]) return `the row is blocked: ${rows.reason[row]}`;
  const namespace = namespaceOf(row);
  const key = fold(name, namespace.equality);
  if (key === "") return "it is blank";
  if (name === rows.old[row]) return "it is the name it has";
  const other = (keysNamed().get(namespace).get(key) ?? []).find((each) => each !== row);
  if (other !== undefined) return `this plan gives it to ${rows.dn[other]}`;
  const alone = groups.members[groups.of[row]].length === 1;
  if (alone && key === fold(rows.old[row], namespace.equality)) return "";
  return namespace !== UNKNOWN && isHeld(key, namespace)
    ? "it is taken: somebody holds it, held it, or it is reserved"
    : "";
}

function keysNamed() {
  if (named) return named;
  named = new Map(namespaces.map((namespace) => [namespace, new Map()]));
  for (let row = 0; row < count; row += 1) {
    if (!changes(row)) continue;
    const namespace = namespaceOf(row);
    const keys = named.get(namespace);
    const key = fold(said.name[row], namespace.equality);
    const has = keys.get(key);
    if (has) has.push(row);
    else keys.set(key, [row]);
  }
  return named;
}

function isRefused(row) {
  return said.decision[row] === "edit" && isChanged(row) && objection(row, said.name[row]) !== "";
}

// The document that `aliasfix write --plan` reads: the rows as they came, with the decisions in them.
function decisions() {
  const names = Object.keys(rows);
  const told = rows.role.map((_, row) => {
    const cells = Object.fromEntries(names.map((name) => [name, rows[name][row]]));
    return { ...cells, decision: said.decision[row], new: said.name[row], line: Number(cells.line) };
  });
  return `${JSON.stringify({ ...plan.head, rows: told }, null, 1)}\n`;
}
