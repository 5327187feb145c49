"""Cells of tables whose words take several lines: the lines of a cell are one, and the next cell stands beside it.

A layer has them one below the other, then goes up again to the next cell. Only lines that broke because the next word
had no room are put together: columns of a page and blocks of a head keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Word = Sequence[float]
"""Start and length in the text of the page; left, bottom, right and top in points."""

CELL = 1.5  # heights of a word's letters: wider blanks part cells
MOST_LINES = 8  # of a cell
PADDING = 2.5  # heights between the words of a cell and those of the next one


@dataclass(frozen=True, slots=True)
class _Line:
    """Words that follow each other on one line; `cell` is where its last cell begins."""

    words: Sequence[Word]
    cell: int

    @property
    def left(self) -> float:
        """The left side of its last cell."""
        return self.words[self.cell][2]

    @property
    def right(self) -> float:
        """Its right side."""
        return self.words[-1][4]

    @property
    def middle(self) -> float:
        """The middle of its first word's height."""
        return (self.words[0][3] + self.words[0][5]) / 2

    @property
    def height(self) -> float:
        """That of its highest letter."""
        return max(word[5] - word[3] for word in self.words)


def gaps(text: str, words: Sequence[Word]) -> Mapping[int, str]:
    """What stands before a word instead of a line end, by the start of the word: within a cell, and between cells."""
    lines = list(_lines(text, words))
    found: dict[int, str] = {}
    for at in range(1, len(lines)):
        if begins := _cell_before(text, lines, at):
            found |= {int(line.words[0][0]): " " for line in lines[begins + 1 : at]}
            found[int(lines[at].words[0][0])] = "\t"
        elif _goes_on(text, lines[at - 1], lines[at], found):
            found[int(lines[at].words[0][0])] = " "
    return found


def _lines(text: str, words: Sequence[Word]) -> Iterator[_Line]:
    line: list[Word] = []
    cell = 0
    for word in words:
        if line and _parted(text, line[-1], word):
            yield _Line(line, cell)
            line, cell = [], 0
        elif line and word[2] - line[-1][4] > CELL * max(line[-1][5] - line[-1][3], word[5] - word[3]):
            cell = len(line)
        line.append(word)
    if line:
        yield _Line(line, cell)


def _parted(text: str, one: Word, other: Word) -> bool:
    """Whether two words are of two lines: the layer says so, or the second stands far to the left."""
    between = text[int(one[0] + one[1]) : int(other[0])]
    return "\n" in between or "\r" in between or other[2] - one[4] < -max(one[5] - one[3], other[5] - other[3])


def _cell_before(text: str, lines: Sequence[_Line], at: int) -> int:
    """The first line of a cell of several that the line goes up from; 0 where it goes up from none.

    Cells of the first line of a page cannot be told apart from its head, and need not be.
    """
    beside = lines[at]
    if beside.middle <= lines[at - 1].words[0][5]:
        return 0
    for first in range(at - 2, max(0, at - 1 - MOST_LINES), -1):
        if abs(lines[first].middle - beside.middle) < lines[first].height / 2:
            return first if _is_cell(text, lines[first:at], beside.words[0][2]) else 0
    return 0


def _is_cell(text: str, lines: Sequence[_Line], limit: float) -> bool:
    """Whether lines are one cell that ends left of a limit: flush, below each other, each broken for want of room."""
    left, height = lines[0].left, lines[0].height
    begun = (text[int(line.words[0][0])] for line in lines[1:])
    if not all(letter.islower() or letter == "(" for letter in begun):  # a line of a letterhead is none of a cell
        return False
    within = all(not line.cell and abs(line.left - left) < height / 2 and line.right < limit for line in lines[1:])
    below = all(one.middle > other.middle for one, other in pairwise(lines))
    full = all(
        one.right + other.words[0][4] - other.words[0][2] > limit - PADDING * height for one, other in pairwise(lines)
    )
    return within and below and full and lines[0].right < limit


def _goes_on(text: str, one: _Line, other: _Line, found: Mapping[int, str]) -> bool:
    """Whether a line goes on with the last of several cells: right below it, and within a sentence."""
    start = int(other.words[0][0])
    several = bool(one.cell) or int(one.words[0][0]) in found
    under = abs(other.left - one.left) < one.height / 2 and 0 < one.middle - other.middle < 2 * one.height
    return several and not other.cell and under and text[start : start + 1].islower()
