"""What a rules file may not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aliasfix.errors import RulesetError
from aliasfix.ruleset import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        '[[checks]]\nattribute = "UID"\ncheck = "length"\nmax = 8\n',
        '[fields]\nalias = [{ attribute = "UID" }]\n',
        '[[namespaces]]\nname = "alias"\nattributes = ["UID"]\n',
    ],
)
def test_an_attribute_is_spelled_in_one_way(tmp_path: Path, text: str) -> None:
    """With two spellings one of them would be found in no entry, and its clashes in no export."""
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "openldap"\nname = "mine"\n{text}', encoding="utf-8")

    with pytest.raises(RulesetError) as caught:
        load(str(path))

    assert f"{path}: UID and uid are one attribute: spell it in one way" == str(caught.value)
