"""`aliasfix clean`: what it refuses, and that nothing is there then which was not there before."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aliasfix.writer import cleaned

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

NAMED = "choose another name"


@pytest.fixture(name="exports")
def _exports(folder: Path, clashes: Callable[[int], str]) -> Path:
    """Two folders with exports of one name, and a third export."""
    for name in ("east/people.ldif", "west/people.ldif", "north/others.ldif"):
        (folder / name).parent.mkdir()
        (folder / name).write_text(clashes(1), encoding="utf-8", newline="\n")
    return folder


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (
            ("-", "-o", "out"),
            "a cleaned export has the name of its export, and the standard input has none",
            "save it as a file, and name that",
        ),
        (
            ("east", "west/people.ldif", "-o", "out"),
            f"{Path('east/people.ldif')} and west/people.ldif have one name, so one folder can't hold both",
            "rename one of them",
        ),
        (
            ("east", "-o", "east"),
            f"{Path('east/people.ldif')}: the next run would read the file as an export of its folder",
            "write it elsewhere, or name the exports one by one",
        ),
        (("north/others.ldif", "-o", "north"), f"{Path('north/others.ldif')}: the file is one of the inputs", NAMED),
        (("north/others.ldif", "-o", "no/out"), "no/out: the folder can't be made: No such file or directory", ""),
        (
            ("north/others.ldif", "-o", "site1.csv"),
            f"{Path('site1.csv/others.ldif')}: the file can't be written: Not a directory",
            "",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else " ".join(value),
)
def test_refused(words: tuple[str, ...], error: str, hint: str, command: ModuleType, exports: Path) -> None:
    before = command.files(exports)

    done = command.run("clean", *words, "--accept-all", "--quiet")

    assert f"error: {error}\n" + (f"hint: {hint}\n" if hint else "") == done.err
    assert (2, "") == (done.code, done.out)
    assert before == command.files(exports)
    assert not Path("out").exists()


def test_without_a_word_of_consent(command: ModuleType, exports: Path) -> None:
    done = command.run("clean", "north/others.ldif", "-o", "out")

    assert (
        "error: clean needs a reviewed plan, or the word that none is wanted\n"
        "hint: give --plan FILE or --accept-all, one of the two\n"
    ) == done.err
    assert (2, "") == (done.code, done.out)


def test_the_safety_limits_are_those_of_write(
    command: ModuleType, exports: Path, clashes: Callable[[int], str]
) -> None:
    Path("many.ldif").write_text(clashes(20), encoding="utf-8", newline="\n")

    refused = command.run("clean", "many.ldif", "-o", "out", "--accept-all", "--quiet")
    done = command.run("clean", "many.ldif", "-o", "out", "--accept-all", "--quiet", "--expect-renames", "20")

    assert "hint: if that is what you want, say --expect-renames 20\n" in refused.err
    assert (3, 0) == (refused.code, done.code)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"sn: P0 Two", b"sn: P0 Too", 'sn of cn=P0 Two,dc=example,dc=org is "P0 Too" and not "P0 Two"'),
        (b"cn=P0 Two", b"cn=P0 Too", "the entry cn=P0 Two,dc=example,dc=org has become cn=P0 Too,dc=example,dc=org"),
        (b"uid: p0\n", b"uid: p1\n", 'uid of cn=P0 One,dc=example,dc=org is "p1" and not "p0"'),
    ],
)  # fmt: skip
def test_a_proof_that_fails(
    old: bytes, new: bytes, sentence: str, command: ModuleType, exports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cleaned.export
    monkeypatch.setattr(cleaned, "export", lambda *words: made(*words).replace(old, new))
    before = command.files(exports)

    done = command.run("clean", "north/others.ldif", "-o", "out", "--accept-all", "--quiet")

    assert f"error: the proof fails at cleaned: {sentence}\nhint: nothing was written\n" == done.err
    assert (1, "") == (done.code, done.out)
    assert before == command.files(exports)
    assert not Path("out").exists()


def test_a_packed_export_is_packed_again(command: ModuleType, exports: Path) -> None:
    raw = Path("north/others.ldif").read_bytes()
    Path("others.ldif.gz").write_bytes(gzip.compress(raw))

    done = command.run("clean", "others.ldif.gz", "-o", "out", "--accept-all")
    again = command.run("check", "out/others.ldif.gz")

    assert raw.replace(b"Two\nuid: p0\n", b"Two\nuid: p0-2\n") == gzip.decompress(
        Path("out/others.ldif.gz").read_bytes()
    )
    assert (0, 0) == (done.code, again.code)


def test_a_packed_export_is_not_written_among_the_exports(command: ModuleType, exports: Path) -> None:
    Path("east/people.ldif").unlink()
    Path("east/others.ldif.gz").write_bytes(gzip.compress(Path("north/others.ldif").read_bytes()))

    done = command.run("clean", "east", "-o", "east", "--accept-all")

    assert "the next run would read the file as an export of its folder\n" in done.err


def test_facts_are_joined_and_not_cleaned(command: ModuleType, exports: Path) -> None:
    Path("facts.csv").write_text("mail,LastLogonDate\nsales@corp.example,2026-10-31\n", encoding="utf-8")

    done = command.run("clean", "corp.ldf", "--facts", "facts.csv", "-o", "out", "--accept-all", "--quiet")

    assert ["corp.ldf"] == sorted(command.files(exports / "out"))
    assert 0 == done.code
