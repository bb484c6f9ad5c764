"""The stems of the LDIF files: one for all, or one for each label, as file names everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aliasfix.text.transliterate import ascii as spelled

if TYPE_CHECKING:
    from collections.abc import Collection

_LONGEST = 40  # characters of a label
# STEM.rollback.ldif is a rollback; the others are devices, whatever ending they have (Windows, "Naming files").
_TAKEN = re.compile(r"rollback|con|prn|aux|nul|com[0-9]|lpt[0-9]")


def stems(stem: str, labels: Collection[str]) -> dict[str, str]:
    """Label -> the stem of its LDIF files, by label: ``stem`` itself where there is one label only.

    Else the label stands behind it, in lower case, spelled with letters, digits and hyphens. Labels that are spelled
    alike are counted.
    """
    if len(labels) == 1:
        return dict.fromkeys(labels, stem)
    found: dict[str, str] = {}
    for label in sorted(labels):
        slug = _slug(label)
        number = 2
        while f"{stem}.{slug}" in found.values():
            slug = f"{_slug(label)}-{number}"
            number += 1
        found[label] = f"{stem}.{slug}"
    return found


def _slug(label: str) -> str:
    if not label:
        return "unlabelled"
    slug = re.sub("[^a-z0-9]+", "-", spelled(label).lower()).strip("-")[:_LONGEST].strip("-")
    return f"label-{slug}".strip("-") if not slug or _TAKEN.fullmatch(slug) else slug
