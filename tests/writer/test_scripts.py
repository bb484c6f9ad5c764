from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aliasfix import ruleset
from aliasfix.directory import Source
from aliasfix.proof import scripted
from aliasfix.writer import change_files

EXCHANGE = ruleset.load("exchange")
MICROSOFT365 = ruleset.load("microsoft365")
OPENLDAP = ruleset.load("openldap")
GUID = "0fc45df7-769c-4d75-b47e-e9de8340bfb5"


def called(raw: bytes) -> list[str]:
    """The lines that call something."""
    text = raw.decode("utf-8-sig")
    return [line.strip() for line in text.split("\r\n") if line.startswith("    Edit-Alias ")]


def test_each_recipient_is_changed_by_its_own_cmdlet_and_guid(plan_of: Any, row: Any, directory_of: Any) -> None:
    types = {
        "a": ("1", "Set-Mailbox"), "b": ("4", "Set-Mailbox"), "c": ("2147483648", "Set-RemoteMailbox"),
        "d": ("128", "Set-MailUser"), "e": ("64", "Set-MailContact"), "f": ("256", "Set-DistributionGroup"),
        "g": ("2048", "Set-DynamicDistributionGroup"), "h": ("4096", "Set-MailPublicFolder"),
        "i": ("1099511627776", "Set-UnifiedGroup"), "j": ("34359738368", "Set-RemoteMailbox"),
    }  # fmt: skip
    rows = [row(dn=f"CN={name},DC=x", attribute="mailNickname", new=f"new-{name}") for name in types]
    values = [(f"CN={name},DC=x", "msExchRecipientTypeDetails", kind) for name, (kind, _) in types.items()]
    values += [(f"CN={name},DC=x", "objectGUID", f"guid-{name}") for name in types]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, values)).files

    assert [f"Edit-Alias '{set_}' 'guid-{n}' 'user' 'new-{n}'" for n, (_, set_) in types.items()] == called(
        made["changes.ps1"]
    )
    assert [f"Edit-Alias '{set_}' 'guid-{n}' 'new-{n}' 'user'" for n, (_, set_) in reversed(types.items())] == called(
        made["changes.rollback.ps1"]
    )


@pytest.mark.parametrize(
    ("attribute", "value", "cmdlet"),
    [
        ("objectClass", "contact", "Set-MailContact"),
        ("objectClass", "group", "Set-DistributionGroup"),
        ("objectClass", "msExchDynamicDistributionList", "Set-DynamicDistributionGroup"),
        ("objectClass", "publicFolder", "Set-MailPublicFolder"),
        ("objectClass", "user", "Set-Mailbox"),
    ],
)
def test_without_a_type_the_class_tells_and_without_a_guid_the_dn_names(
    plan_of: Any, row: Any, directory_of: Any, attribute: str, value: str, cmdlet: str
) -> None:
    rows = [row(dn="CN=O'Neil,DC=x", attribute="mailNickname")]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, [(rows[0].dn, attribute, value)])).files

    assert [f"Edit-Alias '{cmdlet}' 'CN=O''Neil,DC=x' 'user' 'user-site2'"] == called(made["changes.ps1"])


def test_what_has_no_cmdlet_or_no_name_is_left_out_and_told(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [
        row(dn="a@x.example", attribute="mailNickname"),
        row(dn="b@x.example", attribute="mailNickname"),
        row(dn="c@x.example", attribute="mail"),
        row(dn="d@x.example", attribute="mailNickname"),
    ]
    values = [("b@x.example", "objectGUID", GUID), ("d@x.example", "msExchRecipientTypeDetails", "8192")]
    sources = [Source("export.ldif", has_dn=False)]
    made = change_files(plan_of(rows), MICROSOFT365, directory_of(rows, values, sources))

    assert [f"Edit-Alias 'Set-Mailbox' '{GUID}' 'user' 'user-site2'"] == called(made.files["changes.ps1"])
    assert [
        "changes.ps1 leaves out 1 (a@x.example): the export has neither its GUID nor its DN.",
        "changes.ps1 leaves out 1 (c@x.example): the cmdlets change nothing but the alias.",
        "changes.ps1 leaves out 1 (d@x.example): the ruleset has no cmdlet for such an entry.",
    ] == list(made.said[1:])


def test_no_script_is_made_where_the_ruleset_has_no_cmdlets(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row()]
    assert [] == [n for n in change_files(plan_of(rows), OPENLDAP, directory_of(rows)).files if n.endswith(".ps1")]


def test_the_script_says_what_it_is_and_guards_every_call(plan_of: Any, row: Any, directory_of: Any) -> None:
    rows = [row(attribute="mailNickname", label="east")]
    plan = plan_of(rows)
    made = change_files(plan, EXCHANGE, directory_of(rows, sources=[Source("export.ldif", "east")])).files
    text = made["changes.ps1"].decode("utf-8")

    assert text.startswith('\ufeff# Label: "east"\r\n# PowerShell script of aliasfix: 1 change.\r\n')
    assert text.count("\n") == text.count("\r\n") == text.count("\r")
    assert f"# Plan: {plan.hash()}\r\n" in text
    for part in (
        "[CmdletBinding(SupportsShouldProcess = $true)]\r\n",
        "$ErrorActionPreference = 'Stop'\r\n",
        "-WhatIf:$WhatIfPreference",
        "Start-Transcript",
    ):
        assert part in text
    head = made["changes.rollback.ps1"].decode("utf-8")
    assert "# PowerShell script of aliasfix: undoes changes.ps1, 1 change.\r\n" in head


TEXTS = st.one_of(st.text(min_size=1), st.text("'\u2018\u2019\u201a\u201b\"`$();\r\n\u2028 a", min_size=1))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4, unique_by=lambda texts: texts[0]))
def test_the_script_says_exactly_the_accepted_rows(
    plan_of: Any, row: Any, directory_of: Any, texts: list[tuple[str, str, str]]
) -> None:
    rows = [row(dn=f"CN={n},DC=x", attribute="mailNickname", old=old, new=new) for n, (_, old, new) in enumerate(texts)]
    values = [(f"CN={n},DC=x", "objectGUID", guid) for n, (guid, _, _) in enumerate(texts)]
    made = change_files(plan_of(rows), EXCHANGE, directory_of(rows, values)).files
    forth = scripted.calls(made["changes.ps1"], "")
    back = scripted.calls(made["changes.rollback.ps1"], "")

    assert [("", "Set-Mailbox", *of) for of in texts] == forth
    assert [("", "Set-Mailbox", guid, new, old) for guid, old, new in reversed(texts)] == back
