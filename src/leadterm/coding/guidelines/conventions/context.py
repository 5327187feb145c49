"""Everyday words that the Index has as lead terms of one narrow disease: the table `context.tsv`."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import NOWHERE, Chart, Opening
from leadterm.coding.patterns import Pattern, compiled
from leadterm.domain import Fact


def out_of_context(chart: Chart, fact: Fact) -> Opening | None:
    """NOWHERE for such a word in a chart that does not speak of its disease; None for every other fact."""
    needs = _table().get(fact.mention.text.lower())
    return NOWHERE if needs is not None and not needs.search(chart.text) else None


@cache
def _table() -> dict[str, Pattern]:
    return {row["mention"]: compiled(row["needs"]) for row in rows("guidelines/conventions/context")}
