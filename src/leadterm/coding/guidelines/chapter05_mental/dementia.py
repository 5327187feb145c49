"""I.C.5: mental and behavioural disorders."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating import navigate
from leadterm.coding.rules import reason

# Diseases that dementia belongs to: with Alzheimer's it is coded in any case, with the others where it is documented.
ALWAYS = ("G30",)
WHERE_DOCUMENTED = ("G10", "G20", "G31.0", "G31.83")


def dementia_elsewhere(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The disease followed by F02, dementia in diseases classified elsewhere, at the documented severity."""
    rule = "ICD10CM:I.C.5.d/dementia"
    dementia = next((c for c in candidates if c.code.startswith("F03")), None)
    causes = (*ALWAYS, *(WHERE_DOCUMENTED if dementia else ()))
    disease = next((c for c in candidates if c.code.startswith(causes)), None)
    if disease is None:
        return candidates
    # F03.9- is unspecified severity, which F02 keeps at F02.8-; the other severities have the same letters in both.
    code = f"F02{dementia.code[3:].replace('.9', '.8')}" if dementia else _severity(chart, disease)
    if not chart.book.is_billable(code) or any(c.code.startswith("F02") for c in candidates):
        return candidates
    follower = (dementia or disease).stepped(f"{code} after {disease.code}. {reason(rule)}", rule, code=code)
    kept = [c for c in candidates if c is not dementia]
    at = kept.index(disease) + 1
    return [*kept[:at], follower, *kept[at:]]


def _severity(chart: Chart, disease: Candidate) -> str:
    """The code of F02 at the severity that the words for the disease give ("Alzheimer's dementia, moderate")."""
    arrivals = (navigate(chart, f, "F02") for f in disease.facts if "severity" in f.attributes)
    return next((a.code for a in arrivals if a is not None), "F02.80")
