"""The import file of the Exchange 5.5 Administrator (Tools, Directory Import), and its inverse."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aliasfix.ldap import dn
from aliasfix.writer import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset

HEADER = ("Obj-Class", "Mode", "Alias Name", "Directory Name", "Home-Server", "Obj-Container")
_CLASSES = {"person": "Mailbox", "shared": "Mailbox", "contact": "Remote", "group": "dl"}
_SERVER = "Home-Server"
_ENCODING = "cp1252"  # "ANSI", the dialog's default (KB Q261112)
# ~DEL clears a field (KB Q152854) and in Directory Name makes a second user (KB Q176741); an empty cell leaves the
# value as it is, a blank one clears it (KB Q152727); a row is one line (KB Q155414).
_MISREAD = re.compile(r"\s*~del.*|\s*|.*[\x00-\x1f\x7f].*", re.IGNORECASE | re.DOTALL)


def write(
    rows: Sequence[Row], ruleset: Ruleset, directory: Directory, entries: Mapping[reach.Name, reach.Entry]
) -> tuple[bytes, bytes, dict[str, list[Row]]]:
    """The import file, its inverse, and the rows that are in neither, by the reason: a fragment.

    Mode is always Modify: where it is absent the Administrator makes what it does not find (KB Q146304). An empty
    Home-Server leaves it as it is.
    """
    aliases = {source.attribute.lower() for source in ruleset.fields["alias"]}
    servers = reach.values(directory, entries, [_SERVER])
    lines: list[tuple[Row, tuple[str, str, str]]] = []
    left_out: dict[str, list[Row]] = {}
    for row in rows:
        name, container = _place(row.dn)
        server = next(iter(servers.get(((row.label, row.dn), _SERVER), ())), "")
        reason = _obstacle(row, aliases, container, (row.old, row.new, name, container), server)
        if reason:
            left_out.setdefault(reason, []).append(row)
        else:
            lines.append((row, (name, server, container)))
    return (
        _file((_CLASSES[row.kind], "Modify", row.new, *place) for row, place in lines),
        _file((_CLASSES[row.kind], "Modify", row.old, *place) for row, place in reversed(lines)),
        left_out,
    )


def _obstacle(row: Row, aliases: set[str], container: str, needed: tuple[str, ...], server: str) -> str:
    """Why the row can't be imported, "" where it can."""
    if row.attribute.lower() not in aliases:
        return "the import changes nothing but the alias"
    if row.kind not in _CLASSES:
        return f"a {row.kind.replace('-', ' ')} can't be imported"
    if not container:
        return "the DN is no place in an Exchange 5.5 site"
    if any(_MISREAD.fullmatch(cell) for cell in needed):
        return "the Administrator takes a blank, ~DEL or a control character for something else"
    try:
        "".join((*needed, server)).encode(_ENCODING)
    except UnicodeEncodeError:
        return f"the import file's code page ({_ENCODING}) can't spell it"
    return ""


def _place(name: str) -> tuple[str, str]:
    """Directory Name and Obj-Container of a DN; both empty where it names nothing below an organization."""
    try:
        first, *parent = dn.parse(name)
    except ValueError:  # no DN, or the root
        return "", ""
    container = _container(tuple(parent))
    return (first[0][1], container) if len(first) == 1 and container else ("", "")


@lru_cache(maxsize=4096)
def _container(parent: tuple[dn.RDN, ...]) -> str:
    """The Obj-Container; empty where it is none below an organization."""
    try:
        container = dn.to_slashes(dn.unparse(parent))
    except dn.DNError:
        return ""
    return container if parent[-1][0][0].lower() == "o" else ""


def _file(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return out.getvalue().encode(_ENCODING)
