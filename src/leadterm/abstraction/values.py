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


# What may stand between a name and its number: neither a limit nor a goal nor another number.
_TO_NUMBER = r"(?:(?!goal|target|than|over|under|above|below|between|percentile|[<>≤≥])[^\d%]){0,18}"
_UNIT = r"(?:\W{0,2}kg\s?/\s?m\W?2\b)?"
# A centile, a range, a date and a longer number are no index.
_NO_INDEX = r"(?!\.?\d|\s?%|\s?[-/]\s?\d|\s?(?:st|nd|rd|th)\b|\s(?:per)?centile|\s?to\s\d)"
_WEEKS = r"(?:[\s-]?(?:w(?:[0-6]d)?|wks?|weeks?)\b|\s[0-6]/7|\sand\s\d\sdays?)"
# A child's age and the time since a delivery are counted in weeks too.
_TO_PREGNANCY = r"(?=(?:(?!old|post|after|ago|since)[^.]){0,25}?\b(?:gestation|pregnan|ega\b|ga\b|iup))"

_PATTERNS = (
    (
        "body mass index",
        re.compile(
            rf"(?<!goal )(?<!target )\b(?:bmi|body\s+mass\s+index)\b{_UNIT}{_TO_NUMBER}"
            rf"(?P<value>\d{{2}}(?:\.\d{{1,2}})?){_NO_INDEX}"
        ),
    ),
    ("weeks of gestation", re.compile(rf"(?<![\d.])(?<!\d-)\b(?P<value>[1-4]?\d){_WEEKS}{_TO_PREGNANCY}")),
    (
        "weeks of gestation",
        re.compile(
            r"\b(?:ega|ga|iup\s+at|gestational\s+age(?:\s+of)?)[:\s]{1,3}(?P<value>[1-4]?\d)"
            r"(?=\s?(?:w|\+|[0-6]/7|weeks?))"
        ),
    ),
)
# A text that has none of these has no value: most charts are spared the patterns.
_NAMED = re.compile(r"bmi|mass|gestation|pregnan|iup|\be?ga\b")
PLAUSIBLE = {"body mass index": (10.0, 99.9), "weeks of gestation": (4.0, 43.0)}


def find_values(folded: str) -> Iterator[Value]:
    """The values of a folded text, implausible ones left out; one that is written twice over counts once."""
    if not _NAMED.search(folded):
        return
    reached: dict[str, int] = {}
    found = sorted((m.start(), m.end(), concept, m["value"]) for concept, p in _PATTERNS for m in p.finditer(folded))
    for start, end, concept, value in found:
        low, high = PLAUSIBLE[concept]
        if low <= float(value) <= high and start >= reached.get(concept, 0):
            reached[concept] = end
            yield Value(concept, value, start, end)
