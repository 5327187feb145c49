"""Where the text of a document stands in the record that it was read from, code point by code point."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .spans import Span


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
class Origin:
    """The map from a document's text to its source.

    What the reader put between stretches (line breaks between the cells of a table) stands in none and has no place.
    One record may have very many stretches, so that they are kept as columns.

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
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Stretch]:
        return (self._stretch(n) for n in range(len(self.starts)))

    def stretches(self, span: Span) -> Iterator[Stretch]:
        """The stretches that the span touches, in order."""
        n = max(bisect_right(self.starts, span.start) - 1, 0)
        while n < len(self.starts) and self.starts[n] < span.end:
            if self.starts[n] + self.lengths[n] > span.start:
                yield self._stretch(n)
            n += 1

    def place(self, span: Span) -> str | None:
        """Where the span stands in the source, as evidence names it; None for what the reader put in.

        A span over several stretches is named by the first place and, where it differs, the last, with the bytes from
        the first to the last.
        """
        touched = list(self.stretches(span))
        if not touched:
            return None
        first, last = touched[0], touched[-1]
        where = first.place if first.place == last.place else f"{first.place} to {last.place}"
        if not (first.width and last.width):
            return where
        at = f"bytes {first.bytes_of(span)[0]}-{last.bytes_of(span)[1]}"
        return f"{where}, {at}" if where else at

    def _stretch(self, n: int) -> Stretch:
        return Stretch(self.starts[n], self.lengths[n], self.ats[n], self.widths[n], self.names[self.places[n]])
