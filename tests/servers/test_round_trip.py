"""Any directory that slapadd takes, as slapcat writes it: aliasfix reads every value of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ldif import LDIFWriter

from aliasfix import importer
from aliasfix.ldap import dn

if TYPE_CHECKING:
    from tests.servers.conftest import Slapd

ATTRIBUTES = ("cn", "sn", "uid", "mail", "description", "givenName", "l", "employeeNumber")
_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.text('ab ,+=\\"<>;#:\t\r\n\x7f', max_size=5),
    st.integers(60, 160).map(lambda length: "x" * length),
)


@st.composite
def values(draw: st.DrawFn, *, several: bool) -> list[bytes]:
    """Texts that no server takes for one: each has its number, at one end or the other or between."""
    count = draw(st.integers(1, 3)) if several else 1
    return [f"{draw(_TEXTS)}{n}{draw(_TEXTS)}".encode() for n in range(count)]


@st.composite
def people(draw: st.DrawFn) -> dict[str, dict[str, list[bytes]]]:
    """DN -> attribute -> values, of inetOrgPerson."""
    found = {}
    for n in range(draw(st.integers(1, 6))):
        name = f"{draw(_TEXTS)}{n}"
        entry = {"objectClass": [b"inetOrgPerson"], "cn": [name.encode()], "sn": draw(values(several=True))}
        for attribute in draw(st.lists(st.sampled_from(ATTRIBUTES[2:]), unique=True)):
            entry[attribute] = draw(values(several=attribute != "employeeNumber"))
        if "mail" in entry:
            entry["mail"] = [v.decode().encode("ascii", "replace") for v in entry["mail"]]
        found[dn.unparse(((("cn", name),), (("o", "ORG"),)))] = entry
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people())
def test_what_slapcat_writes_is_read_back(slapd_at_rest: Slapd, people: dict[str, dict[str, list[bytes]]]) -> None:
    load = io.BytesIO()
    writer = LDIFWriter(load)
    writer.unparse("o=ORG", {"objectClass": [b"organization"], "o": [b"ORG"]})
    for name, entry in people.items():
        writer.unparse(name.encode(), entry)
    slapd_at_rest.load(load.getvalue())
    export = slapd_at_rest.folder / "export.ldif"
    export.write_text(slapd_at_rest.slapcat(), encoding="utf-8", newline="\n")

    expected = {
        dn.key(name): {a: [v.decode() for v in vs] for a, vs in entry.items() if a in ATTRIBUTES}
        for name, entry in people.items()
    }
    options = importer.Options()
    directory = importer.read(importer.probe([str(export)], options), ATTRIBUTES, options)
    keys = directory.entries["key"].to_pylist()
    found: dict[str, dict[str, list[str]]] = {key: {} for key in keys if key != "o=org"}
    for row in directory.values.to_pylist():
        found[keys[row["entry"]]].setdefault(row["attribute"], []).append(row["value"])
    assert ((), expected) == (directory.unreadable, found)
