"""Thrombolysis at another facility before the patient came here (Z92.82)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Step

ELSEWHERE = "ICD10CM:I.C.9.d/thrombolysis-elsewhere"
INFARCTIONS = ("I63", "I21", "I22", "I26", "I97.81", "I97.82")
_ELSEWHERE = compiled(
    r"\b(?:transfer\w*|outside|osh|outlying|community|rural|referring|another|other|sending|first|local)\b"
    r".{0,80}\b(?:hospital|facility|ed|er|emergency|osh)\b|\b(?:osh|drip and ship|before (?:transfer|arrival)"
    r"|prior to (?:transfer|arrival)|(?:flown|transferred|airlifted) (?:here|to us)|drip-and-ship|given there)\b"
)


def given_elsewhere(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the status of thrombolysis given at another facility before the patient came here."""
    lead = next((c for c in candidates if c.code.startswith(INFARCTIONS)), None)
    drugs = [f for f in chart.classed("thrombolytic") if _ELSEWHERE.search(chart.sentence(f))]
    if lead is None or not drugs or any(c.code == "Z92.82" for c in candidates):
        return candidates
    return [*candidates, stated("Z92.82", drugs[:1], reason(ELSEWHERE), ELSEWHERE, lead, Step.GUIDELINE)]
