from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix import importer
from aliasfix.directory import Source
from aliasfix.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = "".join(f"dn: cn=p{n},o=x\nobjectClass: person\ncn: p{n}\nmail;lang-de: p{n}@x\n\n" for n in range(20))


def _look(folder: Path, text: bytes) -> Source:
    path = folder / "export.ldif"
    path.write_bytes(text)
    (source,) = importer.probe([str(path)], importer.Options())
    return source


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_what_only_one_of_many_entries_has_is_seen(tmp_path: Path, end: bytes) -> None:
    late = "# folded\ndn: cn=z,o=x\nOBJECTclass: inetOrg\n Person\nobjectClass:: cGVyc29u\nsn:\nUID: z\nuid: zz\n\n"

    source = _look(tmp_path, (PEOPLE + late + PEOPLE.replace("cn=p", "cn=q")).encode().replace(b"\n", end))

    assert Source(
        source.path,
        format="ldif",
        encoding="utf-8",
        attributes=("objectClass", "cn", "sn", "UID"),
        classes=("person", "inetOrgPerson"),
        dns=tuple(f"cn=p{n},o=x" for n in range(8)),
    ) == source  # fmt: skip


def test_a_change_among_entries_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        _look(tmp_path, (PEOPLE + "dn: cn=p1,o=x\nchangetype: delete\n").encode())

    assert f"{tmp_path / 'export.ldif'}:101" == str(refused.value.where)


def test_what_an_unreadable_record_has_is_seen_in_the_next_one_like_it(tmp_path: Path) -> None:
    source = _look(
        tmp_path,
        (
            PEOPLE + "dn: cn=a,,\nroomNumber: 1\n\ndn: cn=b,o=x\nroomNumber:: !\n\ndn: cn=c,o=x\nroomNumber: 2\n"
        ).encode(),
    )

    assert ("objectClass", "cn", "roomNumber") == source.attributes
