"""Where the text of a document stands in the record that it was read from, code point by code point."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import sub
from typing import NamedTuple

from .spans import Span

BLOCK = 1024  # stretches that are packed together


class Stretch(NamedTuple):
    """A stretch of a document's text that stands in one piece in the source.

    Attributes:
        start: Its first code point in the document's text.
        length: Code points.
        at: The byte of the source where it begins.
        width: Bytes of the source for each code point; 0 where the place alone tells where it is (a box of a page).
        place: XML path, HL7 field, JSON pointer, page and box.
    """

    start: int
    length: int
    at: int
    width: int
    place: str

    def bytes_of(self, span: Span) -> tuple[int, int]:
        """The half-open range of bytes of what the span covers of this stretch."""
        first = max(span.start, self.start) - self.start
        last = min(span.end, self.start + self.length) - self.start
        return self.at + first * self.width, self.at + last * self.width


@dataclass(frozen=True, slots=True)
class Columns:
    """Some stretches, column by column.

    Attributes:
        starts, lengths, ats, widths: As in `Stretch`, in the order of the text, disjoint.
        places: Of each stretch, as an index into `names`.
        names: The places.
    """

    starts: array[int]
    lengths: array[int]
    ats: array[int]
    widths: array[int]
    places: array[int]
    names: Sequence[str]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Stretch]:
        names = map(self.names.__getitem__, self.places)
        return map(Stretch, self.starts, self.lengths, self.ats, self.widths, names)

    def before(self, index: int) -> int:
        """The number of the last stretch that begins at or before a code point; -1 where none does."""
        return bisect_right(self.starts, index) - 1

    def stretch(self, n: int) -> Stretch:
        """One of them."""
        return Stretch(self.starts[n], self.lengths[n], self.ats[n], self.widths[n], self.names[self.places[n]])

    def packed(self) -> bytes:
        """The same in a few bytes for each: where stretches begin is told by steps, which are small and much alike."""
        columns = (_steps(self.starts), self.lengths, _steps(self.ats), self.widths, self.places)
        counts, sizes = array("q", (len(self.starts), len(self.names))), array("q", map(len, self.names))
        names = "".join(self.names).encode("utf-8", "surrogatepass")
        return zlib.compress(b"".join((counts, *columns, sizes, names)), 1)


@dataclass(frozen=True, slots=True)
class Origin:
    """The map from a document's text to its source.

    What the reader put between stretches (line breaks between the cells of a table) stands in none and has no place.
    One record may have a stretch for every two of its bytes, or very many texts, so that they are kept packed.

    Attributes:
        firsts: Of each block, where its first stretch begins in the text.
        blocks: The stretches in the order of the text (`Columns.packed`); none is empty.
        count: How many they are.
    """

    firsts: tuple[int, ...]
    blocks: tuple[bytes, ...]
    count: int

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Origin:
        """The origin of stretches that are in order and disjoint."""
        growing = Growing()
        for stretch in stretches:
            growing.add(stretch)
        return growing.origin()

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Stretch]:
        return (stretch for block in self.blocks for stretch in _unpacked(block))

    def stretches(self, span: Span) -> Iterator[Stretch]:
        """The stretches that the span touches, in order."""
        for block in self.blocks[self._block(span.start) :]:
            columns = _unpacked(block)
            for n in range(max(columns.before(span.start), 0), len(columns)):
                if columns.starts[n] >= span.end:
                    return
                if columns.starts[n] + columns.lengths[n] > span.start:
                    yield columns.stretch(n)

    def place(self, span: Span) -> str | None:
        """Where the span stands in the source, as evidence names it; None for what the reader put in.

        A span over several stretches is named by the first place and, where it differs, the last, with the bytes from
        the first to the last.
        """
        first = next(self.stretches(span), None)
        if first is None:
            return None
        columns = _unpacked(self.blocks[self._block(span.end - 1)])
        last = columns.stretch(columns.before(span.end - 1))
        where = first.place if first.place == last.place else f"{first.place} to {last.place}"
        if not (first.width and last.width):
            return where
        at = f"bytes {first.bytes_of(span)[0]}-{last.bytes_of(span)[1]}"
        return f"{where}, {at}" if where else at

    def _block(self, index: int) -> int:
        """The number of the block that a code point stands in, or behind."""
        return max(bisect_right(self.firsts, index) - 1, 0)


class Growing:
    """Stretches as they come, each behind the one before it, packed whenever a block is full."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._blocks: list[bytes] = []
        self._begin()

    def add(self, stretch: Stretch) -> None:
        """Adds one."""
        if len(self._starts) == BLOCK:
            self._firsts.append(self._starts[0])
            self._blocks.append(self._columns().packed())
            self._begin()
        self._starts.append(stretch.start)
        self._lengths.append(stretch.length)
        self._ats.append(stretch.at)
        self._widths.append(stretch.width)
        self._places.append(self._names.setdefault(stretch.place, len(self._names)))

    def lengthen(self, length: int) -> None:
        """Adds code points to the last."""
        self._lengths[-1] += length

    def origin(self) -> Origin:
        """All of them."""
        last = self._columns()
        firsts, blocks = (*self._firsts, *last.starts[:1]), (*self._blocks, *([last.packed()] if len(last) else ()))
        return Origin(firsts, blocks, len(self._blocks) * BLOCK + len(last))

    def _begin(self) -> None:
        self._starts, self._lengths, self._ats, self._widths, self._places = (array("q") for _ in range(5))
        self._names: dict[str, int] = {}

    def _columns(self) -> Columns:
        return Columns(self._starts, self._lengths, self._ats, self._widths, self._places, tuple(self._names))


@lru_cache(maxsize=8)
def _unpacked(block: bytes) -> Columns:
    raw = memoryview(zlib.decompress(block))
    count, names = raw[:16].cast("q")
    at = 16
    columns = []
    for size in (*[count] * 5, names):
        columns.append(array("q", raw[at : at + 8 * size].tobytes()))
        at += 8 * size
    starts, lengths, ats, widths, places, sizes = columns
    text = str(raw[at:], "utf-8", "surrogatepass")
    ends = list(accumulate(sizes, initial=0))
    told = [text[start:end] for start, end in pairwise(ends)]
    return Columns(_sums(starts), lengths, _sums(ats), widths, places, told)


def _steps(values: array[int]) -> array[int]:
    """The first value, and what each other adds to the one before it."""
    return values[:1] + array("q", map(sub, values[1:], values))


def _sums(steps: array[int]) -> array[int]:
    return array("q", accumulate(steps))
