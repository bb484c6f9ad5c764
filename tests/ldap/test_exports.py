"""The reader against real exports and hostile files that nobody here wrote."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.ldap import changes, encodings, ldif

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))

# Files in which a block without dn is one more record than there are dn lines.
BLOCKS_WITHOUT_DN = {"spring-ldap__ldif_ldif-core_src_test_resources_test.ldif": 1}  # RFC 2849's example 6 as printed


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(name: str, exports: Path, shown: Callable[[object], str]) -> None:
    text, encoding = encodings.decode((exports / "hostile" / name).read_bytes())
    expected = HOSTILE[name]
    assert expected == {"encoding": encoding, "found": [shown(found) for found in ldif.records(text)]}


def test_every_hostile_file_has_its_outcome(exports: Path) -> None:
    assert sorted(path.name for path in (exports / "hostile").iterdir()) == sorted(HOSTILE)


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"10_empty_file.ldif", "11_only_comments.ldif"}))
def test_no_hostile_file_is_a_change_file(name: str, exports: Path) -> None:
    with pytest.raises(changes.ChangeError):
        changes.parse((exports / "hostile" / name).read_bytes())


def test_every_dn_of_every_real_file_is_accounted_for(exports: Path) -> None:
    with (exports / "ldif" / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        index = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    expected = {row["file"]: int(row["entries(dn: lines)"]) + BLOCKS_WITHOUT_DN.get(row["file"], 0) for row in index}
    assert expected == {row["file"]: _entries(exports / "ldif" / row["file"]) for row in index}


def _entries(path: Path) -> int:
    """The records of a file, read or not; what is bad within a record that was read follows it."""
    count, dn = 0, None
    for found in ldif.records(encodings.decode(path.read_bytes())[0]):
        if isinstance(found, ldif.Record):
            count, dn = count + 1, found.dn
        elif isinstance(found, ldif.Bad) and found.dn != dn:
            count, dn = count + 1, None
    return count
