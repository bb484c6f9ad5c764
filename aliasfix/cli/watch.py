"""What a person sees while exports are read: a bar on a terminal when it takes longer than a second."""

from __future__ import annotations

import contextlib
import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

_LONG = 1.0  # seconds
_LARGE = 1 << 20  # octets; how long less than that takes tells more of the machine than of the exports


class Watch:
    """Counts what is read and takes the time; it is the ``progress`` of ``aliasfix.importer``."""

    def __init__(self, doing: str, size: int, *, shown: bool) -> None:
        self._doing = doing
        self._size = size
        self._shown = shown
        self._octets = 0
        self._entries = 0
        self._bar: tuple[Progress, TaskID] | None = None
        self._start = monotonic()
        self._seconds = 0.0

    def __call__(self, octets: int, entries: int, /) -> None:
        """So much more was read."""
        self._octets += octets
        self._entries += entries
        if self._shown and not self._bar and monotonic() - self._start > _LONG:
            self._bar = _bar(self._doing, self._size)
        if self._bar:
            progress, task = self._bar
            told = f"{self._entries:,} entries" if self._entries else ""
            progress.update(task, completed=self._octets, entries=told)

    def stop(self) -> None:
        """The work is done, or failed: nothing of the bar stays."""
        self._seconds = monotonic() - self._start
        if self._bar:
            self._bar[0].stop()

    @property
    def is_long(self) -> bool:
        """Whether it took more than a second, and that is no matter of the machine alone."""
        return self._seconds > _LONG and self._octets > _LARGE

    @property
    def took(self) -> str:
        """How long it took, as a part of a sentence; "" where output must not differ from run to run."""
        return f" in {self._seconds:.1f} s" if self.is_long or sys.stderr.isatty() else ""


@contextlib.contextmanager
def watched(doing: str, size: int, *, quiet: bool) -> Iterator[Watch]:
    """Watch what reads exports of so many octets; 0 where their size is not known."""
    watch = Watch(doing, size, shown=sys.stderr.isatty() and not quiet)
    try:
        yield watch
    finally:
        watch.stop()


def _bar(doing: str, size: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[entries]}"),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
    )
    progress.start()
    return progress, progress.add_task(doing, total=size or None, entries="")
