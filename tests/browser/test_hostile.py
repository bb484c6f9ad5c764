"""Exports are hostile: in the page nothing of them runs, hides, or breaks the layout."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.review import read_decisions
from aliasfix.text.terminal import shown

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

NASTY = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "<!--<script>",
    "<img src=x onerror=window.ran=1>",
    "\"'><svg onload=window.ran=1>",
    "javascript:window.ran=1",
    "{{script}}{{data}}",
    "\x1b[31mred\x1b[2J",
    '=HYPERLINK("https://evil.example")',
    "abc\u202egpj.exe\u2066",
    "line\nbreak\r\n\u2028\u2029end",
    "zero\u200bwidth\ufeff",
    "مرحبا بالعالم",
    "z" + "\u0301" * 400,
    "w" * 3000,
    "&lt;b&gt;&amp;\x01",
    "\U000e0001\ue000\ufdd0",
)


def ldif(names: tuple[str, ...]) -> str:
    """Two people for each name, who differ in their DNs, which hold it too."""

    def packed(name: str, value: str) -> str:
        return f"{name}:: {base64.b64encode(value.encode()).decode()}\n"

    def dn(text: str, number: int) -> str:
        return (
            "cn="
            + "".join(f"\\{octet:02x}" for octet in text.encode())
            + f" {number},ou={text if text.isalpha() else 'x'},dc=example"
        )

    return "".join(
        packed("dn", dn(name, number))
        + "objectClass: inetOrgPerson\n"
        + packed("uid", name)
        + packed("mail", f"{name}@example.org")
        + "\n"
        for name in names
        for number in (1, 2)
    )


@pytest.fixture(name="page")
def hostile_page(command: ModuleType, folder: Path) -> Path:
    (folder / "hostile.ldif").write_text(ldif(NASTY), "utf-8", newline="\n")
    done = command.run("plan", "hostile.ldif", "--rules", "openldap", "--quiet", "-o", "review.html")
    assert 1 == done.code
    return folder / "review.html"


def test_nothing_runs_hides_or_breaks_the_layout(browser: Any, page: Path) -> None:
    browser.open(page)

    for width in (1440, 420):
        browser.look(width, 900)
        for at in browser.run("return [...Array(view.lines.length).keys()]"):
            seen = browser.run(LOOKED, at)
            assert {"ran": None, "elements": 0, "hidden": [], "heights": [38], "wide": False} == seen


LOOKED = r"""
    moveTo(view.lines[arguments[0]]);
    const texts = [document.body.innerText, ...[...document.querySelectorAll("*")].flatMap((element) =>
        [...element.attributes].map((attribute) => attribute.value))];
    return {
        ran: window.ran ?? null,
        elements: document.querySelectorAll("img, iframe, object, a, [onload], [onerror], main script").length,
        hidden: texts.filter((text) => /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(text)),
        heights: [...new Set([...document.querySelectorAll("#lines .line")].map((line) => line.offsetHeight))],
        wide: document.body.scrollWidth > document.body.clientWidth,
    };"""


def test_names_are_shown_as_on_a_terminal(browser: Any, page: Path) -> None:
    browser.open(page)

    assert [shown(name) for name in NASTY] == browser.run("return arguments[0].map((name) => shown(name, 1e4))", NASTY)


def test_it_is_saved_as_it_came(browser: Any, page: Path, command: ModuleType, folder: Path) -> None:
    command.run("plan", "hostile.ldif", "--rules", "openldap", "--quiet", "-o", "plan.json")
    browser.open(page)
    browser.click("#save")
    saved = browser.downloaded("decisions.json")

    assert json.loads((folder / "plan.json").read_bytes())["rows"] == json.loads(saved.read_bytes())["rows"]
    assert len(NASTY) * 2 == len(read_decisions(saved).rows)


def test_the_policy_forbids_whatever_is_not_the_page_itself(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.run(
        "const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        "document.body.append(script);"
        "const image = document.createElement('img'); image.setAttribute('onerror', 'window.ran = 1');"
        "image.src = 'https://example.org/x.png'; document.body.append(image);"
    )
    asked = browser.run_async(
        "fetch('https://example.org/').then(() => 'answered', (error) => error.name).then(arguments[0])"
    )

    assert ("TypeError", None) == (asked, browser.run("return window.ran ?? null"))
    told = browser.log()
    assert told
    assert [] == [message for message in told if "Content Security Policy" not in message]
