"""The words by which notes tell what counts (`words.tsv`, `decisions.tsv`), looked for where their letters stand.

A note is looked through once for the letters of all patterns; a pattern is then asked of the lines that hold its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache

from leadterm.coding._tables import rows
from leadterm.coding.patterns import Pattern, Table, compiled

Lines = Mapping[str, tuple[tuple[int, int], ...]]


def worded(name: str) -> Pattern:
    """The pattern of that name, whatever the case of letters. Raises KeyError for a name that no row has."""
    return compiled(f"(?i){_words()[name]}")


@cache
def _words() -> dict[str, str]:
    return {row["name"]: row["pattern"] for row in rows("visits/words")}


@cache
def _all() -> tuple[tuple[Pattern, ...], Table]:
    """Every pattern of the tables, and what tells where one can match at all."""
    asked = [row for row in rows("visits/words") if row["asked"] == "note"]
    written = [row["pattern"] for row in (*asked, *rows("visits/decisions"))]
    patterns = tuple(compiled(f"(?i){one}") for one in dict.fromkeys(written))
    return patterns, Table(patterns)


def lines_of(text: str) -> Lines | None:
    """The lines of a text that each pattern can match in, by the pattern; None where places cannot be told."""
    small = text.lower()
    if len(small) != len(text):
        return None  # a letter whose small form is two
    patterns, table = _all()
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    ends = [*starts[1:], len(text)]
    found: dict[int, set[int]] = {}
    for number, place in table.placed(small):
        found.setdefault(number, set()).add(bisect_right(starts, place) - 1)
    lines = {patterns[n].pattern: tuple((starts[at], ends[at]) for at in sorted(kept)) for n, kept in found.items()}
    whole = ((0, len(text)),)
    return {**lines, **{patterns[n].pattern: whole for n in table.always}} if text else {}


def places(pattern: Pattern, text: str, lines: Lines | None) -> Iterator[re.Match[str]]:
    """The places of a pattern in a text; a match lies within one line, or begins at the end of the one before."""
    if lines is None or pattern.pattern not in _known():
        yield from pattern.finditer(text)
        return
    for start, end in lines.get(pattern.pattern, ()):
        yield from pattern.made.finditer(text, max(0, start - 1), end)


@cache
def _known() -> frozenset[str]:
    return frozenset(pattern.pattern for pattern in _all()[0])


@cache
def minor_procedures() -> tuple[str, ...]:
    """Words in the names of procedures that are minor surgery."""
    return tuple(row["words"] for row in rows("visits/minor_procedures"))
