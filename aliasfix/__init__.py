"""aliasfix: finds names that clash in directory exports, and writes a proven LDIF change file that cures them.

>>> from aliasfix import Memory, Wishes, open_exports, propose
>>> job = open_exports(["site1.csv", "site2.csv"])  # doctest: +SKIP
>>> propose(job.directory, job.ruleset, Memory(), Wishes()).frame()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.errors import AliasfixError

if TYPE_CHECKING:
    from aliasfix.api import (
        Batches,
        ChangeFiles,
        Explanation,
        Job,
        Memory,
        Mention,
        Mentions,
        Options,
        Proof,
        Ruleset,
        Suggestions,
        Wishes,
        carry_over,
        change_files,
        check,
        choose,
        cleaned_exports,
        decide,
        explain,
        load,
        mentions,
        open_exports,
        probe,
        propose,
        prove,
        prove_changes,
        proven_files,
        read,
        read_waivers,
        refuse_incomplete,
        refuse_policies,
        refuse_strangers,
        refuse_unsafe,
        report_files,
        save,
        suggest,
        waive,
    )

__version__ = "0.1.0"

__all__ = [
    "AliasfixError",
    "Batches",
    "ChangeFiles",
    "Explanation",
    "Job",
    "Memory",
    "Mention",
    "Mentions",
    "Options",
    "Proof",
    "Ruleset",
    "Suggestions",
    "Wishes",
    "carry_over",
    "change_files",
    "check",
    "choose",
    "cleaned_exports",
    "decide",
    "explain",
    "load",
    "mentions",
    "open_exports",
    "probe",
    "propose",
    "prove",
    "prove_changes",
    "proven_files",
    "read",
    "read_waivers",
    "refuse_incomplete",
    "refuse_policies",
    "refuse_strangers",
    "refuse_unsafe",
    "report_files",
    "save",
    "suggest",
    "waive",
]


def __getattr__(name: str) -> object:
    """Load the rooms at first use: `aliasfix --help` must not wait for Arrow."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aliasfix import api  # noqa: PLC0415 - that is the point

    return getattr(api, name)
