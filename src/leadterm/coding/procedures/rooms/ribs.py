"""Ribs by how many are told: the tables know one or two, and three or more (guideline B3.2b)."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.coding.numerals import number_of
from leadterm.coding.patterns import compiled
from leadterm.coding.procedures.building import Built
from leadterm.coding.procedures.context import Context
from leadterm.coding.procedures.legal import Legal
from leadterm.coding.procedures.terms import Term

from .drawing import asked, fixed

# "ribs 4, 5 and 6", "ribs 4-7", "the 5th through 8th ribs"
_AFTER = compiled(
    r"\bribs?(?: fractures?| fixation| plating)?(?: numbers?)?[ #,]*(?:(?:right|left) )?"
    r"((?:\d{1,2}(?:st|nd|rd|th)?(?: ?(?:,|-|&|and|to|through|thru)+ ?)*)+)"
)
_BEFORE = compiled(r"((?:\b\d{1,2}(?:st|nd|rd|th)(?: ?(?:,|-|&|and|to|through|thru)+ ?)*)+) ribs?\b")
_NUMBER = compiled(r"(\d{1,2})(?:st|nd|rd|th)?( ?(?:-|to|through|thru) ?)?")
_COUNT = compiled(r"\b(two|2|three|3|four|4|five|5|six|6|seven|7|eight|8) (?:\w+ ){0,2}ribs\b")
_MANY = compiled(r"\b(?:flail|multiple ribs|multiple rib fractures)\b")
_FEW = compiled(r"\b(?:a single|one|1) rib\b")
_HIGHEST = 12
CLOSE = ("clause", "sentence", "beside", "names", "account")


def codes(legal: Legal, term: Term, context: Context, template: str) -> Iterator[Built]:
    """The code of a template whose fourth place the number of ribs decides; asked where nobody tells how many."""
    del term
    several = next((n for level in context.of(*CLOSE) if (n := _count(level.text))), 0)
    if several:
        yield from fixed(legal, template.replace("_", "1" if several < 3 else "2"))
    else:
        yield asked(template, ("one or two ribs", "three or more ribs"), "number of ribs")


def _count(text: str) -> int:
    """How many ribs a text tells; 0 where it tells none."""
    told = [_numbers(found[1]) for pattern in (_AFTER, _BEFORE) for found in pattern.finditer(text)]
    if told and max(map(len, told)) > 0:
        return len(max(told, key=len))
    if counted := _COUNT.search(text):
        return number_of(counted[1])
    if _MANY.search(text):
        return 3
    return 1 if _FEW.search(text) else 0


def _numbers(text: str) -> set[int]:
    """The ribs of a list: "4-6 and 8" are four."""
    found: set[int] = set()
    last, ranged = 0, False
    for number in _NUMBER.finditer(text):
        now = int(number[1])
        if now > _HIGHEST:
            continue
        found |= set(range(last, now + 1)) if ranged else {now}
        last, ranged = now, bool(number[2])
    return found
