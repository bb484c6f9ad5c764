"""Distinguished names: read, written, compared (RFC 4514), and the slash form of Exchange 5.5 (Obj-Dist-Name)."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import ucd_3_2_0 as unicode_3_2

from aliasfix.text.equality import fold

RDN = tuple[tuple[str, str], ...]

_TYPE = r"(?:[Oo][Ii][Dd]\.)?([A-Za-z][A-Za-z0-9_-]*|[0-9]+(?:\.[0-9]+)*)"
_AVA = re.compile(
    rf"""\ *{_TYPE}\ *=\ *                          # spaces as RFC 2253 section 4 lets them stand
    (?: "([^"\\]*+(?:\\.[^"\\]*+)*+)"\ *(?=[,;+]|\Z)   # RFC 1779 section 2.3
      | \#((?:[0-9A-Fa-f]{{2}})++)\ *(?=[,;+]|\Z)   # BER
      | (?![\#"])([^\\,;+]*+(?:\\.[^\\,;+]*+)*+) )
    ([,;+]|\Z)""",  # ";" separates in RFC 2253
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.?)", re.DOTALL)
_PLAIN_RDN = re.compile(r" *([A-Za-z][A-Za-z0-9-]*) *=([^\x00-\x1f\"#+;<>\\\x7f-\x9f\ud800-\udfff]*)")
_FIRST_RDN = re.compile(r"([^\\,]*+(?:\\.[^\\,]*+)*+),", re.DOTALL)
_SPECIAL = re.compile(r'[\x00-\x1f"+,;<>\\\x7f\udc80-\udcff]|\A[ #]| \Z')
_PRINTABLE = frozenset(' "#+,;<>\\')
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_SLASHED = re.compile(r"/([A-Za-z][A-Za-z0-9-]*)=(.*?)(?=/[A-Za-z][A-Za-z0-9-]*=|\Z)", re.DOTALL)
_UNIVERSAL_STRINGS = {
    0x04: "utf-8",  # OCTET STRING
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
_SHOWN = 60
_LONG_FORM = 0x80  # of a length; alone it says that the length is indefinite


class DNError(ValueError):
    """The text is no distinguished name; the message is a fragment that says why."""


def parse(dn: str) -> tuple[RDN, ...]:
    r"""The RDNs of ``dn``, first the entry's own, each a tuple of (type, value) with the escapes resolved.

    Read besides RFC 4514: spaces round ``,`` ``=`` ``+``, ``;`` as separator (RFC 2253 section 4), quoted values and
    the prefix ``OID.`` (RFC 1779 section 2.3), ``\`` before any character that is no letter or digit (Unicode 3.2, so
    that every Python reads alike). Hex pairs that are no UTF-8 become lone surrogates, as with the error handler
    ``surrogateescape``. The empty DN is the root.

    Raises:
        DNError: ``dn`` is no DN.
    """
    first = None if '"' in dn or ";" in dn else _FIRST_RDN.match(dn)
    plain = _PLAIN_RDN.fullmatch(first[1]) if first else None
    if first is None or plain is None or not dn[first.end() :].strip(" "):
        return _whole(dn)
    return (((plain[1], plain[2].strip(" ")),), *_parent(dn[first.end() :]))


def _whole(dn: str) -> tuple[RDN, ...]:
    if not dn.strip(" "):
        return ()
    rdns: list[RDN] = []
    avas: list[tuple[str, str]] = []
    position, separator = 0, ","
    while separator:
        ava = _AVA.match(dn, position)
        if not ava:
            raise DNError(f"{_shown(dn[position:])} is not attribute=value")
        kind, quoted, ber, plain, separator = ava.groups()
        if plain is not None:
            value = _unescaped(_stripped(plain))
        elif quoted is not None:
            value = _unescaped(quoted)
        else:
            value = _string_in_ber(ber)
        avas.append((kind, value))
        if separator != "+":
            rdns.append(tuple(avas))
            avas = []
        position = ava.end()
    return tuple(rdns)


_parent = lru_cache(maxsize=4096)(_whole)  # many entries share theirs


def unparse(rdns: tuple[RDN, ...]) -> str:
    r"""The DN of ``rdns`` by RFC 4514 section 2; control characters and octets that are no UTF-8 as ``\XX``."""
    return ",".join("+".join(f"{kind}={_escaped(value)}" for kind, value in rdn) for rdn in rdns)


def key(dn: str) -> str:
    r"""The text two DNs share when they name the same entry.

    Types in lower case, values folded by caseIgnoreMatch (RFC 4518), the AVAs of an RDN sorted, special characters as
    ``\xx``: every comma in a key separates two RDNs. A key is its own key.

    Raises:
        DNError: ``dn`` is no DN.
    """
    if '"' in dn or ";" in dn:
        return _whole_key(dn)
    first = _FIRST_RDN.match(dn)
    if not first:
        return _whole_key(dn)
    parent = _parent_key(dn[first.end() :])
    plain = _PLAIN_RDN.fullmatch(first[1])
    if plain:
        return f"{plain[1].lower()}={_hex_escaped(fold(plain[2].strip(' '), 'rfc4518'))},{parent}"
    return f"{_part_key(first[1])},{parent}"


def rdn(dn: str) -> RDN:
    """The entry's own RDN.

    Raises:
        DNError: ``dn`` is no DN, or the root, which has no RDN.
    """
    rdns = parse(dn)
    if not rdns:
        raise DNError("the root has no RDN")
    return rdns[0]


def in_rdn(dn: str, attribute: str, value: str) -> bool:
    """Whether the entry's own RDN holds the value (caseIgnoreMatch), which then changes only with the DN.

    No modify takes away such a value: RFC 4511 section 4.6, notAllowedOnRDN.

    Raises:
        DNError: ``dn`` is no DN, or the root.
    """
    wanted = attribute.lower()
    if "+" not in dn and dn.lstrip(" ")[: len(wanted)].lower() != wanted:
        return False
    folded = fold(value, "rfc4518")
    return any(kind.lower() == wanted and fold(own, "rfc4518") == folded for kind, own in rdn(dn))


def under(dn_key: str, base_key: str) -> bool:
    """Whether the entry of key ``dn_key`` is the one of ``base_key`` or stands below it; both are from ``key``."""
    return not base_key or dn_key == base_key or dn_key.endswith("," + base_key)


def from_slashes(name: str) -> str:
    """The DN of an Obj-Dist-Name (KB Q239639): ``/o=ORG/ou=SITE/cn=u`` is ``cn=u,ou=SITE,o=ORG``.

    Raises:
        DNError: ``name`` is no Obj-Dist-Name.
    """
    parts = _SLASHED.findall(name)
    if not parts or "".join(f"/{kind}={value}" for kind, value in parts) != name:
        raise DNError(f"{_shown(name)} is not of the form /o=ORG/ou=SITE/cn=NAME")
    return unparse(tuple(((kind, value),) for kind, value in reversed(parts)))


def to_slashes(dn: str) -> str:
    """The Obj-Dist-Name of a DN, see ``from_slashes``.

    Raises:
        DNError: ``dn`` is no DN, or has no slash form: the root, an RDN of several values, a value like ``a/cn=b``.
    """
    rdns = parse(dn)
    name = "".join(f"/{kind}={value}" for rdn in reversed(rdns) for kind, value in rdn)
    if any(len(rdn) > 1 for rdn in rdns) or len(_SLASHED.findall(name)) != len(rdns) or not rdns:
        raise DNError(f"{_shown(dn)} has no slash form")
    return name


def _part_key(dn: str) -> str:
    if not dn.strip(" "):
        raise DNError("an RDN is missing before or after a comma")
    return _whole_key(dn)


_parent_key = lru_cache(maxsize=4096)(_part_key)


def _whole_key(dn: str) -> str:
    return ",".join(
        "+".join(sorted(f"{kind.lower()}={_hex_escaped(_folded(value))}" for kind, value in rdn)) for rdn in parse(dn)
    )


def _folded(value: str) -> str:
    return value if _NOT_UTF8.search(value) else fold(value, "rfc4518")


def _hex_escaped(value: str) -> str:
    return _SPECIAL.sub(_hex_pairs, value)


def _escaped(value: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0] if found[0] in _PRINTABLE else _hex_pairs(found).upper(), value)


def _hex_pairs(found: re.Match[str]) -> str:
    return "".join(f"\\{octet:02x}" for octet in found[0].encode("utf-8", "surrogateescape"))


def _stripped(value: str) -> str:
    """Without the spaces at its end, of which an escaped one is the value's own."""
    stripped = value.rstrip(" ")
    escaped = (len(stripped) - len(stripped.rstrip("\\"))) % 2
    return stripped + " " if escaped and stripped != value else stripped


def _unescaped(value: str) -> str:
    return _ESCAPES.sub(_character, value) if "\\" in value else value


def _character(escape: re.Match[str]) -> str:
    pairs, character = escape.groups()
    if pairs:
        return bytes.fromhex(pairs.replace("\\", "")).decode("utf-8", "surrogateescape")
    if not character or unicode_3_2.category(character)[0] in "LN":
        raise DNError(f"\\{character} is no escape")
    return str(character)


def _string_in_ber(digits: str) -> str:
    """The text of a string in BER (X.690 section 8), which RFC 4514 section 2.4 writes after ``#``."""
    octets = bytes.fromhex(digits)
    start, length = 2, int.from_bytes(octets[1:2], "big")
    indefinite = length == _LONG_FORM or len(octets) < start
    if length > _LONG_FORM:
        start += length - _LONG_FORM
        length = int.from_bytes(octets[2:start], "big")
    encoding = _UNIVERSAL_STRINGS.get(octets[0])
    if not encoding or indefinite or len(octets) != start + length:
        raise DNError(f"#{_shown(digits)} is no string in BER")
    try:
        return octets[start:].decode(encoding, "surrogateescape")
    except UnicodeDecodeError as error:
        raise DNError(f"#{_shown(digits)} is no string in BER") from error


def _shown(text: str) -> str:
    """A piece of ``text`` that is safe to print."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
