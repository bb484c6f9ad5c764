"""What stands between columns, around cells and between values, where a product lets people choose.

Exchange 5.5 does, and names them ColumnSeparator, QuoteCharacter and MVSeparator in its options files (KB Q152472).
They are told from the file where it can be read in one way only; else the user must say.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aliasfix.errors import InputError, UsageError, Where
from aliasfix.importer.csv_rows import Row, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.importer.csv_rows import BadRow, Form
    from aliasfix.importer.headers import Layout

_NAMES = ("ColumnSeparator", "QuoteCharacter", "MVSeparator")
_BY_NUMBER = re.compile(r"[0-9]{2,3}")  # as options files write a character: 09 is TAB, 32 a space
_APOSTROPHE = "'"


@dataclass(frozen=True, slots=True)
class Separators:
    """What the user says of them; ``""``: nothing."""

    column: str = ""
    quote: str = ""
    values: str = ""


def named(pairs: Sequence[tuple[str, str]]) -> Separators:
    """From names, as Exchange 5.5 has them, and characters or their numbers.

    Raises:
        UsageError: there is no such name, or no such character.

    """
    said = dict.fromkeys(_NAMES, "")
    known = {name.lower(): name for name in _NAMES}
    for name, text in pairs:
        if name.lower() not in known:
            near = difflib.get_close_matches(name.lower(), known, 1, 0.5)
            hint = f'did you mean "{known[near[0]]}"?' if near else f"it can name {', '.join(_NAMES)}"
            raise UsageError(f'--csv names "{name}", which is no separator', hint=hint)
        character = chr(int(text)) if _BY_NUMBER.fullmatch(text) else text
        if len(character) != 1 or not character.isascii() or character in "\r\n\x00\\" or character.isalnum():
            raise UsageError(
                f'--csv {name} can\'t be "{text}"', hint="it is one character, or its number in ASCII: 09 is TAB"
            )
        said[known[name.lower()]] = character
    found = Separators(*said.values())
    filled = [c for c in (found.column, found.quote, found.values) if c]
    if len(set(filled)) < len(filled):
        raise UsageError("--csv gives one character two meanings", hint="they must differ")
    return found


def settled(layout: Layout, head: str, path: str, said: Separators) -> Layout:
    """The layout with the quotation mark and the separator of values that the head of the file shows.

    Raises:
        InputError: they can be read in two ways.

    """
    if not layout.table.separators:
        return layout
    form = layout.form if said.quote else replace(layout.form, quote=_quote(layout, head, path))
    separator = said.values or _separator(layout, head, path)
    rivals = "" if said.values else layout.table.separators.replace(separator, "")
    return replace(layout, form=form, table=layout.table.model_copy(update={"separator": separator, "rivals": rivals}))


def _separator(layout: Layout, head: str, path: str) -> str:
    """What stands before the type of an address inside of a cell; the product's own where nothing does."""
    table = layout.table
    found = re.findall(rf"([{re.escape(table.separators)}])(?:{'|'.join(table.addresses)}):", head)
    shown = sorted(set(found), key=table.separators.index)
    if len(shown) > 1:
        raise InputError(
            f"its values could be separated by {' or '.join(shown)}",
            where=Where(path),
            hint=f"say which: --csv MVSeparator={shown[0]}",
        )
    return shown[0] if shown else table.separator


def _quote(layout: Layout, head: str, path: str) -> str:
    """The quotation mark, or an apostrophe where rows have the right number of fields with it only."""
    form = layout.form
    if _APOSTROPHE not in head or not re.search(rf"(?:^|{re.escape(form.delimiter)}) *'", head, re.MULTILINE):
        return form.quote
    other = replace(form, quote=_APOSTROPHE)
    fit, fit_other = _fits(layout, head, form), _fits(layout, head, other)
    if fit_other and not fit:
        return _APOSTROPHE
    if fit and not fit_other:
        return form.quote
    if not _enclosed(head, form):
        return form.quote
    raise InputError(
        f"its cells could be quoted with {form.quote} or {_APOSTROPHE}",
        where=Where(path),
        hint=f"say which: --csv QuoteCharacter={ord(form.quote)} for {form.quote}, 39 for {_APOSTROPHE}",
    )


def _fits(layout: Layout, head: str, form: Form) -> bool:
    """Whether all rows have as many fields as the header; the last one may be cut off."""
    found: list[Row | BadRow] = [row for row in rows(head, form) if row.line > layout.header.last]
    count = len(layout.header.cells)
    return all(isinstance(row, Row) and len(row.cells) == count for row in found[:-1] or found)


def _enclosed(head: str, form: Form) -> bool:
    """Whether a cell stands between apostrophes."""
    found = (row for row in rows(head, form) if isinstance(row, Row))
    return any(len(c) > 1 and c[0] == c[-1] == _APOSTROPHE for row in found for c in row.cells)
