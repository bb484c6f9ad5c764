"""What the tables among the change files say, and whether it is what the accepted rows and the exports say."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.ldap import dn
from aliasfix.plan import COLUMNS
from aliasfix.proof.terms import SHOWN, Fault, UnreadableError, apart, files_of
from aliasfix.text import ladder, spreadsheet
from aliasfix.text.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.proof.terms import Named
    from aliasfix.ruleset import FieldSource, Ruleset, Store

    Line = tuple[str, ...]  # of a table
    Table = tuple[Line, list[Line]]  # its header and its rows
    Exported = Mapping[tuple[str, str], Sequence[str]]  # label and DN -> values of an attribute

_CHANGE = ("dn", "attribute", "old", "new")
_STORED = ("store", "old", "new", "dn")
_NOTICED = ("mail", "kind", "site", "old", "new", "dn", "label")
_IMPORTED = ("Obj-Class", "Mode", "Alias Name", "Directory Name", "Home-Server", "Obj-Container")
# The writer has its own of these: the proof must not take its word for what the Administrator reads.
_SERVER = "Home-Server"
_MISREAD = re.compile(r"\A\s*~del|\A\s+\Z|[\x00-\x1f\x7f]", re.IGNORECASE)  # KB Q152854, Q152727, Q155414
_CLASSES = {"person": "Mailbox", "shared": "Mailbox", "contact": "Remote", "group": "dl"}


def mapped(named: Named, rows: Sequence[Row]) -> Iterator[Fault]:
    """The map has every accepted row."""
    header, table = _unguarded(_table(named, ".map.csv", _CHANGE, further=COLUMNS, needed=bool(rows)))
    yield from _other_lines("map", table, (tuple(map(str, cells)) for cells in map(attrgetter(*header), rows)))


def stored(named: Named, rows: Sequence[Row], directory: Directory, ruleset: Ruleset) -> Iterator[Fault]:
    """What must be moved along is every accepted value that keys a store, with what the exports say of its entry."""
    also = sorted({attribute for store in ruleset.stores for attribute in store.also})
    exported = {attribute: _exported(directory, attribute, rows) for attribute in also}
    moved = [(s, row) for s in ruleset.stores for row in rows if row.attribute.lower() == s.attribute.lower()]
    table = _table(named, ".stores.csv", _STORED, further=[*also, "label"], needed=bool(moved))
    header, lines = _unguarded(table)
    expected = (tuple(_stored_cell(store, row, column, exported) for column in header) for store, row in moved)
    yield from _other_lines("stores", lines, expected)


def _stored_cell(store: Store, row: Row, column: str, exported: Mapping[str, Exported]) -> str:
    if column in exported:
        return ";".join(exported[column][row.label, row.dn]) if column in store.also else ""
    return store.name if column == "store" else str(getattr(row, column))


def noticed(named: Named, rows: Sequence[Row], directory: Directory, ruleset: Ruleset) -> Iterator[Fault]:
    """Told of a new logon name is everybody of the told kinds whose alias changes, in every form and as exported."""
    aliases = {source.attribute.lower() for source in ruleset.fields["alias"]}
    forms = {f"{time}_{n}": (time, form) for n, form in ruleset.notices.forms.items() for time in ("old", "new")}
    told = [r for r in rows if forms and r.attribute.lower() in aliases and r.kind in ruleset.notices.kinds]
    table = _table(named, ".notices.csv", (*_NOTICED, *forms), further=(*ruleset.fields, "note"), needed=bool(told))
    header, lines = _unguarded(table)
    exported = {s.attribute: _exported(directory, s.attribute, told) for of in ruleset.fields.values() for s in of}

    def cell(row: Row, column: str, fields: Mapping[str, str]) -> str:
        if column in forms:
            time, form = forms[column]
            return ladder.fill(form, {**fields, "alias": getattr(row, time)}) or ""
        return getattr(row, column) if column in _NOTICED else fields[column]

    expected = []
    for row in told:
        fields = {name: _field(sources, exported, row) for name, sources in ruleset.fields.items()}
        fields["note"] = _note(row, fields, ruleset)
        expected.append(tuple(cell(row, column, fields) for column in header))
    yield from _other_lines("notices", lines, expected)


def _field(sources: Iterable[FieldSource], exported: Mapping[str, Exported], row: Row) -> str:
    values = (PARTS[s.part](v) for s in sources for v in exported[s.attribute][row.label, row.dn])
    return next(filter(None, values), "")


def _note(row: Row, fields: Mapping[str, str], ruleset: Ruleset) -> str:
    """What the ruleset says of the change, in so far as the plan says it too."""
    texts = (ladder.fill(note.text, {**fields, "new": row.new}) or "" for note in ruleset.notes)
    return "; ".join(text for text in texts if text and text in row.reason)


def imported(named: Named, rows: Sequence[Row], directory: Directory) -> Iterator[Fault]:
    """The Administrator import file says nothing that the accepted rows do not say, and its rollback undoes just that.

    Which rows an import can hold is the writer's to know and to tell: that some are in neither file is no fault. A cell
    of the server is empty, which leaves it as it is, or says what the exports say.
    """
    both = ".import.csv" in named or ".import.rollback.csv" in named
    forth, back = (
        _lines(_table(named, ending, _IMPORTED, needed=both, encoding="cp1252"))
        for ending in (".import.csv", ".import.rollback.csv")
    )
    servers = _exported(directory, _SERVER, rows) if both else {}
    inverse = {
        _line_of(row, row.new, server): _line_of(row, row.old, server)
        for row in rows
        if both
        for server in ("", *servers[row.label, row.dn])
    }
    repeated = Counter(forth) - Counter(set(forth))
    for line in sorted({line for line in forth if line not in inverse} | set(repeated))[:SHOWN]:
        yield Fault("rows", f"the import file has {_listed(line)}, which no accepted row says")
    for cell in sorted({cell for line in (*forth, *back) for cell in line if _MISREAD.search(cell)})[:SHOWN]:
        yield Fault("rows", f"the Administrator takes {cell!a} of the import files for something else")
    undone = (inverse[line] for line in forth if line in inverse)
    yield from _other_lines("import rollback", back, undone)


def _other_lines(name: str, found: Iterable[Line], expected: Iterable[Line]) -> Iterator[Fault]:
    lacking, surplus = apart(found, expected)
    for line in lacking:
        yield Fault("rows", f"the {name} file lacks {_listed(line)}")
    for line in surplus:
        yield Fault("rows", f"the {name} file has {_listed(line)}, which no accepted row says")


def _table(
    named: Named,
    ending: str,
    wanted: Sequence[str],
    *,
    further: Iterable[str] = (),
    needed: bool,
    encoding: str = "utf-8-sig",
) -> Table:
    """A table with the wanted columns and perhaps further ones, each at most once, and no others."""
    found = files_of(named, ending, needed=needed)
    if not found:
        return tuple(wanted), []
    ((name, raw),) = found
    try:
        with spreadsheet.long_cells():
            lines = csv.reader(io.StringIO(raw.decode(encoding), newline=""), strict=True)
            header, *rows = list(map(tuple, lines)) or [()]
    except (csv.Error, UnicodeDecodeError) as e:
        raise UnreadableError(f"{name} is no table: {e}") from e
    if len(set(header)) < len(header) or not set(wanted) <= set(header) <= {*wanted, *further}:
        raise UnreadableError(f"{name} has other columns than {', '.join(wanted)}: {', '.join(header)}")
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise UnreadableError(f"{name}, row {number}: it has {len(row)} cells, the header has {len(header)}")
    return header, rows


def _unguarded(table: Table) -> Table:
    header, rows = table
    suspects = [cell for row in rows for cell in row if cell.startswith(spreadsheet.GUARDED)]
    for cell in suspects:
        if spreadsheet.guarded(spreadsheet.unguarded(cell)) != cell:
            raise UnreadableError(f"a spreadsheet program might take the cell {cell!a} for a formula")
    return header, [tuple(map(spreadsheet.unguarded, row)) for row in rows] if suspects else rows


def _lines(table: Table) -> list[Line]:
    """The lines of an import file, with the key of the container's DN."""
    header, rows = table
    places = [header.index(column) for column in _IMPORTED]
    return [(*(row[place] for place in places[:-1]), _container(row[places[-1]])) for row in rows]


@lru_cache(maxsize=4096)
def _container(name: str) -> str:
    try:
        return dn.key(dn.from_slashes(name))
    except dn.DNError:
        return name


def _line_of(row: Row, alias: str, server: str) -> Line:
    """What the import file says of a row: only to modify, and which of the entries of that name is the container's."""
    own, *container = dn.parse(row.dn)
    return (_CLASSES.get(row.kind, ""), "Modify", alias, own[0][1], server, _key(tuple(container)))


@lru_cache(maxsize=4096)
def _key(container: tuple[dn.RDN, ...]) -> str:
    return dn.key(dn.unparse(container))


def _exported(directory: Directory, attribute: str, rows: Iterable[Row]) -> Exported:
    """What the exports say of the rows' entries: label and DN -> values of the attribute."""
    found: dict[tuple[str, str], list[str]] = {(row.label, row.dn): [] for row in rows}
    entries = np.flatnonzero(columns.is_in(columns.whole(directory.entries.column("dn")), {name for _, name in found}))
    table = directory.values_of(attribute)
    entry = columns.integers(table.column("entry"))
    mask = np.isin(entry, entries)
    labels, dns = (
        columns.texts(columns.take(columns.whole(directory.entries.column(c)), entry[mask])) for c in ("label", "dn")
    )
    values = columns.texts(columns.only(columns.whole(table.column("value")), mask))
    for label, name, value in zip(labels, dns, values, strict=True):
        if (label, name) in found:
            found[label, name].append(value)
    return found


def _listed(line: Line) -> str:
    return ", ".join(cell or '""' for cell in line)
