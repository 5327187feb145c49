"""What belongs to another operation is not coded beside it (B3.1b, B3.11a): tables of codes and what takes them in."""

from __future__ import annotations

from functools import cache, lru_cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.candidates import Procedure


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without those that are part of another."""
    del chart
    return [p for p in procedures if not any(_takes_in(other.code, p.code) for other in procedures if other is not p)]


def _takes_in(other: str, code: str) -> bool:
    return any(whole.match(other) for whole in _wholes(code))


@lru_cache(maxsize=4096)
def _wholes(code: str) -> tuple[Pattern, ...]:
    """What a code is part of."""
    return tuple(whole for part, whole in _table() if part.match(code))


@cache
def _table() -> tuple[tuple[Pattern, Pattern], ...]:
    return tuple((compiled(row["part"]), compiled(row["whole"])) for row in rows("procedures/guidelines/components"))
