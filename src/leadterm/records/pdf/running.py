"""Running heads and feet: lines that stand on several pages, which part a sentence that goes on over the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

REACH = 4  # lines at either end of a page that may be a running head or foot
_NUMBER = re.compile(r"\d+")
_ENDS = re.compile(r"[.:;!?]\W*$")
Span = tuple[int, int]


def flowing(pages: Sequence[str]) -> list[tuple[Span, bool]]:
    """For each page what of its text is read, and whether it goes on with the sentence of the page before.

    Heads and feet stay where they part no sentence: they name patient and day, and notes begin with them.
    """
    lines = [_lines(page) for page in pages]
    often = _repeated(pages, lines)
    bodies = [_body(page, spans, often) for page, spans in zip(pages, lines, strict=True)]
    goes_on = [False] + [
        _goes_on(one[slice(*first)], other[slice(*second)])
        for one, other, first, second in zip(pages, pages[1:], bodies, bodies[1:], strict=False)
    ]
    parts = [*goes_on[1:], False]  # whether the sentence of a page goes on over its end
    return [
        ((body[0] if before else 0, body[1] if after else len(page)), before)
        for page, body, before, after in zip(pages, bodies, goes_on, parts, strict=True)
    ]


def _lines(page: str) -> list[Span]:
    """Where the lines of a page that say anything stand."""
    return [found.span() for found in re.finditer(r"[^\r\n]*\S[^\r\n]*", page)]


def _repeated(pages: Sequence[str], lines: Sequence[Sequence[Span]]) -> frozenset[str]:
    """Lines at the ends of pages that two or more pages bear, whatever their numbers."""
    borne = (
        {_plain(page, span) for span in {*spans[:REACH], *spans[-REACH:]}}
        for page, spans in zip(pages, lines, strict=True)
    )
    counted = Counter(line for page in borne for line in page)
    return frozenset(line for line, count in counted.items() if count > 1)


def _body(page: str, lines: Sequence[Span], often: frozenset[str]) -> Span:
    """A page without the repeated lines at its ends."""
    first, last = 0, len(lines)
    while first < min(REACH, last) and _plain(page, lines[first]) in often:
        first += 1
    while last > max(first, len(lines) - REACH) and _plain(page, lines[last - 1]) in often:
        last -= 1
    return (lines[first][0], lines[last - 1][1]) if first < last else (0, len(page))


def _goes_on(one: str, other: str) -> bool:
    """Whether a text ends within a sentence, and the other begins within one."""
    return bool(one.strip()) and not _ENDS.search(one) and other.lstrip()[:1].islower()


def _plain(page: str, span: Span) -> str:
    return _NUMBER.sub("#", page[slice(*span)].strip())
