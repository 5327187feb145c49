"""The tables of this package: tab-separated files beside the code that say version, source and licence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from leadterm.domain import InternalError


def read_table(name: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of a table of this package, by column.

    Lines that begin with `#` are comment; the first other line names the columns. Raises InternalError when the file
    has other columns or a ragged row.
    """
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    if not rows or rows[0] != list(columns):
        raise InternalError(f"The table {name} does not have the columns {', '.join(columns)}.")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(columns):
            raise InternalError(f"Row {number} of the table {name} has {len(row)} fields instead of {len(columns)}.")
        yield dict(zip(columns, row, strict=True))


@cache
def digest() -> str:
    """sha256 over every table of this package, rooms included: part of what decides codes."""
    total = hashlib.sha256()
    for table in all_tables(files(__package__)):
        total.update(table.read_bytes())
    return total.hexdigest()


def all_tables(folder: Traversable) -> Iterator[Traversable]:
    """The tables of a folder and of those below it, in order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from all_tables(entry)
        elif entry.name.endswith((".tsv", ".txt")):
            yield entry
