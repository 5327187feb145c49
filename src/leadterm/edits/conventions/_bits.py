"""Tables of codes as bits: which cells a code stands in, so that an encounter is asked about all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from leadterm.codesets.relations.references import Reference, names_one
from leadterm.domain import InternalError
from leadterm.edits._coding import Coding, Diagnosis, Entry
from leadterm.edits._ranges import codes_of
from leadterm.edits._tables import read_table

ENTRIES_KEPT = 20_000


class BitTable:
    """A table whose first columns hold codes as tabular notes write them; the others are words, the rule first."""

    def __init__(self, name: str, codes: tuple[str, ...], words: tuple[str, ...]) -> None:
        self._name = name
        self._codes = codes
        self._words = words
        self.cells_of = lru_cache(ENTRIES_KEPT)(self._cells_of)

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The words of each row."""
        return tuple(row[len(self._codes) :] for row in self._read())

    @cached_property
    def references(self) -> tuple[tuple[tuple[Reference, ...], ...], ...]:
        """What each row writes in its columns of codes."""
        return tuple(tuple(codes_of(cell) for cell in row[: len(self._codes)]) for row in self._read())

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules of the table, in the order of their first rows."""
        return tuple(dict.fromkeys(words[0] for words in self.rows))

    def rows_of(self, rule: str) -> int:
        """The rows of a rule, a bit each. Raises InternalError when the table has none."""
        found = sum(1 << n for n, words in enumerate(self.rows) if words[0] == rule)
        if not found:
            raise InternalError(f"The table {self._name} has no row of the rule {rule}.")
        return found

    def columns(self, coding: Coding) -> tuple[int, ...]:
        """For each column, the rows that one of the diagnoses stands in, a bit each."""
        held = 0
        for d in coding.diagnoses:
            held |= self.cells_of(d.entry)
        size = len(self.rows)
        return tuple(held >> size * column & (1 << size) - 1 for column in range(len(self._codes)))

    def holding(self, row: int, column: int, diagnoses: Iterable[Diagnosis]) -> list[Diagnosis]:
        """The diagnoses that stand in a cell, one a code, in the order of codes."""
        place = len(self.rows) * column + row
        held = {d.code: d for d in diagnoses if self.cells_of(d.entry) >> place & 1}
        return [held[code] for code in sorted(held)]

    @cached_property
    def _by_letter(self) -> dict[str, list[tuple[int, tuple[Reference, ...]]]]:
        """The cells that codes of a letter may stand in, numbered column after column."""
        found: dict[str, list[tuple[int, tuple[Reference, ...]]]] = {}
        columns = zip(*self.references, strict=True)
        for n, cell in enumerate(c for column in columns for c in column):
            for letter in {letter for reference in cell for letter in reference.letters}:
                found.setdefault(letter, []).append((n, cell))
        return found

    def _cells_of(self, entry: Entry) -> int:
        """The cells that a code stands in, a bit each."""
        return sum(1 << n for n, cell in self._by_letter.get(entry.bare[:1], ()) if names_one(cell, entry.bare))

    def _read(self) -> tuple[tuple[str, ...], ...]:
        return read_table(self._name, (*self._codes, *self._words))


def each_row(bits: int) -> Iterator[int]:
    """The numbers of the rows, in order."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
