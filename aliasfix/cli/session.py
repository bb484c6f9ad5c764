"""From options to a job: exports read, memory and wishes gathered."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aliasfix.errors import UsageError
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.api import Job
    from aliasfix.plan import Memory, Wishes

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """The options that say what the exports are."""

    exports: Sequence[str]
    rules: str
    encoding: str
    label: Sequence[str]
    organization: str
    site: Sequence[str]
    quiet: bool


@dataclass(frozen=True, slots=True)
class Wanting:
    """The options that say what the plan shall be."""

    site_code: Sequence[str]
    change_only: Sequence[str]
    keep: str
    protect: str
    allow: str
    reserved: str
    history: Sequence[str]
    prefer: str


def open_job(reading: Reading) -> Job:
    """Read the exports; what could not be read, or may be missing, is told on standard error."""
    from aliasfix.api import Options, open_exports

    options = Options(
        encoding=reading.encoding,
        labels=tuple(_pair("--label", text) for text in reading.label),
        organization=(("", reading.organization),) if reading.organization else (),
        site=tuple(_pair("--site", text) if "=" in text else ("", text) for text in reading.site),
    )
    job = open_exports(reading.exports, reading.rules, options)
    if not reading.quiet:
        entries = _counted(job.directory.entries.num_rows, "entry", "entries")
        log(f"Read {entries} from {_counted(len(job.directory.sources), 'export', 'exports')}.")
        log(f"Ruleset {job.ruleset.name}: {job.why}.")
    for source in job.directory.sources:
        for why in source.incomplete:
            log(f"warning: {source.path}: {why}")
    for bad in job.directory.unreadable[:_SHOWN]:
        log(f"warning: {bad.where}: {bad.what}")
    if len(job.directory.unreadable) > _SHOWN:
        log(f"warning: {len(job.directory.unreadable) - _SHOWN} more could not be read")
    return job


def memory_and_wishes(wanting: Wanting) -> tuple[Memory, Wishes]:
    """The names that are not to be given, and what the admin asked for."""
    from aliasfix.importer.lists import entry_names, held_names, reserved_names
    from aliasfix.plan import Memory, Wishes

    if wanting.prefer not in ("", "site"):
        raise UsageError(f'--prefer can\'t be "{wanting.prefer}"', hint="it can be site")
    memory = Memory(
        reserved=reserved_names(wanting.reserved) if wanting.reserved else (),
        held=tuple(name for path in wanting.history for name in held_names(path)),
    )
    wishes = Wishes(
        keep=entry_names(wanting.keep) if wanting.keep else (),
        protect=entry_names(wanting.protect) if wanting.protect else (),
        allow=entry_names(wanting.allow) if wanting.allow else (),
        change_only=tuple(wanting.change_only),
        prefer_site=wanting.prefer == "site",
        site_codes=tuple(_pair("--site-code", text) for text in wanting.site_code),
    )
    return memory, wishes


def log(sentence: str) -> None:
    """Progress and warnings go to standard error."""
    print(shown(sentence), file=sys.stderr)  # noqa: T201 - the one place that logs


def say(text: str) -> None:
    """The result goes to standard output."""
    print(text)  # noqa: T201 - the one place that prints results


def quoted(words: Sequence[str]) -> str:
    """The words as they are typed in this system's shell."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _pair(option: str, text: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=")
    if not (left and equals and right):
        raise UsageError(f'{option} can\'t be "{text}"', hint="it has the form NAME=VALUE")
    return left, right
