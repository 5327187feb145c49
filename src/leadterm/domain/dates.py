"""Periods in which a code, a release or a rule is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from .errors import InputError

DAY_LENGTH = len("2026-05-14")


@dataclass(frozen=True, slots=True, order=True)
class DateRange:
    """Days from `start` to `end`, both included.

    Attributes:
        start: First day in force.
        end: Last day in force; None while no end is known.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise InputError(f"A period cannot end ({self.end}) before it starts ({self.start}).")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


def parse_date(text: str, what: str = "date") -> date:
    """The day of an ISO date or date-time. Raises InputError with `what` in its sentence."""
    try:
        if len(text) > DAY_LENGTH:
            return datetime.fromisoformat(text).date()
        return date.fromisoformat(text)
    except (ValueError, TypeError):
        raise InputError(f"The {what} is not an ISO date (YYYY-MM-DD).") from None


@overload
def plain_day(moment: date) -> date: ...
@overload
def plain_day(moment: date | None) -> date | None: ...
def plain_day(moment: date | None) -> date | None:
    """The day of a moment; a day is its own, None stays None."""
    return moment.date() if isinstance(moment, datetime) else moment
