"""Octets of an LDIF value as text: UTF-8, and the binary syntaxes that have a text form."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aliasfix.importer.ldif_base64 import Decoded

    Mask = NDArray[np.bool_]

GUIDS = frozenset(("objectguid", "msexchmailboxguid", "ms-ds-consistencyguid"))
SIDS = frozenset(("objectsid", "sidhistory", "msexchmasteraccountsid", "assoc-nt-account"))
SPECIAL = GUIDS | SIDS | {"entryuuid"}  # these have one spelling
GUID = re.compile(r"\{?([0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})\}?")
_GUID_OCTETS = 16
_SID_HEAD = 8  # octets before the first subauthority
_MIXED_ENDIAN = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]  # [MS-DTYP] 2.3.4.2
_LETTERS = 36  # of a GUID as text
_DIGITS = [n for n in range(_LETTERS) if n not in (8, 13, 18, 23)]  # between them stand hyphens
_HEX = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), np.uint8).reshape(256, 2)


def text(attribute: str, octets: bytes) -> str:
    """The value as text: a GUID in lower case, a SID as S-1-…, else UTF-8. ``attribute`` is in lower case.

    Sources: [MS-DTYP] 2.3.4.2 and 2.3.4.3 (GUID), 2.4.2.1 and 2.4.2.2 (SID).

    Raises:
        ValueError: the octets are neither; the message is a sentence.

    """
    if attribute in GUIDS and len(octets) == _GUID_OCTETS:
        return str(uuid.UUID(bytes_le=octets))
    if attribute in SIDS and not octets.startswith(b"S-1-"):
        return _sid(octets)
    try:
        value = octets.decode("utf-8")
    except UnicodeDecodeError as e:
        raise ValueError("the value is not UTF-8") from e
    if "\x00" in value:
        raise ValueError("the value holds a NUL character")
    if attribute in GUIDS or attribute == "entryuuid":
        found = GUID.fullmatch(value)
        if not found:
            raise ValueError("the value is no GUID")
        return found[1].lower()
    return value


def texts(attribute: str, values: Decoded) -> tuple[columns.Strings, Mask]:
    """The same of many values at once, and which of them can't be read; those are empty texts."""
    if attribute in SPECIAL:
        found = _guids(values) if attribute in GUIDS else _sids(values) if attribute in SIDS else None
    else:
        found = _utf8(values)
    return (found, ~values.sure) if found is not None else _one_by_one(attribute, values)


def spelled(attribute: str) -> str:
    """What matches the values of a special attribute that are in its one spelling already, in RE2."""
    return "^S-1-" if attribute in SIDS else "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def _sid(octets: bytes) -> str:
    if len(octets) < _SID_HEAD or octets[0] != 1 or len(octets) != _SID_HEAD + 4 * octets[1]:
        raise ValueError("the value is no security identifier")
    authority = int.from_bytes(octets[2:_SID_HEAD], "big")
    shown = str(authority) if authority < 1 << 32 else f"0x{authority:012x}"
    parts = [int.from_bytes(octets[at : at + 4], "little") for at in range(_SID_HEAD, len(octets), 4)]
    return "-".join(["S-1", shown, *map(str, parts)])


def _utf8(values: Decoded) -> columns.Strings | None:
    """None where one of them is no UTF-8, or holds a NUL character."""
    raw = values.octets.tobytes()
    if b"\x00" in raw:
        return None
    if not raw.isascii():
        try:
            raw.decode()
        except UnicodeDecodeError:
            return None
        first = values.octets[values.ends[:-1][values.lengths > 0]]
        if ((first & 0xC0) == 0x80).any():  # noqa: PLR2004 - it goes on with a character of the value before
            return None
    return columns.adjoining(raw, values.ends)


def _guids(values: Decoded) -> columns.Strings | None:
    """In lower case ([MS-DTYP] 2.3.4.3); None where one of them is not in its sixteen octets."""
    if (values.lengths != _GUID_OCTETS).any():
        return None
    raw = values.octets.reshape(-1, _GUID_OCTETS)[:, _MIXED_ENDIAN]
    letters = np.full((len(raw), _LETTERS), ord("-"), dtype=np.uint8)
    letters[:, _DIGITS] = _HEX[raw].reshape(len(raw), 2 * _GUID_OCTETS)
    return columns.adjoining(letters.tobytes(), _LETTERS * np.arange(len(raw) + 1))


def _sids(values: Decoded) -> columns.Strings | None:
    """As S-1-… ([MS-DTYP] 2.4.2.1); None where one of them has not the length of most, or an authority above 2**32."""
    size = int(values.lengths[0]) if len(values.lengths) else 0
    if size < _SID_HEAD or (values.lengths != size).any():
        return None
    raw = values.octets.reshape(-1, size)
    head = np.array([1, (size - _SID_HEAD) // 4, 0, 0])
    if size % 4 or (raw[:, :4] != head).any():
        return None
    authority = raw[:, 4:_SID_HEAD].copy().view(">u4")
    parts = raw[:, _SID_HEAD:].copy().view("<u4")
    return columns.hyphenated("S-1", np.hstack((authority, parts)).astype(np.int64))


def _one_by_one(attribute: str, values: Decoded) -> tuple[columns.Strings, Mask]:
    bad = ~values.sure
    raw, found = values.octets.tobytes(), []
    for i, (start, end) in enumerate(zip(values.ends[:-1].tolist(), values.ends[1:].tolist(), strict=True)):
        try:
            found.append(text(attribute, raw[start:end]))
        except ValueError:
            found.append("")
            bad[i] = True
    return columns.strings(found), bad
