"""Tables in a document: the cells of a line, and the minutes that stand in the column for them.

Therapists and schedules write minutes once, over a column: as `min`, or as the times at which something began and
ended. Cells are parted by bars, by tabs or by two blanks and more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.patterns import compiled
from leadterm.coding.sentences import whole_line
from leadterm.domain import Span

from .minutes import Length, between, clock, lengths

LINES_UP = 30  # a column has its header so many lines above at most
APART = 6  # characters between a number and the words over its column
_MINUTES = compiled(
    r"\W*(?:(?:tx|treatment|timed|total|direct|actual|skilled|#|no\.?) )*(?:of )?min(?:ute)?s?\b", re.IGNORECASE
)
_TIME = compiled(r"\W*(?:(?:tx|treatment|timed|total|direct) )?(?:time|duration|length)\b", re.IGNORECASE)
_BEGAN = compiled(r"\W*(?:time )?(?:start(?:ed)?|in|begin|began|from|on)(?: time)?\W*", re.IGNORECASE)
_ENDED = compiled(r"\W*(?:time )?(?:stop(?:ped)?|out|end(?:ed)?|to|finish|off)(?: time)?\W*", re.IGNORECASE)
_GAP = compiled(r" {2,}|\.{3,}")
_NUMBER = compiled(r"\s*(\d{1,3})\s*(?:m(?:in(?:ute)?s?)?\b\.?|'|\(|\Z)", re.IGNORECASE)
_NOTHING = compiled(r"\s*(?:0\b|[-–—]+\s*\Z|n/?a\b|none\b|held\b|deferred\b|not \w+|\Z)", re.IGNORECASE)
_CLOCK = compiled(r"\s*(\d{1,2}):?([0-5]\d)\s*([ap]\.?m?\.?)?\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a line: its words and where they stand."""

    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class Header:
    """A line of heads: its cells, and the numbers of those for minutes, for a beginning and an end; -1 for none."""

    cells: tuple[Cell, ...]
    minutes: int
    began: int
    ended: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says in its column of minutes: a length, or that there was none."""

    length: Length | None


def cells(text: str, line: Span) -> tuple[Cell, ...]:
    """The cells of a line; those between bars and tabs may be empty."""
    words = line.of(text)
    mark = "|" if "|" in words else "\t" if "\t" in words else None
    found: list[Cell] = []
    at = line.start
    parts = words.split(mark) if mark else _GAP.split(words)
    for part in parts:
        start = text.index(part, at)
        found.append(Cell(part.strip(), Span(start, start + max(1, len(part)))))
        at = start + len(part) + (1 if mark else 0)
    if mark == "|":
        found = found[words.startswith("|") :]
        found = found[: len(found) - words.rstrip().endswith("|")]
    return tuple(found) if mark else tuple(c for c in found if c.words)


def header(text: str, line: Span) -> Header | None:
    """The header over a table with minutes that a line stands under; None for none near above."""
    low = line.start
    for _ in range(LINES_UP):
        if low <= 0:
            return None
        above = whole_line(text, low - 1)
        low = text.rfind("\n", 0, above.start) + 1 if text[above.start : above.start + 1] == "\n" else above.start
        if (found := _header(cells(text, above))) is not None:
            return found
    return None


def _header(row: tuple[Cell, ...]) -> Header | None:
    if len(row) < 2 or any(c.words.isdigit() or len(c.words) > 40 for c in row):
        return None
    minutes = next((n for n, c in enumerate(row) if _MINUTES.match(c.words)), -1)
    if minutes < 0:
        minutes = next((n for n, c in enumerate(row) if _TIME.match(c.words)), -1)
    began = next((n for n, c in enumerate(row) if _BEGAN.fullmatch(c.words)), -1)
    ended = next((n for n, c in enumerate(row) if _ENDED.fullmatch(c.words)), -1)
    if minutes < 0 and (began < 0 or ended < 0):
        return None
    return Header(row, minutes, began, ended)


def entry(text: str, at: int) -> Entry | None:
    """What the row of a place says in the column of minutes; None where it stands in no such table."""
    line = whole_line(text, at)
    row = cells(text, line)
    if len(row) < 2:
        return None
    above = header(text, line)
    if above is None:
        return None
    if above.minutes >= 0 and (found := _under(row, above, above.minutes)) is not None:
        return _read(text, found)
    first, last = (_under(row, above, n) if n >= 0 else None for n in (above.began, above.ended))
    a, b = (_CLOCK.match(c.words) if c else None for c in (first, last))
    if first and last and a and b:
        spent = between(clock(a[1], a[2], a[3] or b[3]), clock(b[1], b[2], b[3]))
        return Entry(Length(spent, Span(first.span.start, last.span.end)))
    return None


def _under(row: tuple[Cell, ...], above: Header, column: int) -> Cell | None:
    """The cell of a row in a column: by number where the row has as many cells, else by where it stands."""
    if len(row) == len(above.cells):
        return row[column]
    head = above.cells[column].span
    offset = row[0].span.start - above.cells[0].span.start
    near = (
        c for c in row[1:] if c.span.start - offset - APART <= head.end and c.span.end - offset + APART >= head.start
    )
    found = next((c for c in near if _NUMBER.match(c.words)), None)
    return found or (row[-1] if column == len(above.cells) - 1 and _NUMBER.match(row[-1].words) else None)


def _read(text: str, cell: Cell) -> Entry | None:
    if _NOTHING.match(cell.words):
        return Entry(None)
    if m := _NUMBER.match(text, cell.span.start, cell.span.end):
        return Entry(Length(int(m[1]), Span(m.start(1), m.end(1))))
    found = next(lengths(text, cell.span.start, cell.span.end), None)
    return Entry(found) if found else None
