from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aliasfix.ldap import dn

if TYPE_CHECKING:
    from collections.abc import Callable

READ = {
    "": (),
    "  ": (),
    "cn=a,dc=x": ((("cn", "a"),), (("dc", "x"),)),
    "CN = a , DC = x ": ((("CN", "a"),), (("DC", "x"),)),
    "cn=a;dc=x": ((("cn", "a"),), (("dc", "x"),)),
    "cn=a+sn=b,dc=x": ((("cn", "a"), ("sn", "b")), (("dc", "x"),)),
    r"cn=Doe\, John,dc=x": ((("cn", "Doe, John"),), (("dc", "x"),)),
    r"cn=Doe\2C John,dc=x": ((("cn", "Doe, John"),), (("dc", "x"),)),
    'cn="Doe, John" ,dc=x': ((("cn", "Doe, John"),), (("dc", "x"),)),
    r'cn="Jo \"J\" Doe",dc=x': ((("cn", 'Jo "J" Doe'),), (("dc", "x"),)),
    'cn=Jo "J" Doe,dc=x': ((("cn", 'Jo "J" Doe'),), (("dc", "x"),)),
    'cn=""': ((("cn", ""),),),
    "cn=,dc=x": ((("cn", ""),), (("dc", "x"),)),
    r"cn=M\C3\BCller": ((("cn", "Müller"),),),
    r"cn=M\c3\bcller": ((("cn", "Müller"),),),
    "cn=Müller": ((("cn", "Müller"),),),
    r"cn=\FCber": ((("cn", "\udcfcber"),),),
    r"cn=a\0ACNF:0b1c": ((("cn", "a\nCNF:0b1c"),),),
    r"cn=a\ ,dc=x": ((("cn", "a "),), (("dc", "x"),)),
    r"cn=a\  ,dc=x": ((("cn", "a "),), (("dc", "x"),)),
    r"cn=a\\ ,dc=x": ((("cn", "a\\"),), (("dc", "x"),)),
    r"cn=a\20": ((("cn", "a "),),),
    r"cn=\ a": ((("cn", " a"),),),
    r"cn=\#a": ((("cn", "#a"),),),
    "cn=a#b=c": ((("cn", "a#b=c"),),),
    r"cn=a\/b": ((("cn", "a/b"),),),
    "my_attribute=a": ((("my_attribute", "a"),),),
    "2.5.4.3=a": ((("2.5.4.3", "a"),),),
    "OID.2.5.4.3=a": ((("2.5.4.3", "a"),),),
    "oid.2.5.4.3=a": ((("2.5.4.3", "a"),),),
    "1.3.6.1.4.1.1466.0=#04024869,DC=example": ((("1.3.6.1.4.1.1466.0", "Hi"),), (("DC", "example"),)),
    "cn=#0C034CC3BC": ((("cn", "Lü"),),),
    "cn=#1E0400410042": ((("cn", "AB"),),),
    "cn=#14024CFC": ((("cn", "Lü"),),),
    "cn=#0481024142 , dc=x": ((("cn", "AB"),), (("dc", "x"),)),
    "cn=#0401FF": ((("cn", "\udcff"),),),
}

REFUSED = [
    "this is not a dn",
    "cn",
    "=a",
    "cn=a,",
    "cn=a, ",
    ",cn=a",
    "cn=a,,dc=x",
    "cn=a+",
    "cn=a;;dc=x",
    ",",
    ";",
    "cn=Doe, John,dc=x",
    "cn=a\\",
    r"cn=a\g",
    r"cn=a\ü",
    r"cn=a\4",
    'cn="a',
    'cn="a" b',
    "cn=#",
    "cn=#0",
    "cn=#zz",
    "cn=#04",
    "cn=#040241",
    "cn=#04024142FF",
    "cn=#0481",
    "cn=#0480",
    "cn=#0480" + "41" * 128,
    "cn=#020101",
    "c n=a",
    "cn;lang-en=a",
    "2.=a",
    "ü=a",
    "${SUFFIX}",
]

KEYS = {
    "CN=User,OU=Site,DC=x": "cn=user,ou=site,dc=x",
    " cn = USER ; ou = site ; dc = x ": "cn=user,ou=site,dc=x",
    "cn=a  b,dc=x": "cn=a b,dc=x",
    r"CN=Doe\, John,dc=x": r"cn=doe\2c john,dc=x",
    "sn=b+CN=a,dc=x": "cn=a+sn=b,dc=x",
    r"cn=M\C3\9CLLER": "cn=müller",
    "cn=a\\\u0242b": "cn=a\u0242b",  # a letter since Unicode 5.0
    r"cn=\FCBER,dc=x": r"cn=\fcBER,dc=x",
    r"cn=a\+b,dc=x": r"cn=a\2bb,dc=x",
    "OID.2.5.4.3=A": "2.5.4.3=a",
    "cn=,dc=x": "cn=,dc=x",
    "": "",
    "  ": "",
}


@pytest.mark.parametrize(("text", "rdns"), READ.items())
def test_reads(text: str, rdns: tuple[dn.RDN, ...]) -> None:
    assert rdns == dn.parse(text)


@pytest.mark.parametrize("read", [dn.parse, dn.key, dn.rdn, dn.to_slashes], ids=lambda read: read.__name__)
@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str, read: Callable[[str], object]) -> None:
    with pytest.raises(dn.DNError):
        read(text)


@pytest.mark.parametrize(("text", "key"), KEYS.items())
def test_key(text: str, key: str) -> None:
    assert key == dn.key(text)


def test_writes_as_rfc_4514_section_2_4_says() -> None:
    rdns = ((("cn", ' #"+,;<>\\=\0\r ü '), ("sn", "#a")), (("OU", "\udcfc"),))
    expected = r"cn=\ #\"\+\,\;\<\>\\=\00\0D ü\ +sn=\#a,OU=\FC"
    assert expected == dn.unparse(rdns)


def test_the_rdn_of_the_root_is_none() -> None:
    expected = (("cn", "a"), ("sn", "b"))
    assert expected == dn.rdn("cn=a+sn=b,dc=x")
    with pytest.raises(dn.DNError, match="the root has no RDN"):
        dn.rdn("")


@pytest.mark.parametrize(
    ("entry", "base", "expected"),
    [
        ("cn=a,ou=b,dc=x", "ou=b,dc=x", True),
        ("cn=a,ou=b,dc=x", "CN=A, OU=B, DC=X", True),
        ("cn=a,ou=b,dc=x", "", True),
        ("", "", True),
        ("", "dc=x", False),
        ("ou=b,dc=x", "cn=a,ou=b,dc=x", False),
        ("cn=a,ou=bb,dc=x", "ou=b,dc=x", False),
        ("cn=aou=b,dc=x", "ou=b,dc=x", False),
        (r"cn=a\,dc=x", "dc=x", False),
        (r"cn=a\5c\,dc=x", "dc=x", False),
        (r"cn=a\\,dc=x", "dc=x", True),
    ],
)
def test_under(entry: str, base: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert expected == dn.under(dn.key(entry), dn.key(base))


@pytest.mark.parametrize(
    ("slashes", "text"),
    [
        ("/o=ORG/ou=SITE/cn=Recipients/cn=u", "cn=u,cn=Recipients,ou=SITE,o=ORG"),
        ("/o=ORG/ou=SITE/cn=Recipients/cn=Doe, John", r"cn=Doe\, John,cn=Recipients,ou=SITE,o=ORG"),
        ("/o=ORG/ou=A/B/cn=u", "cn=u,ou=A/B,o=ORG"),
        ("/o=ORG", "o=ORG"),
    ],
)
def test_slashes(slashes: str, text: str) -> None:
    assert text == dn.from_slashes(slashes)
    assert slashes == dn.to_slashes(text)


@pytest.mark.parametrize("text", ["", "/", "o=ORG", "x/o=ORG", "/ORG", "/o", "//o=ORG"])
def test_no_slash_form(text: str) -> None:
    with pytest.raises(dn.DNError):
        dn.from_slashes(text)


@pytest.mark.parametrize("text", ["", "cn=a+sn=b,o=ORG", "cn=a/cn=b,o=ORG"])
def test_no_slashes_for(text: str) -> None:
    with pytest.raises(dn.DNError, match="no slash form"):
        dn.to_slashes(text)


def test_an_error_shows_a_piece_that_is_safe_to_print() -> None:
    with pytest.raises(dn.DNError) as caught:
        dn.parse("\x1b[31m" + "x" * 10_000)
    assert f"'\\x1b[31m{'x' * 55}...' is not attribute=value" == str(caught.value)


types = st.sampled_from(("cn", "CN", "uid", "ou", "DC", "x-y", "my_type", "2.5.4.3", "0.9.2342.19200300.100.1.1"))
texts = st.one_of(st.text(), st.text(alphabet=' ,+;"\\#=<>aAzü\0\n'), st.sampled_from(("user", "Doe, John", "Müller")))
octets = st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))
rdns_of = st.lists(
    st.lists(st.tuples(types, st.one_of(texts, octets)), min_size=1, max_size=3).map(tuple), max_size=4
).map(tuple)


@given(rdns_of)
def test_what_is_written_is_read_back(rdns: tuple[dn.RDN, ...]) -> None:
    assert rdns == dn.parse(dn.unparse(rdns))


@given(rdns_of)
def test_what_is_written_is_safe_in_a_line(rdns: tuple[dn.RDN, ...]) -> None:
    text = dn.unparse(rdns)
    assert text.isprintable() or not text.isascii()
    assert {"\0", "\r", "\n"}.isdisjoint(text)
    text.encode()


@given(rdns_of)
def test_a_key_is_its_own_key(rdns: tuple[dn.RDN, ...]) -> None:
    key = dn.key(dn.unparse(rdns))
    assert key == dn.key(key)
    assert len(rdns) == len(key.split(",")) if key else not rdns
    key.encode()


@given(st.text(alphabet=' ,+;"\\#=<>aA1Fcn'))
@example("cn=a\\ ,cn=b")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rdns = dn.parse(text)
    except dn.DNError:
        with pytest.raises(dn.DNError):
            dn.key(text)
    else:
        assert rdns == dn.parse(dn.unparse(rdns))
        assert dn.key(text) == dn.key(dn.unparse(rdns))


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A DN as RFC 4514 writes it, and another spelling of it."""
    rdns = draw(rdns_of)
    separator = draw(st.sampled_from((",", ";")))
    return dn.unparse(rdns), separator.join(_respelled_rdn(draw, rdn) for rdn in rdns)


def _respelled_rdn(draw: st.DrawFn, rdn: dn.RDN) -> str:
    avas = ((_respelled_type(draw, kind), _respelled(draw, value)) for kind, value in draw(st.permutations(rdn)))
    return "+".join(
        "".join((_spaces(draw), kind, _spaces(draw), "=", _spaces(draw), value, _spaces(draw))) for kind, value in avas
    )


def _spaces(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(("", " ", "  ")))


def _respelled_type(draw: st.DrawFn, kind: str) -> str:
    if kind[0].isdigit():
        return draw(st.sampled_from(("", "OID.", "oid."))) + kind
    return draw(st.sampled_from((kind, kind.upper(), kind.lower())))


def _respelled(draw: st.DrawFn, value: str) -> str:
    form = draw(st.sampled_from(("pairs", "quoted", "ber", "case")))
    raw = value.encode("utf-8", "surrogateescape")
    if form == "pairs":
        return "".join(f"\\{octet:02{draw(st.sampled_from('xX'))}}" for octet in raw)
    if form == "ber" and len(raw) <= 0xFF:
        return f"#04{len(raw):02X}{raw.hex()}" if len(raw) < 0x80 else f"#0481{len(raw):02X}{raw.hex()}"
    if form == "quoted" and not any("\udc80" <= character <= "\udcff" for character in value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if form == "case" and value.isascii():
        return dn.unparse(((("cn", value.swapcase()),),)).removeprefix("cn=")
    return dn.unparse(((("cn", value),),)).removeprefix("cn=")


@given(spellings())
def test_spellings_of_one_dn_have_one_key(pair: tuple[str, str]) -> None:
    plain, other = pair
    assert dn.key(plain) == dn.key(other)


@given(st.lists(st.tuples(types, texts.filter(lambda value: "/" not in value)), min_size=1))
def test_slashes_are_read_back(avas: list[tuple[str, str]]) -> None:
    text = dn.unparse(tuple((ava,) for ava in avas if ava[0].isalpha()))
    if text:
        assert text == dn.from_slashes(dn.to_slashes(text))


@pytest.mark.parametrize(
    "piece", ["cn=a,", "cn=a+", "cn= \\ ,", "cn=" + "\\," * 10 + ",", 'cn="a" ,', "cn=#0400,", " "]
)
def test_long_names_take_linear_time(piece: str) -> None:
    def seconds(pieces: int) -> float:
        best = 1e9
        for turn in range(3):
            text = piece * pieces + f"cn={turn}"  # each its own, for keys are remembered
            start = time.process_time()
            dn.key(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(32_000) < 16 * 4 * seconds(2000) + 0.01


@pytest.mark.parametrize(
    ("name", "attribute", "value", "expected"),
    [
        ("uid=anna,dc=x", "uid", "anna", True),
        ("UID=Anna,dc=x", "uid", "ANNA", True),
        (" uid = anna ,dc=x", "uid", "anna", True),
        ("cn=a+uid=anna,dc=x", "uid", "anna", True),
        ("uid=\\61nna,dc=x", "uid", "anna", True),
        ("uid=anna2,dc=x", "uid", "anna", False),
        ("uidNumber=1,dc=x", "uid", "1", False),
        ("cn=anna,uid=anna,dc=x", "uid", "anna", False),
    ],
)
def test_a_value_of_the_rdn_is_known(name: str, attribute: str, value: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert expected == dn.in_rdn(name, attribute, value)
