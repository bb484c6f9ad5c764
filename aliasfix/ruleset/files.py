"""Rules files: found by name or path, read, laid over the one they extend, and complaints about them as sentences."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from aliasfix.errors import RulesetError, Where
from aliasfix.ruleset import declarations
from aliasfix.ruleset.model import Ruleset

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# Of a rules file; none that ships comes near to any.
_LARGEST = 1 << 20  # octets
_LONGEST = 4096  # characters of a line and of a text, items of a list
_DEEPEST = 8  # tables and lists in each other, and rulesets that extend each other
_GREATEST = (1 << 63) - 1


def shipped() -> dict[str, Path]:
    """The rulesets that come with aliasfix: name -> path. A wheel has them in the package, a checkout beside it."""
    here = Path(__file__).parents[1]
    folder = next((f for f in (here / "rules", here.parent / "rules") if f.is_dir()), here / "rules")
    return {p.stem: p for p in sorted(folder.glob("*.toml"))}


def load(name: str) -> Ruleset:
    """The ruleset of that name, or of that path when it ends in ``.toml``.

    Raises:
        RulesetError: there is none, it is no TOML, or it does not hold together; the message names key and value.

    """
    known = shipped()
    path = Path(name) if name.endswith(".toml") else known.get(name)
    if path is None:
        import difflib  # noqa: PLC0415 - only for the message

        near = difflib.get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}, or a path ending in .toml"
        raise RulesetError(f'there is no ruleset "{name}"', hint=hint)
    try:
        raw = _tables(path, ())
    except OSError as e:
        raise RulesetError(f"the ruleset can't be read: {e.strerror}", where=Where(str(path))) from e
    digest = hashlib.sha256(repr(_sorted(raw)).encode()).hexdigest()
    try:
        return Ruleset.model_validate({**raw, "digest": digest})
    except ValidationError as e:
        raise RulesetError(_complaint(e), where=Where(str(path)), hint=_nearest(e)) from e


def schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a rules file; one that extends another may leave every key to it."""
    whole = Ruleset.model_json_schema(by_alias=True)
    properties = {key: value for key, value in whole["properties"].items() if key != "digest"}
    properties = {"extends": {"title": "Extends", "type": "string"}, **properties}
    required = whole.pop("required")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "properties": properties,
        "anyOf": [{"required": ["extends"]}, {"required": required}],
    }


def _tables(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """The file's tables laid over those of the ruleset it extends; a table is merged, any other value replaced."""
    own = _parsed(path)
    _name_files(own, path)
    base = own.pop("extends", None)
    if base is None:
        return own
    if not isinstance(base, str):
        raise RulesetError("extends: it is no name of a ruleset", where=Where(str(path)))
    parent = shipped().get(base) or _beside(path, f"{base}.toml")
    if parent in seen or not parent.exists():
        raise RulesetError(f'it extends "{base}", which does not exist or extends it', where=Where(str(path)))
    if len(seen) == _DEEPEST:
        raise RulesetError(f"it extends one that extends one, and so on {_DEEPEST} times", where=Where(str(path)))
    return _laid_over(_tables(parent, (*seen, path)), own)


def _parsed(path: Path) -> dict[str, Any]:
    """What the file says.

    Raises:
        RulesetError: it is no TOML, or too large in some way: it may come from a stranger, and need not mean well.

    """
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    try:
        text = raw.decode()
        why = _too_large(text)
        own = {} if why else tomllib.loads(text)
    except RecursionError as e:
        raise RulesetError("the ruleset is nested too deeply", where=Where(str(path))) from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise RulesetError(f"the ruleset is no TOML: {e}", where=Where(str(path))) from e
    if why := why or _excess(own):
        raise RulesetError(why, where=Where(str(path)), hint="no ruleset needs that; where does it come from?")
    return own


def _too_large(text: str) -> str:
    """What would take more time to parse than its size says: dotted keys take the square of their length."""
    if len(text.encode()) > _LARGEST:
        return f"the ruleset is larger than {_LARGEST >> 20} MiB"
    long = next((number for number, line in enumerate(text.splitlines(), 1) if len(line) > _LONGEST), 0)
    return f"line {long} of the ruleset is longer than {_LONGEST} characters" if long else ""


def _excess(value: object, depth: int = 0) -> str:
    """What a value holds too much of; "" where there is nothing."""
    if isinstance(value, dict | list):
        if depth > _DEEPEST:
            return "the ruleset is nested too deeply"
        if len(value) > _LONGEST:
            return f"a list or table of the ruleset has more than {_LONGEST} items"
        parts = value.values() if isinstance(value, dict) else value
        return next(filter(None, (_excess(part, depth + 1) for part in parts)), "")
    if isinstance(value, int) and abs(value) > _GREATEST:
        return f"a number of the ruleset is greater than {_GREATEST}"
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"a text of the ruleset is longer than {_LONGEST} characters"
    return ""


def _beside(path: Path, name: str) -> Path:
    """The file of that name in the ruleset's folder: a ruleset from a stranger reads nothing elsewhere.

    Raises:
        RulesetError: the name leads out of the folder, be it by a symbolic link, or to something that is no file.

    """
    beside = path.parent / name
    strange = {"/", "\\", ":", "\0"}.intersection(name)
    if strange or (beside.exists() and not (beside.is_file() and _folder(beside) == _folder(path))):
        raise RulesetError(
            f'it names "{name}", which is no file beside it',
            where=Where(str(path)),
            hint="put the file into its folder",
        )
    return beside


def _folder(path: Path) -> Path:
    return path.resolve().parent


def _name_files(own: dict[str, Any], path: Path) -> None:
    """Put what the files of checks list into their ``names``, so that the digest covers it too."""
    checks = own.get("checks", ())
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict) and isinstance(file := check.get("file"), str) and file:
            beside = _beside(path, file)
            try:
                lines = beside.read_text(encoding="utf-8-sig").splitlines()
            except (OSError, UnicodeDecodeError) as e:
                why = e.strerror if isinstance(e, OSError) else "it is not UTF-8"
                raise RulesetError(f"the list of names can't be read: {why}", where=Where(str(beside))) from e
            names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
            own_names = check.get("names", [])
            check["names"] = [*own_names, *names] if isinstance(own_names, list) else own_names


def _laid_over(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in own.items():
        old = both.get(key)
        both[key] = _laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return both


def _sorted(raw: Any) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(raw, dict):
        return [(k, _sorted(v)) for k, v in sorted(raw.items())]
    return [_sorted(v) for v in raw] if isinstance(raw, list) else raw


def _first(error: ValidationError) -> ErrorDetails:
    """The error to tell: a key that does not exist before one that is missing, which it was probably meant to be."""
    found = error.errors()
    return next((e for e in found if e["type"] == "extra_forbidden"), found[0])


def _complaint(error: ValidationError) -> str:
    first = _first(error)
    key = ".".join(map(str, first["loc"]))
    what = {"extra_forbidden": "no such key", "missing": "it is missing"}.get(first["type"], first["msg"])
    what = what.removeprefix("Value error, ")
    return f"{key}: {what}" if key else what


def _nearest(error: ValidationError) -> str:
    """For a key that does not exist, the one that was probably meant."""
    import difflib  # noqa: PLC0415 - only for the message

    first = _first(error)
    if first["type"] != "extra_forbidden":
        return ""
    tables = [m for m in vars(declarations).values() if isinstance(m, type) and issubclass(m, declarations.Model)]
    models: list[type[declarations.Model]] = [Ruleset, *tables]
    names = {f.alias or n for m in models for n, f in m.model_fields.items()}
    near = difflib.get_close_matches(str(first["loc"][-1]), sorted(names), 1)
    return f'did you mean "{near[0]}"?' if near else ""
