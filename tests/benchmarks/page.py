"""How large the review page is, and how long it makes a person wait: python -m tests.benchmarks.page [ENTRIES].

Half a million entries make a plan of 50,000 rows. The times are those of a real browser, from the word to the frame
that shows it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.benchmarks.generate import DIALECTS, Mix, write
from tests.browser.driver import Browser, browser
from tests.command import run

ENTRIES = 500_000
PAINTED = """
    const done = arguments[arguments.length - 1];
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const seen = document.querySelectorAll("#lines .line").length;
    done([paint.startTime, performance.getEntriesByType("navigation")[0].domComplete, seen]);"""
WORK = """
    const done = arguments[arguments.length - 1];
    const start = performance.now();
    WORK;
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));"""
DONE = {  # what a person does, as the page's own functions
    "search, one letter": "byId('search').value = 'a'; byId('search').dispatchEvent(new Event('input'))",
    "search, a name": "byId('search').value = 'anna kern'; byId('search').dispatchEvent(new Event('input'))",
    "search, nothing": "clearFilters()",
    "filter by site": "setFilter('site', rows.site[0])",
    "filter by role": "setFilter('role', 'rename')",
    "filter by decision": "setFilter('decision', 'accept')",
    "no filter": "clearFilters()",
    "sort by new name": "sortBy('new')",
    "sort back": "sortBy('new'); sortBy('new')",
    "fold all": "setAllFolded(true)",
    "unfold all": "setAllFolded(false)",
    "scroll to the end": "moveTo(view.lines.at(-1))",
    "reject one": "decide([rejected(view.rows[1])])",
    "reject all shown": "byId('rejectshown').click()",
    "undo it": "byId('undo').click()",
    "edit": "editRow(view.rows[1])",
    "type a letter": "document.activeElement.dispatchEvent(new Event('input'))",
    "make the file of decisions": "decisions()",
}


def main() -> None:
    """Print one line for each thing that a person waits for."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export, page = folder / "export.ldif", folder / "review.html"
        write(export, DIALECTS["slapcat"], count, Mix())
        run("plan", str(export), "--quiet", "-o", str(page))
        with browser(folder) as window:
            window.look(1440, 900)
            window.open(page)
            say(f"{count:,} entries, {window.run('return count'):,} rows: {page.stat().st_size / 1e6:.1f} MB")
            measured(window)


def measured(window: Browser) -> None:
    """The times, in milliseconds."""
    painted, complete, seen = window.run_async(PAINTED)
    say(f"{'first paint':28}{painted:6.0f} ms")
    say(f"{f'ready, {seen} lines drawn':28}{complete:6.0f} ms")
    for title, work in DONE.items():
        say(f"{title:28}{window.run_async(WORK.replace('WORK', work)):6.0f} ms")


def say(line: str) -> None:
    """A line of the result."""
    print(line, flush=True)  # noqa: T201 - the result


if __name__ == "__main__":
    main()
