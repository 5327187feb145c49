"""Whose rules a line is made by: the first payer's."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled

# Payers that count therapy by the total of a day; others go by each service's own minutes.
BY_TOTAL = frozenset({"", "medicare", "medicaid", "tricare"})
_MEDICARE = compiled(r"\bmedicare\b", re.IGNORECASE)


def payer(chart: Chart) -> str:
    """The type of the first payer in small letters; empty where the record names none."""
    first = next(iter(chart.encounter.payers), None)
    if first is None:
        return ""
    if first.type:
        return first.type.lower()
    return "medicare" if first.name and _MEDICARE.search(first.name) else "other"


def medicare(chart: Chart) -> bool:
    """Whether the record names Medicare as the first payer."""
    return payer(chart) == "medicare"


def other(chart: Chart) -> bool:
    """Whether the record names a first payer that is not Medicare."""
    return payer(chart) not in ("", "medicare")
