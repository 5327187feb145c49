"""Indicators without a diagnosis: measurements that providers usually explain, and this chart does not (III.B).

An abnormal finding is never coded by itself (III.B); the provider is asked whether a diagnosis goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadterm.coding._tables import rows
from leadterm.coding.chart import Chart
from leadterm.domain import Assignment, Evidence, Fact, FactKind, Query

from ._asking import query, showing, support

ADULT = 18
QUESTION = "What diagnosis, if any, goes with the {}?"


def ask(chart: Chart, assignments: Sequence[Assignment]) -> Iterator[Query]:
    """One question for each measurement out of its bound that no assigned code explains."""
    if chart.age is None or chart.age < ADULT:
        return
    codes = [a.code.value for a in assignments]
    for row in rows("querying/indicators"):
        fact = next((f for f in _measured(chart, row) if _between(f, row)), None)
        if fact is not None and not any(code.startswith(tuple(row["unless"].split())) for code in codes):
            yield _query(chart, fact, row)


def _query(chart: Chart, fact: Fact, row: dict[str, str]) -> Query:
    """The question, with those of the options that the record bears out, and what bears them out."""
    borne: dict[str, tuple[Evidence, ...]] = {}
    for option in row["options"].split(";"):
        found = support(chart, option)
        if found is not None:
            borne[option] = found
    question = QUESTION.format(row["what"].format(value=fact.attributes["value"]))
    evidence = (*fact.evidence, *(e for found in borne.values() for e in found))
    return query("clinical-indicators", question, (), tuple(borne), evidence)


def _measured(chart: Chart, row: dict[str, str]) -> Iterator[Fact]:
    """The measurements of a thing in this encounter, those that are not now, or lack what goes with them, left out."""
    if row["beside"] and not showing(chart, row["beside"]):
        return
    for f in chart.present:
        if f.kind is FactKind.VALUE and f.concept == row["concept"] and f.attributes.get("timing") != "baseline":
            yield f


def _between(fact: Fact, row: dict[str, str]) -> bool:
    if row["unit"] and fact.attributes.get("unit") not in (None, row["unit"]):
        return False
    try:
        value = float(fact.attributes["value"])
    except ValueError:  # a pair, a range, a word
        return False
    return float(row["above"]) < value < float(row["below"])
