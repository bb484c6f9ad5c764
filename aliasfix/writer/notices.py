"""Who must be told of a new logon name, and what they type from now on: a table for mail merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine.fields import Fields
from aliasfix.engine.notes import note
from aliasfix.text import ladder
from aliasfix.text.spreadsheet import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset
    from aliasfix.writer.reach import Entry, Name

_ROW = ("mail", "kind", "site", "old", "new", "dn", "label")  # columns that are those of the plan
_SAID = ("given", "surname", "server")  # fields of the entry that are told where the ruleset has them


def told(rows: Sequence[Row], ruleset: Ruleset) -> list[Row]:
    """The rows whose entry must be told: its alias changes, and the ruleset says that it is a logon name."""
    aliases = {source.attribute.lower() for source in ruleset.fields["alias"]}
    notices = ruleset.notices
    return [row for row in rows if notices.forms and row.attribute.lower() in aliases and row.kind in notices.kinds]


def columns(ruleset: Ruleset) -> tuple[str, ...]:
    """The columns of the table, whose names are the fields of a mail merge."""
    said = (name for name in _SAID if name in ruleset.fields)
    forms = (f"{time}_{form}" for form in ruleset.notices.forms for time in ("old", "new"))
    return ("mail", "kind", "site", *said, "old", "new", *forms, "note", "dn", "label")


def write(rows: Sequence[Row], ruleset: Ruleset, directory: Directory, entries: Mapping[Name, Entry]) -> bytes:
    """The table of these rows; ``note`` is what else the ruleset says of the change, as that NTLM logon stops."""
    numbers = [entries[row.label, row.dn].number for row in rows]
    fields = Fields(directory, ruleset, np.unique(np.array(numbers, dtype=np.int64)))
    places = np.searchsorted(fields.entries, numbers).tolist()
    header = columns(ruleset)
    return table(header, (_cells(row, header, fields, at, ruleset) for row, at in zip(rows, places, strict=True)))


def _cells(row: Row, header: Sequence[str], fields: Fields, at: int, ruleset: Ruleset) -> list[str]:
    values = {name: fields.field(name)[at] for name in ruleset.fields}
    forms = {
        f"{time}_{form}": ladder.fill(template, {**values, "alias": alias}) or ""
        for form, template in ruleset.notices.forms.items()
        for time, alias in (("old", row.old), ("new", row.new))
    }
    said = {**values, **forms, "note": note(fields, at, ruleset, row.old, row.new)}
    return [getattr(row, name) if name in _ROW else said[name] for name in header]
