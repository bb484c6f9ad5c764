from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.errors import UsageError
from aliasfix.writer import save

if TYPE_CHECKING:
    from collections.abc import Callable


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What stands in a folder: content and mode by name."""
    return {p.name: (p.read_bytes(), stat.S_IMODE(p.stat().st_mode)) for p in sorted(folder.iterdir())}


def refusal(files: dict[Path, bytes], *, overwrite: bool = False, inputs: tuple[Path, ...] = ()) -> str:
    """The sentence of the error; the folder is as it was."""
    folder = next(iter(files)).parent
    before = contents(folder) if folder.is_dir() else {}
    with pytest.raises(UsageError) as refused:
        save(files, overwrite=overwrite, inputs=inputs)
    assert before == (contents(folder) if folder.is_dir() else {})
    return str(refused.value)


def test_every_file_is_there_and_nothing_else(tmp_path: Path) -> None:
    save({tmp_path / "a": b"1\r\n\x00", tmp_path / "b": b""}, overwrite=False, inputs=[])

    assert {"a": b"1\r\n\x00", "b": b""} == {name: content for name, (content, _) in contents(tmp_path).items()}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_only_the_owner_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"")
    save({tmp_path / "new": b"", tmp_path / "old": b"2"}, overwrite=True, inputs=[])

    assert {"new": (b"", 0o600), "old": (b"2", 0o600)} == contents(tmp_path)


def test_a_file_is_replaced_only_where_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"old")
    files = {tmp_path / "a": b"1", tmp_path / "b": b"2"}

    assert f"{tmp_path / 'b'}: the file exists" == refusal(files)
    save(files, overwrite=True, inputs=[])
    assert {"a": b"1", "b": b"2"} == {name: content for name, (content, _) in contents(tmp_path).items()}


def test_an_input_is_never_replaced_by_whatever_name_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = tmp_path / "export.ldif"
    export.write_bytes(b"dn: o=ORG\n")
    (tmp_path / "folder").mkdir()
    os.link(export, tmp_path / "hard")
    (tmp_path / "soft").symlink_to(export)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").rmdir()
    names = [export, Path("export.ldif"), Path("../") / tmp_path.name / "export.ldif", tmp_path / "hard"]

    for name in names:
        said = refusal({name: b""}, overwrite=True, inputs=(Path("-"), tmp_path / "gone", tmp_path / "soft"))
        assert f"{name}: the file is one of the inputs" == said


def test_nothing_is_written_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    link = tmp_path / "link"

    assert f"{link}: the file is a symbolic link, which is not written through" == refusal({link: b""}, overwrite=True)
    (tmp_path / "target").unlink()
    with pytest.raises(UsageError):
        save({link: b""}, overwrite=True, inputs=[])
    assert ["link"] == [p.name for p in tmp_path.iterdir()]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "sub" / "a").mkdir(parents=True)
    with pytest.raises(UsageError) as refused:
        save({tmp_path / "sub" / "a": b""}, overwrite=True, inputs=[])

    assert f"{tmp_path / 'sub' / 'a'}: something that is no file has this name" == str(refused.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    name = tmp_path / "gone" / "a"

    assert f"{name}: the file can't be written: No such file or directory" == refusal({name: b""})


# Every way of save to the disk, where save and the modules it uses look it up; and those of an open file.
OPERATIONS = [
    (os, "open"),
    (os, "close"),
    (os, "fdopen"),
    (os, "fsync"),
    (os, "replace"),
    (os, "rename"),
    (os, "unlink"),
    (os, "chmod"),
    (os, "stat"),
    (os, "lstat"),
    (Path, "read_bytes"),
]


class File:
    """An open file whose operations are counted."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self.fileno = file.fileno
        self.write = disk.through("write", file.write)
        self.flush = disk.through("flush", file.flush)
        self.close = disk.through("close of file", file.close)
        self.opened = file

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        with self.opened:
            self.close()


GROWING = ("open", "fdopen", "write", "flush", "fsync")  # what takes room on the disk


class Disk:
    """Counts the operations, and refuses one of them, or from that one on all that take room."""

    def __init__(self, refused: int, *, full: bool = False) -> None:
        self.refused = refused
        self.full = full
        self.done: list[str] = []

    def through(self, name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            self.done.append(name)
            late = self.full and 0 < self.refused < len(self.done) and name in GROWING
            if len(self.done) == self.refused or late:
                raise OSError(28, "No space left on device")
            result = operation(*args, **options)
            return File(result, self) if name == "fdopen" else result

        return counted


def attempt(folder: Path, refused: int, *, full: bool = False) -> tuple[Disk, bool]:
    """Save two new files and one that is replaced, on a disk that refuses one operation; whether save gave up."""
    disk = Disk(refused, full=full)
    files = {folder / "a": b"new a", folder / "b": b"new b", folder / "c": b"new c"}
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in OPERATIONS:
            patch.setattr(owner, name, disk.through(name, getattr(owner, name)))
        try:
            save(files, overwrite=True, inputs=[folder / "export"])
        except UsageError:
            return disk, True
    return disk, False


@pytest.mark.parametrize("full", [False, True])
def test_whatever_operation_is_refused_the_folder_is_as_it_was(tmp_path: Path, *, full: bool) -> None:
    whole, _ = attempt(_folder(tmp_path, "whole"), refused=0)
    given_up = 0
    for refused in range(1, len(whole.done) + 1):
        folder = _folder(tmp_path, str(refused))
        before = contents(folder)
        disk, gave_up = attempt(folder, refused, full=full)
        given_up += gave_up

        assert whole.done[:refused] == disk.done[:refused]
        after = {name: content for name, (content, _) in contents(folder).items()}
        if (
            disk.done[refused - 1] == "unlink"
        ):  # what the system does not let go stays, under a name that says whose it is
            after = {name: content for name, content in after.items() if not name.startswith(".aliasfix-")}
        expected = {"a": b"new a", "b": b"new b", "c": b"new c", "export": b"dn: o=ORG\n"}
        assert (before == contents(folder)) if gave_up else (expected == after), disk.done
    assert given_up > len(whole.done) // 2


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    (folder / "b").write_bytes(b"old b")
    (folder / "export").write_bytes(b"dn: o=ORG\n")
    return folder


def test_what_appears_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def late(handle: int) -> None:
        (tmp_path / "b").write_bytes(b"somebody else's")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", late)
    with pytest.raises(UsageError) as refused:
        save({tmp_path / "a": b"1", tmp_path / "b": b"2"}, overwrite=False, inputs=[])

    assert f"{tmp_path / 'b'}: the file can't be written: File exists" == str(refused.value)
    assert {"b": b"somebody else's"} == {name: content for name, (content, _) in contents(tmp_path).items()}


def test_a_link_that_appears_meanwhile_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "target").write_bytes(b"somebody else's")
    (tmp_path / "b").write_bytes(b"old")
    fsync = os.fsync

    def late(handle: int) -> None:
        (tmp_path / "b").unlink(missing_ok=True)
        (tmp_path / "b").symlink_to(tmp_path / "target")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", late)
    save({tmp_path / "b": b"2"}, overwrite=True, inputs=[])

    assert b"somebody else's" == (tmp_path / "target").read_bytes()


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path) -> None:
    disk, _ = attempt(_folder(tmp_path, "whole"), refused=0)
    moves = [at for at, name in enumerate(disk.done) if name in ("rename", "replace")]
    syncs = [at for at, name in enumerate(disk.done) if name == "fsync"]

    assert 3 == len(moves)
    assert 4 == sum(at < moves[0] for at in syncs)  # three files, and the copy of the one that is replaced
    assert (1 if os.name != "nt" else 0) == sum(at > moves[-1] for at in syncs)  # the folder


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save({tmp_path / "a": b"1"}, overwrite=False, inputs=[])

    assert {} == contents(tmp_path)
