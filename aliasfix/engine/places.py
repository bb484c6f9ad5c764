"""The sites, labels and OUs that the admin names: a name that fits nothing is a typing error, not a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aliasfix.engine.fields import Fields
from aliasfix.engine.standing import outside
from aliasfix.errors import UsageError
from aliasfix.text.equality import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aliasfix.directory import Directory
    from aliasfix.plan import Wishes
    from aliasfix.ruleset import Ruleset

_SHOWN = 5


def refuse_strangers(directory: Directory, ruleset: Ruleset, wishes: Wishes) -> None:
    """Stop where the admin named a site, label or OU that no entry has.

    Raises:
        UsageError: names it, and those that there are.

    """
    if not wishes.change_only and not wishes.site_codes:
        return
    fields = Fields(directory, ruleset, np.arange(directory.entries.num_rows))
    sites = sorted(set(fields.site) - {""})
    known = {fold(s, "rfc4518") for s in sites}
    for site, _ in wishes.site_codes:
        if fold(site, "rfc4518") not in known:
            raise UsageError(
                f'--site-code names "{site}", which is no site of the exports', hint=_those("sites", sites)
            )
    for place in wishes.change_only:
        if outside(fields, (place,)).all():
            raise UsageError(
                f'--change-only names "{place}", which is no site, no label and no DN above an entry of the exports',
                hint=_those("sites and labels", sorted({*sites, *fields.label} - {""})),
            )


def _those(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{what} are {', '.join(names[:_SHOWN])}{more}" if names else f"the exports show no {what}"
