"""The sets of `cues.tsv` as patterns: what words say that a neoplasm is over, present, treated now or followed."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled

from .places import ROOM


@cache
def cue(name: str) -> Pattern:
    """The words of a set, whole, for text in lower case."""
    return compiled(rf"\b(?:{words(name)})(?!\w)")


@cache
def words(name: str) -> str:
    """The words of a set as one alternation, to be built into a larger pattern."""
    return "|".join(row["words"] for row in rows(f"{ROOM}/cues") if row["set"] == name)
