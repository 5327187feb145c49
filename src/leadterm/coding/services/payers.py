"""Whose rules a line is made by: the first payer's."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Encounter

MEDICARE = "medicare"
# Payers that count therapy by the total of a day; others go by each service's own minutes.
BY_TOTAL = frozenset({"", MEDICARE, "medicaid", "tricare"})
# What Medicare's own plans and contracted plans are called as a payer's type, and claim filing indicators of both.
_TYPES = frozenset({MEDICARE, "medicare advantage", "medicare-advantage"})
_FILINGS = frozenset({"ma", "mb", "16"})
_NAMED = compiled(r"\bmedicare\b", re.IGNORECASE)


def payer_of(encounter: Encounter) -> str:
    """The type of the first payer in small letters; `other` where it has none, empty without a payer."""
    first = next(iter(encounter.payers), None)
    if first is None:
        return ""
    kind, filing = (first.type or "").lower(), (first.filing or "").lower()
    named = not kind and not filing and bool(_NAMED.search(first.name or ""))
    if kind in _TYPES or filing in _FILINGS or named:
        return MEDICARE
    return kind or "other"


def payer(chart: Chart) -> str:
    """`payer_of` the chart's encounter."""
    return payer_of(chart.encounter)


def is_medicare(chart: Chart) -> bool:
    """Whether the record names Medicare as the first payer."""
    return payer(chart) == MEDICARE


def is_other(chart: Chart) -> bool:
    """Whether the record names a first payer that is not Medicare."""
    return payer(chart) not in ("", MEDICARE)
