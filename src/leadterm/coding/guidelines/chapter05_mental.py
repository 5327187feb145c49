"""I.C.5: mental and behavioural disorders."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason


def alzheimer(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Alzheimer's disease followed by F02, dementia in diseases classified elsewhere, at the documented severity."""
    rule = "ICD10CM:I.C.5.d/alzheimer"
    disease = next((c for c in candidates if c.code.startswith("G30")), None)
    if disease is None:
        return candidates
    dementia = next((c for c in candidates if c.code.startswith("F03")), None)
    code = f"F02{dementia.code[3:]}" if dementia else "F02.80"
    if not chart.book.is_billable(code):
        return candidates
    follower = (dementia or disease).stepped(f"{code} after {disease.code}. {reason(rule)}", rule, code=code)
    kept = [c for c in candidates if c is not dementia]
    at = kept.index(disease) + 1
    return [*kept[:at], follower, *kept[at:]]
