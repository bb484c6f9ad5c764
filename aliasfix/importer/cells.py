"""Cells of a CSV export as attribute values."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aliasfix.importer import syntaxes

if TYPE_CHECKING:
    from collections.abc import Callable

    from aliasfix.importer.headers import Column, Table

_HEX = re.compile(r"X'((?:[0-9A-Fa-f]{2})*)'")
_UNKNOWN_ACCOUNT = r"?\UNKNOWN"  # no trust to the account's domain, KB Q246741


class CellError(ValueError):
    """A cell that holds no value, and why."""


def values(cell: str, column: Column, table: Table) -> list[tuple[str, str]]:
    """Attribute and value of everything the cell holds; nothing where it is empty or was not exported.

    Raises:
        CellError: it holds an order to delete, was cut off, or its octets are no text.

    """
    return [_by_prefix(text, column) for text in texts(cell, column, table)]


def texts(cell: str, column: Column, table: Table) -> list[str]:
    """The same without the attributes, and with the prefixes that tell them.

    Raises:
        CellError: as above.

    """
    if not cell or (table.not_exported and _pattern(table.not_exported).fullmatch(cell)):
        return []
    if table.deletion and cell.upper().startswith(table.deletion):
        raise CellError(f'"{table.deletion}" is an order to the import, no value')
    return _READERS[column.read](cell, column, table)


def _text(cell: str, column: Column, _: Table) -> list[str]:
    return [column.words.get(cell.lower(), cell)]


def _account(cell: str, *_: object) -> list[str]:
    """The NT account, whose backslash is sometimes doubled (KB Q179050)."""
    account = cell.replace("\\\\", "\\")
    return [account] if account != _UNKNOWN_ACCOUNT else []


def _guid(cell: str, *_: object) -> list[str]:
    """The GUID in lower case and without braces; none where it is no GUID or the empty one."""
    found = syntaxes.GUID.fullmatch(cell.strip())
    return [found[1].lower()] if found and found[1].strip("0-") else []


def _octets(cell: str, column: Column, _: Table) -> list[str]:
    """The text of octets that csvde writes as X'0105…'."""
    found = _HEX.fullmatch(cell)
    if not found:
        return [cell]
    try:
        return [syntaxes.text(column.attribute.lower(), bytes.fromhex(found[1]))]
    except ValueError as e:
        raise CellError(str(e)) from e


def _by_prefix(value: str, column: Column) -> tuple[str, str]:
    prefix, colon, rest = value.partition(":")
    attribute = column.prefixes.get(prefix.upper()) if colon and prefix.isascii() else None
    return (attribute, rest) if attribute else (column.attribute, value)


def _values(cell: str, _: Column, table: Table) -> list[str]:
    """The values between separators; the escape takes the meaning off a separator or another escape."""
    if table.doubt and (found := _pattern(table.doubt).search(cell)):
        raise CellError(
            f'it may hold several values with "{found[0][0]}" between them: say --csv MVSeparator=CHARACTER'
        )
    if table.escape not in cell:
        return [v for v in cell.split(table.separator) if v]
    values: list[list[str]] = [[]]
    rest = iter(cell)
    for c in rest:
        if c == table.escape:
            following = next(rest, "")
            values[-1].append(following if following in (table.separator, table.escape) else c + following)
        elif c == table.separator:
            values.append([])
        else:
            values[-1].append(c)
    return [v for v in map("".join, values) if v]


def _addresses(cell: str, _: Column, table: Table) -> list[str]:
    """The addresses, however they were joined: a new one starts where a prefix follows a space, comma or semicolon."""
    listed = cell.strip()
    if listed.startswith("{") and listed.endswith("}"):  # a list as PowerShell shows it
        listed = listed[1:-1]
        if listed.endswith(("...", "…")):
            raise CellError("PowerShell cut its list off ($FormatEnumerationLimit)")
    return [a for a in between_addresses(table).split(listed.rstrip(" ,;")) if a]


def between_addresses(table: Table) -> re.Pattern[str]:
    """What stands between two addresses of a cell; a run of separators is looked at once."""
    return _pattern(rf"(?<![\s,;])[\s,;]++(?=(?i:{'|'.join(table.addresses)}):)")


def _time(cell: str, *_: object) -> list[str]:
    """The cell as it is: what it says the whole column must tell (see ``times``)."""
    return [cell]


_READERS: dict[str, Callable[[str, Column, Table], list[str]]] = {
    "text": _text,
    "account": _account,
    "values": _values,
    "addresses": _addresses,
    "guid": _guid,
    "octets": _octets,
    "time": _time,
}


@lru_cache(maxsize=64)
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
