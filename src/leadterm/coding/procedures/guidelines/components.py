"""What belongs to another operation is not coded beside it (B3.1b, B3.11a): tables of codes and what takes them in."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.candidates import Procedure


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures without those that are part of another."""
    del chart
    return [p for p in procedures if not any(_takes_in(other, p) for other in procedures if other is not p)]


def _takes_in(other: Procedure, p: Procedure) -> bool:
    return any(part.match(p.code) and whole.match(other.code) for part, whole in _table())


@cache
def _table() -> tuple[tuple[Pattern, Pattern], ...]:
    return tuple((compiled(row["part"]), compiled(row["whole"])) for row in rows("procedures/guidelines/components"))
