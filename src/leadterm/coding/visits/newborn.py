"""The normal newborn's days in a hospital, each entry of its record by what it tells: first, later or last day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.statements import documents
from leadterm.domain import ClaimType, Document, Evidence, Span, plain_day

from .outline import dated
from .wording import worded

RULE = "CPT:EM/newborn"
_ENTRY = compiled(
    r"(?im)^[ \t]*(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*[ ,.]+)?"
    r"(?=\d{1,2}[/-]\d{1,2}[/-]\d|[A-Z][a-z]{2,8}\.? \d{1,2}, 20|20\d\d-)"
)
_GATE = ("newborn", "nursery", "neonat")
_SICK = worded("newborn.sick")
_NORMAL = worded("newborn.normal")
_FIRST = worded("newborn.first")
_LAST = worded("newborn.last")
_SEEN = worded("newborn.seen")
_ATTENDED = worded("newborn.attended")
_NOT = compiled(r"(?i)\b(?:no|not|without|denies|never)\b[^.;\n]{0,30}\Z")
_MINUTES = compiled(r"(?i)\b(\d{2,3}) ?min")
LONG = 30  # minutes beyond which leaving is the higher code


@dataclass(frozen=True, slots=True)
class Day:
    """One service to a newborn: its code, why, its words and its day."""

    code: str
    why: str
    words: Evidence
    day: date | None


def days(chart: Chart) -> tuple[Day, ...]:
    """The services to a normal newborn of a hospital, in order; none for any other patient or a sick one."""
    encounter = chart.encounter
    if chart.age != 0 or encounter.claim_type is ClaimType.INSTITUTIONAL:
        return ()
    if (encounter.place_of_service or "") not in ("", "21") or (
        encounter.encounter_class or "inpatient"
    ) != "inpatient":
        return ()
    if not any(word in chart.text for word in _GATE) or _affirmed(_SICK, chart.text) or not _NORMAL.search(chart.text):
        return ()
    found = {(d.day, d.code): d for document in documents(chart) for d in _of(chart, document)}
    return tuple(_same_day(list(found.values())))


def _affirmed(pattern: Pattern, text: str) -> bool:
    found = pattern.finditer(text)
    return any(not _NOT.search(text[max(0, m.start() - 40) : m.start()]) for m in found)


def _of(chart: Chart, document: Document) -> Iterator[Day]:
    """The days of a newborn that a document tells, entry by entry."""
    text = document.text
    starts = [m.start() for m in _ENTRY.finditer(text)]
    if len(starts) < 2:
        starts = [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        said = text[start:end]
        day = dated(said[:40]) or _own_day(chart, document)
        words = Evidence.quote(document, Span(start, start + len(said.partition("\n")[0].rstrip())))
        if (_ATTENDED.search(said)) and not re.search(r"(?i)not (?:called|present|at) ", said):
            yield Day("99464", "called to the delivery and steadied the newborn", words, day)
        if _FIRST.search(said):
            yield Day("99460", "the first day of a normal newborn in a hospital", words, day)
        elif _LAST.search(said) and _SEEN.search(said):
            minutes = max((int(m[1]) for m in _MINUTES.finditer(said)), default=0)
            code = "99239" if minutes > LONG else "99238"
            yield Day(code, f"leaving, {minutes or 'no'} minutes told", words, day)
        elif _SEEN.search(said):
            yield Day("99462", "a later day of a normal newborn", words, day)


def _own_day(chart: Chart, document: Document) -> date | None:
    moment = document.service_time or chart.encounter.date_of_service or chart.encounter.admission
    return plain_day(moment)


def _same_day(found: list[Day]) -> Iterator[Day]:
    """Birth and leaving on one day are one service."""
    first = {d.day: d for d in found if d.code == "99460"}
    gone = {d.day for d in found if d.code in ("99238", "99239")}
    for d in found:
        if d.day in first and d.day in gone and d.code in ("99460", "99462", "99238", "99239"):
            if d.code == "99460":
                yield Day("99463", "examined and sent home on one day", d.words, d.day)
        elif d.code != "99462" or d.day not in {*first, *gone}:
            yield d
