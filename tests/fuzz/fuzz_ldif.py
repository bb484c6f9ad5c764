"""Any octets as LDIF: whatever they are, both readers say the same of them.

From the root of the checkout, with atheris installed: ``python -m tests.fuzz.fuzz_ldif FOLDER``. It goes on until it is
stopped, and the folder takes what leads to new places in the code.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

SEEDS = (
    b"version: 1\n\n# a\n b\ndn: cn=a,dc=x\nobjectClass: top\nsn:: TcO8bGxlcg==\nmail: a\n b\nMAIL;lang-de: c\n\n",
    b"dn:: Y249w7wsZGM9eA==\nchangetype: add\ncn: \xc3\xbc\nobjectGUID:: AAECAwQFBgcICQoLDA0ODw==\n",
    b"dn: cn=a\nobjectSid:: AQEAAAAAAAUSAAAA\nmsExchMasterAccountSid: S-1-5\nobjectSid;binary: S-1-1\n",
    b"dn: cn=a\r\nmailNickname:\r\n a\r\nsn:< file:///x\r\n\r\nDN: cn=b\r\n",
    b"dn: cn=a\nentryUUID: 03020100-0504-0706-0809-0a0b0c0d0e0f\nmsExchMailboxGuid: 0123456789abcdef\n",
    b"dn: cn=a\nmember;range=0-1: x\nmember;range=2-*: y\nsn;binary: a\n\nsearch: 2\nresult: 4 Size limit exceeded\n",
    b"ref: ldap://x/\n\n# refldap://y/\ndn: cn=a+sn=b,dc=x\n   \ndn: cn=c\\,d,dc=x\nn_1: a\x00b\nno colon\n\tx\n\x1a",
    b"dn: cn=a\ncontrol: 1.2 true\nchangetype: delete\n",
    "\ufeffdn: cn=\xfc\r\nsn: \xfc\r\n\r\n".encode("utf-16-le"),
    b"".join(b"a%d: b\n" % n for n in range(300)) + b"dn: cn=a\nsn: b\n",
)


def check(data: bytes, readers: ModuleType) -> None:
    """Fail where the readers differ; the first octet says how the file is cut into blocks."""
    cut, raw = data[0] if data else 0, data[1:]
    attributes = readers.ALL if cut % 2 else readers.ATTRIBUTES
    assert readers.with_care(raw, attributes) == readers.by_columns(raw, attributes, 1 + cut // 2 * 4)


def main() -> None:
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - the tests do without

    with atheris.instrument_imports(include=["aliasfix"]):
        from tests import readers  # noqa: PLC0415 - only what is imported here is watched
    for n, seed in enumerate(SEEDS):
        Path(sys.argv[-1], f"seed{n}").write_bytes(b"\x10" + seed)
    atheris.Setup(sys.argv, lambda data: check(data, readers))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
