"""Reading the table of combinations."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: prefixes of the two, the code that says both, and which of them it replaces."""

    rule: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    gives: str
    drops: str


def table(name: str) -> list[list[str]]:
    """The rows of `guidelines/<name>.tsv` without comments and header."""
    text = (files("leadterm.coding.guidelines") / f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]


def pairs(name: str) -> tuple[Pair, ...]:
    """The rows of a table of combinations."""
    return tuple(Pair(r, tuple(a.split()), tuple(b.split()), g, d) for r, a, b, g, d in table(name))
