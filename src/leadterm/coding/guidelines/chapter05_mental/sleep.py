"""Insomnia by its cause: another mental disorder, a medical condition (Index: Insomnia, due to)."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import whole_clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.1/insomnia"
_CAUSED = compiled(r"\b(?:due to|secondary to|2/2|caused by|related to|in the setting of|from)\b(?P<what>.*)")
_MENTAL = compiled(
    r"\b(?:depress\w*|mdd|anxiety|gad|ptsd|bipolar|mania|manic|schizo\w+|panic|ocd|mental|psychiatric|mood)\b"
)
_MEDICAL = compiled(
    r"\b(?:pain|cough|nocturia|hot flashes|menopaus\w*|apnea|reflux|gerd|pruritus|itch\w*|dyspnea|copd|heart failure"
    r"|arthritis|medical condition|parkinson\w*|rls|restless legs|hyperthyroid\w*|neuropathy|fibromyalgia|cancer)\b"
)
_OWN = ("G47.0", "F51.0", "F", "M", "R", "G", "K", "J", "I", "L", "N", "E")


def open_insomnia(chart: Chart, fact: Fact) -> Opening | None:
    """Where an insomnia opens whose cause the sentence says; None for any other fact."""
    if not fact.targets or not fact.targets[0].startswith(("G47.00", "F51.01")):
        return None
    words = " ".join(whole_clause(chart, fact, _OWN).lower().split())
    said = _CAUSED.search(words[words.find(fact.mention.text.lower()) :])
    cause = f"{fact.attributes.get('cause', '')} {said['what'] if said else ''}"
    code = "F51.05" if _MENTAL.search(cause) else "G47.01" if _MEDICAL.search(cause) else None
    if code is None:
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Insomnia, due to, {code}. {reason(RULE)}", RULE)
    return Opening(code, (step,), settled=True)
