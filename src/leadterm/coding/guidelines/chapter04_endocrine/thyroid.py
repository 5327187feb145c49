"""Thyrotoxic crisis, said of a thyrotoxicosis whose kind stands elsewhere (E05)."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.C.4/thyroid-storm"
STORM = "E05.91"


def open_storm(chart: Chart, fact: Fact) -> Opening | None:
    """A thyrotoxicosis of a known kind at its code with crisis, where the chart has the crisis."""
    if not fact.targets or not fact.targets[0].startswith("E05") or fact.targets[0].startswith("E05.9"):
        return None
    if not any(f.targets and f.targets[0] == STORM for f in chart.present):
        return None
    node = f"{fact.targets[0][:5]}1"
    return Opening(node, (PathwayStep(Step.TABULAR, f"{node}: {reason(RULE)}", RULE),), settled=True)
