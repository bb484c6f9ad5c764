"""Findings as a table for spreadsheet programs: who fills in ``reason`` and ``owner`` of a row waives its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.engine.waivers import Waiver
from aliasfix.errors import InputError, Where
from aliasfix.ldap import dn as ldap_dn
from aliasfix.review import sheet
from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from pathlib import Path

    from aliasfix.engine import Finding
    from aliasfix.engine.waivers import Waived

_FINDING = ("code", "name", "severity", "label", "dn", "attribute", "value", "message")
_PERSON = ("reason", "owner")
COLUMNS = (*_FINDING, *_PERSON, "source", "line")
_NEEDED = ("code", "dn", "attribute", "value", *_PERSON)
_HINT = "aliasfix check -o writes such a table of its findings"


def write(found: Waived) -> bytes:
    """Every finding, columns ``COLUMNS``: UTF-8 with BOM, CRLF. What is waived has its reason and owner."""
    return table(COLUMNS, (_cells(finding, waiver) for finding, waiver in found.rows))


def _cells(finding: Finding, waiver: Waiver | None) -> list[str]:
    told = [str(getattr(finding, name)) for name in _FINDING]
    word = [waiver.reason, waiver.owner] if waiver else ["", ""]
    return [*told, *word, finding.source, str(finding.line)]


def read(path: Path) -> tuple[Waiver, ...]:
    """The waivers in a table as a spreadsheet program saves it (see ``sheet``); other columns are not looked at.

    Needed are ``code``, ``dn``, ``attribute``, ``value``, ``reason`` and ``owner``, and ``label`` where the exports
    have labels. A row without reason and owner waives nothing.

    Raises:
        InputError: the file can't be read, is no such table, lacks a column, or a row has a reason or an owner alone,
            an unknown code, or no DN.

    """
    names, rows = sheet.header_and_rows(path, "the list of waivers")
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise InputError(f'the list of waivers has no column "{missing[0]}"', where=Where(str(path), 1), hint=_HINT)
    sheet.refuse_twice(names, (*_NEEDED, "label"), Where(str(path), 1))
    return tuple(_waiver(cells, where) for where, cells in rows if any(cells[name].strip() for name in _PERSON))


def _waiver(cells: dict[str, str], where: Where) -> Waiver:
    for name, other in (_PERSON, _PERSON[::-1]):
        if not cells[name].strip():
            hint = "a waiver says why the finding may stay and who answers for it"
            raise InputError(f"the waiver has {_ARTICLE[other]} and no {name}", where=where, hint=hint)
    known = [code.code for code in codes.ALL]
    code = cells["code"].strip()
    if code not in known:
        raise InputError(f'there is no finding "{code}"', where=where, hint=f"there are {', '.join(known)}")
    try:
        ldap_dn.key(cells["dn"])
    except ldap_dn.DNError as e:
        raise InputError(f"the DN can't be read: {e}", where=where) from e
    return Waiver(
        code=code,
        label=cells.get("label", ""),
        dn=cells["dn"],
        attribute=cells["attribute"].strip(),
        value=cells["value"],
        reason=cells["reason"].strip(),
        owner=cells["owner"].strip(),
        where=where,
    )


_ARTICLE = {"reason": "a reason", "owner": "an owner"}
