"""Coded encounters as one flat table, a row for each code, written as csv, xlsx or Parquet.

Encounters are taken one at a time: memory does not grow with their number. What spreadsheets would take for a formula
is text in every form.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from leadterm.domain import CodedEncounter, InputError

from .columns import COLUMNS, Row, rows_of
from .delimited import write_csv
from .parquet import write_parquet
from .workbook import write_xlsx

__all__ = ["COLUMNS", "FORMS", "form_of", "write_table"]

Writer = Callable[[Iterable[Row], Path], None]
FORMS: Mapping[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}


def form_of(path: Path, named: str | None = None) -> str:
    """The form of a table: as it is named, else by the end of the file's name. Raises InputError for any other."""
    form = (named or path.suffix.removeprefix(".")).lower()
    if form not in FORMS:
        raise InputError(f"A table is written as one of: {', '.join(FORMS)}; name the file so, or give --format.")
    return form


def write_table(coded: Iterable[CodedEncounter], path: Path, form: str) -> tuple[int, int]:
    """How many encounters and rows were written to a file in a form of `FORMS`.

    The file is made beside its place, moved there when it is whole, and readable for its owner alone. Raises InputError
    where that cannot be done.
    """
    counted = _Counted(coded)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".leadterm-") as beside:
            made = Path(beside) / "table"
            FORMS[form](counted.rows(), made)
            made.chmod(0o600)
            made.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
    return counted.encounters, counted.written


class _Counted:
    """The rows of encounters, counted on their way."""

    def __init__(self, coded: Iterable[CodedEncounter]) -> None:
        self._coded = coded
        self.encounters = self.written = 0

    def rows(self) -> Iterator[Row]:
        for each in self._coded:
            self.encounters += 1
            for row in rows_of(each):
                self.written += 1
                yield row
