"""Tables of what was given: a line of column heads, then rows, their cells parted by pipes, tabs or runs of spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadterm.coding.patterns import compiled

from .clock import CLOCK, Times, minutes

WIDEST, NARROW = 160, 80  # characters of a line of heads; of one whose heads single spaces part
_CELLS = compiled(r"[ \t]*\|[ \t]*|\t+| {2,}")
_CELL = compiled(r"[^ \t|]+(?: [^ \t|]+)*")
_DRUG = frozenset(
    ("medication", "medications", "drug", "med", "meds", "vaccine", "immunization", "medication name", "drug name")
) | {"drugs", "vaccines", "order", "orders", "agent", "product", "fluid", "item", "infusion", "medication/dose"}
_BEGIN = frozenset(
    (
        "start",
        "start time",
        "time start",
        "began",
        "infusion start",
        "started",
        "begin",
        "beg",
        "start at",
        "given/start",
        "start/given",
    )
) | {"on", "up", "hung", "in", "time on", "time in", "time up", "time hung", "bag up", "iv start", "begun", "strt"}
_END = frozenset(
    ("stop", "stop time", "end", "end time", "time stop", "infusion stop", "infusion end", "stopped", "ended")
) | {"off", "down", "out", "time off", "time down", "time out", "time end", "done", "complete", "completed", "finish"}
_TIME = frozenset(
    ("time", "time given", "given", "given at", "admin time", "administered", "date/time", "clock", "hour", "at")
) | {"hrs", "admin", "adm time", "done at", "time admin", "admin at", "time done"}
_OF_A_GIVING = frozenset(
    ("rn", "site", "lot", "lot #", "lot no", "given by", "nurse", "initials", "init", "by", "lot#", "lot/exp")
) | {
    "mfr",
    "manufacturer",
    "arm",
    "location",
    "route/site",
    "site/route",
    "waste",
    "wasted",
    "lot number",
    "inits",
    "ma",
}
_PLAIN = frozenset(
    ("dose", "route", "amount", "strength", "comments", "comment", "rate", "volume", "exp", "unit", "rte", "vol")
) | {
    "amt",
    "diluent",
    "notes",
    "note",
    "remark",
    "remarks",
    "units",
    "ndc",
    "how",
    "via",
    "min",
    "mins",
    "#",
    "total",
    "mg",
}
# Columns of lists of what somebody takes or is to take.
_OF_A_LIST = frozenset(
    "frequency freq sig refills refill qty quantity prescriber dispense instructions last".split()
) | {"last taken", "last dose", "last given", "ordered", "start date", "end date", "due", "date due", "status"}
_MAYBE = compiled(
    r"(?m)^[^\n]*\b(?:medications?|drugs?|meds?|vaccines?|immunizations?|orders?|agent|product|fluid|item"
    r"|infusion)\b[^\n]*$"
)
_TIMES = compiled(rf"(?<![\d/.:-]){CLOCK}(?![\d/])")
_CLOCK = compiled(rf"\*?\s*(?:\d\d?/\d\d?(?:/\d\d(?:\d\d)?)?\s+)?(?P<time>{CLOCK})\b")


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


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int
    end: int


def rows_of(lower: str) -> tuple[Row, ...]:
    """The rows of the tables of a text in small letters, in order."""
    found: dict[int, Row] = {}
    for head in _MAYBE.finditer(lower):
        if len(head[0]) > WIDEST or (not _CELLS.search(head[0].strip()) and len(head[0]) > NARROW):
            continue
        cells = _cells(head[0])
        names = [cell.text for cell in cells]
        if len(cells) < 3 or not _DRUG & set(names) or not _is_head(names):
            continue
        found |= {row.start: row for row in _rows(lower, head.end() + 1, cells)}
    return tuple(found[start] for start in sorted(found))


def _cells(line: str) -> list[_Cell]:
    """The cells of a line of heads; its words where nothing but single spaces parts them."""
    cells = _parted(line)
    if len(cells) < 3:
        cells = [_Cell(m[0].strip(":*"), m.start(), m.end()) for m in re.finditer(r"\S+", line)]
    return cells


def _parted(line: str) -> list[_Cell]:
    """The cells of a line; empty ones are known only where marks part them."""
    mark = next((m for m in "|\t" if m in line), "")
    found = re.finditer(rf"[^{mark}]+", line.strip(" |")) if mark else _CELL.finditer(line)
    return [_Cell(m[0].strip(" :*"), m.start() + len(m[0]) - len(m[0].lstrip()), m.end()) for m in found]


def _is_head(names: list[str]) -> bool:
    known = _DRUG | _BEGIN | _END | _TIME | _OF_A_GIVING | _PLAIN | _OF_A_LIST
    return sum(name in known for name in names) * 3 >= len(names) * 2


def _rows(lower: str, start: int, head: list[_Cell]) -> list[Row]:
    found: list[Row] = []
    while start < len(lower):
        end = lower.find("\n", start)
        end = len(lower) if end < 0 else end
        line = lower[start:end]
        if not line.strip(" |\t") or not _CELLS.search(line.strip()):
            break
        if any(letter.isalpha() for letter in line):
            found.append(_row(line, start, end, head))
        start = end + 1
    return found


def _row(line: str, start: int, end: int, head: list[_Cell]) -> Row:
    columns = frozenset(cell.text for cell in head)
    timed = bool(columns & (_TIME | _BEGIN | _END))
    given = not columns & _OF_A_LIST and bool(columns & (_TIME | _BEGIN | _END | _OF_A_GIVING))
    filled = bool(_TIMES.search(line)) or not timed
    return Row(start, end, given and filled, _whole(line, head, columns) if columns & (_BEGIN | _TIME) else None)


def _whole(line: str, head: list[_Cell], columns: frozenset[str]) -> Times | None:
    """Start and stop of a row: those under their heads, else its last two times."""
    if not columns & _END:
        return None
    first = _BEGIN if columns & _BEGIN else _TIME  # "Time … End"
    found = [_clock_under(line, head, _parted(line), names) for names in (first, _END)]
    begin, stop = found
    if begin and stop:
        return _between(begin, stop)
    clocks = list(_TIMES.finditer(line)) if begin is stop else []
    return _between(clocks[-2], clocks[-1]) if len(clocks) > 1 else None


def _clock_under(line: str, head: list[_Cell], cells: list[_Cell], names: frozenset[str]) -> re.Match[str] | None:
    """The time of a row that stands under a head: by the number of its cell, else by its place in the line."""
    place = next(n for n, cell in enumerate(head) if cell.text in names)
    if len(cells) == len(head) and (found := _CLOCK.match(cells[place].text)):
        return _CLOCK.match(line, line.index(cells[place].text, cells[place].start)) or found
    if "|" in line or "\t" in line:
        return None
    column = head[place]
    near = [c for c in cells if c.start < column.end + 2 and column.start - 2 < c.end]
    cell = min(near, key=lambda c: abs(c.start - column.start), default=None)
    return _CLOCK.match(line, cell.start) if cell else None


def _between(one: re.Match[str], other: re.Match[str]) -> Times:
    """The times of two cells; a stop before its start is of the next day."""
    groups = [m["time"] if "time" in m.re.groupindex else m[0] for m in (one, other)]
    begin, end = minutes(groups[0]), minutes(groups[1])
    return Times(begin, end if end >= begin else end + 1440, None, one.start(), other.end())
