"""The order of modifiers on a line: those that change what is paid before those that inform."""

from __future__ import annotations

from functools import cache

from leadterm.coding._tables import rows

LAST = 99


@cache
def _ranks() -> dict[str, int]:
    return {m: int(row["rank"]) for row in rows("services/modifiers/ranks") for m in row["modifiers"].split()}


def ordered(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """The modifiers in the order of `ranks.tsv`; of one rank as they were given."""
    return tuple(sorted(modifiers, key=lambda m: _ranks().get(m, LAST)))
