"""What a person sees while exports are read: a bar where it takes long on a terminal, never anything else."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from aliasfix.cli import watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

MIB = 1 << 20


class _Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def _clock(seconds: float) -> Iterator[float]:
    """Time goes by so fast, from call to call."""
    now = 0.0
    while True:
        yield now
        now += seconds


def _watched(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, seconds: float, quiet: bool = False
) -> tuple[str, str]:
    """What stands on standard error after 3 MiB were read in so many seconds, and how that is told."""
    stream = _Stream(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    now = 0.0
    monkeypatch.setattr(watch, "monotonic", lambda: now)
    with watch.watched("Reading", 3 * MIB, quiet=quiet) as told:
        for _ in range(3):
            now += seconds / 3
            told(MIB, 1000)
    return stream.getvalue(), told.took


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, took = _watched(monkeypatch, terminal=True, seconds=2.4)

    assert "Reading" in shown
    assert "3,000 entries" in shown
    assert shown.endswith("\x1b[2K")  # its line is wiped
    assert " in 2.4 s" == took


@pytest.mark.parametrize(
    ("terminal", "seconds", "quiet", "took"),
    [
        (True, 0.9, False, " in 0.9 s"),
        (True, 2.4, True, " in 2.4 s"),
        (False, 2.4, False, " in 2.4 s"),
        (False, 0.9, False, ""),
    ],
)
def test_no_bar(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, seconds: float, quiet: bool, took: str) -> None:
    assert ("", took) == _watched(monkeypatch, terminal=terminal, seconds=seconds, quiet=quiet)


def test_small_exports_tell_no_time_however_slow_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", _Stream(terminal=False))
    monkeypatch.setattr(watch, "monotonic", _clock(60).__next__)

    with watch.watched("Reading", 10, quiet=False) as told:
        told(10, 1)

    assert "" == told.took


def test_a_bar_goes_where_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = _Stream(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(watch, "monotonic", _clock(2).__next__)

    with pytest.raises(ValueError, match="bad"), watch.watched("Reading", 0, quiet=False) as told:  # noqa: PT012 - the bar starts first
        told(MIB, 0)
        raise ValueError("bad")

    assert stream.getvalue().endswith("\x1b[2K")


def test_the_log_of_a_large_export_tells_the_time(
    command: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "monotonic", _clock(2).__next__)
    monkeypatch.setattr(watch, "_LARGE", 0)

    loud, quiet = command.run("plan", "slapcat.ldif"), command.run("plan", "slapcat.ldif", "-q")

    assert loud.err.startswith("Read 20 entries from 1 export in ")
    assert "\nLooked for mentions in " in loud.err
    assert "" == quiet.err
    assert loud.out == quiet.out.replace(" -q", "")
