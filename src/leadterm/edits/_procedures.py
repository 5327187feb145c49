"""Sets of CPT and HCPCS codes as tables write them: `99281-99285 G0380 J`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LENGTH = 5


@dataclass(frozen=True, slots=True)
class Procedures:
    """Codes one by one, as ranges of one kind (`0100T` is not between 00100 and 01999), or by their first letter."""

    ranges: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, cell: str) -> Procedures:
        """The set that a cell of a table writes."""
        return cls(tuple(_range(word) for word in cell.split()))

    def __contains__(self, code: str) -> bool:
        return any(
            first <= code <= last and _kind(code) == _kind(first) for first, last in self.ranges if len(code) == LENGTH
        )


def _range(word: str) -> tuple[str, str]:
    if len(word) == 1:
        return f"{word}0000", f"{word}9999"
    first, _, last = word.partition("-")
    return first, last or first


def _kind(code: str) -> tuple[bool, bool]:
    """Whether it starts and whether it ends with a digit."""
    return code[0].isdigit(), code[-1].isdigit()


@lru_cache(maxsize=64)
def _parsed(cell: str) -> Procedures:
    return Procedures.parse(cell)


@lru_cache(maxsize=65536)
def is_among(code: str, cell: str) -> bool:
    """Whether the code is of the set that a cell writes."""
    return code in _parsed(cell)


def words(items: Iterable[str]) -> str:
    """The items in one order, as a sentence lists them."""
    return ", ".join(sorted(items))
