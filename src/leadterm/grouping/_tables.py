"""Tables beside the code: tab-separated, a header of `#` lines with version, source and licence, then column names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from leadterm.domain import InternalError


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table by column. Raises InternalError, naming the line, where a row has not its columns."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    lines = [(n, line.split("\t")) for n, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    (_, columns), *found = lines
    for number, cells in found:
        if len(cells) != len(columns):
            raise InternalError(f"{name}, line {number}: {len(cells)} columns, not {len(columns)}.")
    return tuple(dict(zip(columns, cells, strict=True)) for _, cells in found)
