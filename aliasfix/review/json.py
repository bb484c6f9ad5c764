"""The plan for programs: one document, schema ``aliasfix.plan/1``; ``decision`` and ``new`` may be changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from aliasfix.errors import InputError, Where
from aliasfix.plan import DECISIONS, ROLES, Decisions
from aliasfix.review import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from aliasfix.directory import Source
    from aliasfix.plan import Plan

SCHEMA = "aliasfix.plan/1"
_HALF = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]*")


def write(plan: Plan) -> bytes:
    """The document as UTF-8 with LF."""
    return dump(document(plan))


def dump(document: Mapping[str, object]) -> bytes:
    """The bytes of a document: UTF-8, LF, indented by one, keys in the order given."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def document(plan: Plan) -> dict[str, object]:
    """The plan as plain values: schema, ruleset, hash, sources, counts, notes, rows with columns ``PLAN_COLUMNS``."""
    rows = [{**columns.cells(row), "line": row.line} for row in plan.rows]
    return {**head(plan), "summary": _summary(plan), "notes": list(plan.notes), "rows": rows}


def head(plan: Plan) -> dict[str, object]:
    """What the document says of the plan as a whole."""
    return {
        "schema": SCHEMA,
        "tool": "aliasfix",
        "ruleset": plan.ruleset,
        "why": plan.why,
        "hash": plan.hash(),
        "sources": sources(plan.sources),
    }


def read(path: Path) -> Decisions:
    """The decisions in a document that ``write`` made and a person or program changed.

    Raises:
        InputError: the file can't be read, is no such document, a row lacks a column or holds an unknown decision.

    """
    text = _text(path)
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as e:
        raise InputError(f"the plan is no JSON: {e.msg}", where=Where(str(path), e.lineno)) from e
    except (RecursionError, ValueError) as e:
        raise InputError("the plan is nested too deeply or holds too long a number", where=Where(str(path))) from e
    schema = whole.get("schema") if isinstance(whole, dict) else None
    if schema != SCHEMA or not isinstance(whole.get("rows"), list):
        raise InputError(
            f"the document's schema is not {SCHEMA}, or it has no rows",
            where=Where(str(path)),
            hint="take the plan file as it was written",
        )
    rows = (columns.decision(_cells(row, where), where) for where, row in _rows(text, str(path)))
    return Decisions((str(path),), tuple(rows))


def sources(read: Iterable[Source]) -> list[dict[str, object]]:
    """The exports as plain values."""
    names = ("path", "label", "sha256", "format", "encoding", "entries", "unreadable", "complete")
    return [{name: getattr(source, name) for name in names} for source in read]


def _summary(plan: Plan) -> dict[str, object]:
    roles = Counter(row.role for row in plan.rows)
    decisions = Counter(row.decision for row in plan.rows)
    return {
        "entries": plan.entries,
        "changes": len(plan.accepted),
        "left": len(plan.left),
        "roles": {role: roles[role] for role in ROLES},  # type: ignore[index]  # the words of the Literal
        "decisions": {word or "none": decisions[word] for word in DECISIONS},  # type: ignore[index]  # likewise
    }


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise InputError(f"the plan can't be read: {e.strerror}", where=Where(str(path))) from e
    except UnicodeDecodeError as e:
        raise InputError("the plan is not UTF-8 text", where=Where(str(path)), hint="save it as UTF-8") from e


def _rows(text: str, path: str) -> Iterator[tuple[Where, Any]]:
    """Each row of a document that is known to be JSON, and the line where it starts, which json.loads does not tell."""
    decode = json.JSONDecoder().raw_decode
    at, line, counted = _find_rows(text, decode), 1, 0
    while text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        row, at = decode(text, at)
        yield Where(path, line), row
        at = _after(text, at)
        at = _after(text, at + 1) if text[at] == "," else at


def _find_rows(text: str, decode: Any) -> int:  # noqa: ANN401 - the decoder's method
    """Where the first row starts, or the bracket that ends them."""
    at = text.index("{") + 1
    while True:
        key, at = decode(text, _after(text, at))
        at = _after(text, _after(text, at) + 1)
        if key == "rows" and text[at] == "[":
            return _after(text, at + 1)
        _, at = decode(text, at)
        at = _after(text, at) + 1


def _after(text: str, at: int) -> int:
    """The next place that is not blank."""
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _cells(row: object, where: Where) -> dict[str, str]:
    if not isinstance(row, dict):
        raise InputError("a row of the plan is no object", where=where)
    columns.require(row, where)
    for name in columns.PLAN_COLUMNS:
        if type(row[name]) is not (int if name == "line" else str):
            kind = "number" if name == "line" else "text"
            raise InputError(f'"{name}" of the row is no {kind}', where=where)
    cells = {name: str(row[name]) for name in columns.PLAN_COLUMNS}
    halves = next((name for name, text in cells.items() if _HALF.search(text)), "")
    if halves:
        raise InputError(f'"{halves}" of the row holds half a character (a lone surrogate)', where=where)
    return cells
