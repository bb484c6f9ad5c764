from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix import importer
from aliasfix.errors import AliasfixError
from aliasfix.importer import Options

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[c["sentence"][:60] for c in CASES])
def test_the_sentence_and_the_way_out(case: dict[str, Any], write: Callable[..., list[str]]) -> None:
    files: dict[str, str | bytes] = dict(case.get("files", {}))
    files |= {name: text.encode("latin-1") for name, text in case.get("latin1", {}).items()}
    files |= {name: text.encode("utf-16") for name, text in case.get("utf16", {}).items()}
    files |= {name: bytes.fromhex(digits) for name, digits in case.get("bytes", {}).items()}
    named: dict[str, Any] = {
        o: tuple((file, name) for file, name in case.get(o, ())) for o in ("labels", "organization", "site")
    }
    options = Options(encoding=case.get("encoding", ""), **named)
    paths = write(files)

    with pytest.raises(AliasfixError) as refused:
        importer.read(importer.probe(case.get("paths", paths), options), ["uid", "mailNickname"], options)

    assert (case["sentence"], case["hint"]) == (str(refused.value), refused.value.hint)
