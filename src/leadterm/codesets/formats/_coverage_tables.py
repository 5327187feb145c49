"""What the readers of coverage share: policies as tables of a store, rows of a database by the names of columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from leadterm.domain import InputError

from ._offered import Offered, Part, Table, insert

POLICY_COLUMNS = (
    "id INTEGER PRIMARY KEY, document TEXT NOT NULL, title TEXT NOT NULL, starts TEXT, ends TEXT,"
    " related TEXT NOT NULL, covered TEXT NOT NULL, not_covered TEXT NOT NULL"
)
PROCEDURE_COLUMNS = "code TEXT, policy INTEGER, PRIMARY KEY (code, policy)"
PLACE_COLUMNS = "policy INTEGER PRIMARY KEY, version INTEGER NOT NULL, contractors TEXT NOT NULL, states TEXT NOT NULL"
GROUP_COLUMNS = (
    "policy INTEGER, number INTEGER, covered TEXT NOT NULL, needs TEXT NOT NULL, PRIMARY KEY (policy, number)"
)
BIGGEST_CELL = 1 << 24  # articles hold whole documents in one cell


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as it goes into a store; what its values mean tells `payment.coverage.Policy`.

    Attributes:
        groups: By number the diagnoses, and the groups that its paragraph asks for.
    """

    document: str = ""
    title: str = ""
    starts: str | None = None
    ends: str | None = None
    related: Sequence[str] = ()
    covered: Sequence[str] = ()
    not_covered: Sequence[str] = ()
    version: int = 0
    contractors: Sequence[str] = ()
    states: Sequence[str] = ()
    groups: Sequence[tuple[int, Sequence[str], Sequence[int]]] = ()

    @property
    def written(self) -> tuple[str | None, ...]:
        """Its row behind the number."""
        lists = (" ".join(self.related), " ".join(self.covered), " ".join(self.not_covered))
        return self.document, self.title, self.starts, self.ends, *lists


def policies(
    procedures: Mapping[str, Iterable[str]],
    rows: Mapping[str, PolicyRow],
    counts: Sequence[tuple[str, int]] = (),
) -> Table:
    """The tables, of policies by a key of theirs and the keys of those that name a procedure."""
    numbers = {key: number for number, key in enumerate(sorted(rows), 1)}
    links = sorted((code, numbers[key]) for code, keys in procedures.items() for key in keys)
    counted = (
        ("procedures", len(procedures)),
        ("supporting diagnoses", sum(len(p.covered) for p in rows.values())),
        ("diagnoses that do not support", sum(len(p.not_covered) for p in rows.values())),
        ("documents", len({d for p in rows.values() for d in (p.document, *p.related) if d})),
        *counts,
    )
    return Table(
        counted,
        (
            Part(
                f"CREATE TABLE policy ({POLICY_COLUMNS})",
                insert("policy", POLICY_COLUMNS),
                ((numbers[key], *rows[key].written) for key in sorted(rows)),
            ),
            Part(
                f"CREATE TABLE procedure ({PROCEDURE_COLUMNS}) WITHOUT ROWID",
                insert("procedure", PROCEDURE_COLUMNS),
                links,
            ),
            Part(f"CREATE TABLE place ({PLACE_COLUMNS})", insert("place", PLACE_COLUMNS), _places(numbers, rows)),
            Part(
                f"CREATE TABLE covered_group ({GROUP_COLUMNS}) WITHOUT ROWID",
                insert("covered_group", GROUP_COLUMNS),
                _groups(numbers, rows),
            ),
        ),
    )


def _places(numbers: Mapping[str, int], rows: Mapping[str, PolicyRow]) -> Iterator[tuple[int, int, str, str]]:
    for key in sorted(rows):
        row = rows[key]
        if row.version or row.contractors or row.states:
            yield numbers[key], row.version, "\n".join(row.contractors), " ".join(row.states)


def _groups(numbers: Mapping[str, int], rows: Mapping[str, PolicyRow]) -> Iterator[tuple[int, int, str, str]]:
    for key in sorted(rows):
        for number, covered, needs in rows[key].groups:
            yield numbers[key], number, " ".join(covered), " ".join(map(str, needs))


@contextmanager
def wide_cells() -> Iterator[None]:
    """Nothing; cells may be as wide as a document. The limit is the process's, so it is put back whatever happens."""
    before = csv.field_size_limit(BIGGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def cells(line: str) -> list[str]:
    """The names of the columns that a header tells, in lower case."""
    return [cell.strip(' "\r').lower() for cell in line.lstrip("\ufeff").split(",")]


def records(offered: Offered, columns: Iterable[str]) -> Iterator[dict[str, str]]:
    """The rows of a table by the names of its columns, in lower case.

    Raises InputError for one without one of the columns, and for a row of another length.
    """
    try:
        rows = csv.reader(io.StringIO(offered.text(), newline=""))
        header = [cell.strip().lower() for cell in next(rows, [])]
        if missing := [name for name in columns if name not in header]:
            raise InputError(f"The file {offered.name} has no column {missing[0]}; fetch it again.")
        for row in rows:
            if len(row) != len(header):
                if not any(row):
                    continue
                raise InputError(
                    f"Row {rows.line_num} of {offered.name} has not as many cells as the header; fetch the file again."
                )
            yield {name: cell.strip() for name, cell in zip(header, row, strict=True)}
    except csv.Error:
        raise InputError(f"The file {offered.name} is no CSV; fetch it again.") from None


def day(text: str) -> str | None:
    """An ISO day of `2025-08-14 00:00:00` or `08/14/2025`; None for nothing, `N/A` and what is no day."""
    text = text.strip()
    try:
        if found := re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            return date(int(found[3]), int(found[1]), int(found[2])).isoformat()
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
