"""A map that the user brings along: a table with the columns from, to and, where he likes, approximate."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from leadterm.domain import InputError

from ..formats._offered import decoded

MOST_BYTES = 256 << 20
WORDS = {"": None, "1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One line of the map: both codes as written, and whether they differ in meaning (None: the map does not say)."""

    source: str
    target: str | None
    approximate: bool | None
    line: int


@dataclass(frozen=True, slots=True)
class OwnMap:
    """The map of one file: its name and its lines, in order."""

    name: str
    rows: tuple[OwnRow, ...]


def read_own_map(path: Path) -> OwnMap:
    """The map in a CSV or TSV file with a header; an empty `to` says that there is no equivalent.

    Raises InputError, with the line, for what does not fit.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"The map {path.name} is larger than {MOST_BYTES >> 20} MB; keep only the lines you need.")
        text = decoded(path.read_bytes())
    except OSError as error:
        raise InputError(f"The map {path.name} cannot be read: {error.strerror}.") from None
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in header else ",")
    names = [name.strip().lower() for name in next(rows, [])]
    if "from" not in names or "to" not in names:
        raise InputError(f"The map {path.name} needs a first line that names its columns: from,to,approximate.")
    found = []
    for row in rows:
        if any(cell.strip() for cell in row):
            found.append(_row(dict(zip(names, (c.strip() for c in row), strict=False)), path.name, rows.line_num))
    return OwnMap(path.name, tuple(found))


def _row(cell: dict[str, str], name: str, line: int) -> OwnRow:
    if not cell.get("from"):
        raise InputError(f"{name}, line {line}: the column from is empty; every line maps a code.")
    approximate = cell.get("approximate", "").lower()
    if approximate not in WORDS:
        raise InputError(f"{name}, line {line}: approximate is true, false or empty.")
    return OwnRow(cell["from"], cell.get("to") or None, WORDS[approximate], line)
