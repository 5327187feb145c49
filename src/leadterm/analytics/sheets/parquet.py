"""The table as Parquet, by DuckDB from a file of text beside it, so that memory is bounded."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from leadterm.domain import InputError

from .._duckdb import connect, one_file
from .columns import COLUMNS, Row

COPIED = """
COPY (
    SELECT *
    FROM read_csv($path, columns = {columns}, header = false, auto_detect = false, delim = ',', quote = '"',
                  escape = '"', nullstr = '', new_line = '\\n', parallel = false, max_line_size = 67108864)
) TO $target (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)
"""


def write_parquet(rows: Iterable[Row], path: Path) -> None:
    """Writes the rows in their order; types are those of `COLUMNS`, texts are as they are."""
    import duckdb

    staged = path.with_name("staged")
    with staged.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    connection = connect(path.parent)
    try:
        connection.execute("SET threads = 1")  # each thread holds a group of rows of its own
        connection.execute(COPIED.format(columns=dict(COLUMNS)), {"path": one_file(staged), "target": str(path)})
    except duckdb.IOException:
        raise InputError("The table cannot be written: is the disk full?") from None
    finally:
        connection.close()
        staged.unlink()
