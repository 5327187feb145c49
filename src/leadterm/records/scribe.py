"""Writes the text of a document from the pieces of its source, and keeps where each piece stood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from leadterm.domain import Origin, Stretch
from leadterm.domain.origins import Growing

# Code points of one width stand together; the group says how many bytes each takes in UTF-8, the row how many here.
_RUNS = re.compile(r"([\x00-\x7f]+)|([\x80-\u07ff]+)|([\u0800-\uffff]+)|([\U00010000-\U0010ffff]+)")
_WIDTHS = {"utf-8": (1, 2, 3, 4), "utf-16": (2, 2, 2, 4), "single": (1, 1, 1, 1)}
UTF_8, UTF_16, SINGLE = _WIDTHS
TOGETHER = 1024  # pieces that are joined at a time


class Scribe:
    """A text that grows, with its origin.

    Pieces are written as they stand (`write`) or put in between by the reader (`put`); what follows in the same place,
    byte by byte, joins the stretch before it.
    """

    def __init__(self) -> None:
        self._whole: list[str] = []
        # What was written last is joined now and then: each piece takes 50 bytes more than it holds.
        self._parts: list[str] = []
        self._stretches = Growing()
        self._length = 0
        self._next = (-1, 0, "")  # the byte, width and place that would go on the last stretch
        self.tail = ""

    def __len__(self) -> int:
        return self._length

    def put(self, text: str) -> None:
        """Writes what does not stand in the source: it has no origin."""
        self._append(text)
        self._next = (-1, 0, "")

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
        if (at, width, place) == self._next:
            self._stretches.lengthen(len(text))
        else:
            self._stretches.add(Stretch(self._length, len(text), at, width, place))
        self._append(text)
        self._next = (at + len(text) * width, width, place)

    def copy(self, text: str, place: str, at: int, encoding: str) -> None:
        """Writes a piece that stands in the source as it is, in an encoding (`UTF_8`, `UTF_16`, `SINGLE`)."""
        for piece, width in _by_width(text, encoding):
            self.write(piece, place, at, width)
            at += len(piece) * width

    def since(self, start: int) -> str:
        """What was written from a place on, which is not far back."""
        pieces: list[str] = []
        left = len(self) - start
        for piece in chain(reversed(self._parts), reversed(self._whole)):
            if left <= 0:
                break
            pieces.append(piece[-left:])
            left -= len(piece)
        return "".join(reversed(pieces))

    def text(self) -> str:
        """What was written."""
        return "".join((*self._whole, *self._parts))

    def origin(self) -> Origin:
        """Where it stood."""
        return self._stretches.origin()

    def _append(self, text: str) -> None:
        self._parts.append(text)
        if len(self._parts) == TOGETHER:
            self._whole.append("".join(self._parts))
            self._parts.clear()
        self._length += len(text)
        self.tail = text[-1:] or self.tail


def _by_width(text: str, encoding: str) -> Iterator[tuple[str, int]]:
    widths = _WIDTHS[encoding]
    if text.isascii():
        yield text, widths[0]
        return
    for found in _RUNS.finditer(text):
        yield found[0], widths[(found.lastindex or 1) - 1]
