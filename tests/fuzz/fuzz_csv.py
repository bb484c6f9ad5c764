"""Any octets as an export: it is read, or refused in one sentence.

From the root of the checkout, with atheris installed: ``python -m tests.fuzz.fuzz_csv FOLDER``. It goes on until it is
stopped, and the folder takes what leads to new places in the code.
"""

from __future__ import annotations

import contextlib
import gzip
import sys
import tempfile
from pathlib import Path

EXCHANGE55 = b'''Obj-Class,Alias Name,Directory Name,E-mail Addresses,Obj-Container,Mode
Mailbox,a,a,MS:ORG/S/A%SMTP:a@x%X400:c=US;a= ;p=O;,/o=ORG/ou=S/cn=Recipients,
dl,"b ""c""",b,,,Delete
'''
POWERSHELL = b"""\xef\xbb\xbf#TYPE Mailbox
"Alias","DistinguishedName","EmailAddresses","Guid"
"a","CN=a,DC=x","SMTP:a@x smtp:b@x","03020100-0504-0706-0809-0a0b0c0d0e0f"
"""
CSVDE = b"""DN,objectClass,mailNickname,proxyAddresses,objectGUID
"CN=a,DC=x",user,a,SMTP:a@x;X400:c=us\\;a= \\;,X'00010203040506070809000102030405'
"""
SEEDS = (
    EXCHANGE55,
    EXCHANGE55.replace(b"\n", b"\r\n"),
    b"Obj-Class\tAlias Name\tObj-Dist-Name\r\nMailbox\ta\t/o=ORG/ou=S/cn=a\r\n",
    POWERSHELL,
    b"Alias;PrimarySmtpAddress;RecipientTypeDetails\r\na;a@x;UserMailbox\r\n",
    CSVDE,
    "Alias,DistinguishedName\r\n\xfc,CN=\xfc\r\n".encode("utf-16"),
    b"dn: cn=a\nmailNickname: a\n",
    gzip.compress(EXCHANGE55, mtime=0),
    b"PK\x03\x04",
)
NAMES = ("a.csv", "a.txt", "a.ldif", "a.csv.gz")
ENCODINGS = ("", "", "cp1252", "utf-16", "cp932", "utf-8", "utf-32", "cp037")
ATTRIBUTES = ("mailNickname", "uid", "mail", "proxyAddresses", "objectSid", "objectGUID", "member", "Obj-Class")


def check(data: bytes, folder: Path) -> None:
    """Fail with what is no AliasfixError; the first octet says what the user names."""
    from aliasfix import importer  # noqa: PLC0415 - what main() imports first is watched
    from aliasfix.errors import AliasfixError  # noqa: PLC0415 - the same

    named, raw = data[0] if data else 0, data[1:]
    path = folder / NAMES[named % len(NAMES)]
    path.write_bytes(raw)
    whole = (("", "ORG"),) if named & 0x80 else ()
    options = importer.Options(ENCODINGS[named // 4 % len(ENCODINGS)], organization=whole, site=whole)
    with contextlib.suppress(AliasfixError):
        importer.read(importer.probe([str(path)], options), ATTRIBUTES, options)


def main() -> None:
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - the tests do without

    with atheris.instrument_imports(include=["aliasfix"]):
        import aliasfix.importer  # noqa: F401, PLC0415 - only what is imported here is watched
    for n, seed in enumerate(SEEDS):
        Path(sys.argv[-1], f"seed{n}").write_bytes(b"\x80" + seed)
    with tempfile.TemporaryDirectory() as folder:
        atheris.Setup(sys.argv, lambda data: check(data, Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
