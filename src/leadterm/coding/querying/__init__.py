"""Questions to the provider where the documentation is short.

A query never leads: it shows the record's own words and offers what the classification offers, with "other" and "unable
to determine" always among the options; it never speaks of money. Whether the record bears a diagnosis out is for the
edits to ask (I.A.19).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Query

from . import conflict, indicators, specificity, timing

__all__ = ["queries"]

KINDS = (specificity.ask, conflict.ask, indicators.ask, timing.ask)


def queries(chart: Chart, assignments: Sequence[Assignment]) -> tuple[Query, ...]:
    """The questions that a coding raises, ids `q1`, `q2`, …: what is vague, contradicted, hinted at, undated."""
    return tuple(replace(query, id=f"q{n}") for n, query in enumerate(_all(chart, assignments), 1))


def _all(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    for kind in KINDS:
        yield from kind(chart, assignments)
