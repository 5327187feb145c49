"""Repeated services: 76 by the same physician, 77 by another, 91 of a laboratory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from .judged import Judged, Line
from .words import told

SAME, OTHER, LABORATORY = (
    "CMS:100-04.4.20.6/same-physician-76",
    "CMS:100-04.4.20.6/other-physician-77",
    "CMS:100-04.16.100.5.1/laboratory-91",
)
APART = frozenset("76 77 91 59 XE XS XP XU LT RT JW 26 TC 50 LC LD LM RC RI".split())
BEARS = frozenset(("laboratory", "radiology", "surgery", "medicine"))


def read(judged: Judged) -> None:
    """Tell the second of two equal lines of one day by what the record says of the repeat; question what it denies."""
    for line in _again(judged):
        _tell(judged, line)
    for line in judged.lines:
        if line.service.captured and "91" in line.service.modifiers and (faulty := told(judged.chart, "faulty")):
            why = "while the record repeats the test for its specimen or its machine"
            judged.question(line, "91", LABORATORY, why, (faulty,))


def _again(judged: Judged) -> Iterator[Line]:
    seen: set[tuple[str, date | None]] = set()
    for line in list(judged.lines):
        key = (line.code, line.service.day)
        if key in seen and not APART.intersection(line.service.modifiers) and line.classes & BEARS:
            yield line
        seen.add(key)


def _tell(judged: Judged, line: Line) -> None:
    words = told(judged.chart, "repeated")
    if words is None or "counted" in line.classes:
        return
    if "laboratory" in line.classes:
        if told(judged.chart, "faulty") is None:
            judged.give(line, "91", LABORATORY, (words,), "warning")
    elif other := told(judged.chart, "by-another"):
        judged.give(line, "77", OTHER, (other,), "warning")
    else:
        judged.give(line, "76", SAME, (words,), "warning")
