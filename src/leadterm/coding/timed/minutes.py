"""Minutes and clock times as charts write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from leadterm.coding.patterns import compiled
from leadterm.domain import Span

DAY = 24 * 60
_UNIT = r"(?:min(?:ute)?s?\b\.?)"
# A mark for minutes is one for feet, too: it is read only where a list sets it apart ("ther ex x 15'", "(15')").
_MARK = r"(?:(?<=x)|(?<=x )|(?<=\()|(?<=: )|(?<==))(?P<marked>\d{1,2})['\u2019\u2032](?![\w'\u2019])"
# "1 hr 10 min", "1 hour and 5 minutes", "25 min", "45-minute".
_LENGTH = compiled(
    r"(?<![\d.:/-])(?:(?P<hours>\d{1,2}(?:\.\d+)?)[ -]*(?:hours?|hrs?\.?|h)\b(?:[ ,]*(?:and )?(?P<rest>\d{1,2})[ -]*"
    rf"{_UNIT})?|(?P<minutes>\d{{1,3}})[ -]*{_UNIT}|{_MARK})",
    re.IGNORECASE,
)
CLOCK = (
    r"(?<![\d.:/])(?P<{0}h>2[0-4]|[01]?\d):?(?P<{0}m>[0-5]\d)(?!\d)(?::[0-5]\d)?[ \t]*(?P<{0}p>[ap]\.?m\b\.?)?"
    r"(?:[ \t]*(?:hrs?|hours)\b)?"
)
_RANGE = compiled(
    rf"{CLOCK.format('a')}[ \t]*(?:-|–|—|to|until|till|through|thru)[ \t]*{CLOCK.format('b')}(?![\d/])", re.IGNORECASE
)
_ONE = compiled(CLOCK.format("a"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time and the words that tell it."""

    minutes: int
    span: Span


def lengths(text: str, start: int, end: int) -> Iterator[Length]:
    """Lengths of time between two places of a text, in order; a range of clock times is the time between them."""
    ranges = [Length(between(*_ends(m)), Span(m.start(), m.end())) for m in _RANGE.finditer(text, start, end)]
    plain = (Length(_minutes(m), Span(m.start(), m.end())) for m in _LENGTH.finditer(text, start, end))
    free = [p for p in plain if not any(p.span.overlaps(r.span) for r in ranges)]
    return iter(sorted((*ranges, *free), key=lambda length: length.span.start))


# "Session start 14:22, session end 14:58", "Start time: 2:00 pm | Stop time: 2:53 pm", "In 0902 ... out 0931".
_PAIR = compiled(
    rf"\b(?:start(?:ed|s)?|beg[ia]n|time[ -]in|in)\b(?:[ -]?time)?[ \t:=@|-]*(?:at )?{CLOCK.format('a')}"
    r"(?:(?!\b(?:start|began)\b)[^\d]|\d(?!\d?:?[0-5]\d)){0,60}?"
    rf"\b(?:end(?:ed|s)?|stop(?:ped|s)?|finish(?:ed)?|conclude[ds]?|time[ -]out|out)\b(?:[ -]?time)?[ \t:=@|-]*(?:at )?"
    rf"{CLOCK.format('b')}(?![\d/])",
    re.IGNORECASE,
)


def pairs(text: str, start: int, end: int) -> Iterator[Length]:
    """The lengths between a beginning and an end that are named as such, in order."""
    for m in _PAIR.finditer(text, start, end):
        yield Length(between(*_ends(m)), Span(m.start(), m.end()))


def _minutes(m: re.Match[str]) -> int:
    if m["hours"] is None:
        return int(m["minutes"] or m["marked"])
    return round(float(m["hours"]) * 60) + int(m["rest"] or 0)


def _ends(m: re.Match[str]) -> tuple[int, int]:
    """The two clock times of a range; "1:00-1:50 pm" is of the afternoon at both ends."""
    second = clock(m["bh"], m["bm"], m["bp"])
    first = clock(m["ah"], m["am"], m["ap"] or m["bp"])
    if not m["ap"] and m["bp"] and first > second:  # 11:40-12:20 pm
        first = clock(m["ah"], m["am"], None)
    return first, second


def clock(hours: str, minutes: str, half: str | None) -> int:
    """Minutes since midnight; `half` is "am" or "pm" where it is written."""
    h = int(hours)
    if half:
        h = h % 12 + (12 if half[0] in "pP" else 0)
    return h * 60 + int(minutes)


def between(first: int, second: int) -> int:
    """Minutes from one clock time to the next such time: over midnight where the second is earlier."""
    return (second - first) % DAY


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock time, with its day where the words have one, and where it stands."""

    minute: int
    span: Span
    day: date | None = None

    def until(self, other: Moment) -> int:
        """Minutes to another moment; where a day is unknown, to the next such time."""
        if self.day and other.day:
            return (other.day - self.day) // timedelta(minutes=1) + other.minute - self.minute
        return between(self.minute, other.minute)


_DATE = compiled(r"(?<!\d)(?:(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{2,4}))?|(?P<iso>\d{4}-\d\d-\d\d))(?!\d)")


def moment(text: str, start: int, end: int, on: date | None = None) -> Moment | None:
    """The first clock time between two places, with the date beside it; `on` tells the year of a short one."""
    m = _ONE.search(text, *_without_dates(text, start, end))
    if m is None:
        return None
    day = next((d for x in _DATE.finditer(text, start, min(end, m.end() + 25)) if (d := _day(x, on))), None)
    return Moment(clock(m["ah"], m["am"], m["ap"]) % DAY, Span(m.start(), m.end()), day)


# The head of a line of a timeline: "11/4/25 1620", "11/04 @ 16:20 -", "[16:20]", "1620:", "16:20 |".
_STAMP = compiled(
    r"[ \t|*•\[(-]*(?:(?P<date>\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{4}-\d\d-\d\d)[ \t,|@T]*(?:at )?)?"
    + CLOCK.format("a")
    + r"(?![\d/.%]| ?(?:mg|ml|cc)\b)"
)
_DAY_HEAD = compiled(r"(?m)^[ \t|*•\[(#-]*(?:(?:date|dos|day \d)[: ]*)?(?=\d{1,2}/\d|\d{4}-)")


def stamp(text: str, line: Span, on: date | None = None) -> Moment | None:
    """The time that a line begins with, of the day that it or the last line before it that begins with one has."""
    m = _STAMP.match(text, line.start, line.end)
    if m is None:
        return None
    dated = _DATE.match(text, m.start("date")) if m["date"] else None
    for head in () if dated else reversed([*_DAY_HEAD.finditer(text, 0, line.start)]):
        if (dated := _DATE.match(text, head.end())) is not None:
            break
    day = _day(dated, on) if dated else None
    return Moment(clock(m["ah"], m["am"], m["ap"]) % DAY, Span(m.start("ah"), m.end()), day)


_DATED = compiled(r"[ \t|*•\[(#-]*(?:(?:date|dos)[: ]*)?(?=\d{1,2}/\d|\d{4}-)")


def stamped_day(text: str, line: Span, on: date | None = None) -> date | None:
    """The day that a line begins with; None where it begins with none."""
    head = _DATED.match(text, line.start, line.end)
    dated = _DATE.match(text, head.end(), line.end) if head else None
    return _day(dated, on) if dated else None


def last_day(text: str, start: int, end: int, on: date | None = None) -> date | None:
    """The last day that is written between two places; None for none."""
    days = [day for m in _DATE.finditer(text, start, end) if (day := _day(m, on))]
    return days[-1] if days else None


def _without_dates(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch from behind a date that it begins with: the year of 05/08/2026 is no clock time."""
    found = _DATE.search(text, start, end)
    leads = found and found.start() - start <= 12 and not _ONE.search(text, start, found.start())
    return (found.end(), end) if found and leads else (start, end)


def _day(m: re.Match[str], on: date | None) -> date | None:
    try:
        if m["iso"]:
            return date.fromisoformat(m["iso"])
        year = int(m["y"]) if m["y"] else (on.year if on else 0)
        return date(year + 2000 if year < 100 else year, int(m["m"]), int(m["d"]))
    except ValueError:
        return None
