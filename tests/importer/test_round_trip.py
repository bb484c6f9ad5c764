"""Any directory that ``ldif.LDIFWriter`` writes: every value of it is read. NUL is reported and never read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from ldif import LDIFWriter

from aliasfix.importer.assemble import wanted
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from types import ModuleType

    Entry = dict[str, list[str]]

ATTRIBUTES = wanted(("uid", "mail", "cn", "description"))
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.text("ab: <-#\t\r\n\x7f", max_size=4),
    st.integers(60, 160).map(lambda length: "x" * length),
)
ENTRIES = st.dictionaries(st.sampled_from(tuple(ATTRIBUTES.values())), st.lists(TEXTS, min_size=1, max_size=3))
NAMES = st.lists(TEXTS, min_size=1, max_size=3).map(lambda names: dn.unparse(tuple((("cn", n),) for n in names)))


@given(st.dictionaries(NAMES, ENTRIES, max_size=6), st.sampled_from((1, 60, 1 << 20)))
def test_what_the_library_writes_is_read_back(readers: ModuleType, people: dict[str, Entry], size: int) -> None:
    written = io.BytesIO()
    writer = LDIFWriter(written)
    for name, entry in people.items():
        lines = {attribute: [v.encode() for v in values] for attribute, values in entry.items()}
        writer.unparse(name.encode(), {"objectClass": [b"top"], **lines})

    outcome = readers.by_columns(written.getvalue(), ATTRIBUTES, size)

    found: list[tuple[str, Entry]] = [(entry["dn"], {}) for entry in outcome["entries"]]
    for row in outcome["values"]:
        found[row["entry"]][1].setdefault(row["attribute"], []).append(row["value"])
    assert (list(people.items()), []) == (found, outcome["unreadable"])
