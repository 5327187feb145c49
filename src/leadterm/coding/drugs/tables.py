"""Tables of what was given: a line of column heads, then rows, their cells parted by pipes, tabs or runs of spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.patterns import compiled

from .clock import CLOCK, Times, minutes

_CELLS = re.compile(r"[ \t]*\|[ \t]*|\t+| {2,}")
_DRUG = frozenset(
    ("medication", "medications", "drug", "med", "vaccine", "immunization", "medication name", "drug name")
)
_BEGIN = frozenset(("start", "start time", "time start", "began", "infusion start", "started"))
_END = frozenset(("stop", "stop time", "end", "end time", "time stop", "infusion stop", "infusion end", "stopped"))
_TIME = frozenset(("time", "time given", "given", "given at", "admin time", "administered", "date/time"))
_OF_A_GIVING = frozenset(("rn", "site", "lot", "lot #", "lot no", "given by", "nurse", "initials", "init", "by"))
_PLAIN = frozenset(("dose", "route", "amount", "strength", "comments", "comment", "rate", "volume", "exp", "unit"))
# Columns of lists of what somebody takes or is to take.
_OF_A_LIST = frozenset(
    "frequency freq sig refills refill qty quantity prescriber dispense instructions last".split()
) | {"last taken", "last dose", "last given", "ordered", "start date", "end date", "due", "date due", "status"}
_MAYBE = compiled(
    r"(?m)^[^\n]*\b(?:medications?|drug|med|vaccine|immunization)\b[^\n]*\b(?:dose|route|site|time)\b[^\n]*$"
)
_TIMES = compiled(rf"(?<![\d/.:-]){CLOCK}(?![\d/])")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; places are of the document.

    Attributes:
        start, end: Where it stands.
        given: Whether the columns are of a record of giving, and the row's time is filled in where they ask for one.
        times: Start and stop by their columns; None where the table has no such columns or the row leaves one open.
    """

    start: int
    end: int
    given: bool
    times: Times | None


def rows_of(lower: str) -> tuple[Row, ...]:
    """The rows of the tables of a text in small letters, in order."""
    found: list[Row] = []
    for head in _MAYBE.finditer(lower):
        cells = _cells(head[0])
        if not _DRUG & set(cells) or len(cells) < 3 or not _is_head(cells):
            continue
        found += _rows(lower, head.end() + 1, frozenset(cells))
    return tuple(found)


def _cells(line: str) -> list[str]:
    """What stands in the cells of a line; its words where nothing but single spaces parts them."""
    cells = [cell.strip(" :*") for cell in _CELLS.split(line.strip(" |\t"))]
    return line.split() if len(cells) < 3 else [cell for cell in cells if cell]


def _is_head(cells: list[str]) -> bool:
    known = _DRUG | _BEGIN | _END | _TIME | _OF_A_GIVING | _PLAIN | _OF_A_LIST
    return sum(cell in known for cell in cells) * 3 >= len(cells) * 2


def _rows(lower: str, start: int, columns: frozenset[str]) -> list[Row]:
    found: list[Row] = []
    while start < len(lower):
        end = lower.find("\n", start)
        end = len(lower) if end < 0 else end
        line = lower[start:end]
        if not line.strip(" |\t") or not _CELLS.search(line.strip()):
            break
        if any(letter.isalpha() for letter in line):
            found.append(_row(line, start, end, columns))
        start = end + 1
    return found


def _row(line: str, start: int, end: int, columns: frozenset[str]) -> Row:
    clocks = list(_TIMES.finditer(line))
    timed = bool(columns & (_TIME | _BEGIN | _END))
    given = not columns & _OF_A_LIST and bool(columns & (_TIME | _BEGIN | _END | _OF_A_GIVING))
    whole = _between(clocks[-2], clocks[-1]) if columns & _BEGIN and columns & _END and len(clocks) > 1 else None
    return Row(start, end, given and (bool(clocks) or not timed), whole)


def _between(one: re.Match[str], other: re.Match[str]) -> Times:
    """The times of two cells; a stop before its start is of the next day."""
    begin, end = minutes(one[0]), minutes(other[0])
    return Times(begin, end if end >= begin else end + 1440, None, one.start(), other.end())
