from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliasfix import importer
from aliasfix.errors import InputError
from aliasfix.importer import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aliasfix.directory import Directory

GUID_A = "0fc45df7-769c-4d75-b47e-e9de8340bfb5"
GUID_B = "f8269e68-bc54-482d-9f8e-009e4f78aba6"
ATTRIBUTES = ("uid", "mail", "sn")


def record(dn: str, *lines: str) -> str:
    return "\n".join((f"dn: {dn}", *lines, "", ""))


def shown(directory: Directory) -> list[tuple[str, str, str, dict[str, list[str]]]]:
    """DN, label, place and values of every entry."""
    paths = [s.path for s in directory.sources]
    values: list[dict[str, list[str]]] = [{} for _ in range(directory.entries.num_rows)]
    for v in directory.values.to_pylist():
        values[v["entry"]].setdefault(v["attribute"], []).append(f"{v['value']}@{paths[v['source']]}:{v['line']}")
    return [
        (e["dn"], e["label"], f"{paths[e['source']]}:{e['line']}", v)
        for e, v in zip(directory.entries.to_pylist(), values, strict=True)
    ]


def test_one_dn_in_two_exports_is_one_entry_whose_values_are_united(imported: Callable[..., Directory]) -> None:
    directory = imported(
        {
            "b.ldif": record("UID=u, DC=x", "mail: m", "mail: n", "uid: u"),
            "a.ldif": record("uid=u,dc=x", "uid: u", "sn: s"),
        },
        ATTRIBUTES,
    )

    values = {"mail": ["m@b.ldif:2", "n@b.ldif:3"], "sn": ["s@a.ldif:3"], "uid": ["u@a.ldif:2"]}
    assert [("uid=u,dc=x", "", "a.ldif:1", values)] == shown(directory)
    assert [1, 1] == [s.entries for s in directory.sources]


def test_the_order_of_values_does_not_matter_their_number_does(imported: Callable[..., Directory]) -> None:
    a = record("uid=u,dc=x", "mail: m", "mail: n")
    b = record("uid=u,dc=x", "mail: n", "mail: m")

    assert 1 == imported({"a.ldif": a, "b.ldif": b}, ATTRIBUTES).entries.num_rows
    with pytest.raises(InputError, match=r'with mail "m, n" and at b.ldif:1 with "m, m, n"'):
        imported({"a.ldif": a, "b.ldif": record("uid=u,dc=x", "mail: n", "mail: m", "mail: m")}, ATTRIBUTES)


def test_differences_in_attributes_that_nobody_wants_do_not_matter(imported: Callable[..., Directory]) -> None:
    files = {"a.ldif": record("uid=u,dc=x", "title: a"), "b.ldif": record("uid=u,dc=x", "title: b")}

    assert 1 == imported(files, ATTRIBUTES).entries.num_rows


def test_one_dn_in_two_labels_is_two_entries(imported: Callable[..., Directory]) -> None:
    files = {"a.ldif": record("uid=u,dc=x", "sn: a"), "b.ldif": record("uid=u,dc=x", "sn: b")}

    directory = imported(files, ATTRIBUTES, Options(labels=(("a.ldif", "A"), ("b.ldif", "B"))))

    assert [
        ("uid=u,dc=x", "A", "a.ldif:1", {"sn": ["a@a.ldif:2"]}),
        ("uid=u,dc=x", "B", "b.ldif:1", {"sn": ["b@b.ldif:2"]}),
    ] == shown(directory)


def test_one_guid_is_one_entry_whatever_the_labels(imported: Callable[..., Directory]) -> None:
    files = {
        "a.ldif": record("uid=u,dc=x", "uid: u", f"entryUUID: {GUID_A}"),
        "b.ldif": record("uid=u,dc=x", f"entryUUID: {GUID_A.upper()}", "sn: s"),
    }

    directory = imported(files, ATTRIBUTES, Options(labels=(("a.ldif", "A"), ("b.ldif", "B"))))

    assert [("uid=u,dc=x", "A", "a.ldif:1", {"sn": ["s@b.ldif:3"], "uid": ["u@a.ldif:2"]})] == shown(directory)


def test_an_export_without_dns_joins_one_that_has_them_by_guid(imported: Callable[..., Directory]) -> None:
    files = {
        "a.csv": f"Alias,PrimarySmtpAddress,Guid\nu,u@x,{GUID_A}\n",
        "b.csv": f"Alias,PrimarySmtpAddress,ExchangeGuid\nu,u@x,{GUID_B}\n",
        "c.csv": f'Alias,DistinguishedName,Guid,ExchangeGuid\nu,"CN=u,DC=x",{GUID_A},{GUID_B}\n',
    }

    directory = imported(files, ["mailNickname", "mail"])

    values = {"mail": ["u@x@a.csv:2"], "mailNickname": ["u@c.csv:2"]}
    assert [("CN=u,DC=x", "", "c.csv:2", values)] == shown(directory)


def test_a_mailbox_guid_does_not_join_what_object_guids_tell_apart(imported: Callable[..., Directory]) -> None:
    """A mailbox that is about to move stands in both forests with one msExchMailboxGuid."""
    files = {
        "a.csv": f'Alias,DistinguishedName,Guid,ExchangeGuid\nu,"CN=u,DC=a",{GUID_A},{GUID_A}\n',
        "b.csv": f'Alias,DistinguishedName,Guid,ExchangeGuid\nu,"CN=u,DC=b",{GUID_B},{GUID_A}\n',
    }

    assert ["CN=u,DC=a", "CN=u,DC=b"] == imported(files, ["mailNickname"]).entries["dn"].to_pylist()


def test_a_mailbox_guid_does_not_join_what_dns_tell_apart(imported: Callable[..., Directory]) -> None:
    """The directory on the premises and the cloud know a remote mailbox by one msExchMailboxGuid and two DNs."""
    files = {
        "a.csv": f'Alias,DistinguishedName,ExchangeGuid\nu,"CN=u,DC=a",{GUID_A}\n',
        "b.csv": f'Alias,DistinguishedName,ExchangeGuid\nu,"CN=u,DC=b",{GUID_A}\n',
    }

    assert ["CN=u,DC=a", "CN=u,DC=b"] == imported(files, ["mailNickname"]).entries["dn"].to_pylist()


def test_a_csv_that_names_one_class_only_does_not_contradict_an_ldif(imported: Callable[..., Directory]) -> None:
    files = {
        "a.csv": "Obj-Class,Alias Name,Obj-Dist-Name\nMailbox,u,/o=O/ou=S/cn=u\n",
        "b.ldif": record("cn=u,ou=S,o=O", "objectClass: person", "objectClass: organizationalPerson"),
    }

    directory = imported(files, ["objectClass"])

    assert ["organizationalPerson"] == directory.values["value"].to_pylist()


TELL_APART = "give only the newer export, or, if they come from different forests, tell them apart: --label FILE=NAME"
NEWER = "one was exported later than the other: give only the newer export"


@pytest.mark.parametrize(
    ("files", "labels", "sentence", "hint"),
    [
        (
            {"a.ldif": record("uid=u,dc=x", "sn: a"), "b.ldif": record("uid=u,dc=x", "sn: b")},
            (),
            'a.ldif:1: the entry "uid=u,dc=x" stands here with sn "a" and at b.ldif:1 with "b"',
            TELL_APART,
        ),
        (
            {"a.ldif": record("uid=u,dc=x", "sn: a") + record("UID=U,dc=x", "sn: b")},
            (),
            'a.ldif:1: the entry "uid=u,dc=x" stands here with sn "a" and at a.ldif:4 with "b"',
            "one export holds an entry once: export it again",
        ),
        (
            {
                "a.ldif": record("uid=u,dc=x", "sn: a", f"entryUUID: {GUID_A}"),
                "b.ldif": record("uid=u,dc=x", "sn: b", f"entryUUID: {GUID_A}"),
            },
            (("a.ldif", "A"), ("b.ldif", "B")),
            'a.ldif:1: the entry "uid=u,dc=x" stands here with sn "a" and at b.ldif:1 with "b"',
            NEWER,
        ),
        (
            {
                "a.ldif": record("uid=u,ou=a,dc=x", f"entryUUID: {GUID_A}"),
                "b.ldif": record("uid=u,ou=b,dc=x", f"entryUUID: {GUID_A}"),
            },
            (),
            (
                'a.ldif:1: the entry "uid=u,ou=a,dc=x" stands here with dn "uid=u,ou=a,dc=x" '
                'and at b.ldif:1 with "uid=u,ou=b,dc=x"'
            ),
            NEWER,
        ),
        (
            {
                "a.ldif": record("uid=u,dc=x", f"entryUUID: {GUID_B}"),
                "b.ldif": record("uid=u,dc=x", f"entryUUID: {GUID_A}"),
            },
            (),
            f'a.ldif:1: the entry "uid=u,dc=x" stands here with objectGUID "{GUID_B}" and at b.ldif:1 with "{GUID_A}"',
            TELL_APART,
        ),
    ],
    ids=["two exports", "one export", "one GUID", "moved", "two GUIDs"],
)
def test_differences_are_refused(
    files: Mapping[str, str],
    labels: tuple[tuple[str, str], ...],
    sentence: str,
    hint: str,
    imported: Callable[..., Directory],
) -> None:
    with pytest.raises(InputError) as refused:
        imported(files, ATTRIBUTES, Options(labels=labels))

    assert (sentence, hint) == (str(refused.value), refused.value.hint)


def test_one_dn_with_two_guids_is_two_entries_in_two_labels(imported: Callable[..., Directory]) -> None:
    files = {
        "a.ldif": record("uid=u,dc=x", f"entryUUID: {GUID_A}"),
        "b.ldif": record("uid=u,dc=x", f"entryUUID: {GUID_B}"),
    }

    assert 2 == imported(files, (), Options(labels=(("a.ldif", "A"), ("b.ldif", "B")))).entries.num_rows


@settings(deadline=None, max_examples=40)  # up to six readings of three files
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 5), st.sets(st.sampled_from(["mail", "sn", "uid"]))), max_size=6),
        min_size=1,
        max_size=3,
    ),
)
def test_the_directory_does_not_depend_on_the_order_of_the_files(
    tmp_path_factory: pytest.TempPathFactory, exports: list[list[tuple[int, set[str]]]]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    paths = []
    for number, entries in enumerate(exports):
        lines = [record(f"uid={n},dc=x", *(f"{a}: {a}{n}" for a in sorted(said))) for n, said in entries]
        path = folder / f"{number}.ldif"
        path.write_text("".join([record("dc=x"), *lines]), encoding="utf-8", newline="\n")
        paths.append(str(path))

    found = [
        importer.read(importer.probe(order, Options()), ATTRIBUTES, Options())
        for order in itertools.permutations(paths)
    ]

    assert all(found[0].entries.equals(d.entries) and found[0].values.equals(d.values) for d in found)
    uids = {n for entries in exports for n, _ in entries}
    assert len(uids) + 1 == found[0].entries.num_rows
    held = {(a, f"{a}{n}") for entries in exports for n, said in entries for a in said}
    assert held == {(v["attribute"], v["value"]) for v in found[0].values.to_pylist()}
    assert len(held) == found[0].values.num_rows
