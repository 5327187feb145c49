"""The narrative of a section as lines of text, each character with the byte where it stands (CDA R2, 4.3.5).

Blocks begin lines, cells of a row are parted by bars, items of lists are marked. White space between blocks belongs to
the file and not to the narrative; within a block it is kept, but for the indentation of its lines.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from leadterm.records.scribe import UTF_16, Scribe


class Gap(IntEnum):
    """What parts the next piece of text from the one before; of several, the widest."""

    NONE = 0
    CELL = 1
    LINE = 2
    SECTION = 3


GAPS = {Gap.CELL: " | ", Gap.LINE: "\n", Gap.SECTION: "\n\n"}
BLOCKS = frozenset(("text", "title", "paragraph", "list", "item", "table", "caption", "tr", "thead", "tbody", "tfoot"))
CELLS = frozenset(("td", "th"))
# Elements whose text has a place of its own; what stands within them is told by bytes.
PLACES = BLOCKS - {"list", "thead", "tbody", "tfoot"}
BLANK = " \t\r\n"
ENDS = ".:;!?"  # what ends a sentence or a header
# `&amp;`, `&#233;`, `&#xE9;`, in one byte a character or in two.
_REFERENCE = re.compile(rb"\0?&(?:\0?[#\w])+\0?;\0?")


@dataclass(slots=True)
class _Level:
    """An open element: its name, where it is, how many of each name it holds so far, the list it is."""

    name: str
    path: str
    counts: dict[str, int] = field(default_factory=dict)
    ordered: bool = False
    items: int = 0


class Narrative:
    """Takes the events of a section's title and text, and writes them.

    Attributes:
        marks: By the ID of an element, the stretch of the text that stands in it (start, end).
    """

    def __init__(self, scribe: Scribe, raw: bytes, encoding: str) -> None:
        self._scribe, self._raw, self._encoding = scribe, raw, encoding
        self._levels: list[_Level] = []
        self._gap = Gap.NONE
        self._marker = ""
        self._heading: str | None = None
        # Bytes of line ends of the file: they are the narrative's where the block goes on behind them.
        self._line_ends = array("q")
        self._deleted = 0
        # By open element: its ID, and where its first character was written; None and -1 before.
        self._opened: list[tuple[str | None, int]] = []
        self.marks: dict[str, tuple[int, int]] = {}

    def begin(self, path: str, gap: Gap = Gap.LINE, heading: str | None = None) -> None:
        """The element at `path` opens, which holds narrative; a heading of our own is written where it holds any."""
        self._levels = [_Level(path.rpartition("/")[2].partition("[")[0], path)]
        self._heading = heading
        self._widen(gap)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element opens within."""
        above = self._levels[-1]
        path = above.path
        if name in PLACES:
            count = above.counts[name] = above.counts.get(name, 0) + 1
            path = f"{path}/{name}[{count}]"
        self._levels.append(_Level(name, path, {}, attributes.get("listType") == "ordered"))
        self._deleted += attributes.get("revised") == "delete" or bool(self._deleted)
        self._part(name)
        if name == "item":
            above.items += 1
            self._marker = f"{above.items}. " if above.ordered else "- "
        self._opened.append((attributes.get("ID"), -1))

    def end(self, name: str) -> None:
        """An element closes."""
        self._levels.pop()
        self._deleted -= bool(self._deleted)
        id_, start = self._opened.pop()
        if id_ and start >= 0:
            self.marks.setdefault(id_, (start, len(self._scribe)))
        if name == "item":
            self._marker = ""
        self._part(name)

    def text(self, text: str, at: int) -> None:
        """A piece of text, as the door gives it: a line end and a reference stand alone."""
        if self._deleted:
            return
        if text == "\n":
            self._line_ends.append(at)
            return
        if self._gap or not len(self._scribe) or self._line_ends:
            kept = text.lstrip(BLANK)
            at += (len(text) - len(kept)) * (2 if self._encoding == UTF_16 else 1)
            text = kept
        if not text:
            return
        self._fill()
        self._note_beginnings()
        self._write(text, at)

    def _write(self, text: str, at: int) -> None:
        width, place = self._width(text, at), self._levels[-1].path
        if width:
            self._scribe.write(text, place, at, width)
        else:
            self._scribe.copy(text, place, at, self._encoding)

    def _part(self, name: str) -> None:
        if name in BLOCKS or name == "br":
            self._widen(Gap.LINE)
        elif name in CELLS:
            self._widen(Gap.CELL)

    def _widen(self, gap: Gap) -> None:
        self._gap = max(self._gap, gap)

    def _fill(self) -> None:
        """Writes what parts the text to come from the text before."""
        if self._gap and len(self._scribe):
            self._scribe.put(GAPS[self._gap])
        elif len(self._scribe):
            # An empty line within a sentence is the file's: it would part what belongs together.
            ends = self._line_ends if self._scribe.tail in ENDS else self._line_ends[:1]
            for at in ends:
                self._write("\n", at)
        if self._heading:
            self._scribe.put(f"{self._heading}:\n")
        if self._marker:
            self._scribe.put(self._marker)
        self._gap, self._marker, self._heading, self._line_ends = Gap.NONE, "", None, array("q")

    def _note_beginnings(self) -> None:
        """Open elements begin with the character to come, up to the one that has begun already."""
        for n in range(len(self._opened) - 1, -1, -1):
            id_, start = self._opened[n]
            if start >= 0:
                return
            self._opened[n] = (id_, len(self._scribe))

    def _width(self, text: str, at: int) -> int:
        """The bytes of a single code point that is written otherwise than it reads; 0 for what stands as it is."""
        if len(text) > 2:
            return 0
        unit = 2 if self._encoding == UTF_16 else 1
        head = self._raw[at : at + 2 * unit].replace(b"\0", b"")
        if text == "\n":
            return 2 * unit if head == b"\r\n" else 0
        found = _REFERENCE.match(self._raw, at) if head[:1] == b"&" else None
        return len(found[0]) if found else 0
