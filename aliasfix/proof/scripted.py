"""What the PowerShell scripts say, read strictly, and whether it is what the accepted rows say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from aliasfix import columns
from aliasfix.engine.fields import Fields
from aliasfix.proof.terms import Fault, apart
from aliasfix.text import powershell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Row
    from aliasfix.ruleset import Ruleset

    Call = tuple[str, ...]  # label, cmdlet, identity, old, new

# A text of harmless characters in single quotes (PowerShell takes U+2018 to U+201B for one too: they are not among
# these), or the sum of such texts and of characters by their number.
_HARMLESS = r"[ -&(-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u052f]*+"
_TEXT = rf"'{_HARMLESS}(?:''{_HARMLESS})*+'"
_CHARACTER = r"\[char\]0x[0-9A-F]{4}"
_SUM = rf"\({_TEXT}(?: \+ (?:{_TEXT}|{_CHARACTER}))+\)"
_CALL = re.compile(re.escape(powershell.CALL) + rf" ({_TEXT}) ({_TEXT}|{_SUM}) ({_TEXT}|{_SUM}) ({_TEXT}|{_SUM})")
_PIECE = re.compile(rf"({_TEXT})|\[char\]0x([0-9A-F]{{4}})")
_COMMENTS = re.compile(r"(?:#(?: [ -~]*)?\n)*")  # "#requires" and "<#" are more than comments

_BYTES = "Windows PowerShell would not read its bytes as they are meant: it wants UTF-8 with BOM, and CRLF"


def calls(raw: bytes, label: str) -> list[Call]:
    """The calls of a script, in its order; nothing else is in it but comments and the text of every such script.

    Raises:
        ValueError: it is no such script; the message is a sentence.

    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        raise ValueError(_BYTES) from e
    if not text.startswith("\ufeff") or text.count("\n") != text.count("\r\n") or text.count("\n") != text.count("\r"):
        raise ValueError(_BYTES)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    text = _COMMENTS.sub("", text, count=1)
    if not (text.startswith(powershell.HEAD) and text.endswith(powershell.TAIL)):
        raise ValueError("something else stands around the calls than in every such script")
    found: list[Call] = []
    for line in text.removeprefix(powershell.HEAD).removesuffix(powershell.TAIL).split("\n")[:-1]:
        call = _CALL.fullmatch(line)
        if not call:
            raise ValueError(f"{line!a} is no call")
        found.append((label, *map(_value, call.groups())))
    return found


def differences(
    forth: Sequence[Call], back: Sequence[Call], rows: Sequence[Row], directory: Directory, ruleset: Ruleset
) -> Iterator[Fault]:
    """The scripts say of every row that a cmdlet can change what it says, and nothing else; the rollbacks undo that."""
    expected = _expected(rows, directory, ruleset)
    undone = [(label, cmdlet, identity, new, old) for label, cmdlet, identity, old, new in expected]
    for name, have, want in (("script", forth, expected), ("rollback script", back, undone)):
        lacking, surplus = apart(have, want)
        for call in lacking:
            yield Fault("rows", f"the {name} lacks {', '.join(call[1:])}")
        for call in surplus:
            yield Fault("rows", f"the {name} has {', '.join(call[1:])}, which no accepted row says")


def _expected(rows: Sequence[Row], directory: Directory, ruleset: Ruleset) -> list[Call]:
    aliases = {source.attribute.lower() for source in ruleset.fields["alias"]}
    told = [row for row in rows if ruleset.cmdlets and row.attribute.lower() in aliases]
    if not told:
        return []
    mask = columns.is_in(columns.whole(directory.entries.column("dn")), {row.dn for row in told})
    fields = Fields(directory, ruleset, np.flatnonzero(mask))
    places = {name: at for at, name in enumerate(zip(fields.label, fields.dn, strict=True))}
    sources = columns.integers(directory.entries.column("source"))[mask].tolist()
    rules = [(rule, fields.holds(rule)) for rule in ruleset.cmdlets]
    found: list[Call] = []
    for row in told:
        at = places[row.label, row.dn]
        cmdlet = next(
            (r.set for r, holds in rules if holds[at] and fields.kind[at] in (r.kinds or [fields.kind[at]])), ""
        )
        identity = fields.field("guid")[at] or (row.dn if directory.sources[sources[at]].has_dn else "")
        if cmdlet and identity:
            found.append((row.label, cmdlet, identity, row.old, row.new))
    return found


def _value(token: str) -> str:
    """The text that an argument stands for."""
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    units = b""
    for text, number in _PIECE.findall(token):
        units += bytes.fromhex(number) if number else text[1:-1].replace("''", "'").encode("utf-16-be")
    try:
        return units.decode("utf-16-be")
    except UnicodeDecodeError as e:
        raise ValueError(f"{token!a} is no text") from e
