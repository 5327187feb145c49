"""The rows of the lexicon: what they cost on text that they do not match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

import pytest

from leadterm.coding.procedures.terms import terms

_PARSER: Any = import_module("re._parser")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT")


def test_no_row_repeats_what_repeats_itself() -> None:
    """`(?:left|right| )*`: a run of blanks may be parted in 2^n ways there, and a ruled line of a note takes hours."""
    patterns = [
        (t.name, p) for t in terms() for p in (t.pattern, t.when, t.unless, t.report_when, t.report_unless) if p
    ]
    assert [name for name, p in patterns if _explodes(p.pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "explodes"),
    [(r"(?:a|b|[ -]+)*c", True), (r"(?:(?:a|b)[ -]+)*c", False), (r"x(?:(?:y|(\w+)))+", True), (r"(?:[ -]+)?c", False)],
)
def test_what_repeats_itself(pattern: str, explodes: bool) -> None:
    assert _explodes(pattern) is explodes


def _explodes(pattern: str) -> bool:
    return any(
        len(row) == 1 and _endless(*row[0])
        for op, value in _all(_PARSER.parse(pattern))
        if _endless(op, value)
        for row in _alternatives(value[2])
    )


def _endless(op: Any, value: Any) -> bool:
    return str(op) in _REPEATS and str(value[1]) == "MAXREPEAT"


def _alternatives(row: Iterable[Any]) -> Iterator[list[Any]]:
    """What may stand in a group, alternative by alternative, groups within it taken apart."""
    parts = list(row)
    op, value = (str(parts[0][0]), parts[0][1]) if len(parts) == 1 else ("", None)
    if op == "SUBPATTERN":
        yield from _alternatives(value[3])
    elif op == "BRANCH":
        for branch in value[1]:
            yield from _alternatives(branch)
    else:
        yield parts


def _all(row: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Every part of a parsed pattern, whatever it stands in."""
    for op, value in row:
        yield op, value
        for inner in _INNER.get(str(op), _nothing)(value):
            yield from _all(inner)


def _nothing(_: Any) -> Iterable[Any]:
    return ()


_INNER: dict[str, Callable[[Any], Iterable[Any]]] = {
    "SUBPATTERN": lambda value: [value[3]],
    "BRANCH": lambda value: value[1],
    "MAX_REPEAT": lambda value: [value[2]],
    "MIN_REPEAT": lambda value: [value[2]],
    "ASSERT": lambda value: [value[1]],
    "ASSERT_NOT": lambda value: [value[1]],
}
