"""Transitional care: the visit after a stay, with a talk within two business days and decisions of some weight."""

from __future__ import annotations

from datetime import date, timedelta

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Evidence

from .notes import Note
from .outline import dated
from .sheet import Level, Worksheet
from .wording import worded

RULE = "MCPM:12.30.6/transition"
SOON, LATE, BUSINESS = 7, 14, 2  # days of the visit after leaving; business days of the first contact
_NAMED = worded("transition.named")
_LEFT = worded("transition.left")
_CONTACT = worded("transition.contact")
_IN_TIME = worded("transition.in_time")
_AGO = worded("transition.ago")
_SHORT = compiled(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
Found = tuple[str, str, Evidence]


def transition(chart: Chart, note: Note, sheet: Worksheet) -> Found | None:
    """The code, why and the words; None where the note does not name it, or lacks contact, days or weight."""
    named = _NAMED.search(note.text)
    day = sheet.day or chart.on
    if named is None or sheet.family.split("-")[0] not in ("office", "home") or sheet.decision.level < Level.MODERATE:
        return None
    after = _days_after(note, day)
    if after is None or after > LATE or not _contacted(note, day - timedelta(days=after), day):
        return None
    high = sheet.decision.level is Level.HIGH and after <= SOON
    why = f"seen {after} days after leaving, spoken with in time, decisions of {sheet.decision.level.word} complexity"
    return "99496" if high else "99495", why, note.quote(*note.sentence(named.start()))


def _days_after(note: Note, day: date) -> int | None:
    """Days from leaving the hospital to the visit."""
    for found in _LEFT.finditer(note.text):
        line = _line(note, found.start())
        left = _last_date(line, found.start() - _begin(note, found.start()), day)
        if left is not None and 0 <= (day - left).days <= 60:
            return (day - left).days
    ago = _AGO.search(note.text)
    return int(ago["n"]) if ago else None


def _contacted(note: Note, left: date, day: date) -> bool:
    """Whether somebody of the practice reached the patient within two business days."""
    if _IN_TIME.search(note.text):
        return True
    limit = _business(left, BUSINESS)
    for found in _CONTACT.finditer(note.text):
        on = _last_date(_line(note, found.start()), found.start() - _begin(note, found.start()), day)
        if on is not None and left <= on <= limit:
            return True
    return False


def _begin(note: Note, place: int) -> int:
    return note.text.rfind("\n", 0, place) + 1


def _line(note: Note, place: int) -> str:
    end = note.text.find("\n", place)
    return note.text[_begin(note, place) : end if end >= 0 else len(note.text)]


def _last_date(line: str, place: int, day: date) -> date | None:
    """The date of a line nearest to a place: one with its year, behind it or before; else one without."""
    after, before = line[place : place + 60], line[:place]
    whole = dated(after) or dated(before)
    if whole is not None:
        return whole
    short = _SHORT.search(after) or _SHORT.search(before)
    if short is None:
        return None
    try:
        return date(day.year if int(short[1]) <= day.month else day.year - 1, int(short[1]), int(short[2]))
    except ValueError:
        return None


def _business(start: date, count: int) -> date:
    """The business day so many after a day; holidays are not known."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
