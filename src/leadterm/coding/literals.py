"""Which letters a pattern cannot do without: tables of hundreds of patterns are asked only where theirs stand.

`needed` reads the pattern as Python's own parser takes it apart: of things in a row, the one that is rarest; of
alternatives, what each of them needs. Looking for a few letters in a chart takes a thousandth of a search that must try
every place. What the parser does not tell is never guessed: such a pattern is always asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any

# The parser that `re` compiles with; under this name since Python 3.11.
_PARSER: Any = import_module("re._parser")
_MOST = 24  # alternatives that are worth looking for
_LEAST = 3  # letters that tell something


def holds(pattern: re.Pattern[str], text: str) -> bool:
    """Whether `text`, in small letters, can hold what the pattern wants; True where nothing is known of it."""
    wanted = needed(pattern)
    return not wanted or any(letters in text for letters in wanted)


@lru_cache(maxsize=20_000)
def needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Small letters of which every match has at least one run; empty where no such letters are known."""
    try:
        parsed = _PARSER.parse(pattern.pattern, pattern.flags)
    except (re.error, AttributeError, RecursionError):
        return frozenset()
    return _of_row(parsed) or frozenset()


def _of_row(row: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """What things in a row need: the need that is hardest to meet."""
    return min((need for need in _needs(row) if need), key=_ease, default=None)


def _needs(row: Iterable[tuple[Any, Any]]) -> Iterator[frozenset[str] | None]:
    run = ""
    for op, value in row:
        name = str(op)
        if name == "LITERAL":
            run += chr(value).lower()
            continue
        if name == "AT":
            continue  # the edge of a word lies between letters
        if len(run) >= _LEAST:
            yield frozenset((run,))
        run = ""
        yield _of_one(name, value)
    if len(run) >= _LEAST:
        yield frozenset((run,))


def _of_one(name: str, value: Any) -> frozenset[str] | None:
    if name == "SUBPATTERN":
        return _of_row(value[3])
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        return _of_row(value[2]) if value[0] else None
    if name == "BRANCH":
        return _of_branches(value[1])
    return None


def _of_branches(branches: Iterable[Any]) -> frozenset[str] | None:
    """What alternatives need together; None where one of them needs nothing that is known."""
    found: set[str] = set()
    for branch in branches:
        need = _of_row(branch)
        if need is None:
            return None
        found |= need
    return frozenset(found) if len(found) <= _MOST else None


def _ease(need: frozenset[str]) -> tuple[int, int]:
    """How easily a text meets a need: by its shortest letters, then by how many there are."""
    return -min(map(len, need)), len(need)
