"""IV.D and IV.K: what leads the claim of a study alone, where the report finds something and explains nothing."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding._tables import prefixed
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.rules import reason

ORDERED_FOR = "ICD10CM:IV.K/ordered-for"
# Abnormal findings of imaging and function studies: what was seen, and no diagnosis of it.
_SEEN = ("R90", "R91", "R92", "R93", "R94")
_SYMPTOMS = tuple(f"R{n:02d}" for n in range(70))


def ordered_for_first(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the symptom that a study was ordered for before the abnormal image that would lead."""
    if chart.stay or not candidates:
        return candidates
    leading = min(candidates, key=lambda c: c.rank)
    asked = [c for c in candidates if c.code.startswith(_SYMPTOMS) and _is_reason(c)]
    if not (leading.code.startswith(_SEEN) and asked):
        return candidates
    first = min(asked, key=lambda c: c.rank)
    moved = replace(first.stepped(reason(ORDERED_FOR), ORDERED_FOR), rank=(leading.rank[0], -1, *first.rank[1:]))
    return [moved if c is first else c for c in candidates]


def _is_reason(c: Candidate) -> bool:
    """Whether the chart tells it only where it says why the study was ordered."""
    return all(prefixed("policy", "use").get(f.section) == "reason" for f in c.facts)
