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
from leadterm.coding.sentences import Place, places, whole_line
from leadterm.coding.services.known import coded, known
from leadterm.coding.services.service import Offer
from leadterm.coding.statements import documents
from leadterm.domain import ClaimType, Document, Evidence, Finding, Setting, Severity, Span, plain_day

from .minutes import DAY, Moment, last_day, lengths, moment, stamp

HOURS, ACTIVE, DIRECT = "MCPM:4.290.2.2/hours", "MCPM:4.290.2.2/active-monitoring", "MCPM:4.290.5.2/direct-referral"
UNDER = "MCPM:4.290.5.1/under-eight-hours"
LEAST = 8  # hours from which the observation composite is paid
_GATE = compiled(r"observation|\bobs\b")
_OBS = r"(?:observation|obs)(?: (?:status|services?|level|care|bed|unit|stay|patient))*"
_KIND = r"(?:(?:hospital|outpatient|outpt|medical|telemetry) )*"
_START = compiled(
    rf"\b(?:{_OBS} (?:order(?:ed|s)?|start(?:ed|s)?|began|begins?|initiated|in(?:=|:)|time in|clock start\w*"
    rf"|since|placement)"
    rf"|(?:place[d]?|admit(?:ted)?|assign(?:ed)?|order(?:ed|s)?|start(?:ed)?|put|moved|transferred)(?: patient"
    rf"| pt| her| him"
    rf"| the patient| status| written)*(?: to be)?(?: placed)? (?:in(?:to)?|to|under|on|for|as|:) {_KIND}{_OBS}"
    rf"|order(?:ed)? (?:for|to) (?:place in )?{_OBS})\b(?:[ /]+(?:date|time|written|placed|and))*[^\n]{{0,40}}?",
    re.IGNORECASE,
)
_NO_END = (
    r"(?! (?:plan\w*|pending|goals?|criteria|anticipated|tomorrow|if|when|needs|summary|diagnos\w+|medications"
    r"|dispo\w*))"
)
_END = compiled(
    rf"\b(?:{_OBS} (?:end(?:ed|s)?|discontinued|stop(?:ped|s)?|complete[d]?|discharge|time out|out(?:=|:))"
    r"|(?:end|stop) (?:of )?obs(?:ervation)?|(?<!after )(?<!post-)(?<!pre-)discharged?(?: (?:from observation"
    r"|home|orders?|time|at|to"
    rf"|instructions given|written))*{_NO_END}"
    r"|d/c(?:'?d|ed)?(?= (?:home|orders?|from|to|at|written)\b)|dc(?:'?d|ed)?(?= (?:home|orders?|at|written)\b)"
    r"|left (?:the )?(?:unit|floor|hospital)|departed|released home)[^\n]{0,30}?",
    re.IGNORECASE,
)
# The care is over, whoever still waits: what comes after it does not count.
_OVER = compiled(
    r"\b(?:(?:all |observation |medically necessary |active )*(?:care|services?|treatments?)(?: (?:was|were|is|all))? "
    r"(?:ended|complete[d]?|finished|done|concluded))\b",
    re.IGNORECASE,
)
_WAITS = compiled(
    r"\b(?:wait(?:ed|ing|s)?|await\w*|pending)\b[^.\n]{0,40}\b(?:ride|transport\w*|car|pick[- ]?up|family|son"
    r"|daughter|husband"
    r"|wife|taxi|cab|bed|placement)\b",
    re.IGNORECASE,
)
_AHEAD = compiled(
    r"\b(?:anticipat\w+|expect\w*|hope\w*|likely|possible|plan(?:s|ned)?(?: to| for|:)?|consider\w*|prior|previous|last"
    r"|if|once|until|before|for|toward)\b[^.;\n]{0,25}\Z",
    re.IGNORECASE,
)
_WATCHED = compiled(
    r"\b(?:(?:active(?:ly)?|continuous(?:ly)?) (?:\w+ )?monitor(?:ed|ing)|observation (?:time |clock "
    r"|hours )?(?:suspended|paused|interrupted|stopped for|held)"
    r"|carve[d]?[- ]out|(?:moderate|procedural|conscious) sedation|procedure time|colonoscopy|egd|endoscopy"
    r"|cardioversion"
    r"|(?:cardiac |heart )?cath(?:eterization| lab)?|bronchoscopy|chemotherapy)\b",
    re.IGNORECASE,
)
_DIRECT = compiled(
    r"\b(?:direct(?:ly)? (?:referral|referred|admission|admit(?:ted)?)\b[^\n]{0,80}?\b(?:office|clinic|community|pcp)"
    r"|direct (?:admit|admission|referral|placement) (?:to|for|into) obs(?:ervation)?"
    r"|(?:referred|sent) directly (?:from|by)[^.\n]{0,40}(?:office|clinic)[^\n]{0,60}?observation"
    r"|(?:straight|direct(?:ly)?|sent(?: over| in)?|came|arrived) (?:here )?(?:from|by) [^.\n]{0,30}?(?:office"
    r"|clinic|pcp|practice)\b"
    r"|(?:did not|didn't|never|without) (?:pass\w*|com\w+|go\w*|being seen)? ?(?:through|to|in|via) (?:our |the |an? )?"
    r"(?:ed|er|emergency (?:department|room))|bypass(?:ed|ing) (?:our |the )?(?:ed|er|emergency \w+)"
    r"|no (?:ed|er) visit)\b",
    re.IGNORECASE,
)
_EMERGENCY = compiled(
    r"\b(?:to|through|via|in|from|seen in|presented to|arrived (?:to|in)) (?:our |the |this )?"
    r"(?:ed|er|emergency (?:department|room))\b",
    re.IGNORECASE,
)
_INPATIENT = compiled(
    r"\b(?:inpatient (?:admission )?order (?:was )?(?:written|placed|signed|entered)"
    r"|(?:converted|changed|upgraded) to inpatient"
    r"|admitted (?:as|to) (?:an )?inpatient)\b",
    re.IGNORECASE,
)
_STATED = compiled(
    r"\btotal (?:obs(?:ervation)?) (?:time|hours|hrs)[ \t:=]*(?P<h>\d{1,3}(?:\.\d+)?)(?= ?(?:hours?|hrs?|h\b|$))",
    re.IGNORECASE | re.MULTILINE,
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
    on = plain_day(encounter.date_of_service)
    if any(not (_NOT.search(p.before) or _AHEAD.search(p.before)) for d in kept for p in places(_INPATIENT, d)):
        return Offer()  # a stay: its claim bears no hours
    starts = [(d, at) for d in kept for at in _moments(d, _START, on)]
    if not starts and (encounter.encounter_class or "") != "observation":
        return Offer()
    return _counted(chart, starts, _ends(kept, on), kept)


def _ends(kept: Iterable[Document], on: date | None) -> list[tuple[Document, Moment]]:
    """When observation ended: the care where the record says that it was over, else the discharge.

    Of a discharge that waited for a ride only its order counts.
    """
    over = [(d, at) for d in kept for at in _moments(d, _OVER, on)]
    if over:
        return over
    ends = [(d, at) for d in kept for at in _moments(d, _END, on)]
    waited = any(_WAITS.search(d.text) for d in kept)
    return ends[:1] if waited else ends


def _counted(
    chart: Chart,
    starts: list[tuple[Document, Moment]],
    ends: list[tuple[Document, Moment]],
    kept: Iterable[Document],
) -> Offer:
    """The hours from the first start to the last end, those of active monitoring left out; else what must be asked."""
    encounter = chart.encounter
    document, start = starts[0] if starts else (None, None)
    minutes, evidence = None, tuple(Evidence.quote(d, at.span) for d, at in (*starts[:1], *ends[-1:]))
    if start and ends:
        minutes = _between(start, ends[-1][1], encounter.discharge)
    elif start and isinstance(encounter.discharge, datetime):
        end = Moment(encounter.discharge.hour * 60 + encounter.discharge.minute, start.span, encounter.discharge.date())
        minutes = _between(start, end, encounter.discharge)
    stated = next(((d, m) for d in kept for m in _STATED.finditer(d.text)), None)
    if minutes is None and stated is not None:
        document, m = stated
        minutes, evidence = round(float(m["h"]) * 60), (Evidence.quote(document, Span(m.start(), m.end())),)
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
    direct = [p.evidence for d in kept for p in places(_DIRECT, d) if _comes_directly(p)]
    lines = [line]
    if direct and known(chart, "G0379"):
        first = coded(chart, "G0379", "visit", "direct referral to observation", direct[:1], day)
        lines.append(replace(first.stepped(reason(DIRECT), DIRECT), rank=(4,)))
    return Offer(tuple(lines), tuple([_under(units, evidence)] if units < LEAST else []))


_NOT = compiled(r"\b(?:no|not|without)\b[^.;\n]{0,20}\Z", re.IGNORECASE)


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


def _comes_directly(place: Place) -> bool:
    """Whether the words tell that the patient came from outside, not by way of an emergency department."""
    if _NOT.search(place.before):
        return False
    beside = f"{place.before} {place.after}" if _EMERGENCY.search(place.words) else place.said
    return not any(not _NOT_ED.search(beside[: m.start()]) for m in _EMERGENCY.finditer(beside))


_NOT_ED = compiled(r"\b(?:not|n't|never|without|no|bypass\w*)\b[^.;\n]{0,30}\Z", re.IGNORECASE)


def _moments(document: Document, pattern: Pattern, on: date | None) -> list[Moment]:
    """The times at which what a pattern names happened, with their days.

    A line of a timeline begins with its time; else it stands behind the words, else before them.
    """
    text, found = document.text, []
    for m in pattern.finditer(text):
        line = whole_line(text, m.start())
        before = text[line.start : m.start()]
        if _NOT.search(before[-30:]) or _AHEAD.search(before[-40:]):
            continue
        at = _stamp(text, line, m.start(), on) or moment(text, m.end(), min(line.end, m.end() + 60), on)
        at = at or _last(text, line.start, m.start(), on)
        if at is not None:
            day = at.day or last_day(text, line.start, m.start(), on)
            found.append(Moment(at.minute, Span(min(m.start(), at.span.start), max(m.end(), at.span.end)), day))
    return found


def _stamp(text: str, line: Span, at: int, on: date | None) -> Moment | None:
    """The time at the head of the sentence or of the line of a place, with no other day between."""
    opens = max((m.end() for m in re.finditer(r"[.;]\s+", text[line.start : at])), default=0) + line.start
    for low in dict.fromkeys((opens, line.start)):
        found = stamp(text, Span(low, line.end), on) if low < line.end else None
        if found and found.span.end <= at and last_day(text, found.span.end, at, on) is None:
            return found
    return None


def _last(text: str, start: int, end: int, on: date | None) -> Moment | None:
    """The last clock time shortly before a place."""
    found, at = None, max(start, end - 40)
    while at < end and (one := moment(text, at, end, on)) is not None:
        found, at = one, one.span.end
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
