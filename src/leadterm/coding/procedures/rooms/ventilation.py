"""Mechanical ventilation by its consecutive hours: from intubation here, or arrival on a ventilator, to its end.

The hours of one episode are those that the record states, else those between start and end; where only days are told
the hours must fall into one span of the table whatever the time of day, else the hours are asked. Each episode counts
for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.passages import Statement, Telling, every_statement
from leadterm.coding.procedures.terms import Term

from .drawing import asked, fixed
from .hours import DATE, YEAR, Episode, Moment, between, last_day, moment

OPTIONS = ("less than 24 consecutive hours", "24 to 96 consecutive hours", "more than 96 consecutive hours")
ANESTHETIST = "3"  # less than 24 hours
_START = compiled(
    r"\bre-?intubat\w+|\bintubat(?:ed|ion)\b(?! equipment)"
    r"|\bvent(?:ilat\w+)? (?:\w+ ){0,3}(?:started|begun|initiated|resumed)"
    r"|\b(?:ventilated|on (?:the |a |mechanical )?vent\w*) (?:from|since)\b|\bput (?:back )?on (?:our |the |a )?vent\w*"
    r"|\bplaced on (?:the |a )?(?:mechanical )?ventilat\w+|\bours from\b"
    r"|\barrived (?:\w+ ){0,12}?(?:intubated|ventilat)"
    r"|\btransferred (?:here|in|to us)\b[^.]{0,40}?\b(?:on|with) (?:the |a )?(?:transport )?vent"
)
_ARRIVED = compiled(
    r"\barriv\w+\b[^.]{0,80}\b(?:already intubated|on (?:the |a )?(?:transport )?vent)|\bours from\b"
    r"|\btransferred (?:here|in|to us)\b[^.]{0,40}?\b(?:on|with) (?:the |a )?(?:transport )?vent"
)
_ELSEWHERE = compiled(
    r"\bintubated (?:at (?!the bedside|bedside|our|\d)\w+|by (?:ems|paramedic\w*)|in the field"
    r"|prior to|en route|elsewhere)"
)
_END = compiled(
    r"(?<!never )(?<!not )(?<!without )\bextubat(?:ed|ion)\b|\boff (?:the )?vent\w*"
    r"|\bventilator (?:withdrawn|discontinued|off)"
    r"|\bliberated from (?:the )?vent"
    r"|\bweaned (?:off|from) (?:the |mechanical )?vent\w*|\bterminal(?:ly)? extubat\w+"
    r"|\bvent(?:ilat\w+)? (?:stopped|discontinued|removed|d/?c'?d)"
    r"|\b(?:to|until|onto|on|tolerat\w+) (?:a )?trach(?:eostomy)? (?:collar|mask|shield)"
)
_OF_YORE = compiled(
    r"\b(?:19|20)\d\d\b(?! ?h)|\bhistory of|\bprior\b|\bprevious|\bno (?:re-?)?intubation|\bnot (?:re-?)?intubat"
)
_HOURS = compiled(
    r"(?:vent\w*|intubat\w+|extubat\w+)[^.;]{0,30}?[ (](\d{1,4}(?:\.\d+)?) ?-?(h|hr|hrs|hours?|days?|d)\b"
    r"|\b(\d{1,4}(?:\.\d+)?) ?-?(h|hr|hrs|hours?|days?|d) (?:of|on) (?:the |mechanical |a )*vent"
)


_FROM_TO = compiled(
    r"\bvent\w*\b[^.;]{0,20}?\b(?:from|since)\b[^.;]{0,12}?(\d{1,2}/\d{1,2})[^.;]{0,20}?"
    r"\b(?:to|until|through|till)\b[^.;]{0,40}?(\d{1,2}/\d{1,2})"
)
# Who leaves on a ventilator was on it to the end.
_STILL = compiled(
    r"\b(?:left|goes|went|discharged|transferred)\b[^.]{0,60}"
    r"\b(?:on|with) (?:the |a |his |her )?(?:transport |home )?vent"
    r"|\bvent continuously since|\b(?:remained|stayed) on (?:the |a )?vent\w*[^.]{0,30}\b(?:throughout|to discharge)"
)


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """A code for each episode, the longest first, or the question for the hours.

    Beside a list of operations only what ran for a day or more counts: less is the anesthetist's.
    """
    del term, argument
    beside = context.act.statement.telling is Telling.ACCOUNT and any(context.of("names"))
    found = context.chart.once(f"ventilation.{context.act.statement.document}", lambda: tuple(_episodes(context)))
    found = found if any(e.span for e in found) else (*found, *_by_its_day(context))
    for episode in sorted(found, key=lambda e: -e.most):
        if episode.span and not (beside and episode.span == ANESTHETIST):
            yield from fixed(legal, f"5A19{episode.span}5Z")
    if not beside and not any(e.span for e in found):
        yield asked("5A19_5Z", OPTIONS, "hours of mechanical ventilation")


def _episodes(context: Context) -> Iterator[Episode]:
    """The stretches that a document tells, from a start to an end, or to leaving with the ventilator on."""
    document = context.act.statement.document
    told = [s for s in every_statement(context.chart) if s.document == document]
    start: Moment | None = None
    day: datetime | None = None
    for s in told:
        day = last_day(s, day)
        if _OF_YORE.search(s.text) and not DATE.search(s.text):
            continue
        if ran := _FROM_TO.search(s.text):
            first, last = (moment(s, ran.start(n), day) for n in (1, 2))
            if first is not None and last is not None:
                yield between(first, last)
                start = None
                continue
        for place, end in _events(s):
            at = moment(s, place, day)
            if not end:
                if at is not None and (start is None or _ARRIVED.search(s.text)):
                    start = at
                continue
            stated = _stated(s.text)
            if stated is not None:
                yield stated
            elif start is not None and at is not None:
                yield between(start, at)
            start = None
    if start is not None and any(_STILL.search(s.text) for s in told) and (left := context.chart.encounter.discharge):
        yield between(start, (datetime(YEAR, left.month, left.day, 12), False))


_DAY_OF = compiled(r"\bday #?(\d{1,2}) (?:of|on) (?:the |mechanical )*vent|\bvent(?:ilator)? day #?(\d{1,2})\b")
EVER = 24.0 * 365


def _by_its_day(context: Context) -> Iterator[Episode]:
    """At least so many hours as a sentence counts days: "day 9 of mechanical ventilation"."""
    for s in every_statement(context.chart):
        if s.document == context.act.statement.document:
            yield from (Episode((int(m[1] or m[2]) - 2) * 24.0, EVER) for m in _DAY_OF.finditer(s.text))


def _events(s: Statement) -> Sequence[tuple[int, bool]]:
    """Where a sentence tells of starts (False) and ends (True), in order; what another hospital began is no start."""
    starts = (
        []
        if _ELSEWHERE.search(s.text) and not _ARRIVED.search(s.text)
        else [m.start() for m in _START.finditer(s.text)]
    )
    return sorted([*((n, False) for n in starts), *((m.start(), True) for m in _END.finditer(s.text))])


def _stated(text: str) -> Episode | None:
    """The length that a sentence states."""
    found = _HOURS.search(text)
    if found is None:
        return None
    number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
    hours = float(number) * (24 if unit.startswith("d") else 1)
    loose = 12 if unit.startswith("d") else 0
    return Episode(max(0.0, hours - loose), hours + loose)
