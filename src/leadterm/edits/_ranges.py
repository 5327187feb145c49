"""Tables whose first columns are codes in the notation of tabular notes: which row holds for a code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ._references import Reference, read_references
from ._tables import read_table


def codes_of(cell: str) -> tuple[Reference, ...]:
    """The references that a cell writes; of an empty cell, none."""
    return read_references(cell).references


def holds(references: tuple[Reference, ...], bare: str) -> bool:
    """Whether one of them names the code."""
    return any(r.names(bare) for r in references)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of such a table: the codes that it is about, those excepted, and its last cell."""

    codes: tuple[Reference, ...]
    exceptions: tuple[Reference, ...]
    value: str

    def covers(self, bare: str) -> bool:
        """Whether the row is about the code."""
        return holds(self.codes, bare) and not holds(self.exceptions, bare)


@cache
def code_table(name: str, columns: tuple[str, str, str]) -> tuple[Row, ...]:
    """The rows of a table of codes, exceptions and one value."""
    return tuple(Row(codes_of(a), codes_of(b), value) for a, b, value in read_table(name, columns))
