"""The table as csv: UTF-8, comma, a header, texts in quotation marks, lines ended as RFC 4180 has them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from .cells import neutral
from .columns import COLUMNS, Cell, Row


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """Writes the rows. A text that might be taken for a formula stands behind an apostrophe."""
    # What UTF-8 cannot hold (half a surrogate pair) is escaped.
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
        writer.writerow(COLUMNS)
        writer.writerows(tuple(map(_cell, row)) for row in rows)


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return neutral(value.replace("\0", "\ufffd"))
    return "" if value is None else str(value)
