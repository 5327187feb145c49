"""The official conversion tables: new codes of ICD-10-CM and ICD-10-PCS and what was assigned before.

ICD-10-CM (xlsx, csv or text of columns; a title above the header): current code assignment, effective, previous
code(s) assignment. ICD-10-PCS (tab-separated, xlsx): current code(s) assignment, code title, effective year, previous
code(s) assignment, predecessor code title, change type, comment, effective month/day (MM.DD). A year alone stands for
its 1 October. A cell of previous codes lists codes and ranges (`H02.101-H02.106; H02.109`), or says none, or says it in
words, which are kept as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from leadterm.domain import CodeSystem, DateRange, InputError, dotted
from leadterm.domain.codes import SHAPES

from ..sources import US_GOVERNMENT
from ..store import Store
from ._dates import fiscal
from ._offered import Format, Offered, Part, Recognised, Table, decoded, insert, separated

CM, PCS = "icd10cm:conversion", "icd10pcs:conversion"
SYSTEMS = {CM: CodeSystem.ICD10CM, PCS: CodeSystem.ICD10PCS}
NO_CODE = frozenset({"", "none", "nopcs", "nodx", "n/a", "na"})
COLUMNS = "rank INTEGER PRIMARY KEY, current TEXT NOT NULL, effective TEXT, previous TEXT, words TEXT"
SCHEMA = (
    f"CREATE TABLE entry ({COLUMNS});"
    "CREATE INDEX by_current ON entry (current); CREATE INDEX by_previous ON entry (previous)"
)
# A header's cell, folded, and what stands below it.
HEADER = {
    "current": re.compile(r"current codes? ?assignment"),
    "effective": re.compile(r"effective(?: date| year)?"),
    "month_day": re.compile(r"effective month/day.*"),
    "previous": re.compile(r"previous codes? ?assignment"),
}
NEEDED = ("current", "effective", "previous")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(36_526, 73_051)  # of the years 2000 to 2099, which no year number is
_SEPARATOR = re.compile(r"[;,]|\band\b|\bor\b|\n")
_RANGE = re.compile(r"(\S+?)\s*[-–]\s*(\S+)")
MOST_IN_RANGE = 200


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    current: str
    effective: Any
    month_day: str
    previous: str


def _recognise(offered: Offered) -> Recognised | None:
    name = offered.name.lower()
    if "conversion" in name and name.endswith(".xlsx") and offered.head.startswith(b"PK"):
        # A workbook's head shows no words: its names have to tell.
        component = PCS if "pcs" in offered.path.lower() else CM
    elif offered.mentions("current code", "previous code") and (header := _named_columns(decoded(offered.head))):
        component = PCS if "month_day" in header or "pcs" in name else CM
    else:
        return None
    return Recognised(component, _period(offered), US_GOVERNMENT, 0 if name.endswith(".xlsx") else 1)


def _period(offered: Offered) -> DateRange:
    """The table is cumulative: the newest one holds for all days from its first on."""
    return DateRange(fiscal(offered).start)


def _read(files: Sequence[Offered], recognised: Recognised) -> Table:
    file, system = files[0], SYSTEMS[recognised.name]
    rows: list[tuple[int, str, str | None, str | None, str | None]] = []
    seen: set[tuple[str, str | None, str | None]] = set()
    counts = dict.fromkeys(("rows", "pairs", "none", "in_words", "undated", "repeated", "remarks"), 0)
    for line in _lines(file):
        current = _code(line.current, system)
        if current is None and not str(line.effective).strip() and not line.previous.strip():
            counts["remarks"] += 1
            continue
        if current is None and line.current.strip().lower() not in NO_CODE:
            raise InputError(f"{file.name}, line {line.number}: the current code is no code of {system}.")
        if current is None:
            continue  # a code that ended without a successor has no row to come from
        day = _day(line, file)
        previous = _codes(line.previous, system)
        counts["rows"] += 1
        counts["undated"] += day is None
        kind = "in_words" if previous is None else "pairs" if previous else "none"
        counts[kind] += len(previous) if previous else 1
        for before in previous or (None,):
            key = (current, day.isoformat() if day else None, before)
            if key in seen and before:
                counts["repeated"] += 1
                counts["pairs"] -= 1
                continue
            seen.add(key)
            rows.append((len(rows), *key, line.previous.strip() if previous is None else None))
    if not rows:
        raise InputError(f"The conversion table {file.name} holds no code; fetch it anew.")
    return Table(tuple(counts.items()), (Part(SCHEMA, insert("entry", COLUMNS), rows),))


def _lines(file: Offered) -> Iterator[_Line]:
    at: dict[str, int] = {}
    for number, row in enumerate(_cells(file), 1):
        if not at:
            at = _header(row)
            continue
        if not any(str(cell).strip() for cell in row):
            continue
        cell = {kind: row[i] if i < len(row) else "" for kind, i in at.items()}
        month_day = str(cell.get("month_day", "")).strip()
        yield _Line(number, str(cell["current"]), cell["effective"], month_day, str(cell["previous"]))
    if not at:
        raise InputError(
            f"The conversion table {file.name} has no row that names its columns: current code assignment, effective, "
            "previous code(s) assignment."
        )


def _named_columns(text: str) -> dict[str, int]:
    """Where the columns stand, by the first line that names them all; empty when none does."""
    return next((at for line in text.splitlines() if (at := _header(_split(line, line)))), {})


def _header(row: Sequence[Any]) -> dict[str, int]:
    folded = [" ".join(str(cell).replace("(s)", "s").lower().split()) for cell in row]
    found = {kind: i for kind, shape in HEADER.items() for i, cell in enumerate(folded) if shape.fullmatch(cell)}
    return found if all(kind in found for kind in NEEDED) else {}


def _cells(file: Offered) -> Iterable[Sequence[Any]]:
    """The cells of each row; a text has tabs, commas or columns kept apart by two blanks, as its header shows."""
    if file.name.lower().endswith(".xlsx"):
        return file.sheet()
    text = file.text()
    header = next((line for line in text.splitlines() if _header(_split(line, line))), "")
    if "\t" in header or "," in header:
        return separated(io.StringIO(text, newline=""), file.name, "\t" if "\t" in header else ",")
    return [_split(line, header) for line in text.splitlines()]


def _split(line: str, header: str) -> list[str]:
    """The cells of a line; of columns there are three, and the one in the middle may be empty."""
    if "\t" in header or "," in header:
        try:
            return next(csv.reader([line], delimiter="\t" if "\t" in header else ","), [])
        except csv.Error:
            return []  # longer than any cell may be: it names no columns
    cells = re.split(r"\s{2,}", line.strip(), maxsplit=2)
    return [cells[0], "", cells[1]] if len(cells) == 2 else cells


def _code(text: str, system: CodeSystem) -> str | None:
    bare = text.strip().upper().replace(".", "")
    written = dotted(bare, system)
    return written if SHAPES[system].fullmatch(written) else None


def _codes(text: str, system: CodeSystem) -> list[str] | None:
    """The codes that a cell lists, ranges spelt out; empty for none, None for what only a person can read."""
    found: dict[str, None] = {}
    for piece in (p.strip().strip('"').strip() for p in _SEPARATOR.split(text)):
        if piece.lower() in NO_CODE:
            continue
        between = _RANGE.fullmatch(piece)
        codes = _spelt_out(between[1], between[2], system) if between else [_code(piece, system)]
        if codes is None or None in codes:
            return None
        found.update(dict.fromkeys(c for c in codes if c))
    return list(found)


def _spelt_out(first: str, last: str, system: CodeSystem) -> list[str | None] | None:
    """The codes between two that differ in one run of digits (`T84.040A-T84.049A`); None for any other pair."""
    a, b = (_code(code, system) for code in (first, last))
    if not a or not b or len(a) != len(b):
        return None
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y), len(a))
    end = next((len(a) - i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=True)) if x != y), start)
    low, high = a[start:end], b[start:end]
    if not low.isdecimal() or not high.isdecimal() or not 0 < int(high) - int(low) < MOST_IN_RANGE:
        return None
    return [f"{a[:start]}{n:0{end - start}d}{a[end:]}" for n in range(int(low), int(high) + 1)]


def _day(line: _Line, file: Offered) -> date | None:
    """The day from which the new code counts; None where the table does not say."""
    value = line.effective
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip().removesuffix(".0")
    if not text:
        return None
    try:
        return _written_day(text, line.month_day)
    except ValueError:
        raise InputError(
            f"{file.name}, line {line.number}: the effective date is neither a year nor a date (YYYY, MM/DD/YYYY)."
        ) from None


def _written_day(text: str, month_day: str) -> date:
    if text.isdecimal() and int(text) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    if re.fullmatch(r"20\d\d", text):
        month, day = (int(n) for n in month_day.split(".")) if month_day else (10, 1)
        return date(int(text), month, day)
    for layout in ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%B %d, %Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, layout).date()
        except ValueError:
            continue
    raise ValueError(text)


def _entries(store: Store) -> Iterator[tuple[str, Mapping[str, str]]]:
    found: dict[str, list[str]] = {}
    for current, effective, previous, words in store.all(
        "SELECT current, effective, previous, words FROM entry ORDER BY current, rank"
    ):
        found.setdefault(current, []).append(f"{previous or words or 'none'} ({effective or 'no date'})")
    for current, before in found.items():
        yield current, {"previous": "\n".join(before)}


FORMATS = (Format("ICD-10 conversion table", _recognise, _read),)
DIFFERS: dict[str, Callable[[Store], Iterator[tuple[str, Mapping[str, str]]]]] = dict.fromkeys(SYSTEMS, _entries)
