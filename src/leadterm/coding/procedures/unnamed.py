"""What an account tells by hands and devices gives way to an operation that the record names for the same part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled

from .building import IMAGING
from .candidates import Procedure

_TABLE = 3  # characters that say body system and root operation


def unnamed(told: Sequence[Procedure], named: Sequence[Procedure]) -> list[Procedure]:
    """The named operations, and of what is told without a name that for which none is named: of its table or its kind.

    A name that leaves an axis open gives way to an account that tells the whole of it.
    """
    whole = [p for p in named if not p.open]
    kept = [p for p in told if not any(_stands_for(other.code, p.code) for other in whole)]
    tables = {p.code[:_TABLE] for p in kept}
    return [*(p for p in named if not (p.open and p.code[:_TABLE] in tables)), *kept]


def _stands_for(named: str, told: str) -> bool:
    if named[:_TABLE] == told[:_TABLE] and (told[0] != IMAGING or named[_TABLE] == told[_TABLE]):
        return True
    return any(mine.match(told) and other.match(named) for mine, other in _kinds())


@cache
def _kinds() -> tuple[tuple[Pattern, Pattern], ...]:
    return tuple((compiled(row["told"]), compiled(row["named"])) for row in rows("procedures/unnamed"))
