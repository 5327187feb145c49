"""Tables whose first columns are codes in the notation of tabular notes: which row holds for a code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from leadterm.codesets.relations.references import Reference, names_one, read_references

from ._tables import read_table


def codes_of(cell: str) -> tuple[Reference, ...]:
    """The references that a cell writes; of an empty cell, none."""
    return read_references(cell).references


@dataclass(frozen=True, slots=True)
class Row:
    """A row of such a table: the codes that it is about, those excepted, and its last cell."""

    codes: tuple[Reference, ...]
    exceptions: tuple[Reference, ...]
    value: str

    def covers(self, bare: str) -> bool:
        """Whether the row is about the code."""
        return names_one(self.codes, bare) and not names_one(self.exceptions, bare)


@cache
def code_table(name: str, columns: tuple[str, str, str]) -> tuple[Row, ...]:
    """The rows of a table of codes, exceptions and one value."""
    return tuple(Row(codes_of(a), codes_of(b), value) for a, b, value in read_table(name, columns))
