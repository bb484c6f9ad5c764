"""What is built is whole: it installs, and works from anywhere; and what it brings along may be used by anybody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120  # for any one program: the machine may be busy
# What a licence may be called, and what it may not: nobody who uses aliasfix is to owe anything in return.
PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Zlib|CC0", re.IGNORECASE)
COPYLEFT = re.compile(r"\b(?:A|L)?GPL|General Public|MPL|Mozilla|EUPL|CDDL|SSPL", re.IGNORECASE)


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Start a program that sees neither the checkout nor the packages of whoever runs the tests."""
    hidden = ("PYTHON", "COVERAGE", "VIRTUAL_ENV")
    return subprocess.run(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={k: v for k, v in os.environ.items() if not k.startswith(hidden)} | {"PYTHONUTF8": "1"},
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist, and the wheel that is made of the sdist."""
    out = tmp_path_factory.mktemp("built")
    source = run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", out, cwd=ROOT)
    assert source.returncode == 0, source.stderr
    (sdist,) = out.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    wheel = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=out / sdist.name[:-7])
    assert wheel.returncode == 0, wheel.stderr
    return out


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command ``aliasfix`` in a clean environment, which finds the packages that it needs where they are here."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    (wheel,) = built.glob("*.whl")
    words = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check")
    done = run(sys.executable, "-m", "pip", "--python", python, "install", *words, wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip()
    paths = "".join(f"{path}\n" for path in dict.fromkeys(sysconfig.get_path(p) for p in ("purelib", "platlib")))
    # The .pth files in these, of editable installs, do not count.
    Path(purelib, "needed.pth").write_text(paths, encoding="utf-8")
    return scripts / ("aliasfix.exe" if os.name == "nt" else "aliasfix")


def test_the_wheel_has_all_that_is_no_code(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    rules = {f"aliasfix/rules/{path.name}" for path in (ROOT / "rules").iterdir()}
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "aliasfix").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert set() == (rules | package) - names
    assert set() == {name for name in names if not name.startswith(("aliasfix/", "aliasfix-"))}


def test_the_sdist_has_what_the_tests_need(built: Path) -> None:
    (folder,) = (path for path in built.iterdir() if path.is_dir())
    expected = {"aliasfix", "rules", "samples", "tests", "docs", "Makefile", "pyproject.toml", "LICENSE", "README.md"}
    assert set() == expected - {path.name for path in folder.iterdir()}


def test_the_installed_command_works_from_another_folder(installed: Path, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    sample = ROOT / "samples" / "openldap" / "slapcat.ldif"

    assert version in run(installed, "--version", cwd=tmp_path).stdout
    listed = run(installed, "rules", "list", cwd=tmp_path)
    assert set() == {path.stem for path in (ROOT / "rules").glob("*.toml")} - set(re.findall(r"[\w-]+", listed.stdout))
    checked = run(installed, "check", sample, cwd=tmp_path)
    assert (checked.returncode, "A001 duplicate" in checked.stdout) == (1, True), checked.stderr
    for name in ("plan.csv", "plan.xlsx", "plan.json", "review.html"):
        planned = run(installed, "plan", sample, "-o", name, cwd=tmp_path)
        assert (planned.returncode, (tmp_path / name).exists()) == (1, True), planned.stderr


def needed(name: str, found: dict[str, metadata.Distribution]) -> dict[str, metadata.Distribution]:
    """The distribution and, below it, all that it needs; those for other platforms and extras are not installed."""
    if name in found:
        return found
    try:
        found[name] = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return found
    for requirement in found[name].requires or ():
        if "extra ==" not in requirement:
            needed(re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower(), found)
    return found


def licence(distribution: metadata.Distribution) -> str:
    """What its metadata say of its licence, shortly."""
    said = {name: distribution.metadata.get_all(name) or [] for name in ("License-Expression", "Classifier", "License")}
    classifiers = [line for line in said["Classifier"] if line.startswith("License ::")]
    return " ".join(said["License-Expression"] or classifiers) or "".join(said["License"]).partition("\n")[0]


def test_all_that_is_needed_is_under_a_permissive_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    for requirement in project["dependencies"]:
        needed(re.split(r"[^\w.-]", requirement, maxsplit=1)[0], found)
    assert len(project["dependencies"]) <= len(found)
    licences = {name: licence(distribution) for name, distribution in found.items()}
    assert {} == {n: words for n, words in licences.items() if COPYLEFT.search(words) or not PERMISSIVE.search(words)}
