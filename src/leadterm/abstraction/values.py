"""Measured values that codes stand on: body mass index, weeks of gestation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its meaning (`body mass index`, kg/m²; `weeks of gestation`, completed weeks) and its place."""

    concept: str
    value: str
    start: int
    end: int


_PATTERNS = (
    (
        "body mass index",
        re.compile(r"\b(?:bmi|body mass index)\b[^\d\n%]{0,18}(?P<value>\d{2}(?:\.\d{1,2})?)(?![\d%.]|th\b)"),
    ),
    (
        "weeks of gestation",
        re.compile(
            r"\b(?P<value>[1-4]?\d)(?:\s?(?:w|wk|wks|weeks?)\b|\s(?:\d/7|and \d days?))"
            r"(?=[^.\n]{0,25}(?:gestation|pregnan|ega|ga\b|iup))"
        ),
    ),
    (
        "weeks of gestation",
        re.compile(
            r"\b(?:ega|ga|iup at|gestational age(?: of)?)[: ]{1,3}(?P<value>[1-4]?\d)(?=\s?(?:w|\+|\d/7|weeks?))"
        ),
    ),
)
PLAUSIBLE = {"body mass index": (10.0, 99.9), "weeks of gestation": (4.0, 43.0)}


def find_values(folded: str) -> Iterator[Value]:
    """The values of a folded text, implausible ones left out."""
    for concept, pattern in _PATTERNS:
        low, high = PLAUSIBLE[concept]
        for match in pattern.finditer(folded):
            if low <= float(match["value"]) <= high:
                yield Value(concept, match["value"], match.start(), match.end())
