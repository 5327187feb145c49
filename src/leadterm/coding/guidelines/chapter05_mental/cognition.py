"""F06.7: mild neurocognitive disorder with a known cause; without one it is G31.84 (titles of both)."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.2/cognition"
_CAUSE = compiled(r"\b(?:due to|secondary to|2/2|caused by|from|related to|in the setting of|after)\b(?! (?:un|not ))")
_BEHAVIOR = compiled(r"\bwith behaviou?ral disturbance|\bwith (?:apathy|agitation|disinhibition)")


def open_mild(chart: Chart, fact: Fact) -> Opening | None:
    """Where a mild cognitive impairment opens that the provider lays to a disease; None for any other fact."""
    if not fact.targets or fact.targets[0] != "G31.84":
        return None
    words = clause(chart, fact, ("",))
    if not _CAUSE.search(words):
        return None
    code = "F06.71" if _BEHAVIOR.search(words) else "F06.70"
    step = PathwayStep(Step.GUIDELINE, f"\u201c{fact.mention.text}\u201d: {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)
