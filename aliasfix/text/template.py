"""One rung of a ladder: how a name is made from an entry's fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from aliasfix.text import transliterate
from aliasfix.text.patterns import character_class

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEPARATORS = "._-"
_RUN_OF_SEPARATORS = re.compile(f"([{SEPARATORS}])[{SEPARATORS}]+")
_INITIAL = re.compile(r"(?:^|[\s-])[^A-Za-z0-9\s-]*([A-Za-z0-9])")
_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_BETWEEN_WORDS = re.compile(r"[._,;:/\\|@()\[\]+-]")
_TIGHT = re.compile(r"[,;:/\\|@()\[\]+-]")  # Anna-Maria Berg without its space would be anna-mariaberg
_OPEN_COUNTER_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """How names are spelled: the insides of two character classes, the length in characters, and the joiner."""

    characters: str
    first: str
    maximum: int
    joiner: str
    lower: bool
    table: str = transliterate.DEFAULT  # of letters beyond ASCII

    def allowed(self, text: str) -> str:
        """The text without the characters that names may not have, in lower case if they have to be."""
        return _allowed(text, self.characters, self.lower)

    def field(self, value: str) -> str:
        """A field's value as it may stand in a name."""
        return _field(value, self.characters, self.joiner, self.table, self.lower)

    def from_start(self, text: str) -> str:
        """The text from the first character on that a name may start with."""
        found = character_class(self.first).search(text)
        return text[found.start() :] if found else ""


@lru_cache(maxsize=256)
def _others(characters: str) -> re.Pattern[str]:
    """All that is not in the class."""
    return re.compile(f"(?:(?!{character_class(characters).pattern}).)+", re.DOTALL)


@lru_cache(maxsize=256)
def _allowed(text: str, characters: str, lower: bool) -> str:  # noqa: FBT001 - a part of the key
    return _others(characters).sub("", text.lower() if lower else text)


@lru_cache(maxsize=65536)  # those who clash have their fields in common
def _field(value: str, characters: str, joiner: str, table: str, lower: bool) -> str:  # noqa: FBT001 - a part of the key
    spelled = transliterate.ascii(value, table)
    glue = _allowed(joiner, characters, lower)
    loose = bool(_TIGHT.search(spelled))

    def instead(found: re.Match[str]) -> str:
        """The joiner for a separator, and for white space beside tighter ones: de la Cruz is delacruz."""
        return glue if _BETWEEN_WORDS.search(found[0]) or (loose and found[0].isspace()) else ""

    return _collapsed(_others(characters).sub(instead, spelled.lower() if lower else spelled)).strip(SEPARATORS)


def _collapsed(text: str) -> str:
    """The first separator stands for a run of them."""
    return _RUN_OF_SEPARATORS.sub(r"\1", text)


def _cut(text: str, length: int, least: int = 0) -> str:
    """At most so long, and longer than ``least`` if it can be; behind a whole word where that costs a third at most."""
    cut = text[: max(length, 0)].rstrip(SEPARATORS)
    if len(text) <= length or text[length : length + 1] in SEPARATORS:
        return cut
    words = cut[: max(cut.rfind(s) for s in SEPARATORS) + 1].rstrip(SEPARATORS)
    return words if len(words) > least and 3 * len(words) >= 2 * len(cut) else cut


@dataclass(frozen=True, slots=True)
class Literal:
    text: str

    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:  # noqa: ARG002 - all parts render alike
        spelled = spelling.allowed(self.text)
        return spelled or (spelling.allowed(spelling.joiner) if _BETWEEN_WORDS.search(self.text) else "")


@dataclass(frozen=True, slots=True)
class Joiner:
    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:  # noqa: ARG002 - all parts render alike
        return spelling.allowed(spelling.joiner)


@dataclass(frozen=True, slots=True)
class Pipe:
    name: str
    number: int = 0
    other: str = ""

    def through(self, value: str, table: str) -> str:
        match self.name:
            case "word":
                return "".join(value.split()[self.number - 1 : self.number])
            case "initials":
                return "".join(_INITIAL.findall(transliterate.ascii(value, table)))
            case "alnum":
                return _NOT_ALNUM.sub("", transliterate.ascii(value, table))
            case "lower":
                return transliterate.ascii(value, table).lower()
            case _:
                return transliterate.ascii(value, table)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    start: int
    stop: int | None
    pipes: tuple[Pipe, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *(pipe.other for pipe in self.pipes if pipe.other))

    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:
        value = values.get(self.name, "")
        for pipe in self.pipes:
            if not pipe.other:
                value = pipe.through(value, spelling.table)
            elif not spelling.field(value):
                value = values.get(pipe.other, "")
        return spelling.field(value)[self.start : self.stop].strip(SEPARATORS)


@dataclass(frozen=True, slots=True)
class Counter:
    first: int
    last: int | None
    width: int  # filled up with zeros

    @property
    def room(self) -> int:
        """Digits to keep free for it; an open counter gets three, enough for 999 of one name."""
        return max(self.width, _OPEN_COUNTER_DIGITS if self.last is None else len(str(self.last)))


Part = Literal | Joiner | Field
_JOINER = (Joiner(),)


@dataclass(frozen=True, slots=True)
class Template:
    """One rung: ``lead`` and ``rest`` stand around the first field, which gives way when the name gets too long.

    ``glue`` is what the template itself puts between the name and the counter.
    """

    text: str
    lead: tuple[Part, ...]
    first: Field
    rest: tuple[Part, ...]
    glue: tuple[Part, ...]
    counter: Counter | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it asks for, in order."""
        return tuple(name for part in (self.first, *self.rest) if isinstance(part, Field) for name in part.names)

    @property
    def has_counter(self) -> bool:
        """Whether it ends in ``{n:…}``."""
        return self.counter is not None

    @property
    def first_number(self) -> int:
        """Where the counter starts; 0 without one."""
        return self.counter.first if self.counter else 0

    def render(self, values: Mapping[str, str], spelling: Spelling) -> str | None:
        """The name without a number, at most ``spelling.maximum`` characters long.

        None where the rung does not apply: a field is empty, or nothing of the first field is left.
        """
        return self._name(values, spelling, spelling.maximum)

    def stem(self, values: Mapping[str, str], spelling: Spelling) -> str | None:
        """The name that numbers are put behind; None as for ``render``.

        What follows the first field distinguishes the name, so room for the number is taken from the first field here,
        and not from the end later.
        """
        if self.counter is None or not self.rest:
            return self.render(values, spelling)
        glue = _joined(self.glue, spelling) or _joined(_JOINER, spelling)
        return self._name(values, spelling, spelling.maximum - self.counter.room - len(glue))

    def numbered(self, stem: str, number: int, spelling: Spelling) -> str | None:
        """The stem and the number, cut so that both fit; None outside the counter's range, or when no stem is left.

        A joiner keeps the number apart from a stem that ends in a digit (``smith1-2``). What stands before the digits
        depends only on the stem and on how many digits there are.
        """
        counter = self.counter
        if counter is None or number < counter.first or (counter.last is not None and number > counter.last):
            return None
        digits = f"{number:0{counter.width}d}"
        if spelling.allowed(digits) != digits:
            return None
        glue = _joined(self.glue, spelling)
        base = _cut(stem, spelling.maximum - len(digits) - len(glue))
        if base[-1:].isdigit() and not glue:
            glue = _joined(_JOINER, spelling)
            base = _cut(stem, spelling.maximum - len(digits) - len(glue))
        return f"{base}{glue}{digits}" if base else None

    def _name(self, values: Mapping[str, str], spelling: Spelling, maximum: int) -> str | None:
        first = self.first.render(values, spelling)
        if not first:
            return None
        tail = ""
        for part in self.rest:
            text = part.render(values, spelling)
            if not text and isinstance(part, Field):
                return None
            tail += text
        tail = _collapsed(tail).rstrip(SEPARATORS)
        head = spelling.from_start(_joined(self.lead, spelling) + first)
        lead = max(len(head) - len(first), 0)
        if tail[:1] in SEPARATORS and head.lower().endswith(tail.lower()):
            tail = ""  # info-berlin is not told apart by another -berlin
        head = _cut(head, maximum - len(tail), lead)
        return f"{head}{tail}" if len(head) > lead else None


def _joined(parts: Sequence[Part], spelling: Spelling) -> str:
    """Parts that ask for no field."""
    return _collapsed("".join([part.render({}, spelling) for part in parts])) if parts else ""
