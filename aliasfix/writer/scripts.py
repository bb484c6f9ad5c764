"""The changes as PowerShell: one guarded cmdlet for each, and its inverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aliasfix.engine.fields import Fields
from aliasfix.text import powershell
from aliasfix.writer.reach import NO_DN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset
    from aliasfix.writer.reach import Entry, Name

GUID = "guid"  # the field


class Call(NamedTuple):
    """One cmdlet for one recipient."""

    cmdlet: str
    identity: str
    old: str
    new: str

    @property
    def inverse(self) -> Call:
        """What undoes it."""
        return self._replace(old=self.new, new=self.old)


def calls(
    rows: Sequence[Row], ruleset: Ruleset, directory: Directory, entries: Mapping[Name, Entry]
) -> tuple[list[tuple[Row, Call]], dict[str, list[Row]]]:
    """The calls and their rows in the order of DN keys; and the rows without one, by the reason: a fragment.

    A recipient is named by its GUID, or by its DN where none was exported.
    """
    rows = sorted(rows, key=lambda row: entries[row.label, row.dn].key)
    numbers = [entries[row.label, row.dn].number for row in rows]
    fields = Fields(directory, ruleset, np.unique(np.array(numbers, dtype=np.int64)))
    places = np.searchsorted(fields.entries, numbers).tolist()
    cmdlets = _cmdlets(fields, ruleset)
    aliases = {source.attribute.lower() for source in ruleset.fields["alias"]}
    found: list[tuple[Row, Call]] = []
    left_out: dict[str, list[Row]] = {}
    for row, at in zip(rows, places, strict=True):
        guid = fields.field(GUID)[at]
        if row.attribute.lower() not in aliases:
            left_out.setdefault("the cmdlets change nothing but the alias", []).append(row)
        elif not cmdlets[at]:
            left_out.setdefault("the ruleset has no cmdlet for such an entry", []).append(row)
        elif not guid and entries[row.label, row.dn].obstacle == NO_DN:
            left_out.setdefault("the export has neither its GUID nor its DN", []).append(row)
        else:
            found.append((row, Call(cmdlets[at], guid or row.dn, row.old, row.new)))
    return found, left_out


def inverse(calls: Sequence[Call]) -> list[Call]:
    """What undoes the calls, the last one first."""
    return [call.inverse for call in reversed(calls)]


def write(head: bytes, calls: Iterable[Call]) -> bytes:
    """The script below these comments: UTF-8 with BOM and CRLF, as Windows PowerShell 5.1 reads it."""
    lines = (" ".join([powershell.CALL, *map(powershell.quoted, call)]) + "\n" for call in calls)
    text = head.decode("ascii").rstrip("\n") + "\n" + powershell.HEAD + "".join(lines) + powershell.TAIL
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _cmdlets(fields: Fields, ruleset: Ruleset) -> list[str]:
    """For each entry the cmdlet by the first rule that holds; "" where none does."""
    found = np.full(len(fields), "", dtype=object)
    for rule in ruleset.cmdlets:
        kinds = np.array([not rule.kinds or kind in rule.kinds for kind in fields.kind], dtype=np.bool_)
        found[(found == "") & kinds & fields.holds(rule)] = rule.set
    return [str(cmdlet) for cmdlet in found]
