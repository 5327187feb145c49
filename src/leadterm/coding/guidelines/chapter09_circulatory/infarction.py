"""I.C.9.e: four weeks part an acute infarction from an old one, and make a new one within them a subsequent one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from leadterm.coding.accounts import in_prose
from leadterm.coding.chart import Candidate, Chart
from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.domain import Fact

RULE = "ICD10CM:I.C.9.e/infarction"
ACUTE = ("I21.0", "I21.1", "I21.2", "I21.3", "I21.4", "I21.9")
OLD = "I25.2"
DAYS = 28
_AGO = compiled(
    r"\b(?P<number>\d+|an?|one|two|three|four|five|six|several) ?"
    r"(?P<unit>days?|d|weeks?|wks?|wk|months?|mos?|years?|yrs?|y) (?:ago|prior|earlier|back|before)\b"
)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "several": 9}
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
_SUBSEQUENT = {
    "I21.0": "I22.0",
    "I21.1": "I22.1",
    "I21.2": "I22.8",
    "I21.3": "I22.9",
    "I21.4": "I22.2",
    "I21.9": "I22.9",
}


def by_time(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """The infarctions of the chart as old, acute or subsequent, by their dates."""
    candidates = [_recent(chart, c) for c in candidates]
    told = [c for c in candidates if c.code.startswith(ACUTE)]
    before = [c for c in told if (_days(chart, c) or 0) > 0]
    changed = {id(c): OLD for c in before if (_days(chart, c) or 0) > DAYS}
    if any(id(c) not in changed for c in before):
        changed |= {id(c): _SUBSEQUENT[c.code[:5]] for c in told if c not in before}
    return [_changed(c, changed.get(id(c))) for c in candidates if not _is_the_old(chart, c, candidates)]


def _is_the_old(chart: Chart, c: Candidate, candidates: list[Candidate]) -> bool:
    """Whether a visit only talks of an infarction without a kind that the chart has as old."""
    if c.code != "I21.9" or chart.stay or not any(o.code == OLD for o in candidates):
        return False
    return all(in_prose(chart, f) for f in c.facts)


def after_its_cause(chart: Chart, candidates: list[Candidate]) -> list[Candidate]:
    """An infarction of type 2 behind what the chart says it is due to (note at I21.A1)."""
    second = next((c for c in candidates if c.code == "I21.A1"), None)
    causes = [c for c in candidates if second and c is not second and chart.linked(second, c)]
    if second is None or not causes:
        return candidates
    last = max(c.rank for c in causes)
    placed = replace(second, rank=max(second.rank, (*last, 1)))
    return [placed if c is second else c for c in candidates]


def _changed(c: Candidate, code: str | None) -> Candidate:
    return c.stepped(f"by its date: {code}. {reason(RULE)}", RULE, code=code) if code else c


def _recent(chart: Chart, c: Candidate) -> Candidate:
    """An infarction that is told as history and lies within the four weeks, as the acute one that it still is."""
    node = next((t for f in c.facts for t in f.targets[:1] if t.startswith(ACUTE)), None)
    days = _days(chart, c)
    if c.code != OLD or node is None or days is None or not 0 < days <= DAYS or not chart.book.is_billable(node):
        return c
    return c.stepped(f"{days} days ago: {node}. {reason(RULE)}", RULE, code=node)


def _days(chart: Chart, c: Candidate) -> int | None:
    """How long before the encounter the infarction was, where every mention of it that tells tells so."""
    told = [days for f in c.facts if (days := days_since(chart, f)) is not None]
    return min(told) if told else None


def days_since(chart: Chart, fact: Fact) -> int | None:
    """Days from the fact's date to the encounter; None where the chart does not date it."""
    said = fact.attributes.get("date") or fact.attributes.get("onset") or ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
        return (chart.on - date.fromisoformat(said)).days
    if re.fullmatch(r"\d{4}-\d\d", said):
        return max(0, (chart.on.year - int(said[:4])) * 365 + (chart.on.month - int(said[5:7])) * 30)
    if re.fullmatch(r"(?:19|20)\d\d", said):
        return (chart.on.year - int(said)) * 365
    ago = _AGO.search(said)
    if ago is None:
        return None
    number = ago["number"]
    return (_NUMBERS.get(number) or int(number)) * _UNITS[ago["unit"][0]]
