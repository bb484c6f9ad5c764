"""From the exports to the change file by way of the page, as a person goes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aliasfix.errors import Where
from aliasfix.ldap.changes import parse
from aliasfix.review import read_decisions

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SITES = ("--site-code", "Berlin=ber", "--site-code", "London=lon")
NOWHERE = Where("")
STATUS = "return document.querySelector('#status').textContent"
SEEN = """return [...document.querySelectorAll("#lines .line:not(.group)")].map((line) =>
    [".role > *", ".old > *", ".new > *", ".state"].map((selector) => line.querySelector(selector).textContent))"""


@pytest.fixture(name="page")
def page_of_two_sites(command: ModuleType, folder: Path) -> Path:
    """The page of the plan for ``corp.ldf``."""
    done = command.run("plan", "corp.ldf", *SITES, "--quiet", "-o", "review.html")
    assert (1, "") == (done.code, done.err)
    return folder / "review.html"


def changed(raw: bytes) -> set[tuple[str, str, str]]:
    """DN, old and new alias of each record of a change file."""
    return {(change.dn, swap.old.decode(), swap.new.decode()) for change in parse(raw) for swap in change.swaps}


def edit(browser: Any, dn: str, name: str) -> None:
    """Search the entry, and type another name for it."""
    browser.type("#search", dn)
    browser.click("#lines .line:not(.group) [data-act=edit]")
    browser.type(".card.active input", name)


def test_from_the_exports_to_the_change_file(
    browser: Any, page: Path, command: ModuleType, driver: ModuleType, folder: Path
) -> None:
    browser.open(page)

    browser.choose("#by-site", "London")
    assert [
        ["rename", "Anna", "anna.jones", "accepted"],
        ["rename", "carol", "carol-lon", "accepted"],
        ["rename", "info", "info-lon", "accepted"],
        ["rename", "plang", "peter.lang", "accepted"],
        ["keep", "sales", "", "keeps it"],
    ] == browser.run(SEEN)

    edit(browser, "anna jones", "Sales")
    told = "return document.querySelector('.card.active .objection').textContent"
    assert "Refused by write: it is taken: somebody holds it, held it, or it is reserved." == browser.run(told)
    browser.keys(driver.ENTER)
    assert [["rename", "Anna", "Sales", "refused"]] == [
        [*row[:2], row[2].removesuffix(" ✎"), row[3]] for row in browser.run(SEEN)
    ]
    browser.click("#save")
    refused = browser.downloaded("decisions.json").rename(folder / "taken.json")
    assert (
        'Saved decisions.json. Write will refuse it for 1 edited name: the filter "Decision" finds them.'
        == browser.run(STATUS)
    )
    done = command.run("write", "corp.ldf", *SITES, "--plan", "taken.json", "-o", "changes.ldif", "--quiet")
    assert 2 == done.code
    assert (
        'mailNickname "Anna" of CN=Anna Jones,OU=Staff,OU=London,DC=corp,DC=example: "Sales" is refused: taken'
        in done.err
    )
    assert "Sales" == next(d.new for d in read_decisions(refused) if d.decision == "edit")

    edit(browser, "anna jones", "anna-london")
    assert "Free, as far as the exports say." == browser.run(told)
    browser.keys(driver.ENTER)
    browser.click("#clear")
    browser.click("#lines .group:has([title='alias:carol']) [data-act=reject]")
    browser.click("#save")
    browser.downloaded("decisions.json").rename(folder / "decisions.json")

    done = command.run("write", "corp.ldf", *SITES, "--plan", "decisions.json", "-o", "changes.ldif", "--quiet")
    assert (1, "") == (done.code, done.err)
    assert {
        ("CN=Anna Jones,OU=Staff,OU=London,DC=corp,DC=example", "Anna", "anna-london"),
        ("CN=Grüße Empfang,OU=Berlin,DC=corp,DC=example", "Front Desk", "FrontDesk"),
        ("CN=Information London,OU=Shared,OU=London,DC=corp,DC=example", "info", "info-lon"),
        ("CN=Peter Lang,OU=Leavers,OU=London,DC=corp,DC=example", "plang", "peter.lang"),
        ("CN=Sales Berlin,OU=Groups,OU=Berlin,DC=corp,DC=example", "sales", "sales-ber"),
    } == changed((folder / "changes.ldif").read_bytes())


def test_what_is_not_touched_is_the_plan(browser: Any, page: Path, command: ModuleType, folder: Path) -> None:
    browser.open(page)
    browser.click("#save")
    browser.downloaded("decisions.json").rename(folder / "decisions.json")
    command.run("plan", "corp.ldf", *SITES, "--quiet", "-o", "plan.json")

    untouched, planned = (read_decisions(folder / name) for name in ("decisions.json", "plan.json"))
    assert [replace(d, where=NOWHERE) for d in planned] == [replace(d, where=NOWHERE) for d in untouched]


def test_with_the_keyboard_alone(browser: Any, page: Path, driver: ModuleType) -> None:
    browser.open(page)
    browser.run("document.querySelector('#grid').focus()")
    accepted = ["rename", "Anna", "anna.jones", "accepted"]

    browser.keys(driver.DOWN, "r")
    assert ["rename", "Anna", "anna.jones", "rejected"] == browser.run(SEEN)[1]
    browser.keys("a")
    assert accepted == browser.run(SEEN)[1]
    browser.keys("e", *"x", driver.ENTER)
    assert ["rename", "Anna", "x ✎", "edited"] == browser.run(SEEN)[1]
    browser.keys("z")
    assert accepted == browser.run(SEEN)[1]
    browser.keys(driver.LEFT)
    assert ["keep", "carol", "", "keeps it"] == browser.run(SEEN)[0]
    browser.keys("r")
    browser.keys(driver.RIGHT)
    assert ["rename", "Anna", "anna.jones", "rejected"] == browser.run(SEEN)[1]
    browser.keys("z", held=driver.CONTROL)
    assert accepted == browser.run(SEEN)[1]
    browser.keys("y", held=driver.CONTROL)
    browser.keys("/", *"front")
    assert [["repair", "Front Desk", "FrontDesk", "accepted"]] == browser.run(SEEN)


def test_decisions_outlive_a_reload(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.choose("#by-kind", "shared")
    browser.click("#rejectshown")
    browser.reload()

    assert "1 decision of an earlier visit is back." == browser.run(STATUS)
    browser.choose("#by-decision", "rejected")
    assert [["rename", "info", "info-lon", "rejected"]] == browser.run(SEEN)
    browser.run("document.querySelector('.card.active [data-act=reset]').click()")
    browser.reload()
    assert "" == browser.run(STATUS)


def test_one_word_on_all_that_is_shown(browser: Any, page: Path, driver: ModuleType) -> None:
    browser.open(page)
    browser.click("#rejectshown")
    assert "6 rows rejected." == browser.run(STATUS)
    browser.choose("#by-site", "London")
    browser.click("#acceptshown")
    assert "4 rows accepted." == browser.run(STATUS)
    browser.click("#renameshown")
    browser.type("#pattern", "{mail}.{site}")
    assert ["Anna → anna.jones.London", "carol → carol.London"] == browser.run(
        "return [...document.querySelectorAll('#previews li')].map((item) => item.textContent)"
    )[:2]
    browser.keys(driver.ENTER)
    assert "4 rows renamed." == browser.run(STATUS)
    browser.click("#undo")
    assert "Took back 4 rows." == browser.run(STATUS)
    browser.click("#grouped")
    browser.click("[data-column=new] button")
    browser.click("[data-column=new] button")
    assert ["peter.lang", "info-lon", "carol-lon", "anna.jones", ""] == [row[2] for row in browser.run(SEEN)]


def test_a_clash_is_told_as_a_whole(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.type("#search", "front desk")

    assert [
        "alias:front desk",
        "A102 characters. The value holds characters that its attribute does not allow.",
        "repairacceptedFront Desk → FrontDesk",
        "Why: it has characters that are not allowed: space",
        "By the template: {alias}",
    ] == browser.run(TOLD)
    browser.type("#search", "plang")
    assert ["Mentions", MENTIONED] == [browser.run(TOLD)[-1], browser.run(FIRST)]


FIRST = "return document.querySelector('.mentions li').textContent"
MENTIONED = "sAMAccountName plang of CN=Peter Lang,OU=Leavers,OU=London,DC=corp,DC=example"
TOLD = """
    const text = (element) => element.textContent;
    const all = (selector) => [...document.querySelectorAll(`#detail ${selector}`)];
    return [...all("h2").map(text), ...all("h2 + p").map(text), text(all(".cardhead")[0]) + text(all(".names")[0]),
        ...all("dt").slice(0, 2).map((term) => `${text(term)}: ${text(term.nextSibling)}`), ...all("h3").map(text)];"""


def test_a_clash_is_renamed_by_a_pattern(browser: Any, page: Path, driver: ModuleType) -> None:
    browser.open(page)
    browser.run("document.querySelector('#grid').focus()")

    browser.keys(driver.UP, "e")
    browser.type("#pattern", "{old}.{site}.{kind}")
    browser.keys(driver.ENTER)
    assert ["rename", "Anna", "Anna.London.person ✎", "edited"] == browser.run(SEEN)[1]
    browser.keys("e")
    browser.keys(driver.ESCAPE)
    assert "1 row renamed." == browser.run(STATUS)


def test_who_thinks_better_of_it_presses_escape(browser: Any, page: Path, driver: ModuleType) -> None:
    browser.open(page)
    browser.run("document.querySelector('#grid').focus()")

    browser.keys(driver.DOWN, "e", *"info", driver.ESCAPE)
    assert ["rename", "Anna", "anna.jones", "accepted"] == browser.run(SEEN)[1]
    assert ["grid", "anna.jones"] == browser.run(
        "return [document.activeElement.id, document.querySelector('.card.active input').value]"
    )


def test_a_question_is_not_answered_with_all_others(browser: Any, command: ModuleType, folder: Path) -> None:
    command.run("plan", "site1.csv", "site2.csv", "--quiet", "-o", "review.html")
    browser.open(folder / "review.html")

    browser.click("#acceptshown")
    assert "0 rows accepted. 1 row asks a question: answer it there, or filter for the role decide." == browser.run(
        STATUS
    )
    browser.click(".tile.decide")
    browser.click("#acceptshown")
    assert "1 row accepted." == browser.run(STATUS)


def test_paper_has_the_rows(browser: Any, page: Path) -> None:
    browser.open(page)
    browser.choose("#by-kind", "shared")
    browser.look(1000, 700, media="print")
    browser.run("dispatchEvent(new Event('beforeprint'))")

    assert [["keeps it", "keep", "info"], ["accepted", "rename", "info"], ["keeps it", "keep", "sales"]] == browser.run(
        "return [...document.querySelectorAll('#paper tr')].slice(1).map((line) =>"
        "[...line.children].slice(0, 3).map((cell) => cell.innerText))"
    )
    assert [0, 0] == browser.run(
        "return ['.work', '.filters'].map((name) => document.querySelector(name).offsetHeight)"
    )
    assert browser.run("return document.body.scrollWidth <= document.body.clientWidth")
    browser.run("dispatchEvent(new Event('afterprint'))")
