"""G20: Parkinson's disease by dyskinesia and fluctuations, whichever sentence of the chart tells of them."""

from __future__ import annotations

import re

from leadterm.coding.chart import Candidate, Chart, affirmed
from leadterm.coding.rules import reason

RULE = "ICD10CM:I.B.2/parkinson"
PARKINSON = ("G20.A", "G20.B")
_DYSKINESIA = "G24"
_MOVEMENT = re.compile(r"\bdyskine")
_FLUCTUATES = re.compile(
    r"\bwearing[- ]off\b|\boff[- ](?:times?|periods?|episodes?|states?|symptoms?|phases?)\b|\bon[-/ ]{1,3}off\b"
    r"|\bmotor fluctuat|\bfluctuations?\b|\boffs\b|\bwears off\b"
)
_SENTENCE = re.compile(r"[.;](?:\s|$)|\n\s*(?:\n|[-*(#\d])")


def detail(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """Parkinson's disease at its code for dyskinesia and fluctuations; the movements by themselves are part of it."""
    mine = next((c for c in candidates if c.code.startswith(PARKINSON)), None)
    if mine is None:
        return candidates
    sentences = [affirmed(" ".join(s.split())) for d in chart.encounter.documents for s in _SENTENCE.split(d.text)]
    moves = mine.code.startswith("G20.B") or any(_MOVEMENT.search(f.concept.lower()) for f in chart.present)
    fluctuates = mine.code.endswith("2") or any(_FLUCTUATES.search(s) for s in sentences)
    code = f"G20.{'B' if moves else 'A'}{2 if fluctuates else 1}"
    others = [c for c in candidates if c.code.startswith((*PARKINSON, "G20.C", _DYSKINESIA))]
    whole = mine.joined(*(c for c in others if c is not mine and c.code.startswith("G20")))
    if code != mine.code and chart.book.is_billable(code):
        whole = whole.stepped(f"{code}. {reason(RULE)}", RULE, code=code)
    return [whole if c is mine else c for c in candidates if c is mine or c not in others]
