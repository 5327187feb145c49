"""Time that a provider documented: the total of the day of a visit, critical care, discharge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadterm.coding.numerals import TENS, number_of, words_to
from leadterm.coding.patterns import Pattern, compiled

from .notes import Note
from .sheet import Spent
from .wording import worded

_AMOUNT = (
    rf"(?:(?P<hours>\d+(?:\.\d+)?|{words_to(3)}) ?(?:hours?|hrs?|h)\b"
    r"(?:,? (?:and )?(?P<rest>\d{1,2}) ?(?:minutes?|mins?|min|m)\b)?|"
    rf"(?P<least>\d{{1,3}}|{TENS}|ten|fifteen)(?: ?(?:-|to|–) ?\d{{1,3}})?\+? ?-?(?:minutes?|mins?|min)\b)"
)
_MINUTES = compiled(_AMOUNT, re.IGNORECASE)
_GATE = worded("times.gate")
_TOTAL = worded("times.total")
_CARE = worded("times.care")
_OTHER = worded("times.other")
# Separately reported work that the provider says is left out: the words take nothing from the time.
_EXCLUDED = worded("times.excluded")
_PART = worded("times.part")
_CRITICAL = worded("times.critical")
_DISCHARGE = worded("times.discharge")
MOST = 480  # minutes that one provider can have spent with one patient on a day


def total(note: Note) -> Spent | None:
    """The total time of the day that the provider documented for the visit; None where no sentence says it."""
    return max(_totals(note), key=lambda s: s.minutes, default=None)


def critical(note: Note) -> Spent | None:
    """The time of critical care, without what is reported apart."""
    return max(_about(note, _CRITICAL), key=lambda s: s.minutes, default=None)


def leaving(note: Note) -> Spent | None:
    """The time of discharge management."""
    return max((*_about(note, _DISCHARGE), *_totals(note)), key=lambda s: s.minutes, default=None)


def _timed(note: Note) -> Iterator[tuple[int, int]]:
    """The sentences that name minutes or hours."""
    yield from dict.fromkeys(note.sentence(found.start()) for found in note.find(_GATE))


def _totals(note: Note) -> Iterator[Spent]:
    for start, end in _timed(note):
        sentence = _EXCLUDED.sub("", note.text[start:end])
        if _TOTAL.search(sentence) and _CARE.search(sentence) and not _OTHER.search(sentence):
            yield from _spent(note, sentence, (start, end))


def _about(note: Note, subject: Pattern) -> Iterator[Spent]:
    for start, end in _timed(note):
        sentence = _EXCLUDED.sub("", note.text[start:end])
        if subject.search(sentence) and re.search(r"(?i)time|spent|minutes|provided", sentence):
            yield from _spent(note, sentence, (start, end))


def _spent(note: Note, sentence: str, place: tuple[int, int]) -> Iterator[Spent]:
    found = [minutes(m) for m in _MINUTES.finditer(sentence)]
    if not found:
        return
    whole = len(found) == 1 or _PART.search(sentence) or re.search(r"(?i)\btotal", sentence)
    amount = max(found) if whole else sum(found)
    if 0 < amount <= MOST:
        yield Spent(amount, note.quote(*place))


def minutes(found: re.Match[str]) -> int:
    """The whole minutes of a match; of a range the least."""
    if found["least"]:
        return number_of(found["least"])
    hours = number_of(found["hours"]) if found["hours"].isalpha() else float(found["hours"])
    return int(hours * 60) + int(found["rest"] or 0)
