// One word on many rows: all that the filters show, or a clash.

const FIELD = /\{(old|new|site|kind|label|mail)\}/g;
const PREVIEWED = 5;
let chosen = []; // the rows to be renamed

function startBulk() {
  byId("acceptshown").addEventListener("click", acceptShown);
  byId("rejectshown").addEventListener("click", () => {
    say(`${counted(decide(view.rows.filter(canReject).map(rejected)), "row", "rows")} rejected.`);
  });
  byId("renameshown").addEventListener("click", () => askPattern(view.rows.filter((row) => !isAsked(row))));
  byId("norename").addEventListener("click", () => byId("rename").close());
  byId("pattern").addEventListener("input", preview);
  byId("renaming").addEventListener("submit", () => renameChosen(byId("pattern").value));
}

// A row that asks a question is answered on its own, unless these are what was filtered for.
function isAsked(row) {
  return rows.role[row] === "decide" && view.equal.role !== "decide";
}

function acceptShown() {
  const able = view.rows.filter((row) => canAccept(row) && rows.role[row] !== "keep");
  const waiting = able.filter((row) => isAsked(row) && stateOf(row) === "open").length;
  const done = decide(able.filter((row) => !isAsked(row)).map(kept));
  const left = waiting
    ? ` ${counted(waiting, "row asks", "rows ask")} a question: answer it there, or filter for the role decide.`
    : "";
  say(`${counted(done, "row", "rows")} accepted.${left}`);
}

function askPattern(among) {
  chosen = among.filter((row) => canEdit(row) && rows.role[row] !== "keep");
  byId("pattern").value = "{new}";
  preview();
  byId("rename").showModal();
}

// The pattern with the row's own cells in it; {mail} is what stands before the @.
function patterned(pattern, row) {
  return pattern.replace(FIELD, (_, name) => (name === "mail" ? rows.mail[row].split("@")[0] : rows[name][row])).trim();
}

function preview() {
  const pattern = byId("pattern").value;
  byId("renamecount").textContent = `${counted(chosen.length, "row", "rows")}, the keepers aside.`;
  byId("previews").replaceChildren(
    ...chosen.slice(0, PREVIEWED).map((row) => {
      const name = patterned(pattern, row);
      const why = name === "" ? "it is blank" : name === rows.new[row] ? "" : objection(row, name);
      return make(
        "li",
        {},
        data(rows.old[row], CELL),
        " → ",
        data(name, CELL),
        why ? make("b", {}, ` ${shown(why, CELL)}`) : "",
      );
    }),
  );
}

function renameChosen(pattern) {
  const done = decide(chosen.map((row) => edited(row, patterned(pattern, row))));
  const bad = chosen.filter(isRefused).length;
  const warning = bad ? ` Of them ${bad} will be refused: the filter "Decision" finds them.` : "";
  say(`${counted(done, "row", "rows")} renamed.${warning}`);
}
