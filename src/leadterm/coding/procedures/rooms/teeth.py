"""Teeth that were pulled, by their universal numbers: 1 to 16 above, 17 to 32 below; one, several or all."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, fixed

_LISTED = compiled(
    r"(?:\b(?:teeth|tooth|extractions?(?: of)?)(?: (?:numbers?|nos?\.?))?[ :]*"
    r"((?:#?\d{1,2}(?: ?(?:,|-|&|and|to|through|thru)+ ?)*#?)+)|((?:#\d{1,2}(?: ?(?:,|-|&|and|to|through|thru)* ?)*)+))"
)
_NUMBER = compiled(r"(\d{1,2})( ?(?:-|to|through|thru) ?#?)?")
_ALL = compiled(r"\b(?:full mouth|all (?:remaining )?(?:teeth|dentition)|complete odontectomy)\b")
_ABOVE = compiled(r"\b(?:maxillary|upper)\b")
_BELOW = compiled(r"\b(?:mandibular|lower)\b")
_SEVERAL = compiled(r"\bteeth\b|\bmolars\b|\bextractions\b")
LAST, LAST_ABOVE = 32, 16
CLOSE = ("clause", "sentence", "beside", "names", "account")


def codes(legal: Legal, term: Term, context: Context, argument: str) -> Iterator[Built]:
    """Extraction of upper and lower teeth; where no number and no jaw is told it is asked."""
    del term, argument
    for level in context.of(*CLOSE):
        found = tuple(_told(level.text))
        if found:
            for code in found:
                yield from fixed(legal, code)
            return
    yield asked("0CD_XZ_", ("upper tooth", "upper teeth", "lower tooth", "lower teeth"), "teeth")


def _told(text: str) -> Iterator[str]:
    numbers = {n for m in _LISTED.finditer(text) for n in _numbers(m[1] or m[2])}
    above, below = sum(n <= LAST_ABOVE for n in numbers), sum(n > LAST_ABOVE for n in numbers)
    if _ALL.search(text) and not numbers:
        jaws = [jaw for jaw, pattern in (("W", _ABOVE), ("X", _BELOW)) if pattern.search(text)] or ["W", "X"]
        yield from (f"0CD{jaw}XZ2" for jaw in jaws)
    elif numbers:
        yield from (f"0CD{jaw}XZ{min(n, 2) - 1}" for jaw, n in (("W", above), ("X", below)) if n)
    else:
        several = "1" if _SEVERAL.search(text) else "0"
        yield from (f"0CD{jaw}XZ{several}" for jaw, p in (("W", _ABOVE), ("X", _BELOW)) if p.search(text))


def _numbers(text: str) -> set[int]:
    """The teeth of a list: "#1, 16 and 17-19" are five."""
    found: set[int] = set()
    last, ranged = 0, False
    for number in _NUMBER.finditer(text):
        now = int(number[1])
        if 0 < now <= LAST:
            found |= set(range(last, now + 1)) if ranged else {now}
            last, ranged = now, bool(number[2])
    return found
