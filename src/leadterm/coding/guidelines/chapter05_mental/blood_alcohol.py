"""Y90: the level of alcohol in the blood beside a disorder or poisoning by alcohol (I.C.5.b.5, I.B.14)."""

from __future__ import annotations

from decimal import Decimal

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.5.b.5/blood-alcohol"
_ASKS = ("F10", "T51.0")
_REMITTED = ("F10.11", "F10.21", "F10.91")
_BANDS = ((20, 0), (40, 1), (60, 2), (80, 3), (100, 4), (120, 5), (200, 6), (240, 7))
_HIGHEST = 8
_MG_PER_GRAM = 1000


def blood_alcohol(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the code for the first level that the chart reports; the laboratory's number is enough."""
    leader = next((c for c in candidates if c.code.startswith(_ASKS) and c.code not in _REMITTED), None)
    measured = [f for f in chart.said("blood alcohol level") if f.attributes.get("qualifier") != "<"]
    value = next((f for f in measured if "value" in f.attributes), None)
    if leader is None or value is None or any(c.code.startswith("Y90") for c in candidates):
        return candidates
    code = f"Y90.{_band(Decimal(value.attributes['value']))}"
    said = f"blood alcohol {value.attributes['value']}: {code}. {reason(RULE)}"
    return [*candidates, stated(code, (value,), said, RULE, beside=leader)]


def _band(level: Decimal) -> int:
    """The last character: the bands of the Tabular List in mg/100 ml; a level below 1 is written in percent."""
    milligrams = level * _MG_PER_GRAM if level < 1 else level
    return next((n for top, n in _BANDS if milligrams < top), _HIGHEST)
