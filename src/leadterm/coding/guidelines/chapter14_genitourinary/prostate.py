"""Symptoms of an enlarged prostate: coded beside it, and telling its code (use additional code note at N40.1)."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import rows
from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.navigating import navigate
from leadterm.coding.passages import holds
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.B.7/prostate"
WITH_SYMPTOMS = {"N40.0": "N40.1", "N40.2": "N40.3"}
# The list of the note, each with the code under which a chart's words may open first.
SYMPTOMS = ("R39.14", "R35.1", "R39.16", "R35.0", "R39.11", "N39.4", "R33.8", "R33.9", "R39.15", "R39.12", "R33")
OTHER_CAUSES = ("N30", "N39.0", "N10", "N41")
# A narrative tells symptoms as the provider heard them; a review of systems or an examination does not.
_TOLD = ("hpi", "chief-complaint", "unknown", "other", "assessment", "assessment-plan", "impression", "plan")
_STAY = ("discharge-diagnosis", "hospital-course", "postoperative-diagnosis", "preoperative-diagnosis", "indication")
CONCLUSION = 0


def symptomatic(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """An enlarged prostate that the provider concludes, with symptoms where the chart tells them."""
    if not _told(chart) or any(c.code.startswith(OTHER_CAUSES) for c in candidates):
        return candidates
    return [
        c.stepped(f"{WITH_SYMPTOMS[c.code]}: {reason(RULE)}", RULE, code=WITH_SYMPTOMS[c.code])
        if c.code in WITH_SYMPTOMS and c.rank[0] == CONCLUSION
        else c
        for c in candidates
    ]


def symptoms(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With a code for each symptom of an enlarged prostate that the chart tells."""
    prostate = next((c for c in candidates if c.code in WITH_SYMPTOMS.values()), None)
    if prostate is None:
        return candidates
    kept = [c for c in candidates if c.code != "R33.9"]
    there = {c.code for c in kept}
    for fact in _told(chart):
        arrival = navigate(chart, fact, fact.targets[0])
        code = "R33.8" if arrival and arrival.code.startswith("R33") else arrival.code if arrival else None
        if code is not None and code not in there:
            there.add(code)
            beside = stated(code, (fact,), f"{code}: {reason(RULE)}", RULE, prostate)
            kept.append(replace(beside, rank=(*prostate.rank, 1, fact.mention.span.start)))
    text = " ".join(chart.sentence(f) for f in prostate.facts)
    named = [row["code"] for row in rows("guidelines/chapter14_genitourinary/prostate_words") if _says(row, text)]
    return [*kept, *(_beside(prostate, code) for code in named if code not in there)]


def _says(row: dict[str, str], text: str) -> bool:
    return bool(holds(compiled(row["words"]), text))


def _beside(prostate: Candidate, code: str) -> Candidate:
    return stated(code, prostate.facts, f"{code}: {reason(RULE)}", RULE, prostate)


def _told(chart: Chart) -> list[Fact]:
    return [
        f for f in chart.present if f.targets and f.targets[0].startswith(SYMPTOMS) and f.section in (*_TOLD, *_STAY)
    ]
