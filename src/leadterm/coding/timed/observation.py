"""Hours of observation of an outpatient facility: from the order to the end of care, without what was watched over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import Pattern, compiled
from leadterm.coding.querying._asking import query
from leadterm.coding.rules import reason
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer
from leadterm.coding.statements import documents, places
from leadterm.domain import ClaimType, Document, Evidence, Finding, Setting, Severity, Span

from .minutes import DAY, Moment, lengths, moment

HOURS, ACTIVE, DIRECT = "MCPM:4.290.2.2/hours", "MCPM:4.290.2.2/active-monitoring", "MCPM:4.290.5.2/direct-referral"
UNDER = "MCPM:4.290.5.1/under-eight-hours"
LEAST = 8  # hours from which the observation composite is paid
_GATE = compiled(r"observation")
_START = compiled(
    r"\b(?:observation (?:services? )?(?:order(?:ed| time| written| placed)?|start(?:ed)?|began|begin"
    r"|status (?:start(?:ed)?|order(?:ed)?)|time in|initiated)"
    r"|(?:place[d]?|admit(?:ted)?|assign(?:ed)?|order(?:ed)?|start(?:ed)?)(?: patient| pt"
    r"| the patient)?(?: to be)?(?: placed)? (?:in(?:to)?|to|under) (?:hospital )?observation"
    r"|order(?:ed)? (?:for|to) (?:place in )?observation)\b[^\n]{0,40}?",
    re.IGNORECASE,
)
_END = compiled(
    r"\b(?:observation (?:services? )?(?:end(?:ed)?|discontinued|stop(?:ped)?|complete[d]?|discharge|time out)"
    r"|discharged?(?: (?:from observation|home|order|time|at|to|instructions given))*"
    r"|observation care (?:ended|complete[d]?))\b[^\n]{0,30}?",
    re.IGNORECASE,
)
_WATCHED = compiled(
    r"\b(?:(?:active(?:ly)?|continuous(?:ly)?) (?:\w+ )?monitor(?:ed|ing)|observation (?:time |clock "
    r"|hours )?(?:suspended|paused|interrupted|stopped for|held)"
    r"|carve[d]?[- ]out|moderate sedation|procedure time)\b",
    re.IGNORECASE,
)
_DIRECT = compiled(
    r"\b(?:direct(?:ly)? (?:referral|referred|admission|admit(?:ted)?)\b[^\n]{0,80}?\b(?:office|clinic|community)"
    r"|(?:referred|sent) directly (?:from|by)[^.\n]{0,40}(?:office|clinic)[^\n]{0,60}?observation)\b",
    re.IGNORECASE,
)


def hours(minutes: int) -> int:
    """Whole hours, to the nearest; never fewer than none."""
    return max(0, (minutes + 30) // 60)


def read(chart: Chart) -> Offer:
    """The hours of observation on a claim of an outpatient facility."""
    encounter = chart.encounter
    bills = encounter.claim_type is ClaimType.INSTITUTIONAL and encounter.setting in (
        Setting.OUTPATIENT,
        Setting.EMERGENCY,
    )
    if not bills or not _GATE.search(chart.text):
        return Offer()
    kept = documents(chart)
    starts = [(d, at) for d in kept for at in _moments(d, _START, encounter.date_of_service)]
    if not starts and (encounter.encounter_class or "") != "observation":
        return Offer()
    ends = [(d, at) for d in kept for at in _moments(d, _END, encounter.date_of_service)]
    return _counted(chart, starts, ends, kept)


def _counted(
    chart: Chart,
    starts: list[tuple[Document, Moment]],
    ends: list[tuple[Document, Moment]],
    kept: Iterable[Document],
) -> Offer:
    encounter = chart.encounter
    document, start = starts[0] if starts else (None, None)
    minutes, evidence = None, tuple(Evidence.quote(d, at.span) for d, at in (*starts[:1], *ends[-1:]))
    if start and ends:
        minutes = _between(start, ends[-1][1], encounter.discharge)
    elif start and isinstance(encounter.discharge, datetime):
        end = Moment(encounter.discharge.hour * 60 + encounter.discharge.minute, start.span, encounter.discharge.date())
        minutes = _between(start, end, encounter.discharge)
    if minutes is None or document is None:
        lacks = "ended" if start else "was ordered"
        words = evidence or tuple(p.evidence for d in kept for p in places(_OBSERVED, d))[:1]
        question = f"The record does not tell at what time observation {lacks}. When was that?"
        return Offer(queries=(query("time", question, ("G0378",), ("date and time: ____",), words),))
    active = [w for d in kept for w in _watched(d)]
    left = max(0, minutes - sum(m for m, _ in active))
    return _lines(chart, minutes, left, (*evidence, *(e for _, e in active)), kept)


_OBSERVED = compiled(r"\bobservation\b", re.IGNORECASE)


def _lines(chart: Chart, minutes: int, left: int, evidence: tuple[Evidence, ...], kept: Iterable[Document]) -> Offer:
    units = hours(left)
    if not units or not known(chart, "G0378"):
        return Offer()
    day = chart.encounter.date_of_service
    line = coded(chart, "G0378", "procedure", "hours of observation", evidence, day, Decimal(units))
    line = line.stepped(f"{minutes} minutes from order to end. {reason(HOURS)}", HOURS)
    if left < minutes:
        line = line.stepped(f"{minutes - left} minutes left out. {reason(ACTIVE)}", ACTIVE)
    direct = [p.evidence for d in kept for p in places(_DIRECT, d) if not _NOT.search(p.before)]
    lines = [line]
    if direct and known(chart, "G0379"):
        first = coded(chart, "G0379", "visit", "direct referral to observation", direct[:1], day)
        lines.append(replace(first.stepped(reason(DIRECT), DIRECT), rank=(4,)))
    return Offer(tuple(lines), tuple([_under(units, evidence)] if units < LEAST else []))


_NOT = re.compile(r"\b(?:no|not|without)\b[^.;\n]{0,20}\Z", re.IGNORECASE)


def _under(units: int, evidence: tuple[Evidence, ...]) -> Finding:
    message = f"{units} hours of observation: Medicare pays comprehensive observation from {LEAST} hours on."
    return Finding(
        "f0",
        UNDER,
        Severity.INFO,
        message,
        "The hours are reported all the same.",
        ("G0378",),
        (),
        reason(UNDER),
        evidence,
    )


def _moments(document: Document, pattern: Pattern, on: date | None) -> list[Moment]:
    """The clock times behind what a pattern names, on its line, with their days."""
    text, found = document.text, []
    for m in pattern.finditer(text):
        if _NOT.search(text[max(0, m.start() - 30) : m.start()]):
            continue
        end = text.find("\n", m.end())
        at = moment(text, m.end(), min(end if end >= 0 else len(text), m.end() + 60), on)
        if at is not None:
            found.append(Moment(at.minute, Span(m.start(), at.span.end), at.day))
    return found


def _between(start: Moment, end: Moment, discharge: object) -> int | None:
    """Minutes from start to end; where one has no day, the next such time. None where the end is before the start."""
    if start.day and end.day is None and isinstance(discharge, datetime):
        end = Moment(end.minute, end.span, discharge.date())
    minutes = start.until(end)
    return minutes if 0 < minutes <= 5 * DAY else None


def _watched(document: Document) -> list[tuple[int, Evidence]]:
    """Minutes of procedures during which the patient was monitored actively, told with their times."""
    found = []
    for place in places(_WATCHED, document):
        text, sentence = document.text, place.sentence
        ranges = [x for x in lengths(text, sentence.start, sentence.end) if x.minutes < DAY // 2]
        if ranges:
            found.append(
                (
                    sum(x.minutes for x in ranges),
                    Evidence.quote(document, Span(ranges[0].span.start, ranges[-1].span.end)),
                )
            )
    return list({e.span: (m, e) for m, e in found}.values())
