from __future__ import annotations

import pytest

from aliasfix import ruleset
from aliasfix.directory import Source
from aliasfix.errors import UsageError
from aliasfix.importer import choose

RULESETS = tuple(ruleset.load(name) for name in ("openldap", "microsoft365", "exchange55", "exchange"))
ONLINE = "CN=u,OU=one.onmicrosoft.com,DC=EURPR01A001,dc=prod, DC=OUTLOOK,DC=COM"


def ldif(path: str = "a.ldif", attributes: str = "", classes: str = "") -> Source:
    return Source(path, format="ldif", attributes=tuple(attributes.split()), classes=tuple(classes.split()))


def powershell(attributes: str, *dns: str) -> Source:
    return Source("a.csv", format="powershell", attributes=tuple(attributes.split()), dns=dns)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source("a.csv", format="exchange55"), "exchange55"),
        (ldif(attributes="UID rdn"), "exchange55"),
        (ldif(attributes="uid Assoc-NT-Account", classes="person"), "exchange55"),
        (ldif(attributes="uid", classes="top InetOrgPerson"), "openldap"),
        (ldif(attributes="uid entryUUID"), "openldap"),
        (ldif(attributes="uid mailnickname", classes="inetOrgPerson"), "exchange"),
        (powershell("mailNickname"), "exchange"),
        (powershell("mailNickname ExternalDirectoryObjectId"), "microsoft365"),
        (powershell("mailNickname", "mail=u@x", ONLINE), "microsoft365"),
    ],
)  # fmt: skip
def test_the_heaviest_sign_decides(source: Source, expected: str) -> None:
    assert expected == choose([source], RULESETS).ruleset.name


def test_an_export_without_signs_goes_along_with_the_others_and_the_order_does_not_matter() -> None:
    sources = [ldif("a.ldif", "cn"), ldif("b.ldif", "uid entryUUID"), ldif("c.ldif", "uid", "inetOrgPerson")]

    choices = [choose(sources, RULESETS), choose(sources[::-1], RULESETS[::-1])]

    assert [("openldap", "b.ldif: its entries have uid and entryUUID, as OpenLDAP has")] * 2 == [
        (c.ruleset.name, c.why) for c in choices
    ]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (
            [ldif("b.ldif", "uid rdn"), ldif("a.ldif", "mailNickname")],
            (
                "the exports seem to come from different products: "
                "a.ldif looks like exchange, its entries have mailNickname; "
                "b.ldif looks like exchange55, its entries have rdn and uid, as Exchange 5.5 has"
            ),
        ),
        (
            [ldif("a.ldif", "cn sn"), ldif("b.ldif")],
            (
                "nothing shows which product the exports come from: "
                "a.ldif is ldif with cn, sn; b.ldif is ldif with no attributes"
            ),
        ),
    ],
)
def test_otherwise_the_user_must_say(sources: list[Source], expected: str) -> None:
    with pytest.raises(UsageError) as refused:
        choose(sources, RULESETS)

    assert (expected, "say which with --rules: exchange, exchange55, microsoft365, openldap") == (
        str(refused.value),
        refused.value.hint,
    )
