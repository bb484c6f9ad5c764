"""What the change files say, read strictly (P1), and whether it is what the accepted rows say (P2)."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.ldap import changes, dn
from aliasfix.proof import scripted, tables
from aliasfix.proof.terms import SHOWN, Change, Fault, UnreadableError, apart, files_of, of_records, of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.ldap.changes import Modify
    from aliasfix.plan import Row
    from aliasfix.proof.terms import Keys, Named
    from aliasfix.ruleset import Ruleset

    Records = tuple[Modify, ...]

_ENDINGS = (
    ".rollback.ldif",
    ".ldif",
    ".rollback.ps1",
    ".ps1",
    ".map.csv",
    ".stores.csv",
    ".notices.csv",
    ".import.rollback.csv",
    ".import.csv",
)
_LDIF = (".ldif", ".rollback.ldif")
_SCRIPTS = (".ps1", ".rollback.ps1")
_NUMBER = re.compile(r"\.[0-9]+\Z")


def held_against(
    files: Mapping[str, bytes], rows: Sequence[Row], directory: Directory, ruleset: Ruleset, keys: Keys
) -> tuple[list[Change], list[Change], list[Fault]]:
    """What the change files do, what their rollbacks do, and every fault of what they say of the accepted rows.

    Raises:
        UnreadableError: a file is missing, can't be read, or is none that is proved.

    """
    named = _by_ending(files)
    in_ldap = _reach(directory, ruleset, keys)
    labelled = any(source.label for source in directory.sources)
    by_ldap: list[Change] = []
    by_hand: list[Change] = []  # in the map only
    for row in rows:
        if not in_ldap(row):
            by_hand.append(of_row(row))
        else:
            by_ldap.append(of_row(row) if labelled else of_row(row)._replace(label=None))
    records = _records(named, ".ldif", needed=bool(by_ldap))
    undoing = _records(named, ".rollback.ldif", needed=bool(by_ldap))
    forth, back = of_records(records), of_records(undoing)
    faults = [
        *_differences("changes", forth, by_ldap),
        *_differences("rollback", back, [c.inverse for c in by_ldap]),
        *several_records("changes", records, keys),
        *several_records("rollback", undoing, keys),
        *_crossed(named, _LDIF),
        *_crossed(named, _SCRIPTS),
        *_undone_apart(named),
        *_scripted(named, rows, directory, ruleset),
        *tables.mapped(named, rows),
        *tables.stored(named, rows, directory, ruleset),
        *tables.noticed(named, rows, directory, ruleset),
        *tables.imported(named, rows, directory),
    ]
    return [*forth, *by_hand], [*back, *(c.inverse for c in by_hand)], faults


def several_records(name: str, records: Iterable[Modify], keys: Keys) -> Iterator[Fault]:
    """One record for each entry: two might be applied apart."""
    counted = Counter((keys[m.dn], m.label or "") for m in records)
    for entry, _ in sorted(k for k, n in counted.items() if n > 1)[:SHOWN]:
        yield Fault("rows", f"the {name} file has more than one record for {entry}")


def _by_ending(files: Mapping[str, bytes]) -> Named:
    named: dict[str, list[tuple[str, bytes]]] = {}
    seen: set[tuple[str, ...]] = set()
    for name in sorted(files):
        ending = next((e for e in _ENDINGS if name.endswith(e)), "")
        of = _part(name.removesuffix(ending), _label(name, files[name])) if ending in (*_LDIF, *_SCRIPTS) else ()
        if not ending or (ending, *of) in seen:
            raise UnreadableError(f"{name} is none of the files that are proved")
        seen.add((ending, *of))
        named.setdefault(ending, []).append((name, files[name]))
    return named


def _part(stem: str, label: str | None) -> tuple[str, str]:
    """The label and the number of the batch: of several files of one label each has its own."""
    number = _NUMBER.search(stem)
    return label or "", number[0] if number else ""


def _label(name: str, raw: bytes) -> str | None:
    try:
        return _named_label(raw)
    except changes.ChangeError as e:
        raise UnreadableError(f"{name}, line {e.line}: {e}") from e


def _named_label(raw: bytes) -> str | None:
    return changes.label(raw.removeprefix(codecs.BOM_UTF8))


def _records(named: Named, ending: str, *, needed: bool) -> Records:
    return tuple(change for name, raw in files_of(named, ending, needed=needed) for change in _parsed(name, raw))


def _parsed(name: str, raw: bytes) -> tuple[Modify, ...]:
    try:
        return changes.parse(raw)
    except changes.ChangeError as e:
        raise UnreadableError(f"{name}, line {e.line}: {e}") from e


def _crossed(named: Named, endings: Sequence[str]) -> Iterator[Fault]:
    """Beside each change file stands its rollback, of the same label."""
    forth, back = (
        {name.removesuffix(ending): _named_label(raw) for name, raw in named.get(ending, ())} for ending in endings
    )
    for stem in sorted(forth.keys() | back.keys()):
        if stem not in forth or stem not in back:
            yield Fault("rows", f"of {stem}{endings[0]} and {stem}{endings[1]} there is one only")
        elif forth[stem] != back[stem]:
            yield Fault("rows", f"{stem}{endings[1]} is of another label than {stem}{endings[0]}")


def _undone_apart(named: Named) -> Iterator[Fault]:
    """Of several batches each rollback undoes its own: a part of them may have been applied."""
    for (forth_ending, back_ending), read in ((_LDIF, _changes), (_SCRIPTS, _calls)):
        forth, back = (dict(files_of(named, ending, needed=False)) for ending in (forth_ending, back_ending))
        for name, raw in forth.items() if len(forth) > 1 else ():
            other = f"{name.removesuffix(forth_ending)}{back_ending}"
            undone = Counter((*of, new, old) for *of, old, new in read(name, raw))
            if other in back and undone != Counter(read(other, back[other])):
                yield Fault("rows", f"{other} does not undo {name}")


def _changes(name: str, raw: bytes) -> list[tuple[str | bytes, ...]]:
    return [(c.dn, c.attribute, c.old, c.new) for c in of_records(_parsed(name, raw))]


def _scripted(named: Named, rows: Sequence[Row], directory: Directory, ruleset: Ruleset) -> Iterator[Fault]:
    forth, back = (
        [call for name, raw in files_of(named, ending, needed=False) for call in _calls(name, raw)]
        for ending in _SCRIPTS
    )
    yield from scripted.differences(forth, back, rows, directory, ruleset)


def _calls(name: str, raw: bytes) -> list[scripted.Call]:
    try:
        return scripted.calls(raw, _named_label(raw) or "")
    except ValueError as e:
        raise UnreadableError(f"{name}: {e}") from e


def _reach(directory: Directory, ruleset: Ruleset, keys: Keys) -> Callable[[Row], bool]:
    """Entries without a DN, or under one that no directory serves, are not in the LDIF files."""
    without = [number for number, source in enumerate(directory.sources) if not source.has_dn]
    mask = np.isin(columns.integers(directory.entries.column("source")), without)
    labels, dns = (
        columns.texts(columns.only(columns.whole(directory.entries.column(c)), mask)) for c in ("label", "dn")
    )
    unnamed = set(zip(labels, dns, strict=True))
    bases = [dn.key(n.dn_under) for n in ruleset.no_ldap]
    return lambda row: (row.label, row.dn) not in unnamed and not any(dn.under(keys[row.dn], b) for b in bases)


def _differences(name: str, found: Iterable[Change], expected: Iterable[Change]) -> Iterator[Fault]:
    """As multisets, in exact octets, both ways."""
    lacking, surplus = apart(found, expected)
    for change in lacking:
        yield Fault("rows", f"the {name} file lacks {change}")
    for change in surplus:
        yield Fault("rows", f"the {name} file has {change}, which no accepted row says")
