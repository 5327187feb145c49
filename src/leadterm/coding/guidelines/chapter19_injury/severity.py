"""The most serious injury goes first among the injuries of an encounter (I.C.19.b)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.19.b/severity"
LEAST = 5


@cache
def _degrees() -> tuple[tuple[int, tuple[str, ...]], ...]:
    table = rows("guidelines/chapter19_injury/severity")
    return tuple((int(row["degree"]), tuple(row["codes"].split())) for row in table)


def by_severity(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the places of the injuries handed out by how serious they are, else as the chart has them."""
    hurt = sorted((c for c in candidates if c.code.startswith("S")), key=lambda c: c.rank)
    wanted = sorted(hurt, key=lambda c: _degree(c.code))
    if hurt == wanted:
        return candidates
    places = {c.code: place.rank for c, place in zip(wanted, hurt, strict=True)}
    return [
        replace(c.stepped(reason(RULE), RULE), rank=places[c.code]) if places.get(c.code, c.rank) != c.rank else c
        for c in candidates
    ]


def _degree(code: str) -> int:
    return next((degree for degree, codes in _degrees() if code.startswith(codes)), LEAST)
