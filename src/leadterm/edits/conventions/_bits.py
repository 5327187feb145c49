"""Tables of codes as bits: which rows a code has a part in, so that an encounter is asked about all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.domain import InternalError
from leadterm.edits._coding import Diagnosis, Entry
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

ENTRIES_KEPT = 20_000


class BitTable:
    """A table whose first columns hold codes as tabular notes write them; the others are words.

    Attributes:
        rows: The words of each row.
    """

    def __init__(self, name: str, codes: tuple[str, ...], words: tuple[str, ...]) -> None:
        self._name = name
        self._codes = codes
        self._words = words
        self.parts = lru_cache(ENTRIES_KEPT)(self._parts)

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The words of each row."""
        return tuple(row[len(self._codes) :] for row in self._read())

    @cached_property
    def references(self) -> tuple[tuple[tuple[Reference, ...], ...], ...]:
        """What each row writes in its columns of codes."""
        return tuple(tuple(codes_of(cell) for cell in row[: len(self._codes)]) for row in self._read())

    def rows_of(self, rule: str) -> int:
        """The rows whose first word is that rule. Raises InternalError when the table has none."""
        found = sum(1 << n for n, words in enumerate(self.rows) if words[0] == rule)
        if not found:
            raise InternalError(f"The table {self._name} has no row of the rule {rule}.")
        return found

    def all_parts(self, diagnoses: Iterable[Diagnosis]) -> list[int]:
        """For each column, the rows that one of the diagnoses stands in."""
        found = [0] * len(self._codes)
        for d in diagnoses:
            for column, bits in enumerate(self.parts(d.entry)):
                found[column] |= bits
        return found

    def holding(self, row: int, column: int, diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
        """The diagnoses that stand in a cell, one a code, in the order of codes."""
        held = {d.code: d for d in diagnoses if self.parts(d.entry)[column] >> row & 1}
        return [held[code] for code in sorted(held)]

    def _parts(self, entry: Entry) -> tuple[int, ...]:
        return tuple(
            sum(1 << n for n, cells in enumerate(self.references) if names_one(cells[column], entry.bare))
            for column in range(len(self._codes))
        )

    def _read(self) -> tuple[tuple[str, ...], ...]:
        return read_table(self._name, (*self._codes, *self._words))


def each_row(bits: int) -> Iterator[int]:
    """The numbers of the rows, in order."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
