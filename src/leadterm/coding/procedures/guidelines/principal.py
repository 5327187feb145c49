"""Which procedure comes first (Selection of Principal Procedure): what is related to the principal diagnosis, and of
that definitive treatment before diagnosis.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.procedures.candidates import Procedure
from leadterm.coding.rules import reason
from leadterm.coding.services.service import Service

RULE = "ICD10PCS:F/principal"
USUAL = 1
HELP = 5  # from this weight on a procedure helps another, and is never the reason for a stay
_CATEGORY = 3  # characters


def apply(chart: Chart, procedures: list[Procedure]) -> list[Procedure]:
    """The procedures by their own weight, then in the order of the chart."""
    del chart
    return sorted(procedures, key=lambda p: (_weight(p.code), p.act.statement.telling, p.place))


def sequenced(services: Sequence[Service], diagnosis: str | None) -> tuple[Service, ...]:
    """The services of a stay, in order of their weight, with those related to its principal diagnosis first."""
    related = related_to(diagnosis)
    if not related or len(services) < 2:
        return tuple(services)
    after = sorted(services, key=lambda s: (_weight(s.code.value) >= HELP, not s.code.value.startswith(related)))
    first = after[0]
    if first is not services[0]:
        after[0] = first.stepped(f"related to the principal diagnosis {diagnosis}: {reason(RULE)}", RULE)
    return tuple(after)


@cache
def related_to(diagnosis: str | None) -> tuple[str, ...]:
    """What the codes of procedures related to a diagnosis begin with; empty where the table does not tell."""
    category = (diagnosis or "")[:_CATEGORY]
    ranges = [(row["diagnosis"].partition("-"), row["procedures"]) for row in rows("procedures/guidelines/related")]
    holding = [
        (_width(first, last or first), tuple(starts.split()))
        for (first, _, last), starts in ranges
        if first <= category <= (last or first)
    ]
    return min(holding)[1] if holding else ()


def _width(first: str, last: str) -> int:
    return int(last[1:]) - int(first[1:])


def _weight(code: str) -> int:
    return next((weight for pattern, weight in _table() if pattern.match(code)), USUAL)


@cache
def _table() -> tuple[tuple[Pattern, int], ...]:
    return tuple((compiled(row["code"]), int(row["weight"])) for row in rows("procedures/guidelines/principal"))
