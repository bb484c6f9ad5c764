"""One list of facts: its columns, and what its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.directory import Source
from aliasfix.errors import InputError, Where
from aliasfix.importer import cells, csv_rows, decoding, files, headers, times
from aliasfix.importer.csv_rows import Row
from aliasfix.text.equality import fold
from aliasfix.text.parts import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aliasfix.importer.headers import Column
    from aliasfix.ruleset import Ruleset

FORMAT = "facts"  # of the Source
KEYS = ("objectGUID", "mail", "account")  # what a row's entry is found by, the strongest first
_HEADERS = {
    "objectGUID": ("objectguid", "guid", "entryuuid"),
    "mail": ("mail", "primarysmtpaddress"),
    "account": ("account", "samaccountname"),
}
_SHOWN = 10  # rows of one kind, or columns


@dataclass(frozen=True, slots=True)
class Fact:
    """What one row says of one entry."""

    line: int
    keys: Mapping[str, str]  # of KEYS those that the row fills, folded
    cells: Mapping[str, str]  # the same as they are written
    values: Mapping[str, tuple[str, ...]]  # by attribute, spelled as the ruleset spells it


@dataclass(frozen=True, slots=True)
class FactList:
    """One file."""

    source: Source
    facts: tuple[Fact, ...]
    said: tuple[str, ...]  # what can't be read, or is passed over: sentences


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header says."""

    delimiter: str
    header: Row
    keys: Mapping[str, int]  # of KEYS, the place of its column
    columns: tuple[tuple[int, Column], ...]


def read(path: str, ruleset: Ruleset, encoding: str) -> FactList:
    """The rows of a list. ``encoding`` is the code page of lists that are not Unicode, ``""``: there are none.

    Raises:
        InputError: the file can't be read, has no column to find entries by, or none that the ruleset reads.

    """
    raw, digest = files.whole(path)
    files.refuse_binary(raw, path, encoding)
    text, name = decoding.decode(raw, path, named="", fallback=encoding)
    layout = _layout(text, path, ruleset)
    said = list(_passed_over(path, layout, ruleset))
    faults: list[str] = []
    whole = _below(text, layout, path, faults)
    orders = {place: times.order(row.cells[place] for row in whole) for place, c in layout.columns if c.read == "time"}
    facts = tuple(_fact(row, layout, orders, path, faults) for row in whole)
    said += faults[:_SHOWN]
    if len(faults) > _SHOWN:
        said.append(f"{path}: {len(faults) - _SHOWN} more can't be read")
    attributes = tuple(dict.fromkeys(c.attribute for _, c in layout.columns))
    source = Source(path, sha256=digest, format=FORMAT, encoding=name, attributes=attributes)
    return FactList(source, facts, tuple(said))


def _below(text: str, layout: _Layout, path: str, faults: list[str]) -> list[Row]:
    found = []
    for row in csv_rows.rows(text, csv_rows.Form(layout.delimiter, strip=True)):
        if row.line <= layout.header.line:
            continue
        if not isinstance(row, Row):
            faults.append(f"{path}:{row.line}: the row can't be read: {row.reason}")
        elif len(row.cells) != len(layout.header.cells):
            fields = f"the row has {len(row.cells)} fields, the header {len(layout.header.cells)}"
            faults.append(f"{path}:{row.line}: {fields}")
        else:
            found.append(row)
    return found


def _fact(row: Row, layout: _Layout, orders: Mapping[int, times.Order], path: str, faults: list[str]) -> Fact:
    named = {kind: row.cells[place] for kind, place in layout.keys.items() if row.cells[place].strip("{}0-")}
    values: dict[str, tuple[str, ...]] = {}
    for place, column in layout.columns:
        try:
            read = cells.values(row.cells[place], column, _table())
        except cells.CellError as e:
            faults.append(f"{path}:{row.line}: {column.attribute}: {e}")
            continue
        found = [value for _, value in read]
        if column.read == "time":
            found = [times.generalized(value, orders[place]) for value in found]
            if not all(found):
                faults.append(f'{path}:{row.line}: {column.attribute} "{row.cells[place]}" tells no time')
                continue
        if found:
            values[column.attribute] = tuple(found)
    return Fact(row.line, {kind: _key(kind, cell) for kind, cell in named.items()}, named, values)


def _key(kind: str, cell: str) -> str:
    if kind == "objectGUID":
        return cell.strip("{}").lower()
    return fold(address(cell) if kind == "mail" else cell, "rfc4518")


def _layout(text: str, path: str, ruleset: Ruleset) -> _Layout:
    """The columns, under the delimiter that shows most of them."""
    found = [
        _Layout(delimiter, header, _keys(header, ruleset, path), _columns(header, ruleset, path))
        for delimiter in headers.DELIMITERS
        if (header := headers.first(text, delimiter))
    ]
    best = max(found, key=lambda layout: (bool(layout.keys), len(layout.keys) + len(layout.columns)), default=None)
    if best is None:
        raise InputError("the list has no header", where=Where(path))
    if not best.keys:
        hint = f"name one of its columns {', '.join(KEYS)}"
        raise InputError("the list has no column to find entries by", where=Where(path, best.header.line), hint=hint)
    if not best.columns:
        raise InputError(
            f"no column of the list holds what the ruleset {ruleset.name} reads",
            where=Where(path, best.header.line),
            hint=f"it reads {', '.join(_readable(ruleset).values())}",
        )
    return best


def _keys(header: Row, ruleset: Ruleset, path: str) -> dict[str, int]:
    accounts = tuple(source.attribute.lower() for source in ruleset.fields["account"])
    named = {**_HEADERS, "account": (*_HEADERS["account"], *accounts)}
    found: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        for kind in KEYS:
            if headers.plain(cell) in named[kind]:
                _refuse_second(found.get(kind), place, header, path)
                found[kind] = place
    return found


def _columns(header: Row, ruleset: Ruleset, path: str) -> tuple[tuple[int, Column], ...]:
    keys = _keys(header, ruleset, path).values()
    found: dict[str, tuple[int, Column]] = {}
    for place, cell in enumerate(header.cells):
        column = None if place in keys else _column(cell, ruleset)
        if column is not None:
            _refuse_second(found.get(column.attribute, (None,))[0], place, header, path)
            found[column.attribute] = (place, column)
    return tuple(found.values())


def _column(header: str, ruleset: Ruleset) -> Column | None:
    """What a column holds: by the name that PowerShell gives it, or by the attribute's own; None: nothing to read."""
    readable = _readable(ruleset)
    known, _ = _table().by_header.get(headers.plain(header), (None, 0))
    if known is not None and known.attribute.lower() in readable:
        return known.model_copy(update={"attribute": readable[known.attribute.lower()]})
    attribute = readable.get(header.lower())
    if attribute is None:
        return None
    moments = {s.attribute for field in ("created", "last_logon") for s in ruleset.fields.get(field, ())}
    return headers.Column(headers=(header,), attribute=attribute, read="time" if attribute in moments else "text")


def _readable(ruleset: Ruleset) -> dict[str, str]:
    """The attributes that a list may give, by their names in lower case: all but those that hold names."""
    names = {attribute.lower() for namespace in ruleset.namespaces for attribute in namespace.attributes}
    return {attribute.lower(): attribute for attribute in ruleset.attributes if attribute.lower() not in names}


def _refuse_second(first: int | None, second: int, header: Row, path: str) -> None:
    if first is not None:
        sentence = f'two columns of the list, "{header.cells[first]}" and "{header.cells[second]}", hold one thing'
        raise InputError(sentence, where=Where(path, header.line), hint="delete or rename one of them")


def _passed_over(path: str, layout: _Layout, ruleset: Ruleset) -> Iterable[str]:
    used = {*layout.keys.values(), *(place for place, _ in layout.columns)}
    unread = [f'"{cell}"' for place, cell in enumerate(layout.header.cells) if place not in used and cell]
    if unread:
        more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
        yield (
            f"{path}: passed over are {', '.join(unread[:_SHOWN])}{more}: "
            f"no attribute that the ruleset {ruleset.name} reads, or names, which come from the exports alone"
        )


def _table() -> headers.Table:
    return next(table for table in headers.tables() if table.format == "powershell")
