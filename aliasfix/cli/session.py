"""From options to a job: exports read, memory and wishes gathered, and the command that comes next."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.cli.watch import watched
from aliasfix.errors import UsageError, Where
from aliasfix.text.counted import counted
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aliasfix.api import Job
    from aliasfix.directory import Source
    from aliasfix.importer.mentions import Mentions
    from aliasfix.plan import Memory, Plan, Wishes

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Reading:
    """The options that say what the exports are."""

    rules: str
    encoding: str
    label: Sequence[str]
    organization: Sequence[str]
    site: Sequence[str]
    map: Sequence[str]
    csv: Sequence[str]
    facts: Sequence[str] = ()


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
    only: str = ""

    @property
    def lists(self) -> tuple[str, ...]:
        """The files that they name."""
        return (self.keep, self.protect, self.allow, self.reserved, *self.history)


def open_job(exports: Sequence[str], reading: Reading, *, quiet: bool) -> Job:
    """Read the exports; what could not be read, or may be missing, is told on standard error."""
    from aliasfix.api import Options, open_exports
    from aliasfix.columns import prefer_jemalloc

    prefer_jemalloc()
    options = Options(
        encoding=reading.encoding,
        labels=tuple(_pair("--label", text, "FILE=NAME") for text in reading.label),
        organization=tuple(map(_for_a_file, reading.organization)),
        site=tuple(map(_for_a_file, reading.site)),
        columns=tuple(map(_column, reading.map)),
        separators=tuple(map(_separator, reading.csv)),
    )
    with watched("Reading", _size_of(exports), quiet=quiet) as watch:
        job = open_exports(exports, reading.rules, options, watch, reading.facts)
    refuse_undecodable([source.path for source in job.directory.sources])
    if not quiet:
        entries = counted(job.directory.entries.num_rows, "entry", "entries")
        log(f"Read {entries} from {counted(len(job.exports), 'export', 'exports')}{watch.took}.")
        if not reading.encoding:
            _log_code_pages(job.exports)
        log(f"Ruleset {job.ruleset.name}: {job.why}.")
        for facts in job.directory.sources[len(job.exports) :]:
            log(f"Read facts of {counted(facts.entries, 'entry', 'entries')} from {facts.path}.")
    for sentence in job.said:
        log(f"warning: {sentence}")
    for source in job.directory.sources:
        for why in source.incomplete:
            log(f"warning: {source.path}: {why}")
    for bad in job.directory.unreadable[:_SHOWN]:
        log(f"warning: {bad.where}: {bad.what}")
    if len(job.directory.unreadable) > _SHOWN:
        log(f"warning: {len(job.directory.unreadable) - _SHOWN} more could not be read")
    return job


def mentions(job: Job, plan: Plan, *, quiet: bool) -> Mentions:
    """The values that hold a name which the plan changes."""
    from aliasfix.api import mentions as found_in

    size = sum(map(_size, (source.path for source in job.exports)))
    with watched("Looking for mentions", size, quiet=quiet) as watch:
        found = found_in(job, plan, watch)
    if watch.is_long and not quiet:
        log(f"Looked for mentions{watch.took}.")
    return found


def cleaned(job: Job, plan: Plan, *, quiet: bool) -> dict[str, bytes]:
    """The exports with the new values in place, by their paths."""
    from aliasfix.api import cleaned_exports

    size = sum(map(_size, (source.path for source in job.exports)))
    with watched("Reading back", size, quiet=quiet) as watch:
        return cleaned_exports(job, plan, watch)


def memory_and_wishes(wanting: Wanting) -> tuple[Memory, Wishes]:
    """The names that are not to be given, and what the admin asked for."""
    from aliasfix.importer.lists import entry_names, held_names, reserved_names
    from aliasfix.plan import ONLY, Memory, Wishes

    if wanting.prefer not in ("", "site"):
        raise UsageError(f'--prefer can\'t be "{wanting.prefer}"', hint="it can be site")
    only = next((only for only in ONLY if only == wanting.only), None)
    if only is None:
        raise UsageError(f'--only can\'t be "{wanting.only}"', hint="it can be renames or repairs")
    memory = Memory(
        reserved=reserved_names(wanting.reserved) if wanting.reserved else (),
        held=tuple(name for path in wanting.history for name in held_names(path)),
    )
    wishes = Wishes(
        keep=entry_names(wanting.keep) if wanting.keep else (),
        protect=entry_names(wanting.protect) if wanting.protect else (),
        allow=entry_names(wanting.allow) if wanting.allow else (),
        change_only=tuple(wanting.change_only),
        only=only,
        prefer_site=wanting.prefer == "site",
        site_codes=tuple(_pair("--site-code", text, "SITE=CODE") for text in wanting.site_code),
    )
    return memory, wishes


def plan_files(named: Sequence[str]) -> list[str]:
    """The plan files of these names, those in folders among them."""
    from aliasfix.review import plan_files as found_in

    return [str(file) for path in named for file in found_in(Path(path))]


def inputs(job: Job, *lists: str) -> list[Path]:
    """Every file that was read, with the lists beside the exports: none of them may be written."""
    return [*(Path(source.path) for source in job.directory.sources), *(Path(path) for path in lists if path)]


def refuse_undecodable(words: Iterable[str]) -> None:
    """File names and arguments are bytes to the system, and need not be text: no plan could name them.

    Raises:
        UsageError: names the first.

    """
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as e:
            raise UsageError(f'"{word}" is no text', hint="give the file or option a name in UTF-8") from e


def refuse_among_exports(files: Iterable[Path], exports: Sequence[str]) -> None:
    """An output in a folder of exports would be read as one of them the next time.

    Raises:
        UsageError: names the file.

    """
    from aliasfix.importer.files import SUFFIXES, is_wildcard

    folders = [os.path.realpath(export) for export in exports if Path(export).is_dir()]
    wildcards = [(os.path.realpath(Path(e).parent), Path(e).name) for e in exports if is_wildcard(e)]
    for file in files:
        folder = os.path.realpath(file.parent)
        if (file.name.lower().removesuffix(".gz").endswith(SUFFIXES) and folder in folders) or any(
            folder == there and fnmatch(file.name, name) for there, name in wildcards
        ):
            raise UsageError(
                "the next run would read the file as an export of its folder",
                where=Where(str(file)),
                hint="write it elsewhere, or name the exports one by one",
            )


def log(sentence: str) -> None:
    """Progress and warnings go to standard error."""
    print(shown(sentence), file=sys.stderr)  # noqa: T201 - the one place that logs


def say(text: str) -> None:
    """The result goes to standard output."""
    print(text)  # noqa: T201 - one of the two places that print results


def say_json(document: Mapping[str, object]) -> None:
    """The result as JSON in ASCII: no console spoils it, and it spoils none."""
    print(json.dumps(document, indent=1))  # noqa: T201 - the other


def width() -> int:
    """The columns of the terminal that standard output is; 0 where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def command(name: str, exports: Sequence[str], *options: Reading | Wanting | Sequence[str]) -> str:
    """The command with these exports and options, to be pasted into this system's shell."""
    words = ["aliasfix", name, *map(_no_option, exports)]
    for some in options:
        words += _typed(some) if isinstance(some, Reading | Wanting) else some
    return quoted(words)


def quoted(words: Sequence[str]) -> str:
    """The words as they are typed in this system's shell."""
    return shown(subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words))


def _typed(options: Reading | Wanting) -> Iterator[str]:
    """The options that were given, as they are typed."""
    for field in fields(options):
        given = getattr(options, field.name)
        for value in [given] if isinstance(given, str) else given:
            if value:
                yield from (f"--{field.name.replace('_', '-')}", value)


def _no_option(export: str) -> str:
    return str(Path.cwd() / export) if export.startswith("-") and export != "-" else export


def _size_of(exports: Sequence[str]) -> int:
    from aliasfix.importer.files import expand

    return sum(map(_size, expand(exports)))


def _size(path: str) -> int:
    """The octets of a file; 0 where that can't be told, as of the standard input."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _for_a_file(text: str) -> tuple[str, str]:
    file, _, name = text.rpartition("=")
    return file, name


def _log_code_pages(exports: Sequence[Source]) -> None:
    """Which code page was supposed where an export is no UTF-8 and nobody named one."""
    supposed = [s for s in exports if s.format != "ldif" and not s.encoding.startswith("utf")]
    for encoding in sorted({source.encoding for source in supposed}):
        paths = [source.path for source in supposed if source.encoding == encoding]
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        log(f"Read as {encoding}, being no UTF-8: {', '.join(paths[:_SHOWN])}{more}; --encoding names another.")


def _column(text: str) -> tuple[str, str]:
    field, _, column = text.partition("=")
    if not (field and column):
        raise UsageError(f'--map can\'t be "{text}"', hint="it has the form FIELD=COLUMN")
    return field.lower(), column


def _separator(text: str) -> tuple[str, str]:
    name, _, character = text.partition("=")
    if not (name and character):
        raise UsageError(f'--csv can\'t be "{text}"', hint="it has the form NAME=CHARACTER")
    return name, character


def _pair(option: str, text: str, form: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=")
    if not (left and equals and right):
        raise UsageError(f'{option} can\'t be "{text}"', hint=f"it has the form {form}")
    return left, right
