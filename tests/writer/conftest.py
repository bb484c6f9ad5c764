"""Rows, and the exports that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from aliasfix.directory import ENTRIES, VALUES, Directory, Source
from aliasfix.ldap import dn
from aliasfix.plan import Plan, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _row(**columns: object) -> Row:
    usual: dict[str, object] = {
        "role": "rename",
        "decision": "accept",
        "code": "A001",
        "group": "alias:user",
        "dn": "cn=user,cn=Recipients,ou=SITE2,o=ORG",
        "label": "",
        "kind": "person",
        "site": "SITE2",
        "attribute": "uid",
        "old": "user",
        "new": "user-site2",
        "reason": "",
        "rung": "{alias}{joiner}{site}",
        "tried": "",
        "mail": "user@site2.org.com",
        "source": "export.ldif",
        "line": 12,
    }
    return Row(**{**usual, **columns})  # type: ignore[arg-type]  # a test names any column


def _directory(
    rows: Iterable[Row], values: Iterable[tuple[str, str, str]] = (), sources: Sequence[Source] = ()
) -> Directory:
    """The entries of the rows, with further values (DN, attribute, value)."""
    sources = sources or (Source("export.ldif"),)
    paths = [source.path for source in sources]
    entries = {(r.dn, r.label): paths.index(r.source) for r in rows}
    numbers = {name: number for number, (name, _) in enumerate(entries)}
    further = sorted((attribute, numbers[name], value) for name, attribute, value in values)
    return Directory(
        tuple(sources),
        pa.table(
            [
                [name for name, _ in entries],
                [_key(name) for name, _ in entries],
                [label for _, label in entries],
                list(entries.values()),
                [1] * len(entries),
            ],
            schema=ENTRIES,
        ),
        pa.table(
            [
                [attribute for attribute, _, _ in further],
                [number for _, number, _ in further],
                [value for _, _, value in further],
                [0] * len(further),
                [1] * len(further),
            ],
            schema=VALUES,
        ),
    )


def _key(name: str) -> str:
    try:
        return dn.key(name)
    except dn.DNError:
        return name


def _plan(rows: Iterable[Row]) -> Plan:
    return Plan(tuple(rows), "openldap", "", (), 7)


@pytest.fixture(scope="session", name="row")
def row_factory() -> object:
    """``row(new="x", …)``: an accepted rename, but for the columns that are named."""
    return _row


@pytest.fixture(scope="session", name="directory_of")
def directory_factory() -> object:
    """``directory_of(rows, values, sources)``: what was read from the exports that the rows name."""
    return _directory


@pytest.fixture(scope="session", name="plan_of")
def plan_factory() -> object:
    """``plan_of(rows)``: a plan with these rows."""
    return _plan
