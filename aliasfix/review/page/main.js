// Puts the parts together: every change of state draws again what depends on it.

const PRINTED = 2000; // rows on paper; who needs others filters first

function say(sentence) {
  byId("status").textContent = sentence;
}

function drawHead() {
  const { ruleset, why, sources, hash: planHash } = plan.head;
  const read = counted(plan.entries, "entry", "entries");
  byId("about").append(
    `${read} from `,
    make(
      "span",
      { title: sources.map((s) => shown(s.path, CELL)).join("\n") },
      counted(sources.length, "export", "exports"),
    ),
    `, ruleset ${ruleset} (`,
    data(why, CELL),
    `), plan ${planHash.slice(0, 12)}`,
  );
  const { found, carried } = plan.mentions;
  const cut = found > carried ? [`The page has the first ${carried} of ${found} mentions; write lists them.`] : [];
  byId("notes").append(...[...plan.notes, ...cut].map((note) => make("li", {}, data(note))));
}

function drawState() {
  drawTiles(choose);
  drawPlots(choose);
  drawMeter();
  drawFilters();
  byId("undo").disabled = !past.length;
  byId("redo").disabled = !future.length;
}

function drawFilters() {
  for (const name of FACETS) {
    const select = byId(`by-${name}`);
    const options = tally(name).map(([value, number]) =>
      make(
        "option",
        { value: `=${value}` },
        `${shown(name === "decision" ? WORDS[value] : titleOf(name, value), 40)} (${number.toLocaleString("en")})`,
      ),
    );
    const wanted = view.equal[name] === undefined ? "" : `=${view.equal[name]}`;
    select.replaceChildren(make("option", { value: "" }, "all"), ...options);
    if (wanted && !options.some((option) => option.value === wanted)) {
      select.append(
        make(
          "option",
          { value: wanted },
          `${shown(name === "decision" ? WORDS[view.equal[name]] : view.equal[name], 40)} (0)`,
        ),
      );
    }
    select.value = wanted;
    select.closest("label").hidden = name === "label" && options.length < 2 && !wanted;
  }
}

// The same value once more takes the filter away.
function choose(name, value) {
  setFilter(name, view.equal[name] === value ? undefined : value);
}

function setFilter(name, value) {
  if (value === undefined) delete view.equal[name];
  else view.equal[name] = value;
  search();
  drawTiles(choose);
  drawFilters();
}

function search() {
  look();
  byId("grid").scrollTop = 0;
  byId("found").textContent = `${counted(view.rows.length, "row", "rows")} of ${count.toLocaleString("en")}`;
  const isFiltered = view.text.trim() !== "" || Object.keys(view.equal).length > 0;
  byId("clear").hidden = !isFiltered;
  byId("nothing").hidden = view.rows.length > 0;
  drawHeads();
  if (view.rows.length && !view.lines.includes(table.active))
    moveTo(view.lines.find((line) => line >= 0) ?? view.lines[0]);
  else drawLines();
}

function clearFilters() {
  view.equal = {};
  view.text = "";
  byId("search").value = "";
  search();
  drawTiles(choose);
  drawFilters();
}

function setAllFolded(close) {
  view.folded = close ? new Set(groups.members.keys()) : new Set();
  arrange();
  byId("grid").scrollTop = 0;
  drawLines();
}

function sortBy(name) {
  if (view.sort !== name) [view.sort, view.descending] = [name, false];
  else if (!view.descending) view.descending = true;
  else [view.sort, view.descending] = ["", false];
  search();
}

// The file that `write --plan` takes, by a link to bytes that never leave the browser.
function save() {
  const url = URL.createObjectURL(new Blob([decisions()], { type: "application/json" }));
  make("a", { href: url, download: plan.saves }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it later
  const bad = [...rows.role.keys()].filter(isRefused).length;
  const warning = bad
    ? ` Write will refuse it for ${counted(bad, "edited name", "edited names")}: the filter "Decision" finds them.`
    : "";
  byId("next").hidden = !plan.then;
  byId("command").textContent = `${plan.then} --plan ${plan.saves} -o changes.ldif`;
  say(`Saved ${plan.saves}.${plan.then ? "" : " Send it back to whoever gave you this page."}${warning}`);
}

function sayLast() {
  const [[row] = [], ...more] = past.at(-1) ?? [];
  if (row !== undefined && !more.length) say(`${shown(rows.old[row], CELL)}: ${WORDS[facet("decision", row)]}.`);
}

function took(change, word) {
  const number = change();
  if (number) say(`${word} ${counted(number, "row", "rows")}.`);
}

function startKeys() {
  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (isTyping && key !== "s") return;
      if (key === "z" && !event.shiftKey) took(undo, "Took back");
      else if (key === "y" || key === "z") took(redo, "Did again");
      else if (key === "s") save();
      else return;
    } else if (event.key === "/" && !isTyping) byId("search").focus();
    else return;
    event.preventDefault();
  });
}

function startControls() {
  byId("search").addEventListener("input", (event) => {
    view.text = event.target.value;
    search();
  });
  for (const name of FACETS) {
    byId(`by-${name}`).addEventListener("change", (event) =>
      setFilter(name, event.target.value ? event.target.value.slice(1) : undefined),
    );
  }
  const clicks = {
    clear: clearFilters,
    save,
    undo: () => took(undo, "Took back"),
    redo: () => took(redo, "Did again"),
    foldall: () => setAllFolded(true),
    unfoldall: () => setAllFolded(false),
  };
  for (const [id, click] of Object.entries(clicks)) byId(id).addEventListener("click", click);
  byId("grouped").addEventListener("change", (event) => {
    view.grouped = event.target.checked;
    search();
  });
}

// On paper there is no scrolling: the rows themselves are put there.
function startPrinting() {
  addEventListener("beforeprint", () => {
    byId("overview").open = true;
    const seen = view.rows.slice(0, PRINTED);
    const cells = (row) => [
      WORDS[facet("decision", row)],
      rows.role[row],
      rows.old[row],
      said.name[row],
      rows.dn[row],
      rows.kind[row],
      rows.site[row],
      rows.reason[row],
    ];
    byId("paper").replaceChildren(
      make(
        "tr",
        {},
        ...["Decision", "Role", "Name now", "New name", "Entry", "Kind", "Site", "Why"].map((title) =>
          make("th", {}, title),
        ),
      ),
      ...seen.map((row) => make("tr", {}, ...cells(row).map((text) => make("td", {}, data(text))))),
      ...(view.rows.length > PRINTED
        ? [make("tr", {}, make("td", { colspan: "8" }, `and ${view.rows.length - PRINTED} more`))]
        : []),
    );
  });
  addEventListener("afterprint", () => byId("paper").replaceChildren());
}

function start() {
  const recalled = recall();
  Object.assign(table, {
    onMove: showDetail,
    onEdit: editRow,
    onRename: askPattern,
    onSort: sortBy,
    onFold: (group, close) => {
      setFolded(group, close);
      moveTo(lineOfGroup(group));
    },
  });
  byId("overview").open = innerWidth > 760;
  startTable();
  startControls();
  startKeys();
  startBulk();
  startPrinting();
  drawHead();
  drawState();
  search();
  listeners.push(
    () => {
      byId("unkept").hidden = keep();
    },
    drawState,
    drawLines,
    updateDetail,
    sayLast,
  );
  byId("unkept").hidden = keep();
  if (recalled)
    say(`${counted(recalled, "decision", "decisions")} of an earlier visit ${recalled === 1 ? "is" : "are"} back.`);
}

start();
