"""The words of a table of cues as patterns: columns `cue` and `pattern`, the rows of one cue alternatives."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled


@cache
def cue(table: str, name: str, shape: str = "{}") -> Pattern:
    """The pattern of a cue's rows, in a shape where one is given: `{}` is replaced by the alternatives in brackets."""
    found = [row["pattern"] for row in rows(f"guidelines/{table}") if row["cue"] == name]
    return compiled(shape.replace("{}", f"(?:{'|'.join(found)})"))
