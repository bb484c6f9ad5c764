"""The CSV reader by columns against the careful one: whatever is in a file, both say the same of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliasfix.errors import AliasfixError
from aliasfix.importer import Options, csv_columns, csv_entries, headers, layouts
from aliasfix.importer.assemble import Extract, wanted

EXPORTS = Path(os.environ.get("ALIASFIX_EXPORTS") or Path(__file__).parents[3] / "shared" / "exports")
FILES = sorted((EXPORTS / "csv").glob("*.csv"))

GUID = "03020100-0504-0706-0809-0a0b0c0d0e0f"
DN = "/o=ORG/ou=SITE1/cn=Recipients/cn="
CELLS = (
    *("", "", "a", "b c", " a", "a ", " ", "ü", "日本", "\xa0", "a,b", "a;b", 'a"b', '"', "a\nb", "a\r\nb", "\t"),
    *("#TYPE x", "~DEL", "~del<SMTP:a@x>", "~DE", "?\\UNKNOWN", "?\\\\UNKNOWN", "DOM\\u", "DOM\\\\u", "\\", "%", "%%"),
    *("a%b", "a\\%b%c", "SMTP:a@x", "smtp:b@x%X400:c=US;a= ;%MS:A/B/C", "SMTP:", "\u017fmtp:a", "X400:%smtp:x"),
    *("SMTP:a@x\\\\%b", "MS:a&SMTP:b@x", "'a'", ":", "a:b", "SMTP:a@x smtp:b@x", "SMTP:a@x, smtp:b@x;X500:/o=x"),
    *("{SMTP:a@x, smtp:b@x}",),
    *("{SMTP:a@x...}", ";SMTP:a@x;;", "a SMTP:", "SMTP:a@x\xa0smtp:b@x", " {SMTP:a@x}", "MS: SMTP: SMTP:"),
    *("System.String[]", "System.String", "Microsoft.X.Collection", "UserMailbox", "USERMAILBOX", "True", "1", "yes"),
    *(GUID, GUID.upper(), f"{{{GUID}}}", "00000000-0000-0000-0000-000000000000", f" {GUID}", "X'0001'", "X'ff'"),
    *("X'414'", "X'000102030405060708090a0b0c0d0e0f'", "X'010100000000000512000000'"),
    *("3/14/2016 9:15:00 AM", "5/2/2016", "2017-05-02T08:00:00Z", "x", "Mailbox", "remote"),
    *("Recipients", "/o=ORG/ou=S/cn=Recipients", "/cn=Recipients", "/o=", "/o=ORG/ou=S", "nonsense", "Delete"),
    *(DN + "u", DN + "a/b", DN + "ü", DN + " a", DN + "a,b", "cn=a,dc=x", "CN=A B, DC=X", "cn=a\\,b,dc=x", "cn=a,,"),
    *("DN", "Alias", "Obj-Class", "Weber, Hans", "Weber Hans", "u@x", "a,b+c@x", "=a", "v" * 300),
)
HEADERS = {
    "exchange55": (
        ("Obj-Class", "First Name", "Alias Name", "Directory Name", "Obj-Container", "Primary Windows NT Account"),
        (
            "E-mail Addresses",
            "Secondary-Proxy-Addresses",
            "Obj-Dist-Name",
            "Mode",
            "Members",
            "unknown",
            "Hide from AB",
        ),
    ),
    "powershell": (
        ("Alias", "PrimarySmtpAddress", "Guid", "DistinguishedName", "EmailAddresses", "RecipientTypeDetails"),
        ("ExchangeGuid", "WhenCreated", "LastName", "IsDirSynced", "unknown"),
    ),
    "csvde": (
        ("DN", "mailNickname", "objectClass", "proxyAddresses", "objectGUID", "objectSid"),
        ("msExchMailboxGuid", "description", "mail"),
    ),
}
NEEDED = {
    "exchange55": ("Alias Name", "Directory Name"),
    "powershell": ("Alias", "PrimarySmtpAddress"),
    "csvde": ("DN", "mailNickname"),
}
NAMES = ("u1", "u 2", "ü3", "a,b", "u4", "u5", "u6", "", "u1@x.example")


@st.composite
def written(draw: st.DrawFn, cell: str, delimiter: str) -> str:
    """The cell as tools write it, and sometimes as none should."""
    must = any(c in cell for c in (delimiter, '"', "\n", "\r"))
    if draw(st.integers(0, 30)) == 0:
        return cell
    quoted = '"' + cell.replace('"', '""') + '"'
    if draw(st.integers(0, 30)) == 0:
        return draw(st.sampled_from((f" {quoted}", f"{quoted} ", f"{quoted}x", quoted[:-1], f"x{quoted}")))
    return quoted if must or draw(st.integers(0, 2)) == 0 else cell


@st.composite
def texts(draw: st.DrawFn) -> str:
    """CSV exports of every format, from plain to hardly any."""
    kind = draw(st.sampled_from(sorted(HEADERS)))
    first, more = HEADERS[kind]
    optional = [h for h in (*first, *more) if h not in NEEDED[kind]]
    header = draw(st.permutations((*NEEDED[kind], *draw(st.lists(st.sampled_from(optional), unique=True, max_size=6)))))
    delimiter = draw(st.sampled_from((",", ",", ";", "\t")))
    end = draw(st.sampled_from(("\n", "\r\n", "\r\n")))
    lines = [delimiter.join(header)]
    for _ in range(draw(st.integers(0, 8))):
        match draw(st.integers(0, 16)):
            case 0:
                lines.append(
                    draw(st.sampled_from(("", " ", delimiter * (len(header) - 1), lines[0], "#TYPE X", '"', 'x"y')))
                )
            case 1:
                lines.append(delimiter.join(draw(st.lists(st.sampled_from(CELLS), max_size=8))))
            case _:
                cells = [
                    draw(st.sampled_from(NAMES if name in NEEDED[kind] and draw(st.integers(0, 4)) else CELLS))
                    for name in header
                ]
                lines.append(delimiter.join(draw(written(c, delimiter)) for c in cells))
    text = end.join(lines) + draw(st.sampled_from((end, end, "", end + end, "\r")))
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 3)))):
        at = draw(st.integers(len(lines[0]), len(text)))
        text = text[:at] + draw(st.sampled_from(('"', end, "\r", delimiter, "#TYPE ", " ", "x"))) + text[at:]
    return text


def said(extract: Extract) -> dict[str, Any]:
    return {
        "entries": extract.entries.to_pylist(),
        "values": extract.values.to_pylist(),
        "schemas": (extract.entries.schema, extract.values.schema),
        "others": (extract.unreadable, extract.incomplete, extract.partial),
    }


def outcomes(text: str, attributes: dict[str, str], size: int) -> list[dict[str, Any] | str]:
    """What the careful reader and the one by columns, in blocks of that size, say of one text."""
    found: list[dict[str, Any] | str] = []
    for read in (csv_entries.read_with_care, csv_entries.read):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(csv_columns, "SIZE", size)
            patched.setattr(csv_columns, "GLANCE", size)
            try:
                found.append(said(read(layouts.recognise(text.encode(), "a.csv", OPTIONS), "a.csv", attributes)))
            except AliasfixError as e:
                found.append(str(e))
    return found


OPTIONS = Options(organization=(("", "ORG"),), site=(("", "SITE"),))
SOME = wanted(("uid", "mailNickname", "mail", "proxyAddresses", "otherMailbox", "objectGUID", "WhenCreated"))
ALL = wanted([a for t in headers.tables() for c in t.columns for a in c.attributes])


@settings(deadline=None, max_examples=400)
@given(texts(), st.sampled_from((SOME, ALL)), st.sampled_from((1, 40, 200, 1 << 20)))
def test_both_readers_say_the_same(text: str, attributes: dict[str, str], size: int) -> None:
    careful, fast = outcomes(text, attributes, size)

    assert careful == fast


@settings(deadline=None, max_examples=200)
@given(
    st.text(st.sampled_from('a, ;"\r\n\\%#TYPE\xa0ü'), max_size=60),
    st.sampled_from(("Alias,PrimarySmtpAddress\n", "Obj-Class,Alias Name,Directory Name\n", '"Alias","Guid"\r\n')),
    st.sampled_from((1, 10, 1 << 20)),
)
def test_both_read_any_text(text: str, header: str, size: int) -> None:
    careful, fast = outcomes(header + text, SOME, size)

    assert careful == fast


PLAIN = {
    "exchange55": """Obj-Class,Alias Name,Directory Name,Obj-Container,E-mail Addresses,Display Name,First Name
Mailbox,u{n},u{n},/o=ORG/ou=S/cn=Recipients,MS:ORG/S/U{n}%SMTP:u{n}@x%X400:c=US;,"Müller, U", U
""",
    "raw": """Obj-Class,Alias Name,Obj-Dist-Name
Mailbox,u{n},/o=ORG/ou=S/cn=Recipients/cn=User {n}
""",
    "powershell": """Alias;DistinguishedName;Guid;EmailAddresses;RecipientTypeDetails;WhenCreated
"u{n}";"CN=User {n},DC=x";"03020100-0504-0706-0809-0000000000{n:02}";"smtp:a{n}@x SMTP:u{n}@x";UserMailbox;System.X[]
""",
    "no DN": """Alias,PrimarySmtpAddress
u{n},u{n}@x.example
""",
    "csvde": """DN,mailNickname,objectGUID,proxyAddresses,objectClass
"CN=u{n},DC=x",u{n},X'000102030405060708090a0b0c0d0e0f',SMTP:u{n}@x;smtp:v{n}@x,user
""",
}
COUNT = 20


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_plain_is_read_by_columns(name: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    header, row, _ = PLAIN[name].split("\n")
    text = end.join(
        (header, *(row.replace("{n:02}", "{0:02}").replace("{n}", "{0}").format(n) for n in range(COUNT)), "")
    )
    expected, _ = outcomes(text, ALL, 1 << 20)

    def refuse(*_: object) -> None:
        pytest.fail("a plain row was read with care")

    monkeypatch.setattr(csv_columns.Reading, "row_at", refuse)
    found = csv_entries.read(layouts.recognise(text.encode(), "a.csv", OPTIONS), "a.csv", ALL)

    assert expected == said(found)
    assert COUNT == found.entries.num_rows


@pytest.mark.parametrize("path", FILES, ids=[p.name for p in FILES])
def test_a_real_export_is_the_same_to_both(path: Path) -> None:
    text = path.read_bytes().decode()

    careful, fast = outcomes(text, ALL, 64)

    assert careful == fast
