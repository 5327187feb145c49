"""I.C.1.b: organisms accompany the infection that they cause and are never coded alone."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.1.b/organism"
ORGANISMS = ("B95", "B96", "B97")
# Where an infection can be that leaves its organism to a second code.
INFECTIONS = tuple("GHIJKLMN") + ("A41", "O23", "O86", "R78.81", "T80.2", "T81.4", "T82.6", "T82.7", "T83.5", "T84.5")


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
