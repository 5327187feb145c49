"""I.C.1.b: organisms accompany the infection that they cause and are never coded alone."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.1.b/organism"
SYSTEMIC = (
    "A02.1",
    "A22.7",
    "A26.7",
    "A32.7",
    "A40",
    "A41",
    "A42.7",
    "A54.86",
    "B37.7",
    "O85",
    "P36",
    "T81.12",
    "T81.44",
)
ORGANISMS = ("B95", "B96", "B97")
# Where an infection can be that leaves its organism to a second code.
INFECTIONS = (*"GHIJKLMN", "A41", "O23", "O86", "R78.81", "T80.2", "T81.4", "T82.6", "T82.7", "T83.5", "T84.5")


def organisms(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with organisms only beside an infection."""
    infected = any(c.code.startswith(INFECTIONS) for c in candidates)
    kept = []
    for c in candidates:
        if c.code.startswith(ORGANISMS):
            if not infected:
                continue
            c = c.stepped(reason(RULE), RULE)
        kept.append(c)
    return kept


def severe_sepsis(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Severe sepsis and septic shock with the systemic infection ahead of them; A41.9 where the chart names none."""
    rule = "ICD10CM:I.C.1.d/severe-sepsis"
    severe = next((c for c in candidates if c.code.startswith("R65.2")), None)
    if severe is None or any(c.code.startswith(SYSTEMIC) for c in candidates):
        return candidates
    infection = replace(severe, alternatives=()).stepped(
        f"A41.9 before {severe.code}. {reason(rule)}", rule, code="A41.9"
    )
    at = candidates.index(severe)
    return [*candidates[:at], infection, *candidates[at:]]
