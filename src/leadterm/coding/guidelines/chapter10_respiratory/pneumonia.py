"""Pneumonia that the chart calls one of aspiration in words of its own ("pneumonia, probable aspiration")."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.passages import holds
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.B.2/aspiration"
_PNEUMONIA = ("J18.9", "J18.1", "J18.0")
_ASPIRATED = compiled(
    r"\bpneumon(?:ia|itis)[,;:]? \(?(?:(?:most )?(?:probabl[ey]|likely|suspected|presumed|possibl[ey]|due to|from"
    r"|secondary to)\s+)*(?:an? )?aspiration"
)
_UNSURE = compiled(r"\b(?:probabl|likely|suspect|presum|possibl)")


def aspiration(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with aspiration pneumonia where the sentence says so, surely enough for the setting."""
    return [_aspirated(chart, c) if c.code in _PNEUMONIA else c for c in candidates]


def _aspirated(chart: Chart, c: Candidate) -> Candidate:
    for fact in c.facts:
        match = _ASPIRATED.search(chart.sentence(fact))
        if match is None or not holds(_ASPIRATED, chart.sentence(fact)):
            continue
        if chart.encounter.codes_uncertain or not _UNSURE.search(match[0]):
            return c.stepped(f"aspiration: J69.0. {reason(RULE)}", RULE, code="J69.0")
    return c
