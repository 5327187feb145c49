"""Which procedure comes first (Selection of Principal Procedure): definitive treatment before diagnosis and help."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.candidates import Procedure

USUAL = 1


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures in the order of the claim."""
    del chart
    return sorted(procedures, key=lambda p: (_weight(p.code), p.act.statement.telling, p.place))


def _weight(code: str) -> int:
    return next((weight for pattern, weight in _table() if pattern.match(code)), USUAL)


@cache
def _table() -> tuple[tuple[Pattern, int], ...]:
    return tuple((compiled(row["code"]), int(row["weight"])) for row in rows("procedures/guidelines/principal"))
