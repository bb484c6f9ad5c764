"""The stems of the LDIF files: one for all, or one for each label, as file names everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aliasfix.text.filenames import distinct

if TYPE_CHECKING:
    from collections.abc import Collection

_TAKEN = frozenset(("rollback",))  # STEM.rollback.ldif is a rollback


def stems(stem: str, labels: Collection[str]) -> dict[str, str]:
    """Label -> the stem of its LDIF files, by label: ``stem`` itself where there is one label only.

    Else the label stands behind it, in lower case, spelled with letters, digits and hyphens. Labels that are spelled
    alike are counted.
    """
    if len(labels) == 1:
        return dict.fromkeys(labels, stem)
    names = distinct(sorted(labels), "label", "unlabelled", _TAKEN)
    return {label: f"{stem}.{name}" for label, name in zip(sorted(labels), names, strict=True)}
