"""What was made of what: the hashes of exports, ruleset, plan and files, and the order of the change files."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aliasfix.directory import Directory
    from aliasfix.plan import Plan
    from aliasfix.ruleset import Ruleset
    from aliasfix.writer.parts import ChangeFiles, Part


def write(plan: Plan, ruleset: Ruleset, directory: Directory, made: ChangeFiles, reports: Mapping[str, bytes]) -> bytes:
    """JSON in ASCII. ``apply`` and ``run`` have the change files in their order; rollbacks go in reverse.

    Hashes are SHA-256: of the bytes of files, of what the ruleset and those that it extends say, of the plan's rows
    with the decisions.
    """
    files = {**made.files, **reports}
    exports = [
        {"path": source.path, "label": source.label, "format": source.format, "entries": source.entries,
         "sha256": source.sha256}
        for source in directory.sources
    ]  # fmt: skip
    document = {
        "exports": sorted(exports, key=lambda export: (export["label"], export["sha256"], export["path"])),
        "ruleset": {"name": ruleset.name, "sha256": ruleset.digest, "dialect": ruleset.dialect.name},
        "plan": {"sha256": plan.hash(), "changes": len(plan.accepted), "left": len(plan.left)},
        "apply": _ordered(made.parts),
        "run": _ordered(made.scripts),
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _ordered(parts: Iterable[Part]) -> list[dict[str, str | int]]:
    return [
        {"file": part.forth, "rollback": part.back, "label": part.label, "changes": len(part.rows)} for part in parts
    ]
