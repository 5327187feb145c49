"""I.C.20: external causes accompany an injury or another effect of a cause; alone they are not reported."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.C.20/external-cause"
CAUSES = (*"VWX", "Y0", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Y8", "Y91", "Y92", "Y93", "Y95", "Y99")
EFFECTS = ("S", "T", "M62.83", "M84", "R29.6")


def external_causes(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with external causes only beside an injury."""
    injured = any(c.code.startswith(EFFECTS) for c in candidates)
    kept = []
    for c in candidates:
        if c.code.startswith(CAUSES):
            if not injured:
                continue
            c = c.stepped(reason(RULE), RULE)
        kept.append(c)
    return kept
