"""A file cut into messages and segments: one message, several, a batch; framed for transport or not.

A line that does not begin with the name of a segment and the field separator goes on with the segment before it: many
senders leave line ends within a text as they are.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice

from leadterm.domain import InputError, ReadingNote
from leadterm.records.limits import MOST_MEMBERS, bounded, cut_short

from .delimiters import Delimiters, declared
from .segments import Segment, Writing
from .tables import rows

# What a file may hold whatever its size; a larger one may hold a segment for each 40 bytes and a mark for each 16.
# Marks are repetition separators and escape characters: each makes a piece of text with a place of its own.
MOST_SEGMENTS, BYTES_A_SEGMENT = 40_000, 40
MOST_MARKS, BYTES_A_MARK = 500_000, 16
# What begins a document or carries one takes as much as so many other segments.
BEGINNING = frozenset((b"OBR", b"TXA"))
SEGMENTS_A_DOCUMENT = 6
KEPT = 1_000  # segments of a message; of a longer one each is cut from the file when it is asked for
_HEADER = re.compile(rb"(MSH|FHS|BHS|BTS|FTS)[^A-Za-z0-9\s\x00\x1c\x80-\xff]")
TRAILERS = {b"FTS": b"FHS", b"BTS": b"BHS"}
_TOLD = re.compile(rb"BTS[^A-Za-z0-9](\d{1,9})(?!\d)")
_LINE = re.compile(rb"[^\r\n\x0b\x1c]+")
# What a line may begin behind: a line end, a frame of the transport, the end of a byte-order mark.
_BEFORE = frozenset(b"\r\n\x0b\x1c\xbf")
_ENDS = b"\r\n\x0b\x1c"
_MARK = b"\xef\xbb\xbf"


class Segments:
    """The segments of a message, in order: kept where they are few, cut from the file anew where they are many."""

    __slots__ = ("_count", "_cut", "_kept", "_named")

    def __init__(self, count: int, cut: Callable[[int], Segment], named: Callable[[int, str], bool]) -> None:
        """`cut` gives the segment of a number, `named` tells whether it bears a name."""
        self._count, self._cut, self._named = count, cut, named
        self._kept = [cut(n) for n in range(count)] if count <= KEPT else None

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._kept) if self._kept is not None else map(self._cut, range(self._count))

    @property
    def header(self) -> Segment:
        """The first of them."""
        return self._kept[0] if self._kept else self._cut(0)

    def all(self, name: str) -> Iterator[Segment]:
        """Those of a name."""
        if self._kept is not None:
            return (segment for segment in self._kept if segment.name == name)
        return (self._cut(n) for n in range(self._count) if self._named(n, name))


@dataclass(slots=True)
class Message:
    """One message.

    Attributes:
        kind: MSH-9.1, `ADT`.
        event: MSH-9.2, `A01`; by EVN-1 where the header has none.
        segments: In order, the header first.
        notes: What its reading has to tell.
        file: Name of its file, where several are read together.
        digest: Of its bytes, where it has a number of its own (MSH-10): the same again is the same message, sent again.
    """

    kind: str
    event: str
    segments: Segments
    notes: list[ReadingNote] = field(default_factory=list)
    file: str | None = None
    digest: bytes | None = None

    def all(self, name: str) -> Iterator[Segment]:
        """Its segments of a name."""
        return self.segments.all(name)

    def first(self, name: str) -> Segment | None:
        """The first of them."""
        return next(self.all(name), None)


def messages_of(raw: bytes, name: str) -> Iterator[Message]:
    """The messages of a file in order. Raises InputError for what holds none, or more than a record may."""
    narrow, wide = _narrowed(bounded(raw, name), name)
    headers = _headers(narrow)
    starts = [n for n, header in enumerate(headers) if header[1] == b"MSH"]
    if not starts:
        raise InputError(f"{name} holds no HL7 message: a message begins with MSH and its separators.")
    if len(starts) > MOST_MEMBERS:
        raise InputError(f"{name} has more than {MOST_MEMBERS:,} messages: split it.")
    budget = _Budget(name, max(MOST_SEGMENTS, len(raw) // BYTES_A_SEGMENT), max(MOST_MARKS, len(raw) // BYTES_A_MARK))
    cut = [cut_short("A batch of messages")] if _is_cut(narrow, headers) else []
    for number, n in enumerate(starts, 1):
        end = headers[n + 1].start() if n + 1 < len(headers) else len(narrow)
        prefix = f"MSH[{number}] " if len(starts) > 1 else ""
        message = _message(narrow, headers[n], end, wide, prefix, budget)
        message.notes += cut
        if message.segments.header.get(10):
            message.digest = _digest(narrow, headers[n].start(), end)
        yield message


def _digest(raw: bytes, start: int, end: int) -> bytes:
    while end > start and raw[end - 1] in _BEFORE:
        end -= 1
    return blake2b(memoryview(raw)[start:end], digest_size=16).digest()


def _is_cut(raw: bytes, headers: list[re.Match[bytes]]) -> bool:
    """Whether a batch or file is opened and not closed, or its trailer counts other messages than there are."""
    opened: list[bytes] = []
    count = 0
    for header in headers:
        name = header[1]
        if name in TRAILERS.values():
            opened.append(name)
            count = 0 if name == b"BHS" else count
        elif name in TRAILERS:
            told = _TOLD.match(raw, header.start())
            if name == b"BTS" and told and int(told[1]) != count:
                return True
            if TRAILERS[name] in opened:
                opened.remove(TRAILERS[name])
        else:
            count += 1
    return bool(opened)


@dataclass(slots=True)
class _Budget:
    """How many segments and marks a file may still hold."""

    name: str
    segments: int
    marks: int

    def spend(self, segments: int, marks: int) -> None:
        """Raises InputError where that is more."""
        self.segments -= segments
        self.marks -= marks
        if min(self.segments, self.marks) < 0:
            raise InputError(f"{self.name} has more segments or repetitions than a record may have: split it.")


def _headers(raw: bytes) -> list[re.Match[bytes]]:
    found = []
    for header in _HEADER.finditer(raw):
        if header.start() == 0 or raw[header.start() - 1] in _BEFORE:
            found.append(header)
        if len(found) > 4 * MOST_MEMBERS:
            break
    return found


def _narrowed(raw: bytes, name: str) -> tuple[bytes, bool]:
    """The bytes as one byte a separator, and whether they were wider (UTF-16, UTF-32), so that they tell no places."""
    if b"\0" not in raw[:16]:
        return raw, False
    for codec in _wide(raw):
        try:
            return raw.decode(codec).lstrip("\ufeff").encode(), True
        except UnicodeError:
            continue
    raise InputError(f"{name} looks binary (a NUL byte near its beginning): give a text of HL7 version 2.")


def _wide(raw: bytes) -> tuple[str, ...]:
    if raw[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff") or raw[1:4] == b"\0\0\0" or raw[:3] == b"\0\0\0":
        return "utf-32", "utf-32-le", "utf-32-be"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    return ("utf-16-le",) if raw[1:2] == b"\0" else ("utf-16-be",)


def _message(raw: bytes, header: re.Match[bytes], end: int, wide: bool, prefix: str, budget: _Budget) -> Message:
    start = header.start()
    marks = _declared(raw, start, end)
    written = (mark.encode() for mark in (marks.repetition, marks.escape) if mark and mark.isascii())
    budget.spend(0, sum(raw.count(mark, start, end) for mark in written))
    codec, width, notes = _characters(raw, start, end, marks)
    segments = _segments(raw, start, end, Writing(marks, codec, None if wide else width, prefix), budget)
    head = segments.header
    event = head.get(9, 2) or next((s.get(1) for s in segments.all("EVN")), None) or ""
    return Message((head.get(9) or "").upper(), event.upper(), segments, notes)


def _declared(raw: bytes, start: int, end: int) -> Delimiters:
    separator = raw[start + 3 : start + 4]
    stop = raw.find(separator, start + 4, min(end, start + 20))
    line = raw[start + 4 : stop if stop >= 0 else start + 4].split(b"\r")[0].split(b"\n")[0]
    return declared(separator.decode("latin-1"), line.decode("latin-1"))


def _segments(raw: bytes, start: int, end: int, writing: Writing, budget: _Budget) -> Segments:
    mark = writing.delimiters.field
    opens = _opening(mark).match
    openings = (at for line in _LINE.finditer(raw, start, end) if opens(raw, at := line.start()))
    starts = array("q", islice(openings, budget.segments + 1))
    counts: Counter[bytes] = Counter()
    numbers = array("q")
    for begin in starts:
        name = raw[begin : begin + 3]
        counts[name] += 1
        numbers.append(counts[name])
    embedded = raw.count(f"{mark}ED{mark}".encode("latin-1"), start, end)
    documents = sum(counts[name] for name in BEGINNING) + embedded
    budget.spend(len(starts) + documents * (SEGMENTS_A_DOCUMENT - 1), 0)

    def cut(n: int) -> Segment:
        begin, stop = starts[n], starts[n + 1] if n + 1 < len(starts) else end
        content = raw[begin:stop].partition(b"\x1c")[0].removesuffix(_MARK).rstrip(_ENDS)
        text = content.decode(writing.codec, "replace")
        return Segment(sys.intern(text[:3]), numbers[n], text, begin, writing)

    return Segments(len(starts), cut, lambda n, name: raw.startswith(name.encode(), starts[n]))


@lru_cache(maxsize=64)
def _opening(separator: str) -> re.Pattern[bytes]:
    """What a segment begins with: a line that does not goes on with the one before."""
    return re.compile(rb"[A-Z][A-Z0-9]{2}" + re.escape(separator.encode("latin-1")))


def _characters(raw: bytes, start: int, end: int, marks: Delimiters) -> tuple[str, str | None, list[ReadingNote]]:
    """The codec of a message, what its bytes tell of places, and a note where it is not what MSH-18 names."""
    content = raw[start:end]
    names = _names(content, marks)
    first = next((found for name in reversed(names) if (found := _charsets().get(name))), None)
    if content.isascii() and not (first and first[1] is None):
        return "ascii", "single", []
    if first and first[0] != "ascii" and _fits(content, first[0]):
        return *first, []
    for codec, width in (("utf-8", "utf-8"), ("cp1252", "single"), ("latin-1", "single")):
        if _fits(content, codec):
            undeclared = codec != "utf-8" or names
            return codec, width, [_note(codec)] if undeclared else []
    raise AssertionError("latin-1 fits any bytes")


def _names(content: bytes, marks: Delimiters) -> list[str]:
    header = re.split(rb"[\r\n]", content[:4096], maxsplit=1)[0].decode("latin-1").split(marks.field)
    field_18 = header[17] if len(header) > 17 else ""
    names = field_18.split(marks.repetition) if marks.repetition else [field_18]
    return [name.strip().lower() for name in names if name.strip()]


def _fits(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _note(codec: str) -> ReadingNote:
    message = f"A message has characters that its character set (MSH-18) does not have; they were read as {codec}."
    return ReadingNote("LEADTERM:records/hl7-characters", message)


@cache
def _charsets() -> dict[str, tuple[str, str | None]]:
    return {r["name"]: (r["codec"], None if r["width"] == "none" else r["width"]) for r in rows("charsets.tsv")}
