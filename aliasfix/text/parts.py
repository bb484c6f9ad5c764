"""Parts of a value: what of it a field or a key takes. ``""`` where the value has no such part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Part = Literal["whole", "address", "local", "domain", "account", "primary", "primary-local"]


def address(value: str) -> str:
    """The mail address without ``smtp:``."""
    return value[5:] if value[:5].lower() == "smtp:" else value


def local(value: str) -> str:
    """What stands before the last @ of a mail address."""
    before, at, _ = address(value).rpartition("@")
    return before if at else ""


def domain(value: str) -> str:
    """What stands behind the last @ of a mail address."""
    return address(value).rpartition("@")[2] if "@" in value else ""


def account(value: str) -> str:
    r"""The account of ``DOMAIN\account``."""
    return value.rpartition("\\")[2] if "\\" in value else ""


def primary(value: str) -> str:
    """The address that Exchange writes with ``SMTP:`` in capitals."""
    return value[5:] if value.startswith("SMTP:") else ""


PARTS: dict[Part, Callable[[str], str]] = {
    "whole": lambda value: value,
    "address": address,
    "local": local,
    "domain": domain,
    "account": account,
    "primary": primary,
    "primary-local": lambda value: local(primary(value)),
}
