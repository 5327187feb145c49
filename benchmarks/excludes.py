"""A second, plainer reading of the Excludes1 notes, to judge the product's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import permutations

from leadterm.codesets import CodeBook

_CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?"
_REFERENCE = re.compile(rf"({_CODE})(?:\.?-({_CODE}))?")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
# "A00-R94" says "whatever explains it": more than two letters are no list of codes.
MOST_LETTERS = 2


def forbidden(codes: Iterable[str], book: CodeBook) -> Iterator[frozenset[str]]:
    """The pairs among the codes that an Excludes1 note of one says of the other; once or twice each."""
    for one, other in permutations(codes, 2):
        for at, first, last in _notes(one, book):
            if first <= other[: len(first)] and other[: len(last)] <= last and at not in _line(other, book):
                yield frozenset((one, other))


@cache
def _line(code: str, book: CodeBook) -> frozenset[str]:
    entry = book.lookup(code)
    return frozenset((code, *entry.parents)) if entry else frozenset()


@cache
def _notes(code: str, book: CodeBook) -> tuple[tuple[str, str, str], ...]:
    """Where each note stands, and the first and last code that it names."""
    entry = book.lookup(code)
    return tuple(
        (note.at, first, last)
        for note in (entry.notes.excludes1 if entry else ())
        for inside in _PARENTHESES.findall(note.text)
        # "(T36-T50 with fifth or sixth character 5)" and "(E08-E13 with .39)" name fewer than their range.
        if "character" not in inside and " with " not in inside
        for first, last in ((a, b or a) for a, b in _REFERENCE.findall(inside))
        if ord(last[0]) - ord(first[0]) < MOST_LETTERS
    )
