"""Readers of the stage's tables: TSV with a header, comments after #, prefixes of codes looked up longest first."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `coding/<name>.tsv` by column."""
    text = (files("leadterm.coding") / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:])


@cache
def prefixed(name: str, column: str) -> dict[str, str]:
    """One column of a table by its first column, a prefix of codes."""
    key = next(iter(rows(name)[0]))
    return {row[key]: row[column] for row in rows(name)}


def longest(table: dict[str, str], code: str) -> str | None:
    """The value of the longest prefix of `code` in `table`; None when no prefix is there."""
    for length in range(len(code), 0, -1):
        if code[:length] in table:
            return table[code[:length]]
    return None
