"""Days that do not count: spans in which a deadline is suspended, and the deadline that they leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Suspension:
    """From `start` on no day counts; counting goes on with the day after `end`, which is None while it lasts."""

    start: date
    end: date | None
    kind: str
    cite: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How far the days of a deadline have come.

    Attributes:
        deadline: The day; None while a suspension without an end holds it up.
        left: Days of the period that had not run when the last suspension that held it up began.
        holding: The suspensions that held it up, in order.
    """

    deadline: date | None
    left: int
    holding: tuple[Suspension, ...] = ()


def counted(identified: date, days: int, suspensions: Iterable[Suspension]) -> Counted:
    """`days` after `identified`, days within a suspension left out.

    A suspension that begins on the last day still holds it up; one that begins later revives nothing. Days that ran
    before a suspension stay spent: the earliest of the readings of "suspended", so that nobody is late by it.
    """
    at, left, holding = identified, days, []
    for one in sorted(suspensions, key=lambda s: (s.start, s.end or date.max, s.kind)):
        start = max(one.start, identified)
        if one.end is not None and one.end <= max(start, at):
            continue  # it ended before it held anything up
        ran = max((start - at).days, 0)
        if ran > left:
            break
        left -= ran
        holding.append(one)
        if one.end is None:
            return Counted(None, left, tuple(holding))
        at = one.end
    return Counted(at + timedelta(days=left), left, tuple(holding))
