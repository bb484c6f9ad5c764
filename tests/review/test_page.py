"""The bytes of the review page; what it does in a browser is tested in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliasfix import columns, open_exports
from aliasfix.engine.taken import TakenKeys, taken_keys
from aliasfix.errors import InputError
from aliasfix.importer.mentions import Mention, Mentions
from aliasfix.plan import Memory, fingerprint
from aliasfix.review import bloom, page, read_decisions, write_plan
from aliasfix.review.columns import PLAN_COLUMNS
from aliasfix.review.page import Beside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aliasfix.plan import Plan, Row


class Parts(html.parser.HTMLParser):
    """Where each script and style element begins and ends, as a browser sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), ""))
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""

    def handle_endtag(self, _tag: str) -> None:
        self.elements.append(("", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.elements:
            tag, attrs, text = self.elements[-1]
            self.elements[-1] = (tag, attrs, text + data)


def parsed(raw: bytes) -> Parts:
    parts = Parts()
    parts.feed(raw.decode())
    parts.close()
    return parts


def data(raw: bytes) -> Any:
    (text,) = (text for tag, attrs, text in parsed(raw).elements if tag == "script" and attrs.get("id") == "data")
    return json.loads(text)


def rows_of(blob: Any) -> list[dict[str, str]]:
    spread = {
        name: column if isinstance(column, list) else [column["words"][number] for number in column["at"]]
        for name, column in blob["rows"].items()
    }
    return [dict(zip(spread, cells, strict=True)) for cells in zip(*spread.values(), strict=True)]


def test_equal_plans_give_equal_pages(plan: Plan) -> None:
    assert write_plan(plan, ".html") == write_plan(replace(plan), ".HTML")
    assert b"\r" not in write_plan(plan, ".html")


def test_every_cell_is_in_the_page(plan: Plan) -> None:
    expected = [{**row.texts(), "fingerprint": fingerprint(row.texts())} for row in plan.rows]
    blob = data(write_plan(plan, ".html"))

    assert expected == rows_of(blob)
    assert list(PLAN_COLUMNS) == list(blob["rows"])
    assert plan.hash() == blob["head"]["hash"]


def test_the_policy_names_this_script_and_this_style_and_nothing_else(plan: Plan) -> None:
    parts = parsed(write_plan(plan, ".html"))

    def source(tag: str) -> str:
        (text,) = (t for name, attrs, t in parts.elements if name == tag and attrs.get("type") != "application/json")
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert (
        f"default-src 'none'; script-src {source('script')}; style-src {source('style')}; "
        "base-uri 'none'; form-action 'none'" == parts.policy
    )


def test_it_asks_for_nothing_and_handles_nothing_inline(plan: Plan) -> None:
    raw = write_plan(plan, ".html")

    assert [] == re.findall(rb"https?://(?!www\.w3\.org/2000/svg)", raw)
    assert {"src", "href", "style"} & {name for _, attrs, _ in parsed(raw).elements for name in attrs} == set()
    assert [] == [n for _, attrs, _ in parsed(raw).elements for n in attrs if n.startswith("on")]


@pytest.mark.parametrize("name", page.SCRIPTS)
def test_nothing_becomes_markup(name: str) -> None:
    script = (page.FOLDER / f"{name}.js").read_text("utf-8")

    assert [] == re.findall(
        r"(inner|outer|insertAdjacent|set)HTML|document\.write|\beval\b|Function\(|DOMParser|srcdoc|cssText", script
    )


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_no_text_breaks_out_of_the_block(texts: dict[str, str]) -> None:
    block = page.block(texts)

    assert texts == json.loads(block)
    assert [] == re.findall("[<>&\u2028\u2029\r\n]", block)


@pytest.mark.parametrize(
    "text", ["</script><script>x</script>", "<!--<script>", "&lt;", "\u2028\u2029", "]]>", "{{script}}"]
)
def test_a_hostile_cell_stays_a_cell(text: str, plan_of: Callable[[list[Row]], Plan], row: Callable[..., Row]) -> None:
    raw = write_plan(plan_of([row(old=text, dn=text, reason=text)]), ".html")

    assert [text] * 3 == [rows_of(data(raw))[0][name] for name in ("old", "dn", "reason")]
    assert 2 == raw.count(b"</script>")


def test_a_column_of_few_values_has_each_once(plan_of: Callable[[list[Row]], Plan], row: Callable[..., Row]) -> None:
    blob = data(write_plan(plan_of([row(dn=f"cn={n},o=ORG") for n in range(4)]), ".html"))

    assert {"words": ["SITE2"], "at": [0, 0, 0, 0]} == blob["rows"]["site"]
    assert [f"cn={n},o=ORG" for n in range(4)] == blob["rows"]["dn"]


def test_what_is_beside_the_plan_is_in_the_page(plan: Plan) -> None:
    mention = Mention("user", "user-site2", "homeDirectory", "/home/user", "cn=x,o=ORG", "export.ldif", 4)
    keys = TakenKeys(("uid",), "rfc4518", columns.strings(["user", "anna"]))
    blob = data(write_plan(plan, ".html", lambda: Beside((keys,), Mentions((mention,), 1), "aliasfix write x.ldif")))

    assert "aliasfix write x.ldif" == blob["then"]
    assert (1, 1) == (blob["mentions"]["found"], blob["mentions"]["carried"])
    assert (["/home/user"], ["4"]) == tuple(blob["mentions"]["rows"][name] for name in ("value", "line"))
    assert [{"attributes": ["uid"], "equality": "rfc4518", **bloom.packed(keys.keys)}] == blob["taken"]


def test_only_a_page_asks_what_is_beside_the_plan(plan: Plan) -> None:
    def asked() -> Beside:
        raise AssertionError

    for suffix in (".csv", ".xlsx", ".json"):
        assert write_plan(plan, suffix) == write_plan(plan, suffix, asked)


def test_a_page_is_no_file_of_decisions(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    path.write_bytes(write_plan(plan, ".html"))

    with pytest.raises(InputError) as refused:
        read_decisions(path)
    assert (
        f"{path}: a page keeps no decisions in its own file",
        "save the decisions in the page, and give the file that it saves",
    ) == (str(refused.value), refused.value.hint)


def test_hashes_are_fnv_1a() -> None:
    # draft-eastlake-fnv, test vectors of 32 bits
    assert [0x811C9DC5, 0xE40C292C, 0xBF9CF968] == bloom.hashes(columns.strings(["", "a", "foobar"])).tolist()


def test_keys_that_are_taken(tmp_path: Path) -> None:
    export = tmp_path / "export.ldif"
    export.write_text("dn: cn=A,o=x\nobjectClass: inetOrgPerson\nuid: Müller\nuid: anna\n\n", "utf-8", newline="\n")
    job = open_exports([str(export)], "openldap")
    memory = Memory(reserved=("Root",), held=(("cn=b,o=x", "Gone"),))

    (uid,) = taken_keys(job.directory, job.ruleset, memory)
    assert (("uid",), ["anna", "gone", "müller", "root"]) == (uid.attributes, sorted(columns.texts(uid.keys)))
