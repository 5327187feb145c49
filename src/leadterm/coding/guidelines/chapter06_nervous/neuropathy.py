"""G62: polyneuropathy by what the sentence makes its cause."""

from __future__ import annotations

from leadterm.coding.chart import Chart, Opening
from leadterm.coding.passages import clause
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact, FactKind, PathwayStep, Step

RULE = "ICD10CM:I.B.1/neuropathy"
_DRUG = compiled(r"\b(?:chemo\w*|drug|medication|treatment|platinum|taxane)[ -]+(?:induced|related|associated)")
_ALCOHOL = compiled(r"\balcohol(?:ic)?\b|\betoh\b")
_CAUSED = compiled(r"\b(?:due to|secondary to|2/2|from|caused by|related to|after)\s")
_KINDS = (
    ("G62.81", compiled(r"\bcritical illness")),
    ("G62.82", compiled(r"\bradiation[- ]induced|\bdue to radiation|\bafter radiation")),
    ("G60.9", compiled(r"\bhereditary|\bidiopathic")),
    ("G61.9", compiled(r"\binflammatory")),
    ("G62.2", compiled(r"\b(?:lead|arsenic|organophosphate|toxic)\b")),
)


def open_neuropathy(chart: Chart, fact: Fact) -> Opening | None:
    """Where a polyneuropathy opens whose cause the sentence says; None for any other fact."""
    if not fact.targets or fact.targets[0] not in ("G62.9", "G62"):
        return None
    words = clause(chart, fact, ("G6", "T", "R", "Z"))
    code = "G62.0" if _by_drug(chart, fact, words) else "G62.1" if _ALCOHOL.search(words) else _kind(words)
    if code is None:
        return None
    step = PathwayStep(
        Step.INDEX, f"\u201c{fact.mention.text}\u201d: Neuropathy, by cause, {code}. {reason(RULE)}", RULE
    )
    return Opening(code, (step,), settled=True)


def _kind(words: str) -> str | None:
    return next((code for code, pattern in _KINDS if pattern.search(words)), None)


def _by_drug(chart: Chart, fact: Fact, words: str) -> bool:
    """Whether a drug or treatment with drugs is made the cause."""
    if _DRUG.search(words):
        return True
    cause = f"{fact.attributes.get('cause', '')} {' '.join(_CAUSED.split(words)[1:])}"
    drugs = [f.mention.text.lower() for f in chart.facts if f.kind is FactKind.DRUG]
    induced = any(f"{drug}{joint}induced" in words for drug in drugs for joint in "- ")
    return induced or (bool(cause.strip()) and any(drug in cause for drug in (*drugs, "chemo")))
