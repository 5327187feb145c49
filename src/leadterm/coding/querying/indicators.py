"""Indicators without a diagnosis: measurements that providers usually explain, and this chart does not (III.B).

An abnormal finding is never coded by itself (III.B); the provider is asked whether a diagnosis goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Fact, FactKind, Query

from ._options import ALWAYS

ADULT = 18


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """One question for each measurement out of its bound that no assigned code explains."""
    if chart.age is None or chart.age < ADULT:
        return
    codes = [a.code.value for a in assignments]
    for row in rows("querying/indicators"):
        fact = next((f for f in _measured(chart, row["concept"]) if _beyond(f, row["bound"], row["unit"])), None)
        if fact is not None and not any(code.startswith(tuple(row["unless"].split())) for code in codes):
            question = row["question"].format(value=fact.attributes["value"])
            options = (*row["options"].split(";"), *ALWAYS)
            yield Query("q0", "clinical-indicators", question, (), options, (fact.mention.text,), fact.evidence)


def _measured(chart: Chart, concept: str) -> Iterator[Fact]:
    """The measurements of a thing in this encounter, those that are not now left out."""
    for f in chart.present:
        if f.kind is FactKind.VALUE and f.concept == concept and f.attributes.get("timing") != "baseline":
            yield f


def _beyond(fact: Fact, bound: str, unit: str) -> bool:
    sign, number = bound.split()
    if unit and fact.attributes.get("unit") not in (None, unit):
        return False
    try:
        value = float(fact.attributes["value"])
    except ValueError:  # a pair, a range, a word
        return False
    return value < float(number) if sign == "<" else value > float(number)
