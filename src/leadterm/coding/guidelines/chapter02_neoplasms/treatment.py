"""I.C.2: the treatment comes before the neoplasm; adverse effects of treatment come after their manifestation."""

from __future__ import annotations

import re
from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

TREATMENT = ("Z51.0", "Z51.11", "Z51.12")
CHEMOTHERAPY_EFFECT = "T45.1X5A"
_BY_CHEMOTHERAPY = re.compile(
    r"chemo(?:therapy)?[- ](?:induced|related|associated)|(?:due|secondary) to (?:the )?(?:chemo|antineoplastic)"
)
_EFFECTS = ("D64.81", "D70.1", "D61.810", "R11", "G62.0", "L65.8", "K12.31")


def treatment_first(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Treatment codes ahead of everything, the neoplasms right after, where the visit is for the treatment."""
    rule = "ICD10CM:I.C.2.e.2/treatment"
    treatments = [c for c in candidates if c.code.startswith(TREATMENT)]
    if not treatments:
        return candidates
    ordered = []
    for c in candidates:
        if c in treatments:
            c = replace(c, rank=(-2, *c.rank)).stepped(reason(rule), rule)
        elif c.code.startswith(("C", "D0")):
            c = replace(c, rank=(-1, *c.rank))
        ordered.append(c)
    return ordered


def adverse_effects(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The code for the adverse effect of chemotherapy behind each manifestation that the chart blames on it."""
    rule = "ICD10CM:I.C.19.e.5.a/adverse-effect"
    if any(c.code.startswith("T45.1") for c in candidates) or not chart.book.is_billable(CHEMOTHERAPY_EFFECT):
        return candidates
    for c in candidates:
        blamed = tuple(f for f in c.facts if _BY_CHEMOTHERAPY.search(chart.sentence(f)))
        if blamed and c.code.startswith(_EFFECTS):
            effect = replace(c, facts=blamed, alternatives=(), rank=(*c.rank, 1))
            step = f"{c.code} blamed on chemotherapy: {CHEMOTHERAPY_EFFECT}. {reason(rule)}"
            return [*candidates, effect.stepped(step, rule, code=CHEMOTHERAPY_EFFECT)]
    return candidates
