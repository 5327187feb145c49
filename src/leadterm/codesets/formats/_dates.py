"""From when a file holds, by what its name and the names of its folders say."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leadterm.domain import DateRange, InputError

from ..sources import UNDATED, fiscal_year, next_update
from ._offered import Offered

__all__ = ["MONTHS", "UNDATED", "Hint", "calendar", "fiscal", "hints", "months_later"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SEP = r"[\s_.,-]*"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_EDGE = r"(?<![0-9])"
# From the most to the least exact; the first that fits a name is what the name says.
_PATTERNS = (
    # April-1-2026, jan_01_2026
    re.compile(rf"(?<![a-z])(?P<month>{_MONTH}){_SEP}(?P<day>\d{{1,2}}){_SEP}{_YEAR}(?!\d)"),
    # 10-01-2026
    re.compile(rf"{_EDGE}(?P<month>0?[1-9]|1[0-2])[-_](?P<day>0?[1-9]|[12]\d|3[01])[-_]{_YEAR}(?!\d)"),
    # 2026-10-01, 20261001
    re.compile(rf"{_EDGE}{_YEAR}[-_]?(?P<month>0[1-9]|1[0-2])[-_]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    # 2026-04
    re.compile(rf"{_EDGE}{_YEAR}[-_](?P<month>0[1-9]|1[0-2])(?!\d)"),
    # April-2026, OCT2025
    re.compile(rf"(?<![a-z])(?P<month>{_MONTH}){_SEP}{_YEAR}(?!\d)"),
    # 2025_Oct, 2025OCT
    re.compile(rf"{_EDGE}{_YEAR}{_SEP}(?P<month>{_MONTH})(?![a-z])"),
    # 2026Q2, 2026-q-2
    re.compile(rf"{_EDGE}{_YEAR}{_SEP}q(?:tr|uarter)?{_SEP}(?P<quarter>[1-4])(?!\d)"),
    # Q4-2026, qtr4_2026; 4q2026, 3rd-quarter-2026
    re.compile(rf"(?<![a-z0-9])q(?:tr|uarter)?{_SEP}(?P<quarter>[1-4]){_SEP}{_YEAR}(?!\d)"),
    re.compile(rf"(?<![a-z0-9])(?P<quarter>[1-4])(?:st|nd|rd|th)?{_SEP}q(?:tr|uarter)?{_SEP}{_YEAR}(?!\d)"),
    # rvu25d
    re.compile(r"(?<![a-z])rvu(?P<short>\d\d)(?P<letter>[a-d])(?![a-z])"),
    re.compile(rf"{_EDGE}{_YEAR}(?!\d)"),
    # FY26
    re.compile(r"fy(?P<short>\d\d)(?!\d)"),
)


@dataclass(frozen=True, slots=True)
class Hint:
    """What one name says of a date: a year, and perhaps more."""

    year: int
    month: int | None = None
    day: int | None = None


def hints(offered: Offered) -> Iterator[Hint]:
    """What the names say, the file's own first; names that say nothing are passed over."""
    for place in offered.places:
        for pattern in _PATTERNS:
            if found := pattern.search(place.lower()):
                yield _hint(found.groupdict())
                break


def _hint(said: dict[str, str | None]) -> Hint:
    year = int(said.get("year") or 0) or 2000 + int(said.get("short") or 0)
    if quarter := said.get("quarter"):
        return Hint(year, 3 * int(quarter) - 2)
    if letter := said.get("letter"):
        return Hint(year, 3 * "abcd".index(letter) + 1)
    month = said.get("month")
    if month is None:
        return Hint(year)
    number, day = MONTHS.get(month) or int(month), int(said.get("day") or 1)
    return Hint(year, number, day if day <= monthrange(year, number)[1] else 1)


def fiscal(offered: Offered, year: int | None = None) -> DateRange:
    """The period of an ICD-10 file: from 1 October of its fiscal year, or from the April update that its names tell.

    `year`: the fiscal year that the content states. Raises InputError where names and content contradict each other
    or say nothing.
    """
    said = list(hints(offered))
    for hint in said:
        start = _day(hint) if hint.month else None
        if start and (year is None or fiscal_year(start) == year) and _fits_year(start, said):
            return DateRange(start, next_update(start) - timedelta(days=1))
    years = [year] if year else [h.year for h in said if h.month is None]
    if not years:
        raise InputError(
            f"The file {offered.name} does not say of which year it is; put the year into its name or its folder's."
        )
    if year and said and said[0].month is None and said[0].year != year:
        raise InputError(f"The file {offered.name} holds the release of {year}, which its name contradicts.")
    start = date(years[0] - 1, 10, 1)
    return DateRange(start, next_update(start) - timedelta(days=1))


def _fits_year(start: date, said: list[Hint]) -> bool:
    """A folder's month counts for a file whose own name has the year of that release, and for none of another year."""
    own = said[0]
    return own.month is not None or own.year == fiscal_year(start)


def _day(hint: Hint) -> date:
    return date(hint.year, hint.month or 1, hint.day or 1)


def calendar(offered: Offered, months: int | None = 3) -> DateRange:
    """The period of a file that follows the calendar: from the day its names tell, for so many months (None: open).

    A year alone stands for 1 January. Raises InputError when the names say nothing.
    """
    said = list(hints(offered))
    if not said:
        raise InputError(
            f"The file {offered.name} does not say from when it holds; put the year and month (2026-10) into its "
            "name or its folder's."
        )
    own = said[0]
    # "2019" in a name and "2019-04" above it: the more exact counts when the years agree.
    best = next((h for h in said if h.month and h.year == own.year), own) if own.month is None else own
    start = _day(best)
    return DateRange(start, None if months is None else months_later(start, months) - timedelta(days=1))


def months_later(day: date, months: int) -> date:
    """The first of the month, so many months after the month of `day`."""
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)
