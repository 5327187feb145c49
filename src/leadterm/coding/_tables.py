"""Readers of the stage's tables: TSV with a header, comments after #, prefixes of codes looked up longest first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

V = TypeVar("V")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `coding/<name>.tsv` by column; of a room, `guidelines/chapter04_endocrine/with`."""
    lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
    header = lines[0].split("\t")
    return tuple(dict(zip(header, line.split("\t"), strict=True)) for line in lines[1:])


def _text(name: str) -> str:
    file = files("leadterm.coding")
    for part in f"{name}.tsv".split("/"):
        file = file / part
    return file.read_text(encoding="utf-8")


@cache
def prefixed(name: str, column: str) -> dict[str, str]:
    """One column of a table by its first column, a prefix of codes."""
    key = next(iter(rows(name)[0]))
    return {row[key]: row[column] for row in rows(name)}


@cache
def several(name: str, column: str) -> tuple[str, ...]:
    """A cell of words or prefixes parted by blanks, of every row together: for `str.startswith`."""
    return tuple(word for row in rows(name) for word in row[column].split())


def longest(table: Mapping[str, V], code: str) -> V | None:
    """The value of the longest prefix of `code` in `table`; None when no prefix is there."""
    for length in range(len(code), 0, -1):
        if code[:length] in table:
            return table[code[:length]]
    return None


def within(row: Mapping[str, str], code: str) -> bool:
    """Whether a code lies from `first` to `last` of a row, both included, and ends in a letter or digit as they do."""
    return row["first"] <= code <= row["last"] and row["first"][-1].isdigit() == code[-1].isdigit()


@cache
def of_all_rooms(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `<name>.tsv` of every room of the guidelines that has one, rooms in alphabetical order."""
    rooms = sorted(room.name for room in (files("leadterm.coding") / "guidelines").iterdir() if room.is_dir())
    having = [room for room in rooms if (files("leadterm.coding") / "guidelines" / room / f"{name}.tsv").is_file()]
    return tuple(row for room in having for row in rows(f"guidelines/{room}/{name}"))
