"""A table of encounters (csv, semicolons, tabs, bars): a row for each encounter, or for each document of one.

Columns are known by their headers (`columns.tsv`). Rows with the same number of an encounter are one encounter, in the
order in which they stand; without such a column each row is one.
"""

from __future__ import annotations

from leadterm.domain import Encounter, InputError
from leadterm.records.limits import MOST_MEMBERS

from .cells import Cell, Row, rows_of, separator_of
from .encounters import Draft
from .source import Source
from .values import fields, plain

# What a file may hold whatever its size; a larger one may hold a text for each 200 bytes.
MOST_TEXTS, BYTES_A_TEXT = 10_000, 200
__all__ = ["is_table", "read"]


def is_table(head: str) -> bool:
    """Whether a file that begins so is a table of encounters: its header names a text and something else we know."""
    separator = separator_of(head)
    first = head.lstrip("\ufeff\r\n").splitlines()[:1]
    named = [fields().get(plain(cell)) for line in first for cell in line.split(separator)]
    return "text" in named and len({field for field in named if field}) > 1


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounters of a file, in the order in which they are first told of.

    `name` is the file's in messages; encounters without a number of their own are `stem-1`, `stem-2`, …, an only one
    `stem`. Raises InputError for what is no table, has no column of texts, or holds more than a record may.
    """
    source = Source(raw, name)
    rows = rows_of(source.text, separator_of(source.text), name)
    header = next(rows, None)
    columns = _columns(source, header, name) if header else {}
    drafts: dict[str, Draft] = {}
    texts = 0
    for row in rows:
        _check(row, len(header.cells) if header else 0, name)
        cells = {field: [row.cells[n] for n in places if n < len(row.cells)] for field, places in columns.items()}
        number = _first(source, cells.get("encounter", [])) or f"\0{row.number}"
        draft = drafts.setdefault(number, Draft(None if number.startswith("\0") else number))
        texts += draft.take(source, cells, row.number)
        if texts > max(MOST_TEXTS, len(raw) // BYTES_A_TEXT):
            raise InputError(f"{name} has more texts than a record of its size may have: split it.")
    if not drafts:
        raise InputError(f"{name} has a header and no rows: there is nothing to code.")
    count = len(drafts)
    return tuple(
        draft.encounter(f"{stem}-{n}" if count > 1 else stem, source.notes)
        for n, draft in enumerate(drafts.values(), 1)
    )


def _columns(source: Source, header: Row, name: str) -> dict[str, list[int]]:
    """The places of the columns that are known, by what they tell; of a text there may be several."""
    found: dict[str, list[int]] = {}
    for n, cell in enumerate(header.cells):
        if field := fields().get(plain(cell.of(source.text))):
            found.setdefault(field, []).append(n)
    if "text" not in found:
        raise InputError(
            f"{name} has no column of texts: name one `text` in its first line, beside `encounter`, `date of service`, "
            "`setting`, `sex`, `age` and what else is known."
        )
    return found


def _check(row: Row, columns: int, name: str) -> None:
    if len(row.cells) > columns:
        raise InputError(
            f"{name}, line {row.line}: the row has {len(row.cells)} cells and the header {columns}; a text that holds "
            "separators or line ends stands in quotation marks."
        )
    if row.number > MOST_MEMBERS + 1:
        raise InputError(f"{name} has more than {MOST_MEMBERS:,} rows, the most that one record may have: split it.")


def _first(source: Source, cells: list[Cell]) -> str:
    """The first of some cells that says something."""
    return next(filter(None, (cell.of(source.text).strip() for cell in cells)), "")
