"""What each element of a segment may hold: kind and length, as data.

One line a segment, one word an element: a kind, then its longest length or its range. Composites stand in brackets.

    T  text for people: folded to the basic set, upper case (see `text`)
    X  an identifier: kept letter for letter, and refused where X12 cannot carry it, since a changed number is another
    I  a code of a list: upper case letters and digits
    N  a whole number      R  a decimal number; its length leaves out sign and point
    A  an amount of money: a decimal number whose cents count even where they are not written
    D  a date, CCYYMMDD    M  a time, HHMM

Lengths are those of 005010X222A1 where it is narrower than the standard (amounts have ten digits, not eighteen).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

SEGMENTS = {
    "GS": "I2 X2-15 X2-15 D M N9 I1 X12",
    "ST": "I3 X4-9 X1-35",
    "SE": "N10 X4-9",
    "GE": "N6 N9",
    "BHT": "I4 I2 X1-50 D M I2",
    "HL": "X1-12 X1-12 I1-2 I1",
    "NM1": "I2-3 I1 T1-60 T1-35 T1-25 T1-10 T1-10 I1-2 X2-80",
    "PER": "I2 T1-60 I2 X1-256 I2 X1-256 I2 X1-256",
    "PRV": "I1-3 I2-3 X1-50",
    "N3": "T1-55 T1-55",
    "N4": "T2-30 I2 X3-15 I2-3 I1-2 T1-30 I1-3",
    "REF": "I2-3 X1-50 T1-80",
    "SBR": "I1 I2 X1-50 T1-60 I1-3 I1 I1 I2 I1-2",
    "PAT": "I2 I1 I2 I2 I2-3 X1-35 I2 R10 I1",
    "DMG": "I2-3 X1-35 I1",
    "CLM": "X1-38 A10 I1-2 I1-2 (X1-2 I1-2 I1) I1 I1 I1 I1 I1 (I2-3 I2-3 I2-3 I2 I2-3) "
    "I2-3 I1 I1-3 I1 I1-3 I1-2 I1 I2 I1-2",
    "DTP": "I3 I2-3 X1-35",
    "HI": " ".join(["(I1-3 X1-30)"] * 12),
    "OI": "I1-2 I2 I1 I1 I1 I1",
    "LX": "N6",
    "PWK": "I2 I1-2 N2 I2-3 I2 X2-50",
    "AMT": "I1-3 A10",
    "CAS": "I1-2 " + " ".join(["X1-5 A10 R8"] * 6),
    "SVD": "X2-80 A10 (I2 X1-48 I2 I2 I2 I2 T80) X1-48 R8 N6",
    "SV1": "(I2 X1-48 I2 I2 I2 I2 T80) A10 I2 R8 X1-2 I1-2 (N2 N2 N2 N2) A10 I1 I1-2 I1 I1",
    "LIN": "X1-20 I2 X1-48",
    "CTP": "I2 I3 R10 R15 (I2)",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its kind (a letter of the table above) and its lengths."""

    kind: str
    least: int
    most: int


Composite = tuple[Element, ...]
_WORD = re.compile(r"\(([^)]*)\)|(\S+)")


@cache
def elements_of(segment_id: str) -> tuple[Element | Composite, ...]:
    """The elements of a segment in order. Raises KeyError for a segment that the table does not hold."""
    found: list[Element | Composite] = []
    for inside, word in _WORD.findall(SEGMENTS[segment_id]):
        found.append(_element(word) if word else tuple(_element(w) for w in inside.split()))
    return tuple(found)


def _element(word: str) -> Element:
    kind, lengths = word[0], word[1:]
    if kind in "DM":
        return Element(kind, *((8, 8) if kind == "D" else (4, 4)))
    least, _, most = lengths.rpartition("-")
    # A code of one length is written once; numbers and text start at one.
    return Element(kind, int(least or (most if kind == "I" else 1)), int(most))
