"""The text of a table with the byte of every character: asked in order, it costs the text once."""

from __future__ import annotations

from leadterm.domain import InputError, ReadingNote
from leadterm.records.limits import bounded
from leadterm.records.scribe import SINGLE, UTF_8, UTF_16, Scribe
from leadterm.records.text import marked_encoding

from .cells import Cell

WIDTHS = {"utf-8": UTF_8, "utf-16-le": UTF_16, "utf-16-be": UTF_16}
# Each doubled quotation mark of a text is a piece with a place of its own.
MOST_MARKS, BYTES_A_MARK = 200_000, 16
_CHARACTERS = ReadingNote(
    "LEADTERM:records/csv-characters", "The table is not in UTF-8; its characters were read as those of Windows."
)


class Source:
    """A decoded file.

    Attributes:
        text: Its text, a byte-order mark left out.
        notes: What is to be told of its characters.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        """Raises InputError for what is empty, binary, more than a record may have, or not what its mark says."""
        marked, mark = marked_encoding(bounded(raw, name))
        if marked is None and b"\0" in raw:
            raise InputError(f"{name} looks binary (a NUL byte): export the table as csv in UTF-8.")
        self._codec, self.text = _decoded(raw[len(mark) :], marked, name)
        self.notes = () if self._codec in (marked, "utf-8") else (_CHARACTERS,)
        self._cursor = 0, len(mark)
        self._name, self._marks = name, max(MOST_MARKS, len(raw) // BYTES_A_MARK)
        if not self.text.strip():
            raise InputError(f"{name} is empty: there is nothing to code.")

    def copied(self, cell: Cell, place: str) -> Scribe:
        """What a cell says, with where each character stands. Cells are asked in their order.

        Raises InputError for more doubled quotation marks than a record may have.
        """
        if cell.doubled:
            self._marks -= self.text.count('""', cell.start, cell.end)
            if self._marks < 0:
                raise InputError(
                    f"{self._name} has more quotation marks within texts than a record may have: split it."
                )
        scribe = Scribe()
        for start, end in cell.pieces(self.text):
            piece, byte = self.text[start:end], self._byte(start)
            if self._codec.startswith("utf-32"):
                scribe.write(piece, place, byte, 4)
            else:
                scribe.copy(piece, place, byte, WIDTHS.get(self._codec, SINGLE))
        return scribe

    def _byte(self, index: int) -> int:
        seen, byte = self._cursor
        between = self.text[seen:index]
        byte += len(between) if between.isascii() and self._codec == "utf-8" else len(between.encode(self._codec))
        self._cursor = index, byte
        return byte


def _decoded(raw: bytes, marked: str | None, name: str) -> tuple[str, str]:
    for codec in (marked,) if marked else ("utf-8", "cp1252", "latin-1"):
        try:
            return codec, raw.decode(codec)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{name} is not {marked}, as its byte-order mark says: export the table anew.")
