"""Bleeding that an anticoagulant did (note at D68.32): the disorder of clotting stands with bleeding and drug."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.A.17/bleeding-by-drug"
DISORDER, DRUG = "D68.32", "T45.515A"
# Codes that are bleeding, or say "with hemorrhage".
_BLEEDING = tuple("K92.0 K92.1 K92.2 R04 R31 K62.5 N92 N93 H11.3 H35.6 I60 I61 I62 R58 K66.1 M25.0 D62 N95.0".split())
_WITH = ("with hemorrhage", "with bleeding", "hemorrhage", "with both hemorrhage")


def bleeding(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the hemorrhagic disorder where the chart blames a bleeding on an anticoagulant."""
    drug = next((c for c in candidates if c.code == DRUG), None)
    if drug is None or any(c.code.startswith("D68.3") for c in candidates):
        return candidates
    blamed = {f.id for f in drug.facts}
    for c in candidates:
        if _bleeds(chart, c.code) and any(f.id in blamed for f in c.facts):
            step = f"{c.code} blamed on an anticoagulant: {DISORDER}. {reason(RULE)}"
            return [*candidates, stated(DISORDER, c.facts, step, RULE, c)]
    return candidates


def _bleeds(chart: Chart, code: str) -> bool:
    node = chart.book.node(code)
    return code.startswith(_BLEEDING) or (node is not None and any(w in node.title.lower() for w in _WITH))
