"""LDIF read by columns in blocks of any size, and read with care as a whole: both ways to one outcome."""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.errors import InputError
from aliasfix.importer import ldif_entries
from aliasfix.importer.assemble import Collector, Extract, wanted
from aliasfix.ldap import encodings

if TYPE_CHECKING:
    from collections.abc import Mapping

    Outcome = dict[str, Any] | str

blocks = importlib.import_module("aliasfix.importer.blocks")  # the package has a function of that name

# Wanted attributes of every syntax, with and without those that tell who an entry is.
ATTRIBUTES = wanted(
    ("sn", "Mail", "mailNickname", "objectSid", "msExchMasterAccountSid", "proxyAddresses", "x" * 64, "n_1", "member")
)
ALL = wanted(("objectGUID", "entryUUID", "cn", "objectClass", *ATTRIBUTES.values()))


class Stream(io.BytesIO):
    """Gives the first bytes, which show the encoding, in one piece however little is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size if self.tell() else max(size or 0, 256))


def by_columns(raw: bytes, attributes: Mapping[str, str], size: int) -> Outcome:
    """What the tool reads, with blocks of about that size."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "SIZE", size)
        try:
            return _outcome(ldif_entries.read(blocks.blocks(Stream(raw), "a.ldif", ""), "a.ldif", attributes))
        except InputError as e:
            return str(e)


def with_care(raw: bytes, attributes: Mapping[str, str]) -> Outcome:
    """What the careful reader alone reads."""
    found = Collector("a.ldif", attributes)
    try:
        ldif_entries.read_with_care(encodings.decode(raw)[0], 1, found)
    except InputError as e:
        return str(e)
    return _outcome(found.extract())


def _outcome(extract: Extract) -> dict[str, Any]:
    return {
        "entries": extract.entries.to_pylist(),
        "values": extract.values.to_pylist(),
        "unreadable": sorted(map(repr, extract.unreadable)),
        "incomplete": list(extract.incomplete),
    }
