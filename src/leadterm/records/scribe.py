"""Writes the text of a document from the pieces of its source, and keeps where each piece stood."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

from leadterm.domain import Origin

# Code points of one width stand together; the group says how many bytes each takes in UTF-8, the row how many here.
_RUNS = re.compile(r"([\x00-\x7f]+)|([\x80-\u07ff]+)|([\u0800-\uffff]+)|([\U00010000-\U0010ffff]+)")
_WIDTHS = {"utf-8": (1, 2, 3, 4), "utf-16": (2, 2, 2, 4), "single": (1, 1, 1, 1)}
UTF_8, UTF_16, SINGLE = _WIDTHS


class Scribe:
    """A text that grows, with its origin.

    Pieces are written as they stand (`write`) or put in between by the reader (`put`); what follows in the same place,
    byte by byte, joins the stretch before it.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts, self._lengths, self._ats, self._widths, self._places = (array("q") for _ in range(5))
        self._names: dict[str, int] = {}
        self._length = 0
        self._next = (-1, 0, 0)  # the byte, width and place that would go on the last stretch
        self.tail = ""

    def __len__(self) -> int:
        return self._length

    def put(self, text: str) -> None:
        """Writes what does not stand in the source: it has no origin."""
        self._append(text)
        self._next = (-1, 0, 0)

    def write(self, text: str, place: str, at: int, width: int) -> None:
        """Writes a piece of the source.

        Args:
            text: Its code points.
            place: What names the place for a person.
            at: Its first byte.
            width: Bytes for each code point; 0 where the place has none of its own.
        """
        if not text:
            return
        name = self._names.setdefault(place, len(self._names))
        if (at, width, name) == self._next:
            self._lengths[-1] += len(text)
        else:
            self._starts.append(len(self))
            self._lengths.append(len(text))
            self._ats.append(at)
            self._widths.append(width)
            self._places.append(name)
        self._append(text)
        self._next = (at + len(text) * width, width, name)

    def copy(self, text: str, place: str, at: int, encoding: str) -> None:
        """Writes a piece that stands in the source as it is, in an encoding (`UTF_8`, `UTF_16`, `SINGLE`)."""
        for piece, width in _by_width(text, encoding):
            self.write(piece, place, at, width)
            at += len(piece) * width

    def since(self, start: int) -> str:
        """What was written from a place on, which is not far back."""
        pieces: list[str] = []
        left = len(self) - start
        for piece in reversed(self._parts):
            if left <= 0:
                break
            pieces.append(piece[-left:])
            left -= len(piece)
        return "".join(reversed(pieces))

    def text(self) -> str:
        """What was written."""
        return "".join(self._parts)

    def origin(self) -> Origin:
        """Where it stood."""
        return Origin(self._starts, self._lengths, self._ats, self._widths, self._places, tuple(self._names))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        self.tail = text[-1:] or self.tail


def _by_width(text: str, encoding: str) -> Iterator[tuple[str, int]]:
    widths = _WIDTHS[encoding]
    if text.isascii():
        yield text, widths[0]
        return
    for found in _RUNS.finditer(text):
        yield found[0], widths[(found.lastindex or 1) - 1]
