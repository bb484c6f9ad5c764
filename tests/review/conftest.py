"""A plan with a row of every role."""

from __future__ import annotations

import pytest

from aliasfix.directory import Source
from aliasfix.plan import Plan, Row


def _row(**columns: object) -> Row:
    usual: dict[str, object] = {
        "role": "rename",
        "decision": "accept",
        "code": "A001",
        "group": "alias:user",
        "dn": "cn=user,cn=Recipients,ou=SITE2,o=ORG",
        "label": "",
        "kind": "person",
        "site": "SITE2",
        "attribute": "uid",
        "old": "user",
        "new": "user-site2",
        "reason": "user stays with cn=user,cn=Recipients,ou=SITE1,o=ORG",
        "rung": "{alias}{joiner}{site}",
        "tried": "",
        "mail": "user@site2.org.com",
        "source": "export.ldif",
        "line": 12,
    }
    return Row(**{**usual, **columns})  # type: ignore[arg-type]  # a test names any column


@pytest.fixture(scope="session", name="row")
def row_factory() -> object:
    """``row(new="x", …)``: a rename, but for the columns that are named."""
    return _row


@pytest.fixture(scope="session", name="plan_of")
def plan_factory() -> object:
    """``plan_of(rows)``: a plan of an Exchange 5.5 export with these rows."""

    def plan_of(rows: list[Row]) -> Plan:
        source = Source("export.ldif", "east", "ab" * 32, "ldif", "utf-8", entries=7, unreadable=1)
        return Plan(tuple(rows), "exchange55", "its entries have rdn and uid", (source,), 7)

    return plan_of


@pytest.fixture(name="plan")
def one_of_each_role(plan_of: object) -> Plan:
    """Five rows: what is kept, renamed, repaired, undecided, blocked."""
    rows = [
        _row(role="keep", decision="", new="", dn="cn=user,cn=Recipients,ou=SITE1,o=ORG", reason="created first"),
        _row(),
        _row(role="repair", code="A104", group="fault:us er", old="us er", new="us.er"),
        _row(role="decide", decision="", new="", old="twin"),
        _row(role="blocked", decision="", new="", old="x", tried="x-a: taken\nx-b: taken"),
    ]
    return plan_of(rows)  # type: ignore[operator,no-any-return]  # a fixture's function
