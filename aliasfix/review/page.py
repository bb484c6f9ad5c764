"""The plan as one page for a browser, with everything in it: it asks no network and keeps what a person decides.

Its button saves the decisions as a document that ``aliasfix.review.json`` reads. The page is put together of the files
in the folder ``page``. Data go in as one block of JSON, out of which no text can break, and come to be seen as text
only; the content security policy allows this very script and style, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aliasfix.engine import codes
from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.review import bloom, columns
from aliasfix.review.json import head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.engine.taken import TakenKeys
    from aliasfix.plan import Plan
    from aliasfix.review.handouts import Handout

SCRIPTS = ("text", "fold", "taken", "plan", "view", "table", "plots", "detail", "bulk", "main")
FOLDER = Path(__file__).parent / "page"
_MENTIONS = 20_000  # that a page carries
_PLACE = re.compile("{{([a-z]+)}}")
# In JSON they stand in strings only. Without them the block can't end, start a comment, or end a line of the script.
_UNSAFE = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@dataclass(frozen=True)
class Beside:
    """What the page is told beside the plan."""

    taken: tuple[TakenKeys, ...] = ()  # keys that an edited name may not have
    mentions: Mentions = field(default_factory=Mentions)
    then: str = ""  # the command that writes the changes, but for its --plan and -o; "": another's task
    saves: str = "decisions.json"  # the name of the file of decisions

    def handed_out(self, handout: Handout) -> Beside:
        """The same for a hand-out: what of it concerns its rows. Its decisions go back to who wrote it."""
        names = {row.old for row in handout.plan.rows}
        rows = tuple(mention for mention in self.mentions.rows if mention.old in names)
        return replace(self, mentions=Mentions(rows, len(rows)), then="", saves=f"{handout.stem}.json")


def write(plan: Plan, beside: Beside) -> bytes:
    """The page: UTF-8 with LF; equal plans give equal pages."""
    style = _part("page.css")
    script = '"use strict";\n' + "\n".join(_part(f"{name}.js") for name in SCRIPTS)
    parts = {
        "policy": f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
        "base-uri 'none'; form-action 'none'",
        "style": style,
        "script": script,
        "data": block(_data(plan, beside)),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _part("page.html")).encode()


def block(data: object) -> str:
    """The data as JSON that can stand in a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return text


def _data(plan: Plan, beside: Beside) -> dict[str, object]:
    cells = [tuple(columns.cells(row).values()) for row in plan.rows]
    mentions = [tuple(map(str, astuple(mention))) for mention in beside.mentions.rows[:_MENTIONS]]
    mentioned = _table([column.name for column in fields(Mention)], mentions)
    return {
        "head": head(plan),
        "entries": plan.entries,
        "notes": plan.notes,
        "codes": {code.code: {"name": code.name, "meaning": code.meaning} for code in codes.ALL},
        "then": beside.then,
        "saves": beside.saves,
        "taken": [
            {"attributes": each.attributes, "equality": each.equality, **bloom.packed(each.keys)}
            for each in beside.taken
        ],
        "rows": _table(columns.PLAN_COLUMNS, cells),
        "mentions": {"found": beside.mentions.found, "carried": len(mentions), "rows": mentioned},
    }


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, object]:
    """Column by column; one with few different values has these once, and their numbers."""
    return {name: _column([row[place] for row in rows]) for place, name in enumerate(names)}


def _column(values: list[str]) -> object:
    numbers = {word: number for number, word in enumerate(dict.fromkeys(values))}
    if 2 * len(numbers) > len(values):
        return values
    return {"words": list(numbers), "at": [numbers[value] for value in values]}


def _part(name: str) -> str:
    return (FOLDER / name).read_bytes().decode().replace("\r\n", "\n")


def _source(text: str) -> str:
    """The text as a source that the policy allows (CSP Level 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
