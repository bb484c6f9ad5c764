"""Whoever wants to know is told of every octet and entry once."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from aliasfix.importer import Options, mentions, probe, read
from aliasfix.plan import COLUMNS, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LDIF = "".join(f"dn: cn={n}\nuid: u{n}\n\n" for n in range(5000)).encode()
CSV = ("DN,mailNickname\n" + "".join(f"CN={n},u{n}\n" for n in range(5000))).encode()


@pytest.mark.parametrize(("name", "raw"), [("a.ldif", LDIF), ("a.ldif.gz", gzip.compress(LDIF)), ("a.csv", CSV)])
def test_all_is_told(name: str, raw: bytes, write: Callable[[Mapping[str, str | bytes]], list[str]]) -> None:
    sources = probe(write({name: raw}), Options())
    row = Row(**{c: 0 if c == "line" else "u1" for c in COLUMNS})  # type: ignore[arg-type]  # any row that changes u1
    told: list[tuple[int, int]] = []
    besides: list[tuple[int, int]] = []

    read(sources, ["uid"], Options(), lambda *more: told.append(more))
    mentions.find(sources, [row], Options(), lambda *more: besides.append(more))

    assert 5000 == sum(entries for _, entries in told)
    assert len(raw) == sum(octets for octets, _ in told)
    assert len(raw) == sum(octets for octets, _ in besides)
    assert all(octets >= 0 and entries >= 0 for octets, entries in told)
