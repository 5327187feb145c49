"""The words by which notes tell what counts: `words.tsv`."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, compiled


def worded(name: str) -> Pattern:
    """The pattern of that name, whatever the case of letters. Raises KeyError for a name that no row has."""
    return compiled(f"(?i){_words()[name]}")


@cache
def _words() -> dict[str, str]:
    return {row["name"]: row["pattern"] for row in rows("visits/words")}
