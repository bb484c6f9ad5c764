from __future__ import annotations

import gzip
import hashlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix import importer
from aliasfix.errors import InputError
from aliasfix.importer import Options, files, probe

if TYPE_CHECKING:
    from collections.abc import Callable

LDIF = "dn: uid=u,dc=x\nuid: u\n"


class _Stdin:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_a_folder_names_its_exports_and_a_file_counts_once(write: Callable[..., list[str]]) -> None:
    in_x = "b.LDIF a.ldf.gz c.csv d.txt e.tsv f.xlsx README.md sub/g.ldif"
    write(dict.fromkeys([*(f"x/{name}" for name in in_x.split()), "h.log"], LDIF))
    inside = [os.path.join("x", n) for n in ("a.ldf.gz", "b.LDIF", "c.csv", "d.txt", "e.tsv")]  # noqa: PTH118 - as shown

    assert ["h.log", *inside] == files.expand(["x", "h.log", "x/c.csv"])
    assert [str(Path("h.log").resolve())] == files.expand(["h.log", str(Path("h.log").resolve())])


@pytest.mark.parametrize("name", ["a.ldif.gz", "a.ldif"])
def test_a_packed_export_is_unpacked_whatever_its_name(name: str, imported: Callable[..., object]) -> None:
    packed = gzip.compress(LDIF.encode(), mtime=0)

    directory = imported({name: packed}, ["uid"])

    assert ["u"] == directory.values["value"].to_pylist()  # type: ignore[attr-defined]
    assert hashlib.sha256(packed).hexdigest() == directory.sources[0].sha256  # type: ignore[attr-defined]


def test_the_standard_input_is_an_export(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for alias in ("one", "two"):
        monkeypatch.setattr("sys.stdin", _Stdin(f"dn: uid=u,dc=x\nuid: {alias}\n".encode()))
        sources = probe(["-", "-"], Options())
        found.append((sources[0].path, importer.read(sources, ["uid"], Options()).values["value"].to_pylist()))

    assert [("-", ["one"]), ("-", ["two"])] == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_head_ends_with_a_whole_line(
    encoding: str, write: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HEAD", 101)
    text = "".join(f"dn: uid=ĊŊ{n},dc=ü\nuid: {n}\n\n" for n in range(20))
    (path,) = write({"a.ldif": text.encode(encoding)})

    head = files.head(path, encoding).decode(encoding)

    assert text.startswith(head)
    assert head.endswith("\n")
    assert 10 < len(head) <= 101


def test_a_head_without_line_ends_is_as_it_is(write: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "HEAD", 4)
    (path,) = write({"a.ldif": "abcdefgh"})

    assert b"abcd" == files.head(path, "")


def test_a_damaged_archive_is_found_when_it_is_read_as_a_whole(write: Callable[..., list[str]]) -> None:
    packed = gzip.compress(os.urandom(10), mtime=0)
    (path,) = write({"a.ldif.gz": packed[:-4]})

    with pytest.raises(InputError, match=r"^a\.ldif\.gz: the packed file is damaged or cut off$"):
        files.whole(path)


def piece_by_piece(path: str) -> bytes:
    with files.Hashed(path) as stream:
        return stream.unpacked().read()


@pytest.mark.parametrize("read", [files.whole, piece_by_piece])
def test_what_unpacks_to_more_than_an_export_does_is_refused(
    read: Callable[[str], object], write: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UNPACKED_ALWAYS", 1 << 20)
    fine, bomb = (gzip.compress(b"\n" * (size << 20), mtime=0) for size in (1, 8))
    write({"fine.ldif.gz": fine, "bomb.ldif.gz": bomb})

    read("fine.ldif.gz")
    with pytest.raises(InputError, match=r"^bomb\.ldif\.gz: the packed file unpacks to more than 1 MiB, as no export"):
        read("bomb.ldif.gz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_without_waiting_for_it(write: Callable[..., list[str]]) -> None:
    write({})
    os.mkfifo("pipe")

    with pytest.raises(InputError, match=r"^pipe: this is no regular file$"):
        files.expand(["pipe"])
