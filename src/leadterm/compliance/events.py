"""What can happen to an overpayment, and what of it is known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leadterm.domain import InputError


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


@dataclass(frozen=True, slots=True, order=True)
class Happened:
    """One dated event."""

    day: date
    event: Event


@dataclass(frozen=True, slots=True)
class Known:
    """What had happened by a day, and when a cost report is due: the due date is no event of its day."""

    on: date
    dates: tuple[Happened, ...]

    def all(self, event: Event) -> list[date]:
        """Every date of an event, oldest first."""
        return [h.day for h in self.dates if h.event is event]

    def first(self, event: Event) -> date | None:
        """The date of an event; None where there is none."""
        return next(iter(self.all(event)), None)


def known_by(dates: Iterable[Happened], on: date) -> Known:
    """What is known on a day. Raises InputError for dates that contradict each other, later ones included."""
    given = tuple(sorted(set(dates)))
    for event in Event:
        days = [h.day for h in given if h.event is event]
        if len(days) > 1 and event not in REPEATED:
            raise InputError(f"There are two dates for “{event}”: {days[0]} and {days[1]}; only one can be right.")
    when = {h.event: h.day for h in given}
    for start, end in (*ENDS.items(), (Event.INVESTIGATION, Event.CONCLUDED)):
        if end in when and (start not in when or when[end] < when[start]):
            raise InputError(f"“{end}” needs an earlier date for “{start}”.")
    return Known(on, tuple(h for h in given if h.day <= on or h.event is Event.COST_REPORT))
