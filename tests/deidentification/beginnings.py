"""What the matches of a pattern can begin with, read off the pattern: `cues.tsv` is held against it."""

from __future__ import annotations

import re
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from leadterm.deidentification.scanning import PREFIX


class Anything(Exception):
    """The matches can begin with anything."""


def beginnings(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """First letters of words, `#` for a number, `A` for a capital; None where it can be anything else."""
    try:
        done, going = _row(_parser.parse(pattern.pattern, pattern.flags), {""}, bool(pattern.flags & re.IGNORECASE))
    except Anything:
        return None
    return None if "" in going else frozenset(done | going)


def _row(items: Any, going: set[str], anycase: bool) -> tuple[set[str], set[str]]:
    done: set[str] = set()
    for op, value in items:
        try:
            ended, going = _item(op, value, going, anycase)
        except Anything:
            if "" in going:
                raise
            return done | going, set()
        done |= ended | {w for w in going if len(w) >= PREFIX}
        going = {w for w in going if len(w) < PREFIX}
        if not going:
            break
    return done, going


def _item(op: Any, value: Any, going: set[str], anycase: bool) -> tuple[set[str], set[str]]:
    if op in (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT):
        return set(), going
    if op is _constants.LITERAL:
        return _letter(chr(value), going)
    if op is _constants.IN:
        return _set(value, going, anycase)
    if op is _constants.SUBPATTERN:
        _, more, less, inner = value
        return _row(inner, going, (anycase or bool(more & re.IGNORECASE)) and not less & re.IGNORECASE)
    if op is _constants.BRANCH:
        return _both(_row(way, going, anycase) for way in value[1])
    if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        least, most, inner = value
        return _repeated(least, most, inner, going, anycase)
    if op is _constants.GROUPREF:
        return going - {""}, set()
    raise Anything


def _repeated(least: int, most: int, inner: Any, going: set[str], anycase: bool) -> tuple[set[str], set[str]]:
    done, out, now = set[str](), set(going) if least == 0 else set[str](), going
    for time in range(1, min(most, PREFIX + 1) + 1):
        ended, now = _row(inner, now, anycase)
        done |= ended
        out |= now if time >= least else set()
        if not now:
            break
    return done, out


def _both(ways: Any) -> tuple[set[str], set[str]]:
    pairs = list(ways)
    return set().union(*(d for d, _ in pairs)), set().union(*(g for _, g in pairs))


def _letter(character: str, going: set[str]) -> tuple[set[str], set[str]]:
    if character.isalpha():
        return set(), {w + character.lower() for w in going}
    if "" in going and not (character.isdigit() or character in "(+"):
        raise Anything
    return {w or "#" for w in going}, set()


def _set(members: Any, going: set[str], anycase: bool) -> tuple[set[str], set[str]]:
    if members[0][0] is _constants.NEGATE:
        raise Anything
    ranges = [chr(v[0]) for op, v in members if op is _constants.RANGE]
    if "" in going and any(c.isupper() for c in ranges):
        if anycase or any(not (c.isalpha() and c.isupper()) for c in ranges):
            raise Anything
        return {"A"} | (going - {""}), set()
    return _both(_member(op, value, going) for op, value in members)


def _member(op: Any, value: Any, going: set[str]) -> tuple[set[str], set[str]]:
    if op is _constants.LITERAL:
        return _letter(chr(value), going)
    if op is _constants.RANGE and not chr(value[0]).isdigit():
        if "" in going or value[1] - value[0] > 8:
            raise Anything
        return set(), {w + chr(c).lower() for w in going for c in range(value[0], value[1] + 1)}
    if (
        op is _constants.CATEGORY
        and value is not _constants.CATEGORY_DIGIT
        and (value is not _constants.CATEGORY_SPACE or "" in going)
    ):
        raise Anything
    return {w or "#" for w in going}, set()
