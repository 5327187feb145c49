"""F05, F06: mental disorders due to a physiological condition stand after it (notes at F05, F06; I.A.13)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.A.13/mental"
DUE = ("F05", "F06", "F07")
# What is no physiological condition: mental disorders, symptoms, circumstances.
_NOT_PHYSICAL = tuple("FRZVWXY")


def after_cause(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with each such disorder right behind the condition that the chart makes its cause."""
    result = []
    for c in candidates:
        causes = [o for o in candidates if _may_cause(c, o) and chart.linked(c, o)]
        later = [o for o in causes if o.rank > c.rank]
        if later:
            last = max(later, key=lambda o: o.rank)
            c = replace(c, rank=(*last.rank, 1)).stepped(f"after {last.code}. {reason(RULE)}", RULE)
        result.append(c)
    return result


def _may_cause(c: Candidate, other: Candidate) -> bool:
    return c.code.startswith(DUE) and not other.code.startswith(_NOT_PHYSICAL)
