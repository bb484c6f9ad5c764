from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.directory import Directory, Source, Unreadable
from aliasfix.errors import Where
from aliasfix.importer import Options, headers, probe

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER = (
    "Obj-Class,First Name,Last name,Display Name,Alias Name,Directory Name,Primary Windows NT Account,Home-Server,"
    "E-mail address,E-mail Addresses,Members,Obj-Container,Hide from AB\r\n"
)
POWERSHELL = tuple(c.attribute for t in headers.tables() if t.format == "powershell" for c in t.columns)
SITE1 = "/o=ORG/ou=SITE1/cn=Recipients"


def said(directory: Directory, attribute: str) -> list[str]:
    found: list[str] = directory.values_of(attribute)["value"].to_pylist()
    return found


def dns(directory: Directory) -> list[str]:
    found: list[str] = directory.entries["dn"].to_pylist()
    return found


def test_an_exchange55_row_becomes_an_entry_with_ldap_names(imported: Callable[..., Directory]) -> None:
    row = (
        "Mailbox,Ursula,Sehr,Ursula Sehr,user,user1,DOM1\\\\user,SRV1,,"
        r"MS:ORG/SITE1/USER%SMTP:user@site1.org.com%X400:c=US;a= ;p=ORG;o=SITE1;s=100\%;%CC:a\\b,,"
        f"{SITE1},1\r\n"
    )
    attributes = (
        "OBJECTCLASS", "givenName", "sn", "cn", "uid", "rdn", "Primary-Windows-NT-Account", "Home-Server", "mail",
        "textEncodedORAddress", "otherMailbox", "Hide-From-Address-Book", "Target-Address",
    )  # fmt: skip

    directory = imported({"a.csv": HEADER + row}, attributes)

    assert ["cn=user1,cn=Recipients,ou=SITE1,o=ORG"] == dns(directory)
    assert {
        "OBJECTCLASS": ["organizationalPerson"],
        "givenName": ["Ursula"],
        "sn": ["Sehr"],
        "cn": ["Ursula Sehr"],
        "uid": ["user"],
        "rdn": ["user1"],
        "Primary-Windows-NT-Account": ["DOM1\\user"],
        "Home-Server": ["SRV1"],
        "mail": ["user@site1.org.com"],
        "textEncodedORAddress": ["c=US;a= ;p=ORG;o=SITE1;s=100%;"],
        "otherMailbox": ["MS:ORG/SITE1/USER", "CC:a\\b"],
        "Hide-From-Address-Book": ["TRUE"],
        "Target-Address": [],
    } == {a: said(directory, a) for a in attributes}
    assert {(2,)} == set(zip(directory.values["line"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mailbox", "organizationalPerson"),
        ("REMOTE", "Remote-Address"),
        ("Remote-Address", "Remote-Address"),
        ("dl", "groupOfNames"),
        ("Distribution-List", "groupOfNames"),
        ("Public-Folder", "Public-Folder"),
        ("Site-Connector", "Site-Connector"),
    ],
)
def test_obj_class(written: str, expected: str, imported: Callable[..., Directory]) -> None:
    text = f"Obj-Class,Alias Name,Obj-Dist-Name\n{written},u,{SITE1}/cn=u\n"

    assert [expected] == said(imported({"a.csv": text}, ["objectClass"]), "objectClass")


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("Directory Name,Obj-Container", f"u,{SITE1}", "cn=u,cn=Recipients,ou=SITE1,o=ORG"),
        ("Directory Name,Obj-Container", "u,Recipients", "cn=u,cn=Recipients,ou=SITE9,o=ORG9"),
        ("Directory Name,Obj-Container", "u,Recipients/cn=Internet", "cn=u,cn=Internet,cn=Recipients,ou=SITE9,o=ORG9"),
        ("Directory Name,Obj-Container", "u,/cn=Recipients", "cn=u,cn=Recipients,ou=SITE9,o=ORG9"),
        ("Directory Name", "u", "cn=u,cn=Recipients,ou=SITE9,o=ORG9"),
        ("Directory Name,Obj-Container", f'"Weber, Hans",{SITE1}', r"cn=Weber\, Hans,cn=Recipients,ou=SITE1,o=ORG"),
        ("Directory Name,Obj-Dist-Name", f"x,{SITE1}/cn=u", "cn=u,cn=Recipients,ou=SITE1,o=ORG"),
        ("COMMON-NAME,Obj-Container", f"u,{SITE1}", "cn=u,cn=Recipients,ou=SITE1,o=ORG"),
        ("rdn,obj-dist-name", f"x,{SITE1}/cn=a/b", "cn=a/b,cn=Recipients,ou=SITE1,o=ORG"),
    ],
)
def test_exchange55_names(columns: str, cells: str, expected: str, imported: Callable[..., Directory]) -> None:
    options = Options(organization=(("", "ORG9"),), site=(("a.csv", "SITE9"), ("", "OTHER")))

    directory = imported({"a.csv": f"Obj-Class,{columns},Alias Name\nMailbox,{cells},u\n"}, ["uid"], options)

    assert [expected] == dns(directory)


def test_an_import_file_orders_deletions_which_are_no_values(imported: Callable[..., Directory]) -> None:
    text = f"Obj-Class,Mode,Obj-Dist-Name,Alias Name,First Name,Title\nMailbox,Modify,{SITE1}/cn=u,u,~DEL,~DEL\n"

    directory = imported({"a.csv": text}, ["uid", "givenname"])

    what = '"~DEL" is an order to the import, no value'
    dn = "cn=u,cn=Recipients,ou=SITE1,o=ORG"
    assert (Unreadable(Where("a.csv", 2), what, dn, "givenname"),) == directory.unreadable
    assert ["u"] == said(directory, "uid")


def test_an_import_file_is_no_whole_export_and_what_it_deletes_is_no_entry(imported: Callable[..., Directory]) -> None:
    rows = "".join(f"Mailbox,{mode},{SITE1}/cn={mode},{mode}\n" for mode in ("Modify", "delete", "Create"))

    directory = imported({"a.csv": f"Obj-Class,Mode,Obj-Dist-Name,Alias Name\n{rows}"}, ["uid"])

    assert ["Modify", "Create"] == said(directory, "uid")
    what = 'the row is no entry, but an order to the import: "delete"'
    assert (Unreadable(Where("a.csv", 3), what),) == directory.unreadable
    why = "its column Mode shows an import file, which may hold only what is to be changed"
    assert (why,) == directory.sources[0].incomplete


@pytest.mark.parametrize("cell", ["", r"?\UNKNOWN", r"?\\UNKNOWN"])
def test_an_account_that_is_none(cell: str, imported: Callable[..., Directory]) -> None:
    text = f"Obj-Class,Alias Name,Obj-Dist-Name,Primary Windows NT Account\nMailbox,u,{SITE1}/cn=u,{cell}\n"

    assert [] == said(imported({"a.csv": text}, ["Primary-Windows-NT-Account"]), "Primary-Windows-NT-Account")


def test_a_powershell_row_becomes_an_entry_with_ldap_names(imported: Callable[..., Directory]) -> None:
    cells = {
        "Alias": "user",
        "DistinguishedName": "CN=User One,OU=A,DC=x",
        "Guid": "{0FC45DF7-769C-4D75-B47E-E9DE8340BFB5}",
        "ExchangeGuid": "00000000-0000-0000-0000-000000000000",
        "PrimarySmtpAddress": "user@x.example",
        "EmailAddresses": "smtp:u@x.example, SMTP:user@x.example;X500:/o=Org/ou=First Group/cn=u 1",
        "SamAccountName": "007",
        "UserPrincipalName": "NA",
        "DisplayName": "null",
        "FirstName": "1e5",
        "LastName": "System.String[]",
        "RecipientTypeDetails": "SharedMailbox",
        "IsDirSynced": "True",
        "WhenCreated": "2017-05-02T08:00:00+02:00",
        "LegacyExchangeDN": "/o=Org/cn=u",
        "ExternalDirectoryObjectId": "x",
        "Database": "DB1",
        "ServerName": "srv",
        "HiddenFromAddressListsEnabled": "False",
        "AuditAdmin": "Microsoft.Exchange.Data.MultiValuedProperty`1[X]",
    }
    text = "#TYPE Selected.X\r\n" + "\r\n".join(",".join(f'"{c}"' for c in line) for line in (cells, cells.values()))

    directory = imported({"a.csv": "\ufeff" + text}, POWERSHELL)

    assert ["CN=User One,OU=A,DC=x"] == dns(directory)
    expected = {
        "mailNickname": ["user"],
        "distinguishedName": ["CN=User One,OU=A,DC=x"],
        "objectGUID": ["0fc45df7-769c-4d75-b47e-e9de8340bfb5"],
        "mail": ["user@x.example"],
        "proxyAddresses": ["smtp:u@x.example", "SMTP:user@x.example", "X500:/o=Org/ou=First Group/cn=u 1"],
        "sAMAccountName": ["007"],
        "userPrincipalName": ["NA"],
        "displayName": ["null"],
        "givenName": ["1e5"],
        "msExchRecipientTypeDetails": ["4"],
        "IsDirSynced": ["TRUE"],
        "whenCreated": ["20170502060000.0Z"],
        "legacyExchangeDN": ["/o=Org/cn=u"],
        "ExternalDirectoryObjectId": ["x"],
        "homeMDB": ["DB1"],
        "msExchHomeServerName": ["srv"],
        "msExchHideFromAddressLists": ["FALSE"],
    }
    assert expected == {a: said(directory, a) for a in sorted(set(directory.values["attribute"].to_pylist()))}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("SMTP:a@x", ["SMTP:a@x"]),
        ("SMTP:a@x smtp:b@x", ["SMTP:a@x", "smtp:b@x"]),
        ("SMTP:a@x;smtp:b@x;", ["SMTP:a@x", "smtp:b@x"]),
        ("SMTP:a@x, smtp:b@x,X400:C=US;A= ;P=O;S=s, t;", ["SMTP:a@x", "smtp:b@x", "X400:C=US;A= ;P=O;S=s, t"]),
        ("{SMTP:a@x, smtp:b@x}", ["SMTP:a@x", "smtp:b@x"]),
        ("Microsoft.Exchange.Data.ProxyAddressCollection", []),
        ("Microsoft.ActiveDirectory.Management.ADPropertyValueCollection", []),
        ("System.Collections.ArrayList", []),
        ("System.Object[]", []),
        ("Deserialized.Microsoft.Exchange.Data.MultiValuedProperty`1[[Microsoft.Exchange.Data.ProxyAddress]]", []),
    ],
)
def test_address_lists(cell: str, expected: list[str], imported: Callable[..., Directory]) -> None:
    text = f'Alias;DistinguishedName;EmailAddresses\nu;"CN=u,DC=x";"{cell}"\n'

    assert expected == said(imported({"a.csv": text}, ["proxyAddresses"]), "proxyAddresses")


def test_directory_names_without_the_column_dn_are_powershell(write: Callable[..., list[str]]) -> None:
    files = {"a.csv": "DistinguishedName,mailNickname\n", "b.csv": "DN,distinguishedName,mailNickname\n"}

    assert ["powershell", "csvde"] == [s.format for s in probe(write(files), Options())]


def test_a_csvde_row_becomes_an_entry_with_ldap_names(imported: Callable[..., Directory]) -> None:
    text = (
        "DN,objectClass,mailNickname,proxyAddresses,objectGUID,objectSid,userAccountControl,description\r\n"
        r'"CN=u,OU=a,DC=x",user,u,X400:c=us\;a= \;s=U\;;SMTP:a@x;smtp:b@x,'
        "X'000102030405060708090a0b0c0d0e0f',X'010100000000000512000000',514,\r\n"
        "\"CN=v,DC=x\",user,v,,X'00',X'01',512,\r\n"
    )

    attributes = ("mailNickname", "objectClass", "objectGUID", "objectSid", "proxyAddresses", "userAccountControl")
    directory = imported({"a.csv": text}, attributes)

    assert ["CN=u,OU=a,DC=x", "CN=v,DC=x"] == dns(directory)
    assert {
        "mailNickname": ["u", "v"],
        "objectClass": ["user", "user"],
        "objectGUID": ["03020100-0504-0706-0809-0a0b0c0d0e0f"],
        "objectSid": ["S-1-5-18"],
        "proxyAddresses": ["X400:c=us;a= ;s=U;", "SMTP:a@x", "smtp:b@x"],
        "userAccountControl": ["514", "512"],
    } == {a: said(directory, a) for a in attributes}
    assert [
        ("CN=v,DC=x", "objectGUID", "the value holds a NUL character"),
        ("CN=v,DC=x", "objectSid", "the value is no security identifier"),
    ] == [(u.dn, u.attribute, u.what) for u in directory.unreadable]


def test_an_address_list_that_powershell_cut_off_is_unreadable(imported: Callable[..., Directory]) -> None:
    text = 'Alias;DistinguishedName;EmailAddresses\nu;"CN=u,DC=x";"{SMTP:a@x, smtp:b@x...}"\n'

    directory = imported({"a.csv": text}, ["proxyAddresses"])

    what = "PowerShell cut its list off ($FormatEnumerationLimit)"
    assert (Unreadable(Where("a.csv", 2), what, "CN=u,DC=x", "proxyAddresses"),) == directory.unreadable
    assert [] == said(directory, "proxyAddresses")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2017-05-02T08:00:00Z"], ["20170502080000.0Z"]),
        (["2017-05-02 08:00:00"], ["20170502080000.0Z"]),
        (["20170502080000.0Z"], ["20170502080000.0Z"]),
        (["3/14/2016 9:15:00 AM"], ["20160314091500.0Z"]),
        (["3/14/2016 12:15:00 AM", "3/14/2016 12:15:01 PM"], ["20160314001500.0Z", "20160314121501.0Z"]),
        (["14/3/2016 21:15"], ["20160314211500.0Z"]),
        (["14.03.2016 21:15:07"], ["20160314211507.0Z"]),
        (["14/03/2016, 9:15:00\u202fp.m."], ["20160314211500.0Z"]),
        (["5/2/2017 8:00:00 AM"], []),
        (["02.05.2017 08:00:00"], []),
        (["5/5/2017 8:00:00 AM"], ["20170505080000.0Z"]),
        (["5/2/2017", "3/14/2016", "x"], ["20170502000000.0Z", "20160314000000.0Z"]),
        (["5/2/2017", "14/3/2016"], ["20170205000000.0Z", "20160314000000.0Z"]),
        (["5/2/2017", "14/3/2016", "3/14/2016"], ["20160314000000.0Z", "20160314000000.0Z"]),
        (["14/14/2016", "0/1/2016", "31/2/2016", "3/14/2016 13:00 PM", "3/14/2016 0:00 AM"], []),
        (["3-14.2016", "2016/03/14", "14 March 2016"], []),
        (["2017-13-02T08:00:00Z"], []),
        (["0001-01-01T00:00:00+14:00"], []),
    ],
)
def test_times(cells: list[str], expected: list[str], imported: Callable[..., Directory]) -> None:
    rows = "".join(f'u{n},u{n}@x,"{cell}"\n' for n, cell in enumerate(cells))

    directory = imported({"a.csv": f"Alias,PrimarySmtpAddress,WhenCreated\n{rows}"}, ["whencreated", "mailNickname"])

    assert expected == said(directory, "whencreated")
    assert [f"u{n}" for n in range(len(cells))] == said(directory, "mailNickname")


@pytest.mark.parametrize(
    ("cells", "doubtful"),
    [
        (["x", "5/2/2017", "6/2/2017"], "5/2/2017"),
        (["14/3/2016", "3/14/2016", "5/2/2017"], "5/2/2017"),
        (["14/3/2016", "5/2/2017"], ""),
        (["5/5/2017", "2017-05-02", "x", "13/13/2017"], ""),
    ],
)
def test_a_time_that_could_be_read_in_two_ways_is_told_of(
    cells: list[str], doubtful: str, imported: Callable[..., Directory]
) -> None:
    rows = "".join(f"u{n},u{n}@x,{cell}\n" for n, cell in enumerate(cells))

    directory = imported({"a.csv": f"Alias,PrimarySmtpAddress,WhenCreated\n{rows}"}, ["whenCreated"])

    expected = f'whenCreated "{doubtful}" could be day or month first, and no other value tells: export as 2016-12-31'
    assert ((expected,) if doubtful else ()) == directory.sources[0].incomplete


@pytest.mark.parametrize(
    ("aliases", "encoding", "expected"),
    [
        (("m?ller", "a", "??"), "utf-8", ("2 of its aliases hold a ?",)),
        (("a", "b"), "utf-8", ()),
        (("m?ller", "a"), "utf-8-sig", ()),
        (("m?ller", "a"), "utf-16", ()),
        (("m?ller", "ä"), "utf-8", ()),
    ],
)
def test_a_question_mark_in_an_alias_may_be_all_that_is_left_of_a_letter(
    aliases: tuple[str, ...], encoding: str, expected: tuple[str, ...], imported: Callable[..., Directory]
) -> None:
    text = "Alias,PrimarySmtpAddress\n" + "".join(f"{a},u{n}@x\n" for n, a in enumerate(aliases))

    directory = imported({"a.csv": text.encode(encoding)}, ["mailNickname"])

    assert list(aliases) == said(directory, "mailNickname")
    assert expected == tuple(why.partition(",")[0] for why in directory.sources[0].incomplete)


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("PrimarySmtpAddress,Guid", "u@x,0fc45df7-769c-4d75-b47e-e9de8340bfb5", "mail=u@x"),
        ("PrimarySmtpAddress", '"a,b+c@x"', r"mail=a\,b\+c@x"),
        (
            "PrimarySmtpAddress,Guid",
            ",0fc45df7-769c-4d75-b47e-e9de8340bfb5",
            "guid=0fc45df7-769c-4d75-b47e-e9de8340bfb5",
        ),
        ("ExchangeGuid", "0fc45df7-769c-4d75-b47e-e9de8340bfb5", "guid=0fc45df7-769c-4d75-b47e-e9de8340bfb5"),
    ],
)
def test_names_without_dn(columns: str, cells: str, expected: str, imported: Callable[..., Directory]) -> None:
    directory = imported({"a.csv": f"Alias,{columns}\nu,{cells}\n"})

    assert [expected] == dns(directory)
    assert not directory.sources[0].has_dn


@pytest.mark.parametrize(
    ("text", "format_", "expected"),
    [
        ("primaryEmail,name.fullName\nu@x,U\nu@x,V\n,W\n", "google", ["address=u@x+line=2", "address=u@x+line=3"]),
        ("userPrincipalName,mail,id\nu@x,,0fc45df7-769c-4d75-b47e-e9de8340bfb5\nv@x,,\n", "entra",
         ["guid=0fc45df7-769c-4d75-b47e-e9de8340bfb5", "address=v@x+line=3"]),
        ("User name,First name,Last name\nu@x,U,X\n", "microsoft365-admin", ["address=u@x+line=2"]),
        ("primaryEmail\nu@x\n", "google", ["address=u@x+line=2"]),
    ],
)  # fmt: skip
def test_lists_of_users_without_aliases(
    text: str, format_: str, expected: list[str], imported: Callable[..., Directory]
) -> None:
    directory = imported({"a.csv": text}, ["mail", "userPrincipalName"])

    assert (format_, False) == (directory.sources[0].format, directory.sources[0].has_dn)
    assert expected == dns(directory)
    assert [what for what in ("the row has no address",) if ",W" in text] == [u.what for u in directory.unreadable]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str, imported: Callable[..., Directory]) -> None:
    text = delimiter.join(("Alias", "PrimarySmtpAddress")) + "\r\n" + delimiter.join(("müller", "m@x")) + "\r\n"

    directory = imported({"a.csv": text.encode(encoding)}, ["mailNickname"])

    assert ["müller"] == said(directory, "mailNickname")
    assert encoding == directory.sources[0].encoding


def test_the_code_page_of_exchange55_is_cp1252_unless_another_is_named(imported: Callable[..., Directory]) -> None:
    text = f"Obj-Class,Alias Name,Obj-Dist-Name\nMailbox,müller,{SITE1}/cn=u\n"

    assert ["müller"] == said(imported({"a.csv": text.encode("cp1252")}, ["uid"]), "uid")
    assert ["müller"] == said(imported({"a.csv": text.encode("cp850")}, ["uid"], Options(encoding="cp850")), "uid")


def test_rows_that_do_not_fit_the_header_are_reported_and_are_no_entries(imported: Callable[..., Directory]) -> None:
    text = 'Alias,PrimarySmtpAddress,DisplayName\na,a@x,A\nb,b@x\nc,c@x,"x\ny",z\n"d"d,d@x,D\n,,\ne,,E\nf,f@x,F\n'

    directory = imported({"a.csv": text}, ["mailNickname"])

    assert ["a", "f"] == said(directory, "mailNickname")
    assert [2, 9] == directory.entries["line"].to_pylist()
    assert [
        ("a.csv:3", "the row has 2 fields, the header 3"),
        ("a.csv:4", "the row has 4 fields, the header 3 (it runs on to line 5)"),
        ("a.csv:6", "the row can't be read: text follows the closing quotation mark of its field 1"),
        ("a.csv:8", "the row has no DistinguishedName, PrimarySmtpAddress or Guid"),
    ] == [(str(u.where), u.what) for u in directory.unreadable]


def test_a_header_that_comes_again_where_exports_were_joined_is_no_entry(imported: Callable[..., Directory]) -> None:
    text = "\ufeff#TYPE X\nAlias,PrimarySmtpAddress\na,a@x\n\ufeff#TYPE X\nAlias,PrimarySmtpAddress\nb,b@x\n"

    directory = imported({"a.csv": text}, ["mailNickname"])

    assert ["a", "b"] == said(directory, "mailNickname")
    assert () == directory.unreadable


def test_of_two_columns_for_one_attribute_the_one_that_the_table_names_first_counts(
    imported: Callable[..., Directory],
) -> None:
    text = "Alias,PrimarySmtpAddress,WhenCreated,WhenCreatedUTC\na,a@x,2020-01-01T01:00,2020-01-01T00:00\n"

    assert ["20200101000000.0Z"] == said(imported({"a.csv": text}, ["whenCreated"]), "whenCreated")


def test_probe_shows_what_the_head_holds(write: Callable[..., list[str]]) -> None:
    text = f"Obj-Class,Alias Name,Obj-Dist-Name\nMailbox,a,{SITE1}/cn=a\ndl,b,{SITE1}/cn=b\n"

    expected = Source(
        "a.csv",
        label="one",
        format="exchange55",
        encoding="utf-8",
        attributes=("objectClass", "uid", "Obj-Dist-Name"),
        classes=("organizationalPerson", "groupOfNames"),
        dns=("cn=a,cn=Recipients,ou=SITE1,o=ORG", "cn=b,cn=Recipients,ou=SITE1,o=ORG"),
    )
    assert [expected] == probe(write({"a.csv": text}), Options(labels=(("a.csv", "one"),)))


def test_a_cell_with_many_escapes_is_read_in_one_pass(imported: Callable[..., Directory]) -> None:
    row = f"Mailbox,,,,user,user1,,,,MS:{'ab' * 500_000}{chr(92) * 2}%SMTP:user@org.com,,{SITE1},1\r\n"

    assert [f"MS:{'ab' * 500_000}{chr(92)}"] == said(
        imported({"a.csv": HEADER + row}, ["otherMailbox"]), "otherMailbox"
    )


def test_a_run_of_spaces_in_a_list_of_addresses_is_looked_at_once(imported: Callable[..., Directory]) -> None:
    cell = f"smtp:a@org{' ' * 200_000}ü smtp:c@org"
    text = f'DistinguishedName,Alias,EmailAddresses\n"cn=u,dc=org",u,"{cell}"\n'

    assert [f"smtp:a@org{' ' * 200_000}ü", "smtp:c@org"] == said(
        imported({"a.csv": text}, ["proxyAddresses"]), "proxyAddresses"
    )
