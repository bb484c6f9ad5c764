from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix.importer import syntaxes

if TYPE_CHECKING:
    import uuid

SID = bytes.fromhex("0105000000000005150000000102030405060708090a0b0cf4010000")


@given(st.uuids())
def test_sixteen_octets_are_a_guid_in_little_endian(guid: uuid.UUID) -> None:
    for attribute in ("objectguid", "msexchmailboxguid", "ms-ds-consistencyguid"):
        assert str(guid) == syntaxes.text(attribute, guid.bytes_le)


@pytest.mark.parametrize(
    ("attribute", "octets", "expected"),
    [
        ("objectsid", SID, "S-1-5-21-67305985-134678021-202050057-500"),
        ("assoc-nt-account", SID, "S-1-5-21-67305985-134678021-202050057-500"),
        ("sidhistory", bytes.fromhex("010100000000000512000000"), "S-1-5-18"),
        ("objectsid", bytes.fromhex("0100FFFFFFFFFFFF"), "S-1-0xffffffffffff"),
        ("objectsid", b"S-1-5-18", "S-1-5-18"),
        ("objectguid", b"{0FC45DF7-769C-4D75-B47E-E9DE8340BFB5}", "0fc45df7-769c-4d75-b47e-e9de8340bfb5"),
        ("entryuuid", b"0FC45DF7-769C-4D75-B47E-E9DE8340BFB5", "0fc45df7-769c-4d75-b47e-e9de8340bfb5"),
        ("mail", "ü@x".encode(), "ü@x"),
        ("mail", b"", ""),
    ],
)
def test_text(attribute: str, octets: bytes, expected: str) -> None:
    assert expected == syntaxes.text(attribute, octets)


@pytest.mark.parametrize(
    ("attribute", "octets", "expected"),
    [
        ("objectsid", SID[:-1], "the value is no security identifier"),
        ("objectsid", b"", "the value is no security identifier"),
        ("objectsid", b"\x02" + SID[1:], "the value is no security identifier"),
        ("objectguid", b"123", "the value is no GUID"),
        ("objectguid", b"\xff", "the value is not UTF-8"),
        ("mail", b"\xfc", "the value is not UTF-8"),
        ("mail", b"a\x00b", "the value holds a NUL character"),
    ],
)
def test_no_text(attribute: str, octets: bytes, expected: str) -> None:
    with pytest.raises(ValueError, match=f"^{expected}$"):
        syntaxes.text(attribute, octets)
