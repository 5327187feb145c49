"""Coded encounters as two flat tables for counting: gathered from domain values, kept as Parquet, opened again.

`encounters` has one row an encounter, `diagnoses` one row a diagnosis that a claim would carry (columns: `rows`).
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadterm.domain import CodedEncounter, InputError

from ._duckdb import connect, one_file
from .rows import DIAGNOSES, ENCOUNTERS, Grouping, diagnosis_rows, encounter_row, no_grouping

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES: dict[str, Mapping[str, str]] = {"encounters": ENCOUNTERS, "diagnoses": DIAGNOSES}
SORTED = {"encounters": "id", "diagnoses": "encounter, sequence, code"}
STAGED = """
CREATE TABLE {table} AS
SELECT *
FROM read_csv($path, columns = {columns}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
              nullstr = '', new_line = '\\n', parallel = false)
"""
NAMED_AT_MOST = 3
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Mart:
    """The two tables, open for counting.

    Attributes:
        connection: Where `encounters` and `diagnoses` can be asked.
        encounters, diagnoses: How many rows each has.
    """

    connection: DuckDBPyConnection
    encounters: int
    diagnoses: int


@contextmanager
def gathered(coded: Iterable[CodedEncounter], grouping: Grouping = no_grouping) -> Iterator[Mart]:
    """The tables of coded encounters, in a folder of their own that is removed afterwards.

    Encounters are taken one at a time and go through a file, so memory does not grow with their number; what lies
    there (ids, codes, dates) is readable for its owner alone. `grouping` fills the column of that name. Raises
    InputError where two encounters have one id: every figure would count it twice.
    """
    with _workplace() as (folder, connection):
        paths = {table: folder / f"{table}.csv" for table in TABLES}
        _stage(coded, grouping, paths)
        for table, columns in TABLES.items():
            connection.execute(STAGED.format(table=table, columns=dict(columns)), {"path": one_file(paths[table])})
            paths[table].unlink()
        yield _checked(connection, "What was given")


def write_parquet(mart: Mart, folder: Path) -> tuple[Path, ...]:
    """The files written into `folder` (made where there is none): `encounters.parquet` and `diagnoses.parquet`.

    Each is written beside its place and moved there when it is whole, readable for its owner alone; rows are sorted by
    encounter. Raises InputError where that cannot be written.
    """
    import duckdb

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".leadterm-") as beside:
            made = [_copied(mart, table, Path(beside)) for table in TABLES]
            return tuple(path.replace(folder / path.name) for path in made)
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}.") from None
    except duckdb.IOException:
        raise InputError(f"{folder} cannot be written: is its disk full?") from None


def is_mart(folder: Path) -> bool:
    """Whether a folder holds the two files that `write_parquet` writes."""
    try:
        return all((folder / f"{table}.parquet").is_file() for table in TABLES)
    except OSError:  # a text in the place of a name: too long for one
        return False


@contextmanager
def opened(folder: Path) -> Iterator[Mart]:
    """The tables of a folder of Parquet files. Raises InputError for files that are not those of `write_parquet`."""
    with _workplace() as (_, connection):
        for table, columns in TABLES.items():
            _view(connection, table, columns, folder / f"{table}.parquet")
        yield _checked(connection, str(folder))


@contextmanager
def _workplace() -> Iterator[tuple[Path, DuckDBPyConnection]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadterm-")))
        connection = connect(folder)
        stack.callback(connection.close)
        yield folder, connection


def _stage(coded: Iterable[CodedEncounter], grouping: Grouping, paths: Mapping[str, Path]) -> None:
    # Every value in quotes, so that an id may hold anything; what UTF-8 cannot hold (half a surrogate pair) is escaped.
    with ExitStack() as stack:

        def writer(path: Path) -> Any:
            file = stack.enter_context(path.open("w", encoding="utf-8", errors="backslashreplace", newline=""))
            return csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")

        encounters, diagnoses = writer(paths["encounters"]), writer(paths["diagnoses"])
        for each in coded:
            encounters.writerow(encounter_row(each))
            diagnoses.writerows(diagnosis_rows(each, grouping))


def _copied(mart: Mart, table: str, folder: Path) -> Path:
    path = folder / f"{table}.parquet"
    order = f"COPY (FROM {table} ORDER BY {SORTED[table]}) TO $path (FORMAT parquet, COMPRESSION zstd)"
    mart.connection.execute(order, {"path": str(path)})
    path.chmod(0o600)
    return path


def _view(connection: DuckDBPyConnection, table: str, columns: Mapping[str, str], path: Path) -> None:
    import duckdb

    try:
        found = connection.read_parquet(one_file(path))
    except duckdb.Error:
        raise InputError(f"{path} is not a Parquet file that can be read.") from None
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    strange = [f"{name} {kind}" for name, kind in columns.items() if kinds.get(name) != kind]
    if strange:
        raise InputError(f"{path} lacks the column {strange[0]}: write it anew with `leadterm export parquet`.")
    found.project(", ".join(columns)).create_view(table)


def _checked(connection: DuckDBPyConnection, what: str) -> Mart:
    """The mart over the tables of a connection, if every encounter is one and every diagnosis has one."""
    twice = connection.execute("SELECT id FROM encounters GROUP BY id HAVING id IS NULL OR count(*) > 1 ORDER BY id")
    if ids := twice.fetchall():
        some = ", ".join(ascii(id)[:LONGEST_SHOWN] for (id,) in ids[:NAMED_AT_MOST])
        raise InputError(f"{what} holds {len(ids):,} encounters more than once, by their ids ({some}): give each once.")
    if orphans := _count(connection, "diagnoses ANTI JOIN encounters ON encounter = id"):
        raise InputError(
            f"{what} holds {orphans} diagnoses of encounters that are not there: write both files together."
        )
    return Mart(connection, _count(connection, "encounters"), _count(connection, "diagnoses"))


def _count(connection: DuckDBPyConnection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(found[0]) if found else 0
