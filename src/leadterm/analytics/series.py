"""A count series out of a CSV file: one row a period, the counts in the column `obs`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from leadterm.domain import InputError

COLUMN = "obs"
# Fifteen digits are whole in a float; nobody counts further.
COUNT = re.compile(r"[0-9]{1,15}")


def read_series(text: str, name: str) -> tuple[int, ...]:
    """The counts of a CSV text, in the order of its rows; empty lines at the end are no rows.

    Raises InputError that names the line of `name` for a value that is no whole number from 0, for a blank one, for a
    row of another width than the header, and for a text without the column `obs`.
    """
    rows = _rows(text, name)
    line, header = next(rows, (1, []))
    titles = [title.strip() for title in header]
    if titles.count(COLUMN) != 1:
        raise InputError(
            f"{name} needs one column {COLUMN} in its first line, comma-separated; it has {titles.count(COLUMN)}."
        )
    at, counts, skipped = titles.index(COLUMN), [], 0
    for line, row in rows:
        if not any(row):
            skipped = skipped or line
            continue
        if skipped:
            raise InputError(
                f"{name}, line {skipped}, is blank: give every period a row, with 0 where nothing was seen."
            )
        if len(row) != len(titles):
            raise InputError(f"{name}, line {line}, has {_cells(len(row))} where the header has {len(titles)}.")
        counts.append(_count(row[at], name, line))
    return tuple(counts)


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line that each ends on."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise InputError(f"{name}, line {reader.line_num}, is not CSV: check its quotation marks.") from None


def _count(cell: str, name: str, line: int) -> int:
    written = cell.strip(" \t")
    if not COUNT.fullmatch(written):
        what = "is blank" if not written else "is not a whole number from 0 (digits only, fifteen at most)"
        raise InputError(f"{name}, line {line}: {COLUMN} {what}.")
    return int(written)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
