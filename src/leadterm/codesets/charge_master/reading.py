"""A charge master out of a CSV file or a workbook: its rows, and what is wrong with the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from leadterm.domain import ChargeProblem, ChargeRow, ChargesRead, InputError

from ..formats._offered import WORKBOOKS, decoded
from . import cells
from .columns import header

T = TypeVar("T")

DELIMITERS = ",;\t|"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
GONE = frozenset(("inactive", "i", "n", "no", "false", "0", "deleted", "retired", "obsolete", "terminated"))
LARGEST_FILE = 200 << 20


def read_master(path: Path, told: Mapping[str, str] | None = None) -> ChargesRead:
    """The rows of a charge master. Raises InputError for a file that cannot be read or has no header of one."""
    table = _table(path)
    at, places = header([row for _, row in table], told or {})
    names = {field: cells.text(table[at][1][place]) for field, place in places.items()}
    rows: list[ChargeRow] = []
    problems: list[ChargeProblem] = []
    seen: dict[tuple[str, str, str], int] = {}
    inactive = 0
    for line, row in table[at + 1 :]:
        given = {field: cells.text(row[place]) if place < len(row) else "" for field, place in places.items()}
        if not any(given.values()):
            continue
        if given.get("status", "").lower() in GONE:
            inactive += 1
            continue
        made = _row(line, given, problems)
        if made is None:
            continue
        key = (made.local.casefold(), made.description.casefold(), made.code)
        if key in seen:
            problems.append(
                ChargeProblem(line, "", f"this row stands in line {seen[key]} already; take one of them out")
            )
            continue
        seen[key] = line
        rows.append(made)
    return ChargesRead(tuple(rows), tuple(problems), names, inactive)


def _row(line: int, given: Mapping[str, str], problems: list[ChargeProblem]) -> ChargeRow | None:
    """The row, or None where it cannot be used; what is wrong is noted."""
    description = given.get("description", "")
    if not description:
        problems.append(ChargeProblem(line, "description", "the row has no description; write one"))
        return None
    if len(description) > cells.LONGEST:
        problems.append(
            ChargeProblem(line, "description", f"the description is longer than {cells.LONGEST} characters")
        )
        return None
    try:
        code, behind = _cell("code", lambda: cells.code(given.get("code", "")))
        marks = " ".join(given.get(name, "") for name in ("modifiers", "modifiers2", "modifiers3", "modifiers4"))
        modifiers = _cell("modifiers", lambda: cells.modifiers(" ".join((*behind, marks))))
        revenue = _cell("revenue", lambda: cells.revenue(given.get("revenue", "")))
        price = _cell("price", lambda: cells.price(given.get("price", "")))
    except _Bad as bad:
        problems.append(ChargeProblem(line, bad.column, bad.reason))
        return None
    if not code and not revenue:
        problems.append(
            ChargeProblem(line, "code", "the row has neither a CPT or HCPCS code nor a revenue code; write one")
        )
        return None
    return ChargeRow(line, given.get("local", ""), description, code, revenue, price, modifiers)


class _Bad(Exception):
    """A cell that cannot be used."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _cell(column: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except InputError as error:
        raise _Bad(column, str(error)) from None


def _table(path: Path) -> list[tuple[int, Sequence[object]]]:
    """The rows with the line that each begins in."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path.name} is larger than {LARGEST_FILE >> 20} MB; a charge master is not.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or 'no such file'}.") from None
    if path.suffix.lower() in WORKBOOKS or data.startswith(b"PK\x03\x04"):
        from ..formats._workbooks import sheet_rows

        return list(enumerate(sheet_rows(data, path.name, None), 1))
    if data.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")) or (b"\x00" in data[:4096] and not data.startswith(UTF16)):
        raise InputError(f"{path.name} is no CSV file and no workbook of the kind .xlsx; save it as one of them.")
    return list(_separated(path.name, _text(data)))


def _text(data: bytes) -> str:
    if data.startswith(UTF16):
        return data.decode("utf-16", errors="replace")
    return decoded(data)


def _separated(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):
        lines[0] = "\n"
    delimiter = _delimiter(lines)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error:
        raise InputError(f"{name}, line {before + 1}: a quote stays open or a cell has no end; correct it.") from None


def _delimiter(lines: Sequence[str]) -> str:
    """What parts the cells: of the usual marks the one that most of the first lines have the most of."""
    shown = [line for line in lines[:50] if line.strip()]
    counts = {mark: sorted(line.count(mark) for line in shown) for mark in DELIMITERS}
    middle = {mark: (found[len(found) // 2] if found else 0) for mark, found in counts.items()}
    best = max(DELIMITERS, key=lambda mark: middle[mark])
    return best if middle[best] else ","
