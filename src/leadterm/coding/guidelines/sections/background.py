"""III: what a record of a stay tells beside what was evaluated, treated or watched, and what is no diagnosis of it."""

from __future__ import annotations

from leadterm.coding.chart import NOWHERE, Candidate, Chart, Opening
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

# Screening is an encounter's purpose (I.C.21.c.5); within a stay it is care as usual.
_SCREENING = ("Z11", "Z12", "Z13")
_DIALYSIS = "Z99.2"
_DAY = compiled(r" ?#?\d{1,2}\b(?![.)/])")
_FAMILY = ("Z80", "Z81", "Z82", "Z83", "Z84")
# Where what runs in the family bears on what is done: prophylactic surgery, a susceptibility, genetic counseling.
_BEARING = ("Z15", "Z40", "Z31", "Z71.83")
_TOLD_OF_THIS = ("discharge-diagnosis", "assessment", "assessment-plan", "impression", "hospital-course")


def open_in_stay(chart: Chart, fact: Fact) -> Opening | None:
    """Nowhere for a screening within a stay, and for the day of a stay that reads like hemodialysis ("HD 4")."""
    target = fact.targets[0] if fact.targets else ""
    if chart.stay and target.startswith(_SCREENING):
        return NOWHERE
    return NOWHERE if target.startswith(_DIALYSIS) and _is_day(chart, fact) else None


def _is_day(chart: Chart, fact: Fact) -> bool:
    text = chart.encounter.document(fact.mention.document).text
    behind = text[fact.mention.span.end : fact.mention.span.end + 4]
    return fact.mention.text.lower() in ("hd", "on hd") and bool(_DAY.match(behind))


# Of these a patient has one kind at a time: what the stay concludes is it, what a history tells was before.
_ONE_AT_A_TIME = ("F31", "F32", "F33", "J45", "I48", "E66")


def without_earlier(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates of a stay without the earlier form of what it concludes in another."""
    if not chart.stay:
        return candidates
    now = {c.code[:3] for c in candidates if c.rank[0] <= 1}
    return [c for c in candidates if c.rank[0] <= 1 or c.code[:3] not in now or not c.code.startswith(_ONE_AT_A_TIME)]


# An organ that this stay's operation took is told by its procedure code; its absence is a status from then on.
_ABSENT = ("Z90", "Z89")
_COMPLICATIONS = ("T81", "T82", "T83", "T84", "T85", "T87")
_DONE_HERE = ("procedure", "hospital-course", "discharge-diagnosis", "unknown", "other", "postoperative-diagnosis")
_BEFORE = compiled(
    r"\b(?:19|20)\d\d\b|\b(?:prior|previous|remote|old|past|history|hx|h/o|years?|months?|ago|known)\b|\bat age\b"
)


def without_done_here(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates of a stay without the absence of what was taken during it."""
    again = any(c.code.startswith(_COMPLICATIONS) for c in candidates)  # of an operation before this stay
    if again or not chart.encounter.codes_uncertain:
        return candidates
    return [c for c in candidates if not (c.code.startswith(_ABSENT) and all(_is_done_here(chart, f) for f in c.facts))]


def _is_done_here(chart: Chart, fact: Fact) -> bool:
    return fact.section in _DONE_HERE and not _BEFORE.search(chart.sentence(fact))


def without_family(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The candidates of a stay without what only runs in the family and bears on nothing of it (III)."""
    if not chart.stay or any(c.code.startswith(_BEARING) for c in candidates):
        return candidates
    return [c for c in candidates if not c.code.startswith(_FAMILY) or any(f.section in _TOLD_OF_THIS for f in c.facts)]
