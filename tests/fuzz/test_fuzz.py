"""A short run of the fuzz targets that is the same each time."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import ModuleType

ROUNDS = 300
PIECES = (
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\n ",
    b"\n\n",
    b":",
    b"::",
    b":<",
    b",",
    b";",
    b'"',
    b"#",
    b"\x00",
    b"\x1a",
    b"\t",
    b"%",
)


def mutated(seeds: Sequence[bytes], rng: random.Random) -> bytes:
    """A seed, some of it gone, doubled or overwritten, or a piece of another one in it."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randint(0, 6)):
        at = rng.randint(0, len(data))
        until = min(len(data), at + rng.choice((1, 1, 2, 8, 40)))
        other = rng.choice(seeds)
        start = rng.randint(0, len(other))
        match rng.randint(0, 4):
            case 0:
                del data[at:until]
            case 1:
                data[at:at] = data[at:until]
            case 2:
                data[at:at] = rng.choice(PIECES)
            case 3:
                data[at:until] = rng.randbytes(until - at)
            case _:
                data[at:at] = other[start : start + rng.randint(1, 60)]
    return bytes((rng.randint(0, 255),)) + bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_both_ldif_readers_agree_on_anything(seed: int, fuzz_ldif: ModuleType, readers: ModuleType) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret

    for _ in range(ROUNDS):
        fuzz_ldif.check(mutated(fuzz_ldif.SEEDS, rng), readers)


@pytest.mark.parametrize("seed", range(4))
def test_anything_is_read_or_refused(seed: int, fuzz_csv: ModuleType, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret

    for _ in range(ROUNDS):
        fuzz_csv.check(mutated(fuzz_csv.SEEDS, rng), tmp_path)
