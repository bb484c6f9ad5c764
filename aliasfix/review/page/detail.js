// One clash in detail: its holders side by side, who keeps the name and why, what was tried, and mentions of the name.

const CARDS = 12; // holders shown at once; the table has them all
const TOLD = 12; // mentions shown
const mentions = mentionsByName();
const detail = { group: undefined, row: undefined, cards: new Map() };

function mentionsByName() {
  const columns = Object.fromEntries(
    Object.entries(plan.mentions.rows).map(([name, column]) => [name, spread(column)]),
  );
  const found = new Map();
  columns.old.forEach((old, at) => {
    if (!found.has(old)) found.set(old, []);
    found.get(old).push({ attribute: columns.attribute[at], value: columns.value[at], dn: columns.dn[at] });
  });
  return found;
}

function showDetail(line) {
  const group = groupOfLine(line);
  const row = line < 0 ? undefined : line;
  if (detail.group !== group || (row !== undefined && !detail.cards.has(row))) {
    detail.group = group;
    drawDetail(group, row);
  }
  detail.row = row;
  updateDetail();
  if (row !== undefined) reveal(detail.cards.get(row).element);
}

// Only where the card's head is out of sight: the names above it are worth more than its last lines.
function reveal({ offsetTop }) {
  const panel = byId("detail");
  if (offsetTop < panel.scrollTop || offsetTop > panel.scrollTop + panel.clientHeight / 2)
    panel.scrollTop = Math.max(0, offsetTop - panel.clientHeight / 3);
}

function drawDetail(group, row) {
  const members = groups.members[group];
  const seen = members.slice(0, CARDS);
  if (row !== undefined && !seen.includes(row)) seen.splice(-1, 1, row);
  detail.cards = new Map(seen.map((each) => [each, card(each)]));
  const code = plan.codes[rows.code[members[0]]];
  const more = members.length - seen.length;
  byId("detail").scrollTop = 0;
  byId("detail").replaceChildren(
    make("h2", {}, data(rows.group[members[0]], CELL)),
    make("p", { class: "meaning" }, `${rows.code[members[0]]} ${code?.name ?? ""}. ${code?.meaning ?? ""}`),
    make("div", { class: "cards" }, ...[...detail.cards.values()].map((each) => each.element)),
    more ? make("p", { class: "meaning" }, `${counted(more, "more row is", "more rows are")} in the table.`) : "",
    ...mentioned(members),
  );
}

function mentioned(members) {
  const names = [...new Set(members.filter((row) => rows.role[row] !== "keep").map((row) => rows.old[row]))];
  const found = names.flatMap((name) => mentions.get(name) ?? []);
  if (!found.length) return [];
  const items = found
    .slice(0, TOLD)
    .map((each) =>
      make(
        "li",
        {},
        data(each.attribute, CELL),
        " ",
        make("code", {}, data(each.value, CELL)),
        " of ",
        data(each.dn, CELL),
      ),
    );
  const more = found.length - items.length;
  if (more) items.push(make("li", {}, `and ${more} more`));
  return [
    make("h3", {}, "Mentions"),
    make("p", { class: "meaning" }, "Values that hold the name and that nobody changes for you."),
    make("ul", { class: "mentions" }, ...items),
  ];
}

function card(row) {
  const state = make("span", { class: "state" });
  const parts = [
    make("div", { class: "cardhead" }, make("span", { class: `badge ${rows.role[row]}` }, rows.role[row]), state),
  ];
  const names = make("p", { class: "names" }, data(rows.old[row], CELL));
  const now = make("span", {});
  names.append(make("span", { class: "arrow" }, " → "), now);
  const list = make("dl", {});
  const facts = [
    ["Why", rows.reason[row]],
    ["By the template", rows.rung[row]],
    ["Entry", rows.dn[row]],
    ["Mail", rows.mail[row]],
    ["Attribute", rows.attribute[row]],
    ["Export", `${rows.source[row]}:${rows.line[row]}`],
  ];
  for (const [title, value] of facts) if (value) list.append(make("dt", {}, title), make("dd", {}, breakable(value)));
  if (rows.tried[row]) list.append(make("dt", {}, "Tried"), make("dd", {}, tried(rows.tried[row])));
  const who = make("p", { class: "who" });
  for (const each of [rows.kind[row], rows.site[row], rows.label[row]].filter(Boolean)) {
    who.append(who.childNodes.length ? " · " : "", data(each, CELL));
  }
  const control = canEdit(row) ? editor(row) : undefined;
  const acts = make("div", { class: "acts" });
  const add = (can, title, click) => {
    if (can) acts.append(make("button", { type: "button", "data-act": title.toLowerCase(), click }, title));
  };
  const typed = () => control?.input.value.trim() || rows.new[row];
  add(canAccept(row), "Accept", () => decide([isReference(row) ? accepted(row) : edited(row, typed())]));
  add(canReject(row), "Reject", () => decide([rejected(row)]));
  add(true, "Reset", () => decide([reset(row)]));
  const element = make(
    "article",
    { class: "card", "data-row": row, "aria-label": `${rows.role[row]} ${shown(rows.old[row], 60)}` },
    ...parts,
    names,
    who,
    ...(control ? [control.element] : []),
    acts,
    list,
  );
  return { element, state, names, now, control, acts };
}

// A DN is broken behind its commas, an address behind the @.
function breakable(text) {
  const pieces = shown(text).split(/(?<=[,@])/);
  return make("bdi", {}, ...pieces.flatMap((piece) => [piece, make("wbr")]));
}

function tried(text) {
  return make(
    "ul",
    {},
    ...text
      .slice(0, LONGEST)
      .split("; ")
      .map((each) => make("li", {}, data(each))),
  );
}

// The one place where a name is typed; what speaks against it is told with every key.
function editor(row) {
  const told = make("p", { class: "objection", id: `told${row}`, role: "status" });
  const input = make("input", {
    type: "text",
    id: `edit${row}`,
    "aria-describedby": `told${row}`,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    dir: "ltr",
    placeholder: shown(rows.new[row], 60) || "a name of your own",
    input: () => tellObjection(row, input, told),
    change: () => input.value !== said.name[row] && decide([edited(row, input.value.trim())]),
    keydown: (event) => {
      if (event.key === "Enter") decide([edited(row, input.value.trim())]);
      else if (event.key === "Escape") input.value = said.name[row];
      else return;
      event.preventDefault();
      byId("grid").focus();
    },
  });
  return {
    input,
    told,
    element: make("div", { class: "edit" }, make("label", { for: `edit${row}` }, "New name"), input, told),
  };
}

function tellObjection(row, input, told) {
  const name = input.value.trim();
  const mine = name === rows.new[row] || name === "";
  const why = mine ? "" : objection(row, name);
  const odd = shown(name) === name ? "" : ` It is ${shown(name)}.`;
  const sentence = why ? `Refused by write: ${shown(why, CELL)}.` : mine ? "" : "Free, as far as the exports say.";
  if (told.textContent !== sentence + odd) told.textContent = sentence + odd; // or it would be read aloud again
  told.classList.toggle("bad", why !== "");
  input.setAttribute("aria-invalid", String(why !== ""));
}

function updateDetail() {
  for (const [row, { element, state, names, now, control, acts }] of detail.cards) {
    const word = facet("decision", row);
    state.textContent = WORDS[word];
    state.className = `state ${word}`;
    element.classList.toggle("active", row === detail.row);
    const changed = changes(row) || (word === "open" && said.name[row]);
    names.classList.toggle("still", !changed);
    now.replaceChildren(changed ? data(said.name[row], CELL) : "");
    if (control && document.activeElement !== control.input) control.input.value = said.name[row];
    if (control) tellObjection(row, control.input, control.told);
    for (const each of acts.children) {
      const mine = { accept: ["accept", "edit"], reject: ["reject"] }[each.dataset.act];
      if (mine) each.setAttribute("aria-pressed", String(mine.includes(word)));
      else each.disabled = !isChanged(row);
    }
  }
}

function editRow(row) {
  showDetail(row);
  const { input } = detail.cards.get(row).control;
  input.focus();
  input.select();
}
