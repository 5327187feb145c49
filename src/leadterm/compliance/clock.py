"""The 60-day clock: until when an overpayment must be reported and returned (42 CFR 401.305, Medicare Parts A and B).

The dates that a person established go in; a deadline for reporting and one for returning come out, with the citation of
each step. What is not dated is not assumed, and what happened after the day that is asked for does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from leadterm.domain import InputError

from .standards import Standard, standard_on
from .suspensions import Counted, Suspension, counted


class Event(StrEnum):
    """What can happen to an overpayment.

    Information: credible information of it came in. Received: a payment that is too high was received (one date each).
    Identified: as the standard of that day means it. Investigation: one of related overpayments began, timely and in
    good faith; concluded, and the whole amount calculated, are two dates. Cost-report: when a corresponding one is due.
    Oig-disclosure, srdp-disclosure: the self-disclosure was acknowledged; ended by settlement, withdrawal or removal.
    Repayment-request: an extended schedule was asked for; ended by rejection or when the schedule was not kept.
    """

    INFORMATION = "information"
    RECEIVED = "received"
    IDENTIFIED = "identified"
    INVESTIGATION = "investigation"
    CONCLUDED = "concluded"
    CALCULATED = "calculated"
    COST_REPORT = "cost-report"
    OIG = "oig-disclosure"
    OIG_ENDED = "oig-ended"
    SRDP = "srdp-disclosure"
    SRDP_ENDED = "srdp-ended"
    REPAYMENT = "repayment-request"
    REPAYMENT_ENDED = "repayment-ended"
    REPORTED = "reported"
    RETURNED = "returned"


# What may happen more than once; of everything else a second date contradicts the first.
REPEATED = frozenset({Event.RECEIVED})
ENDS = {Event.OIG: Event.OIG_ENDED, Event.SRDP: Event.SRDP_ENDED, Event.REPAYMENT: Event.REPAYMENT_ENDED}
DISCLOSURES = (Event.OIG, Event.SRDP)
WORDS = {
    Event.INVESTIGATION: "a good-faith investigation of related overpayments",
    Event.OIG: "the OIG Self-Disclosure Protocol",
    Event.SRDP: "the CMS Voluntary Self-Referral Disclosure Protocol",
    Event.REPAYMENT: "a request for an extended repayment schedule",
}


class State(StrEnum):
    """How a deadline stands on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"


@dataclass(frozen=True, slots=True, order=True)
class Happened:
    """One dated event."""

    day: date
    event: Event


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the count: its day, what it is, and what that rests on."""

    day: date | None
    words: str
    cite: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """One of the two deadlines as it stands on the day that was asked for.

    Attributes:
        day: None while a suspension without a known end lasts. While an investigation lasts, the last day it can be.
        days_left: To that day, negative when it has passed; None without one, and when it was done.
        left_when_resumed: Of the days, those that are still to run when the suspension ends; None where none lasts.
        done: When it was done; None where it was not.
        cite: What the day rests on, or, while one lasts, the suspension.
    """

    day: date | None
    state: State
    days_left: int | None
    left_when_resumed: int | None
    done: date | None
    cite: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one overpayment on a day.

    Attributes:
        on: The day.
        standard: The standard that counts; None while nothing is identified.
        identified: The day of identification, up to `on`.
        report, give_back: The deadlines for reporting and for returning; None while nothing is identified.
        reaches_back_to: Payments received before this day are outside the lookback.
        outside: The dates of receipt that are.
        lines: Every step, in order of time.
    """

    on: date
    standard: Standard | None = None
    identified: date | None = None
    report: Deadline | None = None
    give_back: Deadline | None = None
    reaches_back_to: date | None = None
    outside: tuple[date, ...] = ()
    lines: tuple[Line, ...] = ()


def clock(dates: Iterable[Happened], on: date) -> Clock:
    """The clock on a day; the order of `dates` does not matter, the same date twice counts once.

    Raises InputError for a second date of what happens once, for an end without its beginning, and for an
    identification before the statute.
    """
    known = _known(dates, on)
    identified = known.first(Event.IDENTIFIED)
    if identified is None:
        return Clock(on, lines=tuple(known.lines(None)))
    standard = standard_on(identified)
    protocols, inquiry = _protocols(known, standard), _investigation(known, standard, identified)
    report = _deadline(known, standard, inquiry, Event.REPORTED)
    give_back = _deadline(known, standard, [*inquiry, *protocols], Event.RETURNED)
    reach = _back(identified, standard.lookback) if standard.lookback else None
    outside = tuple(day for day in known.all(Event.RECEIVED) if reach and day < reach)
    lines = _lines(known, standard, identified, report[0], give_back, reach)
    return Clock(on, standard, identified, report[1], give_back[1], reach, outside, lines)


@dataclass(frozen=True, slots=True)
class _Known:
    """What had happened by a day, and when a cost report is due."""

    on: date
    dates: tuple[Happened, ...]

    def all(self, event: Event) -> list[date]:
        return [h.day for h in self.dates if h.event is event]

    def first(self, event: Event) -> date | None:
        return next(iter(self.all(event)), None)

    def lines(self, standard: Standard | None) -> list[Line]:
        """The dates of which every standard says the same."""
        cite = standard.cite if standard else {}
        told = {
            Event.INFORMATION: (standard.information if standard else "") or "Credible information came in.",
            Event.RECEIVED: "A payment that may be too high was received.",
            Event.REPORTED: "Reported.",
            Event.RETURNED: "Returned.",
        }
        return [Line(h.day, told[h.event], cite.get(h.event, "")) for h in self.dates if h.event in told]


def _known(dates: Iterable[Happened], on: date) -> _Known:
    given = tuple(sorted(set(dates)))
    for event in Event:
        days = [h.day for h in given if h.event is event]
        if len(days) > 1 and event not in REPEATED:
            raise InputError(f"There are two dates for “{event}”: {days[0]} and {days[1]}; only one can be right.")
    when = {h.event: h.day for h in given}
    for start, end in (*ENDS.items(), (Event.INVESTIGATION, Event.CONCLUDED)):
        if end in when and (start not in when or when[end] < when[start]):
            raise InputError(f"“{end}” needs an earlier date for “{start}”.")
    return _Known(on, tuple(h for h in given if h.day <= on or h.event is Event.COST_REPORT))


def _protocols(known: _Known, standard: Standard) -> list[Suspension]:
    begun = ((event, known.first(event)) for event in ENDS if event in standard.suspensions)
    return [
        Suspension(start, known.first(ENDS[event]), event, standard.suspensions[event])
        for event, start in begun
        if start
    ]


def _investigation(known: _Known, standard: Standard, identified: date) -> list[Suspension]:
    """The suspension by an investigation: until it is concluded and the amount calculated, and never beyond its cap."""
    start = known.first(Event.INVESTIGATION)
    if start is None or standard.investigation is None:
        return []
    cap = identified + timedelta(days=standard.investigation)
    ends = known.first(Event.CONCLUDED), known.first(Event.CALCULATED)
    end = min(max(e for e in ends if e), cap) if all(ends) else cap
    return [Suspension(start, end, Event.INVESTIGATION, standard.cite["investigation"])]


def _deadline(
    known: _Known, standard: Standard, suspensions: list[Suspension], done_by: Event
) -> tuple[Counted, Deadline]:
    identified = known.first(Event.IDENTIFIED)
    assert identified is not None
    count = counted(identified, standard.days, suspensions)
    due, cite = _due(known, standard, count)
    held = _lasting(count, known.on)
    cite = held.cite if held else cite
    done = known.first(done_by) or (_disclosed(known, standard) if done_by is Event.REPORTED else None)
    state = _state(due, done, held, known.on)
    left = (due - known.on).days if due and not done else None
    return count, Deadline(due, state, left, count.left if held and not done else None, done, cite)


def _due(known: _Known, standard: Standard, count: Counted) -> tuple[date | None, str]:
    """The later of the end of the days and the cost report's date."""
    cost_report = known.first(Event.COST_REPORT)
    if count.deadline is None:
        return None, count.holding[-1].cite
    if cost_report and cost_report > count.deadline:
        return cost_report, standard.cite["cost-report"]
    return count.deadline, standard.cite["days"]


def _lasting(count: Counted, on: date) -> Suspension | None:
    """The suspension that holds the deadline up on that day; None where none does."""
    return next((s for s in count.holding if s.start <= on and (s.end is None or on < s.end)), None)


def _disclosed(known: _Known, standard: Standard) -> date | None:
    """When a self-disclosure that is under way was acknowledged: it reports, when it leads to a settlement."""
    begun = [known.first(e) for e in DISCLOSURES if e in standard.suspensions and known.first(ENDS[e]) is None]
    return min((day for day in begun if day), default=None)


def _state(due: date | None, done: date | None, held: Suspension | None, on: date) -> State:
    if done:
        return State.LATE if due and done > due else State.MET
    if due and on > due:
        return State.OVERDUE
    return State.SUSPENDED if held else State.RUNNING


def _back(day: date, years: int) -> date:
    """The earliest day from which `day` is within so many years; those of 29 February end on 1 March."""
    if (day.month, day.day) == (3, 1) and _is_leap(day.year - years):
        return date(day.year - years, 2, 29)
    if (day.month, day.day) == (2, 29) and not _is_leap(day.year - years):
        return date(day.year - years, 3, 1)
    return day.replace(year=day.year - years)


def _is_leap(year: int) -> bool:
    return (date(year, 3, 1) - date(year, 2, 28)).days == 2


def _lines(
    known: _Known,
    standard: Standard,
    identified: date,
    report: Counted,
    give_back: tuple[Counted, Deadline],
    reach: date | None,
) -> tuple[Line, ...]:
    cite = standard.cite
    count, deadline = give_back
    found = [Line(identified, standard.identified, cite["identified"]), *known.lines(standard)]
    found += [_held(one, standard, only_returning=one not in report.holding) for one in count.holding]
    if known.first(Event.INVESTIGATION) and standard.investigation is None:
        words = "An investigation suspends nothing under the standard of the day of identification."
        found.append(Line(known.first(Event.INVESTIGATION), words, standard.words))
    if due := known.first(Event.COST_REPORT):
        found.append(Line(due, "The corresponding cost report is due.", cite["cost-report"]))
    if reach:
        words = f"Payments received before this day are outside the {standard.lookback} years of the lookback."
        found.append(Line(reach, words, cite["lookback"]))
    found.append(_end(deadline, count, standard))
    return tuple(sorted(found, key=lambda line: line.day or date.max))


def _held(one: Suspension, standard: Standard, *, only_returning: bool) -> Line:
    what = "The deadline for returning" if only_returning else "The deadline"
    until = f"until {one.end}" if one.end else "until it ends"
    most = f", at most {standard.investigation} days from identification" if one.kind == Event.INVESTIGATION else ""
    return Line(one.start, f"{what} is suspended by {WORDS[Event(one.kind)]}, {until}{most}.", one.cite)


def _end(deadline: Deadline, count: Counted, standard: Standard) -> Line:
    if deadline.day is None:
        words = (
            f"No day can be told while the suspension lasts; then {count.left} of the {standard.days} days are left."
        )
        return Line(None, words, deadline.cite)
    rests = "The cost report is due later than the days end" if deadline.day != count.deadline else (
        f"The {standard.days} days from identification end" + (", days of suspension left out" if count.holding else "")
    )  # fmt: skip
    return Line(deadline.day, f"{rests}: the overpayment must have been reported and returned.", deadline.cite)
