"""The tables of this package: tab-separated files beside the code that say version, source and licence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

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
