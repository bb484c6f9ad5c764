"""The ladder: templates in order of preference, from which a new name is made.

A template is literal text with fields in braces, ``{given:1}.{surname|lower}{n:2..99}``:

``{field}``
    the field, spelled in ASCII, without the characters that names may not have.
``{field:1}``, ``{field:1-3}``
    its first character, or its first to third; taken last, after the pipes.
``{field|word(2)|lower}``
    through pipes, from left to right: ``ascii``, ``lower``, ``alnum`` (letters and digits only), ``word(N)`` (the Nth
    word), ``initials`` (of words, also of those joined by hyphens), ``or(other)`` (another field if nothing is left).
``{joiner}``
    the ruleset's joiner.
``{n:2..}``, ``{n:2..99}``, ``{n:2..|pad(3)}``
    the counter, at the end of the last template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from aliasfix.text import transliterate
from aliasfix.text.patterns import character_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SEPARATORS = "._-"
_RUN_OF_SEPARATORS = re.compile(f"([{_SEPARATORS}])[{_SEPARATORS}]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[1-9][0-9]?")
_SLICE = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_RANGE = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})?")
_PIECE = re.compile(r"\{[^{}]*\}?|\}|[^{}]+")
_INITIAL = re.compile(r"(?:^|[\s-])[^A-Za-z0-9\s-]*([A-Za-z0-9])")
_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_FIELD_PIPES = {"ascii": "", "lower": "", "alnum": "", "initials": "", "word": "(N)", "or": "(field)"}
_COUNTER_PIPES = {"pad": "(N)"}
_OPEN_COUNTER_DIGITS = 3


class LadderError(ValueError):
    """A ruleset's template can't be read; the message names template and column (from 1), and what was expected."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How names are spelled: the insides of two character classes, the length in characters, and the joiner."""

    characters: str
    first: str
    maximum: int
    joiner: str
    lower: bool

    def allowed(self, text: str) -> str:
        """The text without the characters that names may not have, in lower case if they have to be."""
        return _others(self.characters).sub("", text.lower() if self.lower else text)

    def field(self, value: str) -> str:
        """A field's value as it may stand in a name."""
        return _collapsed(self.allowed(transliterate.ascii(value))).strip(_SEPARATORS)

    def from_start(self, text: str) -> str:
        """The text from the first character on that a name may start with."""
        found = character_class(self.first).search(text)
        return text[found.start() :] if found else ""


@lru_cache(maxsize=256)
def _others(characters: str) -> re.Pattern[str]:
    """All that is not in the class."""
    return re.compile(f"(?:(?!{character_class(characters).pattern}).)+", re.DOTALL)


def _collapsed(text: str) -> str:
    """The first separator stands for a run of them."""
    return _RUN_OF_SEPARATORS.sub(r"\1", text)


def _cut(text: str, length: int) -> str:
    return text[: max(length, 0)].rstrip(_SEPARATORS)


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str

    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:  # noqa: ARG002 - all parts render alike
        return spelling.allowed(self.text)


@dataclass(frozen=True, slots=True)
class _Joiner:
    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:  # noqa: ARG002 - all parts render alike
        return spelling.allowed(spelling.joiner)


@dataclass(frozen=True, slots=True)
class _Pipe:
    name: str
    number: int = 0
    other: str = ""

    def through(self, value: str) -> str:
        match self.name:
            case "word":
                return "".join(value.split()[self.number - 1 : self.number])
            case "initials":
                return "".join(_INITIAL.findall(transliterate.ascii(value)))
            case "alnum":
                return _NOT_ALNUM.sub("", transliterate.ascii(value))
            case "lower":
                return transliterate.ascii(value).lower()
            case _:
                return transliterate.ascii(value)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    start: int
    stop: int | None
    pipes: tuple[_Pipe, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *(pipe.other for pipe in self.pipes if pipe.other))

    def render(self, values: Mapping[str, str], spelling: Spelling) -> str:
        value = values.get(self.name, "")
        for pipe in self.pipes:
            if not pipe.other:
                value = pipe.through(value)
            elif not spelling.field(value):
                value = values.get(pipe.other, "")
        return spelling.field(value)[self.start : self.stop].strip(_SEPARATORS)


@dataclass(frozen=True, slots=True)
class _Counter:
    first: int
    last: int | None
    width: int  # filled up with zeros

    @property
    def room(self) -> int:
        """Digits to keep free for it; an open counter gets three, enough for 999 of one name."""
        return max(self.width, _OPEN_COUNTER_DIGITS if self.last is None else len(str(self.last)))


_Part = _Literal | _Joiner | _Field
_JOINER = (_Joiner(),)


@dataclass(frozen=True, slots=True)
class Template:
    """One rung: ``lead`` and ``rest`` stand around the first field, which gives way when the name gets too long.

    ``glue`` is what the template itself puts between the name and the counter.
    """

    text: str
    lead: tuple[_Part, ...]
    first: _Field
    rest: tuple[_Part, ...]
    glue: tuple[_Part, ...]
    counter: _Counter | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it asks for, in order."""
        return tuple(name for part in (self.first, *self.rest) if isinstance(part, _Field) for name in part.names)

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
            if not text and isinstance(part, _Field):
                return None
            tail += text
        tail = _collapsed(tail).rstrip(_SEPARATORS)
        head = spelling.from_start(_joined(self.lead, spelling) + first)
        lead = max(len(head) - len(first), 0)
        head = _cut(head, maximum - len(tail))
        return f"{head}{tail}" if len(head) > lead else None


def _joined(parts: Sequence[_Part], spelling: Spelling) -> str:
    """Parts that ask for no field."""
    return _collapsed("".join([part.render({}, spelling) for part in parts])) if parts else ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Templates in order of preference; only the last can count."""

    rungs: tuple[Template, ...]


def compile_ladder(texts: Sequence[str]) -> Ladder:
    """The ladder of these templates.

    Raises:
        LadderError: there are none, one can't be read, or one that is not the last counts.

    """
    if not texts:
        raise LadderError("a ladder needs at least one template")
    rungs = tuple(map(_template, texts))
    for rung in rungs[:-1]:
        if rung.has_counter:
            raise _error(rung.text, rung.text.rindex("{"), "only the last template of a ladder may count")
    return Ladder(rungs)


def fill(template: str, values: Mapping[str, str]) -> str | None:
    """The text with each ``{field}`` replaced by its value as it is; None when one is empty.

    Raises:
        LadderError: something in braces is not just a field.

    """
    pieces: list[str] = []
    for column, text, inside in _split(template):
        if not inside:
            pieces.append(text)
        elif not _NAME.fullmatch(text):
            raise _error(template, column, f'expected a field in braces, as in {{alias}}, not "{text}"')
        elif value := values.get(text, ""):
            pieces.append(value)
        else:
            return None
    return "".join(pieces)


def _error(template: str, column: int, complaint: str) -> LadderError:
    return LadderError(f'template "{template}", column {column + 1}: {complaint}')


def _split(template: str) -> Iterator[tuple[int, str, bool]]:
    """Where each piece stands (counted from 0), the piece, and whether it stood in braces."""
    for found in _PIECE.finditer(template):
        if found[0].startswith("{") and not found[0].endswith("}"):
            raise _error(template, found.start(), "this brace is never closed")
        if found[0] == "}":
            raise _error(template, found.start(), "this brace was never opened")
        inside = found[0].startswith("{")
        yield found.start() + inside, found[0].strip("{}"), inside


def _template(text: str) -> Template:
    parts: list[_Part] = []
    counter: _Counter | None = None
    for column, piece, inside in _split(text):
        if counter:
            what = "the counter may stand in a template once" if inside and piece.startswith("n:") else ""
            raise _error(text, column - inside, what or "nothing may follow the counter")
        part = _placeholder(text, column, piece) if inside else _Literal(piece)
        if isinstance(part, _Counter):
            counter = part
        else:
            parts.append(part)
    return _assembled(text, parts, counter)


def _assembled(text: str, parts: Sequence[_Part], counter: _Counter | None) -> Template:
    lead = tuple(takewhile(lambda part: not isinstance(part, _Field), parts))
    first, rest = parts[len(lead) : len(lead) + 1], parts[len(lead) + 1 :]
    if not first or not isinstance(first[0], _Field):
        raise _error(text, 0, "expected at least one field, as in {alias}")
    glue = tuple(takewhile(_is_glue, reversed(rest))) if counter else ()
    return Template(text, lead, first[0], tuple(rest[: len(rest) - len(glue)]), glue[::-1], counter)


def _is_glue(part: _Part) -> bool:
    return isinstance(part, _Joiner) or (isinstance(part, _Literal) and not part.text.strip(_SEPARATORS))


def _placeholder(text: str, column: int, inside: str) -> _Field | _Joiner | _Counter:
    head, *pipes = inside.split("|")
    name, colon, limits = head.partition(":")
    if not _NAME.fullmatch(name):
        raise _error(text, column, f'expected the name of a field, not "{name}"')
    at = column + len(name) + len(colon)
    if name == "joiner" and inside != "joiner":
        raise _error(text, column, "{joiner} takes no slice and no pipes")
    if name == "joiner":
        return _Joiner()
    if name == "n":
        first, last = _range(text, at, limits)
        padding = [pipe.number for pipe in _pipes(text, column + len(head), pipes, _COUNTER_PIPES)]
        return _Counter(first, last, max(padding, default=1))
    start, stop = _slice(text, at, limits) if colon else (0, None)
    return _Field(name, start, stop, tuple(_pipes(text, column + len(head), pipes, _FIELD_PIPES)))


def _slice(text: str, column: int, limits: str) -> tuple[int, int]:
    found = _SLICE.fullmatch(limits)
    if not found:
        raise _error(text, column, f'expected a place or two, as in :1 or :1-3, not "{limits}"')
    first, last = int(found[1]), int(found[2] or found[1])
    if not first:
        raise _error(text, column, "places are counted from 1")
    if last < first:
        raise _error(text, column, f"the places run backwards: {limits}")
    return first - 1, last


def _range(text: str, column: int, limits: str) -> tuple[int, int | None]:
    found = _RANGE.fullmatch(limits)
    if not found:
        raise _error(text, column, f'expected a range, as in {{n:2..}} or {{n:2..99}}, not "{limits}"')
    first, last = int(found[1]), int(found[2]) if found[2] else None
    if last is not None and last < first:
        raise _error(text, column, f"the range runs backwards: {limits}")
    return first, last


def _pipes(text: str, column: int, pipes: Sequence[str], known: Mapping[str, str]) -> Iterator[_Pipe]:
    """The pipes, of which the first follows the bar at this column."""
    for pipe in pipes:
        yield _pipe(text, column + 1, pipe, known)
        column += 1 + len(pipe)


def _pipe(text: str, column: int, pipe: str, known: Mapping[str, str]) -> _Pipe:
    name, parenthesis, argument = pipe.partition("(")
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
        raise _error(text, column, f'there is no pipe "{name}"; {hint}')
    wanted = known[name]
    closed = argument.removesuffix(")")
    if not wanted and not parenthesis:
        return _Pipe(name)
    if wanted == "(N)" and argument.endswith(")") and _NUMBER.fullmatch(closed):
        return _Pipe(name, number=int(closed))
    if wanted == "(field)" and argument.endswith(")") and _NAME.fullmatch(closed):
        return _Pipe(name, other=closed)
    raise _error(
        text, column, f'expected {name}{wanted}, not "{pipe}"' + (", N from 1 to 99" if wanted == "(N)" else "")
    )
