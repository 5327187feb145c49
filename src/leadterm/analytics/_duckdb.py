"""The one door to DuckDB: connections that stay offline and in bounded memory, and the SQL files of this package."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadterm.domain import DataMissing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Of it DuckDB takes this much at most; the rest goes to the folder of the connection.
MEMORY = "1GB"
PARAMETER = re.compile(r"\$([a-z_]+)")
GLOB = re.compile(r"[\[*?]")


def connect(folder: Path) -> DuckDBPyConnection:
    """A database in memory; what does not fit goes to `folder`. Raises DataMissing without DuckDB."""
    try:
        import duckdb
    except ImportError:
        raise DataMissing(
            "DuckDB, which does the counting, is not installed: pip install leadterm brings it."
        ) from None
    return duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder),
            # Extensions would be fetched from the internet; what is counted here needs none.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )


def run(connection: DuckDBPyConnection, name: str, values: dict[str, Any]) -> DuckDBPyConnection:
    """The result of the SQL file of that name; of `values` it gets the parameters that it names."""
    text = sql(name)
    named = set(PARAMETER.findall(text))
    return connection.execute(text, {key: value for key, value in values.items() if key in named})


@cache
def sql(name: str) -> str:
    """The text of a SQL file."""
    return (files("leadterm.analytics") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def one_file(path: Path) -> str:
    """`path` as DuckDB's readers want it: a name with the marks of a pattern means that file alone."""
    return GLOB.sub(lambda mark: f"[{mark[0]}]", str(path))
