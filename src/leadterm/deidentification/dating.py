"""Dates in a text: every shape in which charts write them, and what stands in their place.

A date becomes its year, or is shifted in the shape in which it was written; where it tells less than that, or what it
says is no day, a placeholder stands there. Years that tell an age over 89 do not stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from . import tables
from .scanning import Scan
from .values import Dates, Found, Kind

OLDEST = 90  # years back from which a year tells an age of 90 or more
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEAK = frozenset(
    {
        "month-day",
        "day-month",
        "cued",
        "bracketed",
        "month-cued",
        "day-alone",
        "weekday",
        "weekday-short",
        "range-end",
        "again",
    }
)
_SCALES = re.compile(
    r"(?i)\b(?:pain|strength|motor|grade|score|rated?|scale|gcs|reflexes|murmur|vision|acuity|od|os|ou|bp|power|apgars?)"
    r"[\w :,]{0,20}$"
)
D = TypeVar("D", bound=date)
_CAPITALIZED = frozenset({"may", "mar", "dec", "jan"})
_SHORT = frozenset({"cued", "range", "range-end", "line-head", "line-end", "told", "bracketed", "again"})


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dates of one chart are written anew.

    Attributes:
        mode: Years alone, or shifted.
        year: Of the chart: what a date without a year, or with two digits, is read by.
        days: By which dates are shifted back.
    """

    mode: Dates
    year: int
    days: int = 0

    def shifted(self, day: D) -> D:
        """`day` by the chart's offset; what would lie before the calendar stays."""
        try:
            return day - timedelta(days=self.days)
        except OverflowError:
            return day

    def tells_age(self, year: int) -> bool:
        """Whether whoever was born in that year is 90 in the chart's year."""
        return self.year - year >= OLDEST

    def full_year(self, written: str) -> int:
        """The year that two or four digits mean: none later than the one after the chart's."""
        if len(written) == 4:
            return int(written)
        near = self.year // 100 * 100 + int(written)
        return near if near <= self.year + 1 else near - 100


def find(scan: Scan, calendar: Calendar) -> Iterator[Found]:
    """Every date of a text with what stands in its place."""
    full: set[tuple[int, int]] = set()
    for rule in tables.shapes("dates"):
        for match in rule.find(scan):
            if _is_date(rule.name, match):
                found = _found(rule.name, match, calendar)
                if found.written != scan.text[found.start : found.end]:
                    full |= {_month_and_day(match)} if rule.name.startswith("month-first") else set()
                    yield found
    for match in tables.shapes("again")[0].find(scan) if full else ():
        if _month_and_day(match) in full and _is_date("again", match):
            yield _found("again", match, calendar)


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    return int(match["m"]), int(match["d"])


def _is_date(rule: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    mon = groups.get("mon")
    if mon and not groups.get("y"):
        # "march 5", "may 5": small letters are verbs; "OCT 5", "MAR 12" in capitals are a scan and a record.
        if mon in ("OCT", "MAR", "DEC", "SEP", "JAN"):
            return False
        if mon.islower() and mon in _CAPITALIZED:
            return False
    if rule in _SHORT:
        return not _SCALES.search(match.string, max(0, match.start("all") - 40), match.start("all"))
    return True


def _found(rule: str, match: re.Match[str], calendar: Calendar) -> Found:
    whole = "all" if "all" in match.re.groupindex else 0
    start, end = match.span(whole)
    if rule == "month-cued":
        start = match.start("mon")
    year = match.groupdict().get("y")
    full = calendar.full_year(year) if year else None
    if full is not None and calendar.tells_age(full):
        written = None
    elif calendar.mode is Dates.YEAR:
        written = str(full) if full is not None and _may_stand(full, calendar) else None
    else:
        written = _shifted(match, start, end, full, calendar)
    return Found(start, end, Kind.DATE, f"date/{rule}", rule not in _WEAK, written)


def _may_stand(year: int, calendar: Calendar) -> bool:
    return year <= calendar.year + 50


def _shifted(match: re.Match[str], start: int, end: int, year: int | None, calendar: Calendar) -> str | None:
    """The date in the shape in which it was written, shifted; None where it cannot be told."""
    groups = match.groupdict()
    if not any(groups.get(part) for part in ("m", "mon")):
        return str(year) if year is not None else _weekday(groups.get("w"), calendar)
    month = int(groups["m"]) if groups.get("m") else _month(groups["mon"])
    day = int(groups["d"]) if groups.get("d") else 15
    try:
        new = calendar.shifted(date(year or calendar.year, month, day))
    except ValueError:
        return None
    if calendar.tells_age(new.year):
        return None
    return _rewritten(match, start, end, new)


def _weekday(written: str | None, calendar: Calendar) -> str | None:
    if not written:
        return None
    place = next(n for n, name in enumerate(_DAYS) if name.startswith(written.lower()[:3]))
    return _cased(_DAYS[(place - calendar.days) % 7], written)


def _rewritten(match: re.Match[str], start: int, end: int, new: date) -> str:
    """The text of the match from `start` to `end` with the parts of its date replaced, each in its own style."""
    parts = {
        "y": lambda old: f"{new.year:04d}"[-len(old) :],
        "m": lambda old: f"{new.month:0{len(old) if old.startswith('0') else 1}d}",
        "d": lambda old: f"{new.day:0{len(old) if old.startswith('0') else 1}d}",
        "mon": lambda old: _cased(_MONTHS[new.month - 1], old),
        "w": lambda old: _cased(_DAYS[new.weekday()], old),
        "o": lambda old: _ordinal(new.day),
    }
    pieces, at = [], start
    spans = sorted((match.span(name), name) for name in parts if match.groupdict().get(name))
    for (first, last), name in spans:
        pieces += [match.string[at:first], parts[name](match.string[first:last])]
        at = last
    return "".join([*pieces, match.string[at:end]])


def _month(word: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word.lower()[:3]))


def _cased(name: str, like: str) -> str:
    """A name of a month or a day, as long (in full or its first letters) and in the letters of `like`."""
    known = {*_MONTHS, *_DAYS}
    short = name if like.lower() in known and len(like) > 3 else name[:3]
    if like == "May":  # its first letters are its whole name: what follows is written in full
        short = name
    return short.upper() if like.isupper() else short.capitalize() if like[:1].isupper() else short


def _ordinal(day: int) -> str:
    return "th" if day % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
