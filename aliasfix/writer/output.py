"""Files that appear all or none, and never in the place of something they may not replace."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class _Before:
    """A file that is replaced."""

    content: bytes
    mode: int


def save(files: Mapping[Path, bytes], *, overwrite: bool, inputs: Sequence[Path]) -> None:
    """Write every file or none, readable by their owner only where the system can say so.

    A file is written under another name in its folder, brought to the disk, and then renamed. ``overwrite`` lets it
    replace a regular file, of which a copy is on the disk until all have their names: to go back takes no room there.
    Nothing lets it replace an input, whatever name that goes by, or go through a symbolic link.

    Raises:
        UsageError: a file is in the way, or the system refuses; the folders are as they were.

    """
    before = {path: _before(path, overwrite=overwrite, inputs=inputs) for path in files}
    with contextlib.ExitStack() as undo:
        staged = {path: _staged(path, content, undo) for path, content in files.items()}
        kept = {path: _kept(path, old, undo) for path, old in before.items() if old}
        for path, temporary in staged.items():
            _place(temporary, path, kept.get(path), undo)
        undo.pop_all()
    for copy in kept.values():
        _remove(copy)
    for folder in dict.fromkeys(path.parent for path in files):
        _settle(folder)


def save_in(folder: Path, files: Mapping[Path, bytes], *, overwrite: bool, inputs: Sequence[Path]) -> None:
    """``save``, and make the folder that some of the files are in, which goes again where none is written.

    Raises:
        UsageError: as ``save``, or the folder can't be made.

    """
    with contextlib.ExitStack() as undo:
        with _told(folder, "the folder can't be made"), contextlib.suppress(FileExistsError):
            folder.mkdir()
            undo.callback(_remove_folder, folder)
        save(files, overwrite=overwrite, inputs=inputs)
        undo.pop_all()


def _before(path: Path, *, overwrite: bool, inputs: Sequence[Path]) -> _Before | None:
    """The file that is to be replaced; None where there is none."""
    where = Where(str(path))
    with _told(path):
        if path.is_symlink():
            raise UsageError("the file is a symbolic link, which is not written through", where=where)
        if not path.exists():
            return None
        if any(_same(path, i) for i in inputs):
            raise UsageError("the file is one of the inputs", where=where, hint="choose another name")
        if not path.is_file():
            raise UsageError("something that is no file has this name", where=where, hint="choose another name")
        if not overwrite:
            raise UsageError("the file exists", where=where, hint="choose another name, or replace it by --overwrite")
        return _Before(path.read_bytes(), stat.S_IMODE(path.stat().st_mode))


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except FileNotFoundError:  # standard input, or gone
        return False


def _staged(path: Path, content: bytes, undo: contextlib.ExitStack) -> Path:
    """The content in the file's folder under a name of its own, safe on the disk."""
    with _told(path):
        handle, name = tempfile.mkstemp(prefix=".aliasfix-", dir=path.parent)  # O_EXCL and mode 0600
        temporary = Path(name)
        undo.callback(_remove, temporary)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    return temporary


def _kept(path: Path, before: _Before, undo: contextlib.ExitStack) -> Path:
    """A copy of the file that is to be replaced."""
    copy = _staged(path, before.content, undo)
    with _told(path):
        copy.chmod(before.mode)
    return copy


def _place(temporary: Path, path: Path, kept: Path | None, undo: contextlib.ExitStack) -> None:
    """Give the staged file its name."""
    with _told(path):
        if kept is None:
            # A rename replaces what came into being meanwhile; O_EXCL does not, so the name is taken first.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            undo.callback(_remove, path)
            os.close(handle)
        else:
            undo.callback(_put_back, path, kept)
        temporary.replace(path)


def _put_back(path: Path, kept: Path) -> None:
    with _told(path, "the previous content can't be put back"):
        kept.replace(path)


def _remove(path: Path) -> None:
    """Take a file away; what the system refuses to remove must not hide why the file was to go."""
    with contextlib.suppress(OSError):
        path.unlink()


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _settle(folder: Path) -> None:
    """Bring the names in the folder to the disk, where the system can: Windows opens no folder."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # the files are in their places: not to know whether for ever is no failure
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _told(path: Path, what: str = "the file can't be written") -> Iterator[None]:
    """A refusal of the system as an error that the user can read."""
    try:
        yield
    except OSError as e:
        raise UsageError(f"{what}: {e.strerror}", where=Where(str(path))) from e
