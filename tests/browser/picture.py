"""The picture of the review page in the README: python -m tests.browser.picture."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from tests.browser.driver import browser
from tests.command import run

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Write docs/review.png."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export, page = folder / "corp.ldf", folder / "review.html"
        shutil.copy(ROOT / "samples" / "active-directory" / "corp.ldf", export)
        with contextlib.chdir(folder):
            run("plan", export.name, "--site-code", "Berlin=ber", "--site-code", "London=lon", "-q", "-o", page.name)
        with browser(folder) as window:
            window.look(1440, 800)
            window.tell("Emulation.setScrollbarsHidden", {"hidden": True})
            window.open(page)
            window.run("moveTo(view.rows[1]); decide([edited(view.rows[1], 'info')]); decide([rejected(view.rows[3])])")
            (ROOT / "docs" / "review.png").write_bytes(window.picture())


if __name__ == "__main__":
    main()
