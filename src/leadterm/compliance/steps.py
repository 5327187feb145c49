"""The steps of the clock in order of time: each with its day, a sentence, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .events import Event, Known
from .standards import Standard
from .suspensions import Counted, Suspension

WORDS = {
    Event.INVESTIGATION: "a good-faith investigation of related overpayments",
    Event.OIG: "the OIG Self-Disclosure Protocol",
    Event.SRDP: "the CMS Voluntary Self-Referral Disclosure Protocol",
    Event.REPAYMENT: "a request for an extended repayment schedule",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the count: its day, what it is, and what that rests on."""

    day: date | None
    words: str
    cite: str


@dataclass(frozen=True, slots=True)
class End:
    """Where a count leads.

    Attributes:
        what: What must have been done by then: `reported`, `returned`, or both.
        day: The later of the end of the days and the cost report's date; None while nobody can tell.
        cite: What that day rests on.
    """

    what: str
    count: Counted
    day: date | None
    cite: str


def dated(known: Known, standard: Standard | None) -> Iterator[Line]:
    """The dates of which every standard says the same."""
    cite = standard.cite if standard else {}
    told = {
        Event.INFORMATION: (standard.information if standard else "") or "Credible information came in.",
        Event.RECEIVED: "A payment that may be too high was received.",
        Event.REPORTED: "Reported.",
        Event.RETURNED: "Returned.",
    }
    return (Line(h.day, told[h.event], cite.get(h.event, "")) for h in known.dates if h.event in told)


def steps(known: Known, standard: Standard, identified: date, ends: tuple[End, ...], reach: date | None) -> list[Line]:
    """Every step, in order of time; what has no day comes last."""
    found = [Line(identified, standard.identified, standard.cite["identified"]), *dated(known, standard)]
    found += _suspended(known, standard, ends)
    if due := known.first(Event.COST_REPORT):
        found.append(Line(due, "The corresponding cost report is due.", standard.cite["cost-report"]))
    if reach:
        words = f"Payments received before this day are outside the {standard.lookback} years of the lookback."
        found.append(Line(reach, words, standard.cite["lookback"]))
    found += [_ended(end, standard) for end in ends]
    return sorted(found, key=lambda line: line.day or date.max)


def _suspended(known: Known, standard: Standard, ends: tuple[End, ...]) -> Iterator[Line]:
    """What holds a deadline up, and what does not."""
    both = ends[0].count.holding
    for one in ends[-1].count.holding:
        yield _held(one, standard, only_returning=one not in both)
    begun = known.first(Event.INVESTIGATION)
    if begun and standard.investigation is None:
        words = "An investigation suspends nothing under the standard of the day of identification."
        yield Line(begun, words, standard.words)


def _held(one: Suspension, standard: Standard, *, only_returning: bool) -> Line:
    what = "The deadline for returning" if only_returning else "The deadline"
    until = f"until {one.end}" if one.end else "until it ends"
    most = f", at most {standard.investigation} days from identification" if one.kind == Event.INVESTIGATION else ""
    return Line(one.start, f"{what} is suspended by {WORDS[Event(one.kind)]}, {until}{most}.", one.cite)


def _ended(end: End, standard: Standard) -> Line:
    left, days = end.count.left, standard.days
    if end.day is None:
        words = f"No day can be told while the suspension lasts; then {left} of the {days} days are left."
        return Line(None, words, end.cite)
    if end.day != end.count.deadline:
        return Line(end.day, f"The day of the cost report, later than the {days} days: {_by_then(end)}", end.cite)
    without = ", days of suspension left out" if end.count.holding else ""
    return Line(end.day, f"{days} days from identification{without}: {_by_then(end)}", end.cite)


def _by_then(end: End) -> str:
    return f"by the end of this day it must have been {end.what}."
