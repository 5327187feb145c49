"""I.C.1.a: HIV disease and HIV positive status, and what comes first."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import several
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Assertion

from ._growth import ROOM

DISEASE = "ICD10CM:I.C.1.a.2/disease"
FIRST = "ICD10CM:I.C.1.a.2.b/first"
POSITIVE, SICK = "Z21", "B20"
_OF_HIV = compiled(r"\b(?:hiv|aids)\b")
_NOT = (Assertion.ABSENT, Assertion.FAMILY, Assertion.HYPOTHETICAL, Assertion.UNCERTAIN)


def disease(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with HIV disease where the patient has, or ever had, an illness that HIV brings."""
    positive = next((c for c in candidates if c.code == POSITIVE), None)
    if positive is None:
        return candidates
    illnesses = several(f"{ROOM}/hiv_related", "code")
    ill = [f for f in chart.facts if f.targets and f.targets[0].startswith(illnesses) and f.assertion not in _NOT]
    if not ill:
        return candidates
    told = f"with {ill[0].concept}: {SICK}. {reason(DISEASE)}"
    sick = replace(positive, facts=(*positive.facts, ill[0])).stepped(told, DISEASE, code=SICK)
    return [sick if c is positive else c for c in candidates]


def first(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """HIV disease ahead of the illness of it that led to the contact."""
    sick = next((c for c in candidates if c.code == SICK), None)
    others = [c for c in candidates if c is not sick and c.rank[0] <= 1]
    if sick is None or not others:
        return candidates
    leading = min(others, key=lambda c: c.rank)
    related = leading.code.startswith(several(f"{ROOM}/hiv_related", "code")) or any(
        _OF_HIV.search(" ".join((f.attributes.get("cause", ""), f.attributes.get("with", "")))) for f in leading.facts
    )
    if not related or sick.rank < leading.rank:
        return candidates
    new = replace(sick, rank=(leading.rank[0], -1)).stepped(f"ahead of {leading.code}. {reason(FIRST)}", FIRST)
    return [new if c is sick else c for c in candidates]
