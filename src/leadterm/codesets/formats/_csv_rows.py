"""The rows of a CSV file with their numbers, for readers that tell where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.domain import InputError

from ._offered import Offered


def numbered(offered: Offered, columns: int) -> Iterator[tuple[str, list[str]]]:
    """Where each row below the header stands (`file, row 7`), and its cells, blanks run together; empty rows left out.

    Raises InputError for a row with another number of columns, as a file has that was cut short.
    """
    for number, cells in enumerate(offered.table(), 1):
        row = [" ".join(cell.split()) for cell in cells]
        where = f"{offered.name}, row {number}"
        if number == 1 or not any(row):
            continue
        if len(row) != columns:
            raise InputError(f"{where}: it has {len(row)} columns in place of {columns}; get the file again.")
        yield where, row
