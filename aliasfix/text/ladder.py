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
from itertools import takewhile
from typing import TYPE_CHECKING

from aliasfix.text.template import SEPARATORS, Counter, Field, Joiner, Literal, Part, Pipe, Spelling, Template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

__all__ = [
    "Ladder",
    "LadderError",
    "Spelling",
    "Template",
    "compile_ladder",
    "counting_without",
    "fields_of",
    "fill",
    "refuse_unknown",
]

_PIECE = re.compile(r"\{[^{}]*\}?|\}|[^{}]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[1-9][0-9]?")
_SLICE = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_RANGE = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})?")
_FIELD_PIPES = {"ascii": "", "lower": "", "alnum": "", "initials": "", "word": "(N)", "or": "(field)"}
_COUNTER_PIPES = {"pad": "(N)"}


class LadderError(ValueError):
    """A ruleset's template can't be read; the message names template and column (from 1), and what was expected."""


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


def refuse_unknown(template: str, fields: Iterable[str], known: Collection[str]) -> None:
    """Stop where the template asks for a field that is none of the known ones.

    Raises:
        LadderError: names the field, where it stands, and the one that was probably meant.

    """
    for field in fields:
        if field not in known:
            place = re.search(rf"[{{(]({field})(?![a-z0-9_])", template)
            near = get_close_matches(field, sorted(known), 1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(sorted(known))}"
            raise _error(template, place.start(1) if place else 0, f"no such field: {field}; {hint}")


def counting_without(steps: Ladder, field: str) -> Ladder:
    """The ladder, but where it counts without a field and what joins it to the text before it.

    A template that begins with the field stays as it is.
    """
    found = rf"(?:\{{joiner\}}|[{re.escape(SEPARATORS)}])*\{{{field}(?:[:|][^{{}}]*)?\}}"
    return Ladder(
        tuple(
            _template(re.sub(found, "", t.text)) if t.has_counter and t.first.name != field else t for t in steps.rungs
        )
    )


def fields_of(template: str) -> tuple[str, ...]:
    """The fields of a text that ``fill`` takes, in order."""
    return tuple(text for _, text, inside in _split(template) if inside)


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
    parts: list[Part] = []
    counter: Counter | None = None
    for column, piece, inside in _split(text):
        if counter:
            what = "the counter may stand in a template once" if inside and piece.startswith("n:") else ""
            raise _error(text, column - inside, what or "nothing may follow the counter")
        part = _placeholder(text, column, piece) if inside else Literal(piece)
        if isinstance(part, Counter):
            counter = part
        else:
            parts.append(part)
    return _assembled(text, parts, counter)


def _assembled(text: str, parts: Sequence[Part], counter: Counter | None) -> Template:
    lead = tuple(takewhile(lambda part: not isinstance(part, Field), parts))
    first, rest = parts[len(lead) : len(lead) + 1], parts[len(lead) + 1 :]
    if not first or not isinstance(first[0], Field):
        raise _error(text, 0, "expected at least one field, as in {alias}")
    glue = tuple(takewhile(_is_glue, reversed(rest))) if counter else ()
    return Template(text, lead, first[0], tuple(rest[: len(rest) - len(glue)]), glue[::-1], counter)


def _is_glue(part: Part) -> bool:
    return isinstance(part, Joiner) or (isinstance(part, Literal) and not part.text.strip(SEPARATORS))


def _placeholder(text: str, column: int, inside: str) -> Field | Joiner | Counter:
    head, *pipes = inside.split("|")
    name, colon, limits = head.partition(":")
    if not _NAME.fullmatch(name):
        raise _error(text, column, f'expected the name of a field, not "{name}"')
    at = column + len(name) + len(colon)
    if name == "joiner" and inside != "joiner":
        raise _error(text, column, "{joiner} takes no slice and no pipes")
    if name == "joiner":
        return Joiner()
    if name == "n":
        first, last = _range(text, at, limits)
        padding = [pipe.number for pipe in _pipes(text, column + len(head), pipes, _COUNTER_PIPES)]
        return Counter(first, last, max(padding, default=1))
    start, stop = _slice(text, at, limits) if colon else (0, None)
    return Field(name, start, stop, tuple(_pipes(text, column + len(head), pipes, _FIELD_PIPES)))


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


def _pipes(text: str, column: int, pipes: Sequence[str], known: Mapping[str, str]) -> Iterator[Pipe]:
    """The pipes, of which the first follows the bar at this column."""
    for pipe in pipes:
        yield _pipe(text, column + 1, pipe, known)
        column += 1 + len(pipe)


def _pipe(text: str, column: int, pipe: str, known: Mapping[str, str]) -> Pipe:
    name, parenthesis, argument = pipe.partition("(")
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
        raise _error(text, column, f'there is no pipe "{name}"; {hint}')
    wanted = known[name]
    closed = argument.removesuffix(")")
    if not wanted and not parenthesis:
        return Pipe(name)
    if wanted == "(N)" and argument.endswith(")") and _NUMBER.fullmatch(closed):
        return Pipe(name, number=int(closed))
    if wanted == "(field)" and argument.endswith(")") and _NAME.fullmatch(closed):
        return Pipe(name, other=closed)
    raise _error(
        text, column, f'expected {name}{wanted}, not "{pipe}"' + (", N from 1 to 99" if wanted == "(N)" else "")
    )
