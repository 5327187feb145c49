"""Symptoms that a diagnosis explains (I.B.4, I.B.5, II.A, IV.D): the tables `symptoms.tsv` applied to a chart."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from leadterm.coding._tables import of_all_rooms
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason
from leadterm.domain import Alternative

RULE = "ICD10CM:I.B.5/integral"


@cache
def _explaining() -> dict[str, tuple[str, ...]]:
    """Prefixes of the diagnoses that explain a symptom, by prefix of the symptom; rooms add to each other."""
    found: dict[str, tuple[str, ...]] = {}
    for row in of_all_rooms("symptoms"):
        for symptom in row["symptom"].split():
            found[symptom] = (*found.get(symptom, ()), *row["diseases"].split())
    return found


def integral_symptoms(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates without symptoms that one of the diagnoses explains; each is named as an alternative there."""
    table = _explaining()
    explained: dict[str, str] = {}
    for c in candidates:
        diseases = _diseases(table, c.code)
        causes = [o for o in candidates if diseases and o.code != c.code and o.code.startswith(diseases)]
        causes = [o for o in causes if not _other_side(c, o)]
        if causes and not _tied_elsewhere(c, causes, candidates):
            explained[c.code] = causes[0].code
    kept = []
    for c in candidates:
        if c.code not in explained:
            mine = tuple(Alternative(s, reason(RULE)) for s, cause in explained.items() if cause == c.code)
            kept.append(replace(c, alternatives=(*c.alternatives, *mine)) if mine else c)
    return kept


def _tied_elsewhere(symptom: Candidate, causes: list[Candidate], candidates: list[Candidate]) -> bool:
    """Whether the chart names another of its diagnoses as the cause ("cough due to long COVID" beside a new one)."""
    said = " ".join(f.attributes.get("cause", "").lower() for f in symptom.facts)
    others = [o for o in candidates if o is not symptom and o not in causes]
    return bool(said) and any(_named(o, said) for o in others) and not any(_named(cause, said) for cause in causes)


def _named(c: Candidate, said: str) -> bool:
    return any(f.mention.text.lower() in said for f in c.facts)


def _diseases(table: dict[str, tuple[str, ...]], symptom: str) -> tuple[str, ...]:
    """Prefixes of the diseases that explain a symptom; NONE parts a symptom from what explains the wider class."""
    found: list[str] = []
    for length in range(3, len(symptom) + 1):
        said = table.get(symptom[:length], ())
        found = [] if "NONE" in said else found
        found += [disease for disease in said if disease != "NONE"]
    return tuple(found)


def _other_side(symptom: Candidate, disease: Candidate) -> bool:
    """Whether every mention of the symptom is of the side that the disease is not on."""
    sides = {f.attributes.get("laterality") for f in symptom.facts}
    known = {f.attributes.get("laterality") for f in disease.facts}
    return len(sides) == 1 and len(known) == 1 and {*sides, *known} == {"left", "right"}
