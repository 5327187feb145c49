"""G20: Parkinson's disease by dyskinesia and fluctuations, whichever sentence of the chart tells of them."""

from __future__ import annotations

from leadterm.coding.affirming import affirmed
from leadterm.coding.chart import Candidate, Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, PathwayStep, Step

RULE = "ICD10CM:I.B.2/parkinson"
_INDUCED = compiled(r"\b(?:induced|due to|secondary to|from|caused by)\b")
PARKINSON = ("G20.A", "G20.B")
_DYSKINESIA = "G24"
_MOVEMENT = compiled(r"\bdyskine")
_FLUCTUATES = compiled(
    r"\bwearing[- ]off\b|\boff[- ](?:times?|periods?|episodes?|states?|symptoms?|phases?)\b|\bon[-/ ]{1,3}off\b"
    r"|\bmotor fluctuat|\bfluctuations?\b|\boffs\b|\bwears off\b"
)
_SENTENCE = compiled(r"[.;](?:\s|$)|\n\s*(?:\n|[-*(#\d])")


def open_parkinsonism(chart: Chart, fact: Fact) -> Opening | None:
    """G21.11 for parkinsonism by a neuroleptic that the sentence names; None for any other fact."""
    if not fact.targets or not fact.targets[0].startswith(("G21.1", "G20.C")):
        return None
    drugs = [f for f in chart.classed("antipsychotic") if chart.sentence(f) == chart.sentence(fact)]
    if not drugs or not _INDUCED.search(chart.sentence(fact)):
        return None
    step = PathwayStep(Step.INDEX, f"\u201c{fact.mention.text}\u201d: Parkinsonism, due to, drugs, neuroleptic, G21.11")
    return Opening("G21.11", (step,), settled=True)


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
