from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from aliasfix import importer
from aliasfix.directory import Directory
from aliasfix.importer import Options

Importing = Callable[..., Directory]


@pytest.fixture(name="write")
def _write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str | bytes]], list[str]]:
    """Writes files into an empty current folder, so that they go by their bare names."""
    monkeypatch.chdir(tmp_path)

    def write(files: Mapping[str, str | bytes]) -> list[str]:
        for name, content in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return list(files)

    return write


@pytest.fixture(name="imported")
def _imported(write: Callable[[Mapping[str, str | bytes]], list[str]]) -> Importing:
    """Writes files and reads them as exports."""

    def imported(
        files: Mapping[str, str | bytes], attributes: Sequence[str] = (), options: Options | None = None
    ) -> Directory:
        said = options or Options()
        return importer.read(importer.probe(write(files), said), attributes, said)

    return imported
