"""Times of day in the words of a dose: when it began, when it ended, when it was given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from leadterm.coding.patterns import compiled

CLOCK = (
    r"(?:(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s*[ap]\.?m\b\.?|[ap]\b)?|(?:1[0-2]|0?[1-9])\s*[ap]\.?m\b\.?"
    r"|(?:[01]\d|2[0-3])[0-5]\d(?:\s*(?:h\b|hrs?\b|hours?\b))?(?![\d/%]|[.,]\d"
    r"|\s*(?:mg|mcg|ml|cc|units?|iu|g\b|meq|u\b)))"
)
_DATE = r"(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{4}-\d\d-\d\d)?[,\s]*"
_SEP = r"[\s:=@|,–-]*"
_RANGE = compiled(
    rf"(?<![\d/.:])(?P<start>{CLOCK})\s*(?:-+>?|–|—|→|=?>|to|until|till|til|through|thru|/(?=\d{{4}})|\.\.+)\s*{_DATE}(?P<stop>{CLOCK})(?![\d/])"
)
_START = compiled(
    rf"\b(?:start(?:ed|ing)?|began|begun|begin|initiated|hung|hang|spiked|new bag|connected|infusion from"
    rf"|from|on|up|running|hooked up|run)(?:\s+(?:time|at|infusing|infusion|of infusion|ivpb))*"
    rf"(?:\s+rate\s+[\d.]+ ?ml/h(?:r|our)?)?{_SEP}"
    rf"{_DATE}(?P<time>{CLOCK})"
)
_STOP = compiled(
    rf"\b(?:stop(?:ped)?|end(?:ed|ing)?|complet(?:e|ed|ion)|finish(?:ed)?|conclud(?:ed)?"
    rf"|off|done|down|out|dry|empty|disconnected|d/c(?:'?d)?|all in|taken down|came down|ran (?:in |out )?(?:un)?til"
    rf"|discontinued|until|infused by|in by|infusion complete|unhooked)(?:\s+(?:time|at"
    rf"|infusing|infusion|of infusion|was))*{_SEP}{_DATE}(?P<time>{CLOCK})"
)
_AT = compiled(
    rf"(?:\bat|@|\btime\b|\bpre-?med\w*|\bgiven\b|\badministered\b|\badmin(?: time)?\b|\b(?:push"
    rf"|ivp|ivpb|im|sc|sq|subq|iv)\b){_SEP}{_DATE}(?P<time>{CLOCK})"
)
_THEN_START = compiled(rf"(?<![\d/.:])(?P<time>{CLOCK})[ \t:-]*(?:start(?:ed)?|began|begun|on|hung|up)\b")
_THEN_STOP = compiled(
    rf"(?<![\d/.:])(?P<time>{CLOCK})[ \t:-]*(?:stop(?:ped)?|end(?:ed)?|off|down|complete[d]?|done|finished)\b"
)
_ANYWHERE = compiled(r"(?<![\d/.:])(?P<time>(?:[01]?\d|2[0-3]):[0-5]\d(?:\s*[ap]\.?m\b\.?)?)(?![\d:])")
_FIRST = compiled(rf"^[\s|*•·\[(-]*{_DATE}(?P<time>{CLOCK})")
_IN_ROW = compiled(rf"[|\t]\s*{_DATE}(?P<time>{CLOCK})\s*(?=[|\t\n]|$)")
_YEAR = compiled(r"20[12]\d$")  # "stopped 2024": alone it is rather the year than half past eight at night
NOON, DAY = 720, 1440


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes since midnight of the first day; a stop past midnight counts on.

    Attributes:
        start, stop: Of an infusion.
        at: Of a single moment.
        begin, end: Where the words stand that tell them, in the text that was read; equal where none do.
        paused: Minutes between start and stop in which nothing ran.
    """

    start: int | None = None
    stop: int | None = None
    at: int | None = None
    begin: int = 0
    end: int = 0
    paused: int = 0

    @property
    def minutes(self) -> int | None:
        """How long it lasted; None where a start or a stop is missing."""
        return self.stop - self.start - self.paused if self.start is not None and self.stop is not None else None

    @property
    def moment(self) -> int | None:
        """The moment by which it has its place among others."""
        return self.start if self.start is not None else self.at


def times(text: str) -> Times:
    """The times in words in small letters."""
    if found := _RANGE.search(text):
        start, stop = _ordered(found["start"], found["stop"])
        return Times(start, stop, None, found.start(), found.end())
    began, ended = _START.search(text), _STOP.search(text)
    if began and ended:
        start, stop = _ordered(began["time"], ended["time"])
        return Times(start, stop, None, min(began.start(), ended.start()), max(began.end(), ended.end()))
    if not began and not ended and (begun := _THEN_START.search(text)) and (over := _THEN_STOP.search(text)):
        start, stop = _ordered(begun["time"], over["time"])
        return Times(start, stop, None, min(begun.start(), over.start()), max(begun.end(), over.end()))
    if ended and (first := _moment(text)) and first.end() <= ended.start():
        start, stop = _ordered(first["time"], ended["time"])
        return Times(start, stop, None, first.start(), ended.end())
    if began and not _YEAR.match(began["time"]):
        return Times(minutes(began["time"]), None, None, began.start(), began.end())
    if ended and not _YEAR.match(ended["time"]):
        return Times(None, minutes(ended["time"]), None, ended.start(), ended.end())
    moment = _moment(text)
    return Times(at=minutes(moment["time"]), begin=moment.start(), end=moment.end()) if moment else Times()


def moved(found: Times, places: int) -> Times:
    """The same times of a longer text, which begins so many places earlier."""
    return replace(found, begin=found.begin + places, end=found.end + places) if found.end else found


def _moment(text: str) -> re.Match[str] | None:
    return _FIRST.search(text) or _AT.search(text) or _IN_ROW.search(text) or _ANYWHERE.search(text)


def _ordered(start: str, stop: str) -> tuple[int, int]:
    """Start and stop, the stop later: in the afternoon where no half of the day is said, else past midnight."""
    one, other = minutes(start), minutes(stop)
    if "m" in stop and "m" not in start.replace("am", "m") and one + NOON <= other:
        one += NOON  # "1:00 - 2:15 pm"
    if other >= one:
        return one, other
    plain = not any("m" in t or t.startswith("0") or ":" not in t for t in (start, stop)) and one < NOON + 60
    return one, other + (NOON if plain and other + NOON > one else DAY)


def minutes(written: str) -> int:
    """The minute of the day of a written time."""
    digits = re.findall(r"\d+", written)
    hour, minute = (int(digits[0]), int(digits[1])) if ":" in written else _bare(digits[0])
    half = re.search(r"[ap](?:\.?m|$)", written)
    if half:
        hour = hour % 12 + (12 if half[0][0] == "p" else 0)
    return hour * 60 + minute


def _bare(digits: str) -> tuple[int, int]:
    return (int(digits[:2]), int(digits[2:4])) if len(digits) == 4 else (int(digits), 0)
