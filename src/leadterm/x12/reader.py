"""Segments out of bytes: streaming, in constant memory, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from .errors import X12Error
from .segment import Segment, Separators

CHUNK = 1 << 16
# ISA is the one segment of fixed width: 105 characters and its terminator.
ISA_WIDTH = 106
ISA_PLACES = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
REPETITION_PLACE, VERSION_PLACE, COMPONENT_PLACE = 82, slice(84, 89), 104
# ISA11 is a separator from version 00402 on; before, it named a standard ("U").
FIRST_WITH_REPETITION = "00402"
# No segment of the health care transactions comes near this; a longer one means a lost terminator.
LONGEST_SEGMENT = 1 << 20
BOM = b"\xef\xbb\xbf"
BLANK = b" \t\r\n"
BLANKS = BLANK.decode()
SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
# Ids that were found well formed: at most 26 * 36 * 37 of them, in practice some forty.
_ids_seen: set[str] = set()


class Readable(Protocol):
    """A binary file, as far as reading needs it."""

    def read(self, size: int, /) -> bytes: ...  # noqa: D102


def read(source: bytes | Readable | Iterable[bytes]) -> Iterator[Segment]:
    """The segments of one or more interchanges, ISA and IEA included, in file order.

    Each ISA names its own separators. A byte-order mark, blanks around segments and line breaks inside them are
    dropped. Bytes are UTF-8, else Latin-1, segment by segment. Raises X12Error (an InputError) with its place when
    the file is not X12, breaks off, or has a segment without an id; counts are `envelope_faults`' work.
    """
    window = _Window(_chunks(source))
    window.skip_mark()
    if not window.skip_blank():
        raise X12Error("The file is empty; an X12 file starts with an ISA segment.")
    position = 0
    while window.skip_blank():
        for segment in _interchange(window, _separators(window, position), position):
            position = segment.position
            yield segment


class _Window:
    """The stretch of the file that is in memory, and where it starts."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.held = b""
        self.offset = 0

    def more(self) -> bool:
        """Whether another chunk could be added."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self.held += chunk
        return True

    def drop(self, count: int) -> None:
        self.held = self.held[count:]
        self.offset += count

    def skip_mark(self) -> None:
        while len(self.held) < len(BOM) and self.more():
            pass
        if self.held.startswith(BOM):
            self.drop(len(BOM))

    def skip_blank(self) -> bool:
        """Whether anything but blanks is left; the blanks before it are dropped."""
        while True:
            self.drop(len(self.held) - len(self.held.lstrip(BLANK)))
            if self.held:
                return True
            if not self.more():
                return False


def _chunks(source: bytes | Readable | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, (bytes, bytearray)):
        for start in range(0, len(source), CHUNK):
            yield bytes(source[start : start + CHUNK])
    elif hasattr(source, "read"):
        while chunk := source.read(CHUNK):
            yield chunk
    else:
        yield from source


def _separators(window: _Window, position: int) -> Separators:
    """The separators that the ISA at the window's start names."""
    place = (position + 1, window.offset)
    while len(window.held) < len(b"ISA") and window.more():
        pass
    if not window.held.startswith(b"ISA"):
        after = "What follows the IEA segment is not" if position else "The file does not start with"
        raise X12Error(f"{after} an ISA segment, so this is not X12; check that the right file was given.", *place)
    isa = _unwrapped(window.held)
    while len(isa) < ISA_WIDTH and window.more():
        isa = _unwrapped(window.held)
    if len(isa) < ISA_WIDTH:
        raise X12Error("The file ends inside its ISA segment; ask for the whole file.", *place)
    if any(isa[p] != isa[3] for p in ISA_PLACES):
        raise X12Error("The ISA segment does not have its fixed widths; ask the sender for a correct file.", *place)
    repetition = isa[REPETITION_PLACE] if isa[VERSION_PLACE] >= FIRST_WITH_REPETITION else None
    return Separators(
        element=isa[3],
        component=isa[COMPONENT_PLACE],
        # Some senders leave the version's new meaning unused and keep the old "U".
        repetition=None if repetition is None or repetition.isalnum() or repetition == " " else repetition,
        terminator=isa[ISA_WIDTH - 1],
    )


def _unwrapped(held: bytes) -> str:
    """The first 106 characters of an ISA that may have been wrapped; only its terminator may be a line break."""
    body = held[: 2 * ISA_WIDTH].decode("latin-1")
    if "\r" not in body[: ISA_WIDTH - 1] and "\n" not in body[: ISA_WIDTH - 1]:
        return body[:ISA_WIDTH]
    return body.replace("\r", "").replace("\n", "")[:ISA_WIDTH]


def _interchange(window: _Window, separators: Separators, position: int) -> Iterator[Segment]:
    """The segments from the ISA at the window's start to its IEA; the window then stands behind it."""
    mark = separators.terminator.encode()
    first = position + 1
    while True:
        whole, found, rest = window.held.rpartition(mark)
        offset = window.offset
        for raw, width in _raw_segments(whole, separators.terminator) if found else ():
            position += 1
            segment = _segment(raw, position, offset, separators)
            if segment.id == "ISA" and position != first:
                raise _unclosed(position - 1, offset)
            offset += width
            if segment.id == "IEA":
                window.drop(offset - window.offset)
                yield segment
                return
            yield segment
        window.held, window.offset = rest, offset
        if len(rest) > LONGEST_SEGMENT:
            raise X12Error("A segment never ends; the file was cut or its terminator changed.", position + 1, offset)
        if not window.more():
            break
    if not rest.strip(BLANK).startswith(b"IEA"):
        raise _unclosed(position, window.offset)
    # The last terminator of a file is often lost on the way; everything that it ended is there.
    window.drop(len(rest))
    yield _segment(_decoded(rest.rstrip(BLANK)), position + 1, offset, separators)


def _raw_segments(whole: bytes, terminator: str) -> Iterator[tuple[str, int]]:
    """The text of each segment and the bytes that it takes, its terminator included."""
    if whole.isascii():  # all of it decoded at once, and a character is a byte
        for text in whole.decode("ascii").split(terminator):
            yield text, len(text) + 1
        return
    for raw in whole.split(terminator.encode()):
        yield _decoded(raw), len(raw) + 1


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _segment(raw: str, position: int, offset: int, separators: Separators) -> Segment:
    body = raw.lstrip(BLANKS)
    offset += len(raw) - len(body)  # blanks are one byte each
    if "\n" in body or "\r" in body:
        body = body.replace("\r", "").replace("\n", "")
    name, *elements = body.split(separators.element)
    if name not in _ids_seen:
        if not SEGMENT_ID.fullmatch(name):
            raise X12Error(f"Segment {position} at byte {offset} has no segment id.", position, offset)
        _ids_seen.add(name)
    return Segment(name, tuple(elements), position, offset, separators)


def _unclosed(position: int, offset: int) -> X12Error:
    return X12Error(
        f"The interchange is not closed: no IEA segment after segment {position}; ask for the whole file.",
        position,
        offset,
    )
