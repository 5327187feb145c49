"""Which ICD-10-PCS codes are legal on a day, axis by axis: by the tables installed, else as far as titles tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from leadterm.codesets import CodeBook
from leadterm.codesets.pcs.definitions import PcsDefinitions
from leadterm.codesets.pcs.tables import PcsTables
from leadterm.codesets.pcs.titled import TitledTables
from leadterm.codesets.pcs.values import Table
from leadterm.domain import Code, CodeSystem

FIRST = 4  # the first position that a row of a table decides
Row = tuple[Mapping[str, str], ...]  # labels by character, of the positions 4 to 7


class Legal:
    """The tables of one release. Values are frozen; threads may share it.

    Attributes:
        complete: Whether they are the official tables; those made of titles know fewer words and no keys.
    """

    def __init__(self, book: CodeBook, tables: PcsTables | None, definitions: PcsDefinitions | None) -> None:
        self._book = book
        self.complete = tables is not None
        self._tables: PcsTables | TitledTables = tables or TitledTables(book.procedure_titles)
        self.definitions = definitions
        self.rows = lru_cache(512)(self._rows)
        self.prefixes = lru_cache(64)(self._prefixes)

    def _rows(self, prefix: str) -> tuple[Row, ...]:
        table = self._tables.table(prefix)
        rows = table.rows if table else ()
        return tuple(tuple({v.code: v.label for v in axis.values} for axis in row.axes) for row in rows)

    def _prefixes(self, section: str, operation: str) -> tuple[str, ...]:
        """The tables of a section that have an operation, whatever the body system."""
        return tuple(p for p in self._tables.prefixes(section) if p[2] == operation)

    def table(self, prefix: str) -> Table | None:
        """The table of three characters."""
        return self._tables.table(prefix)

    def in_force(self, code: str, on: date) -> bool:
        """Whether a code may stand on a claim of a day."""
        return self._book.valid_on(Code(CodeSystem.ICD10PCS, code), on)

    def title(self, code: str) -> str:
        """The title of a code: official where one is known, else composed of its labels."""
        told = self._book.title_of(code)
        if told:
            return told
        described = self._tables.describe(code)
        return described.title if described else code


def legal_on(book: CodeBook, on: date) -> Legal:
    """The tables that answer for a day, made once for each release."""
    return _legal(book, book.find(PcsTables, on), book.find(PcsDefinitions, on))


@lru_cache(maxsize=8)
def _legal(book: CodeBook, tables: PcsTables | None, definitions: PcsDefinitions | None) -> Legal:
    return Legal(book, tables, definitions)


def fitting(rows: tuple[Row, ...], chosen: Mapping[int, str]) -> tuple[Row, ...]:
    """The rows that have every value chosen so far, by position."""
    return tuple(row for row in rows if all(c in row[at - FIRST] for at, c in chosen.items() if at >= FIRST))


def values(rows: tuple[Row, ...], position: int) -> dict[str, str]:
    """What rows offer at a position: labels by character."""
    found: dict[str, str] = {}
    for row in rows:
        for character, label in row[position - FIRST].items():
            found.setdefault(character, label)
    return found
