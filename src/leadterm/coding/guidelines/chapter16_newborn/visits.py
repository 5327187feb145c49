"""Routine examinations of newborns at the office (I.C.21.c.12, I.C.21.c.13)."""

from __future__ import annotations

from leadterm.coding.chart import Candidate, Chart, stated
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason

from .infant import Stage, infant

EXAMINED = "ICD10CM:I.C.21.c.12/newborn-examination"
FIRST_WEEK = 8
_CHECK = compiled(
    r"\bnewborn (?:\w+ ){0,2}(?:check|visit|exam|supervision|follow|f/u|wcc|well)|\b(?:weight"
    r"|wt) check\b|\bwell (?:newborn|baby|child|infant)|\bwcc\b|\bfirst (?:office |newborn "
    r"|pediatric )?visit\b|\bhospital follow-?up|\b(?:\d+|two|one)[- ]?(?:wk|week|day) (?:check"
    r"|visit|well)|\bhealth supervision\b|\bnb check\b|\bwcv\b|\b2 ?wk\b[^.\n]{0,10}\bcheck"
)


def examined(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """With the health examination of a newborn by its age, where the visit is one."""
    child = infant(chart)
    if chart.stay or child.stage is not Stage.NEWBORN or child.days is None or child.told is None:
        return candidates
    kept = [c for c in candidates if not c.code.startswith(("Z00.12", "Z00.11"))]
    if len(kept) == len(candidates) and chart.tells(_CHECK) is None:
        return candidates
    code = "Z00.110" if child.days < FIRST_WEEK else "Z00.111"
    return [*kept, stated(code, (child.told,), f"{child.days} days old: {code}. {reason(EXAMINED)}", EXAMINED)]
