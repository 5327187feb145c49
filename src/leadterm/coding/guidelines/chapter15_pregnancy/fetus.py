"""Which fetus a complication is of (I.C.15.a.6): 0 for one fetus or where it is not told, else its number."""

from __future__ import annotations

import re

from leadterm.coding.chart import Chart
from leadterm.coding.patterns import compiled
from leadterm.domain import Fact

_LABEL = compiled(
    r"\b(?:twin|baby|fetus|fetal|triplet|infant|presenting)[ -]?(?P<who>a|b|c|d|1|2|3|4|i{1,3}|one"
    r"|two|three)\b|\b(?P<nth>first|second|third|presenting) (?:twin|fetus|baby|triplet)"
    r"|\b(?P<short>[abc]):"
)
_NUMBERS = {
    "a": "1",
    "1": "1",
    "i": "1",
    "one": "1",
    "first": "1",
    "presenting": "1",
    "b": "2",
    "2": "2",
    "ii": "2",
    "two": "2",
    "second": "2",
    "c": "3",
    "3": "3",
    "iii": "3",
    "three": "3",
    "third": "3",
    "d": "4",
    "4": "4",
}


def fetus_of(chart: Chart, fact: Fact, fetuses: int) -> str:
    """The 7th character: of several fetuses the number that the words around give; else 0."""
    if fetuses < 2:
        return "0"
    sentence = chart.sentence(fact)
    at = max(sentence.find(fact.mention.text.lower().split("\n")[0]), 0)
    before = list(_LABEL.finditer(sentence, 0, at + len(fact.mention.text)))
    behind = _LABEL.search(sentence, at + len(fact.mention.text))
    if (
        behind
        and not sentence[at + len(fact.mention.text) : behind.start()]
        .strip(" ,;()")
        .replace("of", "")
        .replace("in", "")
        .strip()
    ):
        return _number(behind)
    found = before[-1] if before else behind
    if found is None:
        text = chart.text
        start = text.find(fact.mention.text.lower())
        earlier = list(_LABEL.finditer(text, max(0, start - 120), max(start, 0)))
        found = earlier[-1] if earlier else None
    return _number(found) if found else "0"


def _number(found: re.Match[str]) -> str:
    return _NUMBERS.get(found["who"] or found["nth"] or found["short"] or "", "0")
