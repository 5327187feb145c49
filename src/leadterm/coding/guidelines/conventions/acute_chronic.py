"""Acute and chronic (I.B.8): both are coded, the acute form first, where no one code says both; `acute_chronic.tsv`."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.B.8/acute-and-chronic"


@cache
def _rows() -> tuple[tuple[tuple[str, ...], str, str], ...]:
    return tuple((tuple(r["codes"].split()), r["acute"], r["chronic"]) for r in of_all_rooms("acute_chronic"))


def both_forms(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the acute and the chronic form of what the chart calls acute on chronic."""
    return [new for c in candidates for new in _forms(chart, c)]


def _forms(chart: Chart, c: Candidate) -> list[Candidate]:
    row = next((r for r in _rows() if c.code.startswith(r[0])), None)
    fact = next((f for f in c.facts if f.attributes.get("acuity") == "acute on chronic"), None)
    if row is None or fact is None:
        return [c]
    found = [_form(chart, c, fact, node, n) for n, node in enumerate(row[1:])]
    return [new for new in found if new is not None] or [c]


def _form(chart: Chart, c: Candidate, fact: Fact, node: str, place: int) -> Candidate | None:
    kept = c if c.code.startswith(node) else None
    arrival = None if kept else navigate(chart, replace(fact, attributes={}), node)
    if kept is None and arrival is None:
        return None
    code = kept.code if kept else arrival.code  # type: ignore[union-attr]
    return replace(c, rank=(*c.rank, place)).stepped(f"acute on chronic: {code}. {reason(RULE)}", RULE, code=code)
