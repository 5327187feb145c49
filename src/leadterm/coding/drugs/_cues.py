"""The cues of the room's table as patterns, the rows of one cue alternatives."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled


@cache
def cue(name: str) -> Pattern:
    """The pattern of a cue. Raises ValueError for one that the table does not have."""
    found = [row["pattern"] for row in rows("drugs/cues") if row["cue"] == name]
    if not found:
        raise ValueError(f"The table of cues has no cue {name}.")
    return compiled("|".join(f"(?:{pattern})" for pattern in found))


@cache
def cues(kind: str) -> tuple[str, ...]:
    """What the table has of a kind of cue, in its order: the ways of `route`, say."""
    return tuple(row["cue"].split()[1] for row in rows("drugs/cues") if row["cue"].startswith(f"{kind} "))
