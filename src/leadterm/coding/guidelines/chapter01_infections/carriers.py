"""I.C.1.e.1.c: carriers of a staphylococcus, by what grew in the nose."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason
from leadterm.domain import Evidence

from ._growth import grown

RULE = "ICD10CM:I.C.1.e.1/carrier"
CARRIED = {
    "methicillin resistant staphylococcus aureus": "Z22.322",
    "methicillin susceptible staphylococcus aureus": "Z22.321",
    "staphylococcus aureus": "Z22.321",
}


def carriers(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the carrier state of a patient in whose nose a staphylococcus was found."""
    added: list[Candidate] = []
    for growth in grown(chart):
        code = CARRIED.get(growth.organism.name) if growth.infections == () else None
        if code is None or any(c.code == code for c in (*candidates, *added)):
            continue
        if facts := [f for f in chart.facts if _near(f.mention, growth.evidence)] or list(chart.present):
            shown = (replace(facts[0], evidence=(growth.evidence,)),)
            added.append(stated(code, shown, f"{growth.organism.name} carried. {reason(RULE)}", RULE))
    return [*candidates, *added]


def _near(mention: Evidence, place: Evidence) -> bool:
    return mention.document == place.document and mention.span.overlaps(place.span)
