"""A text without runs of blanks, and the way back: patterns need not reckon with more than one blank."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_RUN = re.compile(r" *\n *| {2,}")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text whose runs of blanks are one blank, and none beside a line end; its places lead back to the original.

    Attributes:
        text: The squeezed text.
        cuts: The runs of the original, each of which is one character in `text`; empty where nothing was changed.
    """

    text: str
    cuts: tuple[tuple[int, int], ...]
    points: Sequence[int]
    shifts: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a place of `text` is in the original."""
        return self._back(start), self._back(end - 1) + 1

    def _back(self, place: int) -> int:
        return place + self.shifts[bisect_right(self.points, place) - 1]

    def also(self, other: str) -> str:
        """Another text of the original's length, cut at the same places."""
        return other if not self.cuts else _cut(other, self.cuts)


def squeeze(folded: str) -> Squeezed:
    """`folded` without runs of blanks; as it is where it has none, as most texts."""
    if "  " not in folded:
        return Squeezed(folded, (), (0,), (0,))
    cuts = tuple(m.span() for m in _RUN.finditer(folded))
    points, shifts, shift = [0], [0], 0
    for start, end in cuts:
        points.append(start - shift + 1)
        shift += end - start - 1
        shifts.append(shift)
    return Squeezed(_cut(folded, cuts), cuts, points, shifts)


def _cut(text: str, cuts: Sequence[tuple[int, int]]) -> str:
    """The text with one character for each cut: a line end where it has one."""
    parts: list[str] = []
    at = 0
    for start, end in cuts:
        parts += (text[at:start], "\n" if "\n" in text[start:end] else " ")
        at = end
    return "".join([*parts, text[at:]])
