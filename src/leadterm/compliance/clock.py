"""The 60-day clock: until when an overpayment must be reported and returned (42 CFR 401.305, Medicare Parts A and B).

The dates that a person established go in; a deadline for reporting and one for returning come out, with the citation of
each step. What is not dated is not assumed, and what happened after the day that is asked for does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from .events import DISCLOSURES, ENDS, Event, Happened, Known, known_by
from .standards import Standard, standard_on
from .steps import End, Line, dated, steps
from .suspensions import Counted, Suspension, counted

REPORTED, RETURNED, BOTH = "reported", "returned", "reported and returned"


class State(StrEnum):
    """How a deadline stands on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"


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
    known = known_by(dates, on)
    identified = known.first(Event.IDENTIFIED)
    if identified is None:
        return Clock(on, lines=tuple(dated(known, None)))
    standard = standard_on(identified)
    inquiry = _investigation(known, standard, identified)
    report = _end(known, standard, identified, inquiry, REPORTED)
    give_back = _end(known, standard, identified, [*inquiry, *_protocols(known, standard)], RETURNED)
    ends = (report, give_back) if report.day != give_back.day else (replace(give_back, what=BOTH),)
    reach = _back(identified, standard.lookback) if standard.lookback else None
    return Clock(
        on,
        standard,
        identified,
        _deadline(report, known.first(Event.REPORTED) or _disclosed(known, standard), on),
        _deadline(give_back, known.first(Event.RETURNED), on),
        reach,
        tuple(day for day in known.all(Event.RECEIVED) if reach and day < reach),
        tuple(steps(known, standard, identified, ends, reach)),
    )


def _protocols(known: Known, standard: Standard) -> list[Suspension]:
    begun = ((event, known.first(event)) for event in ENDS if event in standard.suspensions)
    return [
        Suspension(start, known.first(ENDS[event]), event, standard.suspensions[event])
        for event, start in begun
        if start
    ]


def _investigation(known: Known, standard: Standard, identified: date) -> list[Suspension]:
    """The suspension by an investigation: until it is concluded and the amount calculated, and never beyond its cap."""
    start = known.first(Event.INVESTIGATION)
    if start is None or standard.investigation is None:
        return []
    cap = identified + timedelta(days=standard.investigation)
    ends = known.first(Event.CONCLUDED), known.first(Event.CALCULATED)
    end = min(max(e for e in ends if e), cap) if all(ends) else cap
    return [Suspension(start, end, Event.INVESTIGATION, standard.cite["investigation"])]


def _end(known: Known, standard: Standard, identified: date, suspensions: list[Suspension], what: str) -> End:
    """The later of the end of the days and the cost report's date."""
    count = counted(identified, standard.days, suspensions)
    cost_report = known.first(Event.COST_REPORT)
    if count.deadline is None:
        return End(what, count, None, count.holding[-1].cite)
    if cost_report and cost_report > count.deadline:
        return End(what, count, cost_report, standard.cite["cost-report"])
    return End(what, count, count.deadline, standard.cite["days"])


def _deadline(end: End, done: date | None, on: date) -> Deadline:
    held = _lasting(end.count, on)
    left = (end.day - on).days if end.day and not done else None
    resumed = end.count.left if held and not done else None
    return Deadline(end.day, _state(end.day, done, held, on), left, resumed, done, held.cite if held else end.cite)


def _lasting(count: Counted, on: date) -> Suspension | None:
    """The suspension that holds the deadline up on that day; None where none does."""
    return next((s for s in count.holding if s.start <= on and (s.end is None or on < s.end)), None)


def _disclosed(known: Known, standard: Standard) -> date | None:
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
