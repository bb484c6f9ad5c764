from __future__ import annotations

import importlib
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aliasfix.errors import InputError
from aliasfix.ldap import encodings

blocks = importlib.import_module("aliasfix.importer.blocks")  # the package has a function of that name

PIECES = (
    "dn: cn=a",
    "cn: ü",
    "日",
    "\U0001d51e",
    "\r\n",
    "\r",
    "\n",
    "\n\n",
    "\r\n\r\n",
    " ",
    "\x1a",
    "\x00",
    "\ufeff",
    "\ud835",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
WIDE = ("utf-16", "utf-16-le", "utf-16-be")
NARROW = ("", "utf-8", "utf-8-sig", "cp1252", "cp437", "cp932", "gb18030", "shift_jis", "mac_roman", "ascii")


class Stream(io.BytesIO):
    """Gives the first bytes, which show the encoding, in one piece however little is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(size if self.tell() else max(size or 0, 256))


def cut(raw: bytes, size: int, encoding: str) -> list[tuple[bytes, int]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "SIZE", size)
        return list(blocks.blocks(Stream(raw), "a.ldif", encoding))


def whole(raw: bytes, encoding: str) -> bytes:
    """What the blocks hold together."""
    text = encodings.decode(raw, encoding)[0]
    text = text.replace(b"\r\n", b"\n") if b"\n" in text else text.replace(b"\r", b"\n")
    text = text.removesuffix(b"\x1a")
    return text + b"\n" if text and not text.endswith(b"\n") else text


def check(raw: bytes, size: int, encoding: str) -> None:
    found = cut(raw, size, encoding)

    texts = [text for text, _ in found]
    assert whole(raw, encoding) == b"".join(texts)
    assert [] == [text for text in texts[:-1] if not text.endswith(b"\n\n")]
    assert [1 + b"".join(texts[:n]).count(b"\n") for n in range(len(found))] == [line for _, line in found]


@example("dn: cn=a\r\n\r\ndn: cn=b\r\n", 1, "utf-8", b"")
@example("dn: cn=a\r\rdn: cn=b\r\x1a", 1, "utf-8", b"")
@settings(deadline=None)
@given(
    TEXTS, st.integers(1, 40), st.sampled_from(NARROW), st.sampled_from((b"", b"\xfc", b"\x81", b"\xf0\x9f", b"\xff"))
)
def test_a_text_in_octets(text: str, size: int, encoding: str, end: bytes) -> None:
    check(text.encode(encoding or "utf-8", "replace") + end, size, encoding)


@example("dn: cn=a\n\n", 1, "utf-16-le", b"\x00\xd8", "")
@example("dn: cn=a\n\n", 1, "utf-16-le", b"\x00\xd8a", "utf-16-le")
@example("dn: cn=a\n\n", 3, "utf-16-le", b"\n", "utf-16-le")
@settings(deadline=None)
@given(
    TEXTS,
    st.integers(1, 40),
    st.sampled_from(WIDE),
    st.sampled_from((b"", b"a", b"\x00\xd8", b"\x00\xd8a")),
    st.sampled_from(("", *WIDE)),
)
def test_a_text_in_utf_16(text: str, size: int, encoding: str, end: bytes, named: str) -> None:
    check(text.encode(encoding, "surrogatepass") + end, size, named)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"dn: a\n\ndn: b\n", [(b"dn: a\n\n", 1), (b"dn: b\n", 3)]),
        (b"dn: a\ncn: a\n\n\n\ndn: b", [(b"dn: a\ncn: a\n\n\n\n", 1), (b"dn: b\n", 6)]),
        (b"dn: a\r\n\r\ndn: b\r\n\r\n", [(b"dn: a\n\n", 1), (b"dn: b\n\n", 3)]),
        (b"dn: a\r\rdn: b\r", [(b"dn: a\n\n", 1), (b"dn: b\n", 3)]),
        (b"dn: a\rcn: a\n\ndn: b\n", [(b"dn: a\rcn: a\n\n", 1), (b"dn: b\n", 3)]),
        (b"dn: a\n\n\x1a", [(b"dn: a\n\n", 1)]),
        (b"\xef\xbb\xbfdn: a\n", [(b"dn: a\n", 1)]),
        (b"", []),
    ],
)  # fmt: skip
def test_blocks(text: bytes, expected: list[tuple[bytes, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 10)

    assert expected == list(blocks.blocks(io.BytesIO(text), "a.ldif", ""))


@pytest.mark.parametrize("text", [b"dn: a\n\n" + b"cn: a\n" * 50, b"cn: a\r" * 50, b"cn: a" * 50])
def test_a_record_that_is_too_large(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 10)
    monkeypatch.setattr(blocks, "LIMIT", 100)

    with pytest.raises(InputError, match="a record is larger than 0 MiB"):
        list(blocks.blocks(io.BytesIO(text), "a.ldif", ""))
