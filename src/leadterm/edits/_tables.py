"""Reads the tables beside this file: tab-separated, `#` lines for version, source and licence, then a header row."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from leadterm.domain import InternalError

PACKAGE = "leadterm.edits"


@cache
def read_text(name: str) -> str:
    """The text of a file of this package."""
    return (files(PACKAGE) / name).read_text(encoding="utf-8")


@cache
def read_table(name: str, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, each with one cell a column. Raises InternalError when the file has another shape."""
    lines = [line for line in read_text(name).splitlines() if line and not line.startswith("#")]
    rows = [tuple(line.split("\t")) for line in lines]
    if not rows or rows[0] != columns:
        raise InternalError(f"The table {name} does not have the columns {', '.join(columns)}.")
    for row in rows[1:]:
        if len(row) != len(columns):
            raise InternalError(f"The table {name} has a row of {len(row)} cells: '{row[0]}'.")
    return tuple(rows[1:])
