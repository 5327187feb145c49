"""Hours that something ran without a break: between the moments that a record tells, or as the record states them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.passages import Statement

YEAR = 2024  # of dates without a year: only their distance counts, and February has 29 days in it
DATE = compiled(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(?:20)?\d\d)?(?![\d/])")
_TIME = compiled(
    r"(?<![\d/.:])(?:([01]?\d|2[0-3]):([0-5]\d)|(?:at |from |until |@ ?|~)([01]\d|2[0-3])([0-5]\d))(?![\d/])"
    r"|(?<=/\d\d )([01]\d|2[0-3])([0-5]\d)(?![\d/])|(?<=/\d )([01]\d|2[0-3])([0-5]\d)(?![\d/])"
)
_DAY_OF_LIFE = compiled(r"\b(?:dol|day of life) ?#?(\d{1,2})\b")
Moment = tuple[datetime, bool]  # when, and whether its time of day is told


@dataclass(frozen=True, slots=True)
class Episode:
    """Least and most hours that one stretch may have lasted."""

    least: float
    most: float

    @property
    def span(self) -> str:
        """The value of the table; empty where the hours may fall into several."""
        values = {span(self.least), span(self.most)}
        return values.pop() if len(values) == 1 else ""


def span(hours: float) -> str:
    """The character of the tables 5A0 and 5A1 for consecutive hours of breathing."""
    return "3" if hours < 24 else "4" if hours <= 96 else "5"


def between(start: Moment, end: Moment) -> Episode:
    """The hours from one moment to another; of days alone the least and the most that they may be."""
    hours = (end[0] - start[0]) / timedelta(hours=1)
    if hours < 0:
        hours += 366 * 24  # over the turn of the year
    loose = 0 if start[1] and end[1] else 23.9 if not start[1] and not end[1] else 12
    return Episode(max(0.0, hours - loose), hours + loose)


def last_day(s: Statement, before: datetime | None) -> datetime | None:
    """The last day that a sentence names, else the day before it."""
    days = [day for m in DATE.finditer(s.text) if (day := date_of(m[1], m[2]))]
    return days[-1] if days else before


def moment(s: Statement, place: int, day: datetime | None, born: datetime | None = None) -> Moment | None:
    """When the event at a place was: its day and, where it is told, its time (then True).

    With the day of birth the days of a life ("DOL 3", the day of birth is 0) are days too.
    """
    dates = [(abs(m.start() - place), d) for m in DATE.finditer(s.text) if (d := date_of(m[1], m[2]))]
    if born is not None:
        lived = _DAY_OF_LIFE.finditer(s.text)
        dates += [(abs(m.start() - place), born + timedelta(days=int(m[1]))) for m in lived]
    on = min(dates)[1] if dates else day
    if on is None:
        return None
    times = [(abs(m.start() - place), *(int(g) for g in m.groups() if g)) for m in _TIME.finditer(s.text)]
    if not times:
        return on + timedelta(hours=12), False
    _, hour, minute = min(times)
    return on + timedelta(hours=hour, minutes=minute), True


def date_of(month: str, day: str) -> datetime | None:
    """A day of the year; None for numbers that are none."""
    try:
        return datetime(YEAR, int(month), int(day))
    except ValueError:
        return None
