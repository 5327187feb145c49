"""The side that an item was fitted on, by the words around it; a line for each where it was handed over for both."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from leadterm.coding.patterns import compiled
from leadterm.coding.rules import reason
from leadterm.coding.sentences import Place
from leadterm.coding.services.service import Service

from .tickets import Entry

SIDE = "MCPM:20.110/side"
_SIDES = (
    ("LT", compiled(r"(?<!size )(?<!sz )\b(?:left|lt|l)\b(?!-| arm rest|/|'|\+)", re.IGNORECASE)),
    ("RT", compiled(r"\b(?:right|rt|r)\b(?!-|/|'|\+)", re.IGNORECASE)),
)
_UNTICKED = compiled(r"(?:\[[ _]?\]|\( \)|☐|□)[ ]?\w+")
_BOTH = compiled(r"\b(?:bilateral(?:ly)?|both|b/l|left and right|right and left)\b", re.IGNORECASE)
_PAIR = compiled(r"\b(?:pairs?|prs?)\b", re.IGNORECASE)


def sided(service: Service, where: Place, entry: Entry | None = None, scope: str = "") -> Service:
    """The item with its side: by its own words, its sentence, line, the heading over it; as it is where none tells."""
    for words in (scope, where.said, where.line, entry.over if entry else ""):
        said = _UNTICKED.sub(" ", words)
        sides = [m for m, pattern in _SIDES if pattern.search(said)]
        if _BOTH.search(said) or len(sides) == 2:
            return service  # two lines are made of it by `in_pairs`
        if sides:
            return service.modified(sides[0], reason(SIDE), SIDE)
    return service


def in_pairs(s: Service, line: str) -> list[Service]:
    """A line for each side of what was handed over for both."""
    pair = _PAIR.search(line)
    if {"RT", "LT"} & set(s.modifiers) or not (pair or _BOTH.search(line)):
        return [s]
    units = s.units or Decimal(1)
    each = units if pair else units / 2 if units % 2 == 0 else Decimal(1)
    return [replace(s, units=each).modified(side, reason(SIDE), SIDE) for side in ("LT", "RT")]
