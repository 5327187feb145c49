"""The tables beside the code, each read once."""

from __future__ import annotations

from functools import cache

from leadterm.records import naming

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of a table by the names of its columns; an empty cell is an empty text."""
    return tuple({key: value or "" for key, value in row.items()} for row in naming.rows(f"hl7v2/{name}"))


def meaning(table: str, code: str | None) -> str | None:
    """What a code of a table of `meanings.tsv` means to us; None for none and for an unknown one."""
    return _meanings().get((table, code.casefold())) if code else None


@cache
def _meanings() -> dict[tuple[str, str], str]:
    return {(row["table"], row["code"].casefold()): row["meaning"] for row in rows("meanings.tsv")}
