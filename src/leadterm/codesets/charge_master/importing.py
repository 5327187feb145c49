"""Keeps a charge master in the data home: as a file of one form, which is installed like any other release."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leadterm.domain import ChargeRow, ChargesRead, InputError, Release

from ..sources import UNDATED, Progress
from .master import COLUMNS, ChargeMaster
from .reading import read_master

FIRST_LINE = "# leadterm charge master 1"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: what was read of it, and the release that it is now."""

    read: ChargesRead
    release: Release
    status: str


def import_master(
    path: Path,
    told: Mapping[str, str] | None = None,
    since: date | None = None,
    home: Path | None = None,
    progress: Progress | None = None,
) -> Imported:
    """The charge master of a file, kept from `since` on (None: for every day); it takes the place of one of that day.

    Raises InputError for a file that cannot be read, that has no header of one, or no row that can be used.
    """
    from ..installing import changing

    read = read_master(path, told)
    if not read.rows:
        why = f"; the first of {len(read.problems)} problems, line {read.problems[0].line}: {read.problems[0].reason}"
        raise InputError(f"{path.name} has no row that can be used{why if read.problems else ''}.")
    with tempfile.TemporaryDirectory(prefix="leadterm-charges-") as folder:
        file = Path(folder) / f"{path.stem[:60]}.charges.tsv"
        file.write_text(written(read.rows, since), encoding="utf-8")
        done = changing.install([file], home, progress)
    if done.refused or not done.outcomes:
        raise InputError(done.refused[0].reason if done.refused else f"{path.name} could not be kept.")
    return Imported(read, done.outcomes[0].release, done.outcomes[0].status)


def remove_master(
    since: date | None = None, home: Path | None = None, progress: Progress | None = None
) -> tuple[Release, ...]:
    """The charge masters that were taken out: that of a day, or all. Raises InputError where there is none."""
    from ..installing import changing

    try:
        return changing.remove(ChargeMaster.COMPONENT, since, home, progress)
    except InputError:
        raise InputError("No charge master of that day was imported; see `leadterm charges list`.") from None


def written(rows: Iterable[ChargeRow], since: date | None = None) -> str:
    """The rows as the file that is kept."""
    first = f"{FIRST_LINE}\tfrom={(since or UNDATED.start).isoformat()}"
    return "\n".join([first, "\t".join(COLUMNS), *("\t".join(_cells(row)) for row in rows), ""])


def _cells(row: ChargeRow) -> tuple[str, ...]:
    price = str(row.price) if row.price is not None else ""
    return (str(row.line), row.local, row.description, row.code, row.revenue, price, " ".join(row.modifiers))
