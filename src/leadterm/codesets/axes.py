"""The axes on which codes of one category differ, read the same way out of charts and out of official titles.

`axes.tsv` holds the words: laterality, acuity, severity, course, stage, displacement, open or closed, trimester, …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class AxisHit:
    """A value of an axis at a place of a folded text."""

    axis: str
    value: str
    start: int
    end: int


# "left" and "right" are also a verb, a nod, and the hand that writes.
_SUBJECT = re.compile(r"\b(?:he|she|they|who)\s+$")
_AUXILIARY = re.compile(r"\b(?:has|have|had|was|were|patient|pt)\s+$")
_LEAVING = re.compile(r"left\s*(?:$|[.;]|(?:early|before|to|in|by|with)\s)")
_NOT_A_SIDE = re.compile(
    r"(?:left|right)(?:\s+(?:the|for|ama|against|without|him|a|her\s+(?:job|home)|work|now|away|after|when)\b"
    r"|[\s-]+hand(?:ed|[\s-]+domina))"
)


@cache
def _table() -> tuple[dict[str, tuple[str, str]], re.Pattern[str]]:
    text = (files("leadterm.codesets") / "axes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    words = {surface: (axis, value) for surface, axis, value in rows}
    ordered = sorted(words, key=len, reverse=True)
    pattern = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered)
    return words, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")


def axis_words() -> Mapping[str, tuple[str, str]]:
    """The words of the table, each with its axis and value."""
    return MappingProxyType(_table()[0])


def find_axes(folded: str, start: int = 0, end: int | None = None) -> Iterator[AxisHit]:
    """The axis words of `folded[start:end]`, in order, longest first where they overlap."""
    words, pattern = _table()
    for match in pattern.finditer(folded, start, len(folded) if end is None else end):
        axis, value = words[" ".join(match.group().split())]
        if axis == "laterality" and is_no_side(folded, match.start(), match.end()):
            continue
        yield AxisHit(axis, value, match.start(), match.end())


def is_no_side(folded: str, start: int, end: int) -> bool:
    """Whether `left` or `right` at that place is a verb, a nod or the hand that writes."""
    if folded[start] not in "lr":
        return False
    before = folded[max(0, start - 12) : start]
    if folded[start:end] == "left" and _SUBJECT.search(before):
        return True
    leaving = _AUXILIARY.search(before) and _LEAVING.match(folded, start)
    return bool(leaving or _NOT_A_SIDE.match(folded, start))


# A side as clinicians abbreviate it: one capital before a small word or the name of an operation, in brackets, or
# after "on"; and neither "R/O" nor "L5" nor "2 L oxygen".
_LETTER = re.compile(
    r"(?P<side>[RL])(?<![\w/.].)(?<!\d\sL)(?=\.?\s+(?:(?!spine|wave)[a-z]|(?:UE|LE|UQ|LQ|TKA|THA|TKR|THR|AKA|BKA|ORIF|CVA"
    r"|DVT|MCA|ICA|BBB|ACL|MCL|CEA|VATS|SFA)\b)|-sided\b|(?<=\(.)\)|(?<=[Oo]n\s.)(?=[,;)]|\.?\s*\Z)|(?<=the\s.)(?=[,;)]))"
)


def find_letters(text: str, start: int, end: int) -> Iterator[AxisHit]:
    """The sides that a chart writes as a single capital ("L knee"), which a folded text cannot tell."""
    for match in _LETTER.finditer(text, start, end):
        yield AxisHit("laterality", "left" if match["side"] == "L" else "right", match.start(), match.end())


@cache
def axes_of(title: str) -> dict[str, str]:
    """The axes that an official title names, and their values; the first of an axis wins."""
    found: dict[str, str] = {}
    for hit in find_axes(title.lower()):
        found.setdefault(hit.axis, hit.value)
    return found
