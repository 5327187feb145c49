"""The words of a table of cues as patterns: columns `cue` and `pattern`, the rows of one cue alternatives."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, Table, compiled


def says(table: str, name: str, text: str) -> bool:
    """Whether a text, in small letters, says one of a cue's rows; each is asked only where its letters stand."""
    patterns, letters = _alternatives(table, name)
    return any(patterns[n].search(text) for n in letters.standing(text))


@cache
def _alternatives(table: str, name: str) -> tuple[list[Pattern], Table]:
    patterns = [compiled(row["pattern"]) for row in rows(f"guidelines/{table}") if row["cue"] == name]
    return patterns, Table(patterns)


@cache
def cue(table: str, name: str, shape: str = "{}") -> Pattern:
    """The pattern of a cue's rows, in a shape where one is given: `{}` is replaced by the alternatives in brackets."""
    found = [row["pattern"] for row in rows(f"guidelines/{table}") if row["cue"] == name]
    return compiled(shape.replace("{}", f"(?:{'|'.join(found)})"))
