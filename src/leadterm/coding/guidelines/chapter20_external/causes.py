"""I.C.20: external causes accompany an injury or another effect of a cause; alone they are not reported."""

from __future__ import annotations

from dataclasses import replace

from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.navigating.episode import INITIAL, episode
from leadterm.coding.rules import reason

from .listed import listed
from .mechanism import explains, mechanism
from .places import place, status
from .story import cause, hits

RULE = "ICD10CM:I.C.20/external-cause"
CAUSES = (*"VWX", "Y0", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Y8", "Y91", "Y92", "Y93", "Y95", "Y99")
EFFECTS = ("S", "T", "M62.83", "M84.3", "L55")
# Effects whose cause the account tells; poisonings and complications of care tell their own (I.C.20.a.7).
TOLD = ("S", *(f"T{n:02d}" for n in (*range(0, 36), 66, 67, 68, 69, 70, 71, 73, 75)), "L55", "M97")
# Where, doing what, as what: only while the injury is first treated (I.C.20.b, I.C.20.c, I.C.20.k).
CIRCUMSTANCES = ("Y92", "Y93", "Y99")
# Causes that the patient's injuries have: what care or a drug did (Y4 to Y8) and the level of alcohol (Y90) are others.
MECHANISMS = ("V", "W", "X", "Y0", "Y1", "Y2", "Y30", "Y31", "Y32", "Y33", "Y35", "Y38")


def tell(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with cause, place and status as the account tells them, in place of vaguer words for them."""
    effects = tuple(c.code for c in candidates if c.code.startswith(TOLD))
    if not effects:
        return unhurt(chart, candidates)
    told = mechanism(chart, effects)
    if told is None:
        told = next((c for c in candidates if c.code.startswith(MECHANISMS) and explains(c.code, effects)), None)
    told = listed(chart, told, effects) or told
    near = told or next(c for c in candidates if c.code in effects)
    where, as_what = place(chart, near), status(chart, near)
    gone = MECHANISMS + (("Y92",) if where else ())
    kept = [c for c in candidates if not c.code.startswith(gone)]
    return [*kept, *(c for c in (told, where, as_what) if c is not None)]


def external_causes(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with external causes only beside an injury, and circumstances only at the initial encounter."""
    if not any(c.code.startswith(CAUSES) for c in candidates):
        return candidates
    injured = any(c.code.startswith(EFFECTS) for c in candidates)
    later = episode(chart) != INITIAL or any(c.code.startswith("S") and c.code.endswith("S") for c in candidates)
    kept = []
    for c in candidates:
        if c.code.startswith(CAUSES):
            if not injured or (later and c.code.startswith(CIRCUMSTANCES)):
                continue
            c = replace(c.stepped(reason(RULE), RULE), rank=(_order(c), *c.rank))
        kept.append(c)
    return kept


def _order(c: Candidate) -> int:
    """Cause, place, activity, status."""
    return next((n for n, prefix in enumerate(CIRCUMSTANCES, 1) if c.code.startswith(prefix)), 0)


_UNHURT = (
    r"\b(?:no|without|free of) (?:\w+ ){0,2}injur(?:y|ies)\b(?: (?:found|identified|seen|noted|on exam"
    r"|detected))?|uninjured|\bunhurt\b"
)


def unhurt(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the encounter for observation after an accident, where the chart finds no injury and nothing else."""
    if any(c.code[0] not in "VWXYZ" for c in candidates):
        return candidates
    found = next(hits(chart, _UNHURT, denied=False), None)
    told = mechanism(chart, ("S",)) if found else None
    if found is None or told is None or not told.code.startswith(("V", "W0", "W1")):
        return candidates
    code = "Z04.1" if told.code.startswith("V") else "Z04.3"
    seen = cause(chart, found, code, AFTER_ACCIDENT, 0)
    return [*candidates, replace(seen, rank=(0, 0))] if seen else candidates


AFTER_ACCIDENT = "ICD10CM:I.C.21.c.6/after-accident"
