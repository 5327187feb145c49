"""I.C.2.e.2: the treatment that a contact is for comes before the neoplasm, and the neoplasm before the rest."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

TREATMENT = ("Z51.0", "Z51.11", "Z51.12")


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
