"""Octets of an LDIF value as text: UTF-8, and the binary syntaxes that have a text form."""

from __future__ import annotations

import re
import uuid

_GUIDS = frozenset(("objectguid", "msexchmailboxguid", "ms-ds-consistencyguid"))
_SIDS = frozenset(("objectsid", "sidhistory", "msexchmasteraccountsid", "assoc-nt-account"))
SPECIAL = _GUIDS | _SIDS | {"entryuuid"}  # these have one spelling
GUID = re.compile(r"\{?([0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})\}?")
_GUID_OCTETS = 16
_SID_HEAD = 8  # octets before the first subauthority


def text(attribute: str, octets: bytes) -> str:
    """The value as text: a GUID in lower case, a SID as S-1-…, else UTF-8. ``attribute`` is in lower case.

    Sources: [MS-DTYP] 2.3.4.2 and 2.3.4.3 (GUID), 2.4.2.1 and 2.4.2.2 (SID).

    Raises:
        ValueError: the octets are neither; the message is a sentence.

    """
    if attribute in _GUIDS and len(octets) == _GUID_OCTETS:
        return str(uuid.UUID(bytes_le=octets))
    if attribute in _SIDS and not octets.startswith(b"S-1-"):
        return _sid(octets)
    try:
        value = octets.decode("utf-8")
    except UnicodeDecodeError as e:
        raise ValueError("the value is not UTF-8") from e
    if "\x00" in value:
        raise ValueError("the value holds a NUL character")
    if attribute in _GUIDS or attribute == "entryuuid":
        found = GUID.fullmatch(value)
        if not found:
            raise ValueError("the value is no GUID")
        return found[1].lower()
    return value


def spelled(attribute: str) -> str:
    """What matches the values of a special attribute that are in its one spelling already, in RE2."""
    return "^S-1-" if attribute in _SIDS else "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _sid(octets: bytes) -> str:
    if len(octets) < _SID_HEAD or octets[0] != 1 or len(octets) != _SID_HEAD + 4 * octets[1]:
        raise ValueError("the value is no security identifier")
    authority = int.from_bytes(octets[2:_SID_HEAD], "big")
    shown = str(authority) if authority < 1 << 32 else f"0x{authority:012x}"
    parts = [int.from_bytes(octets[at : at + 4], "little") for at in range(_SID_HEAD, len(octets), 4)]
    return "-".join(["S-1", shown, *map(str, parts)])
