"""Segments of a message: their fields, repetitions, components, and where each character stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from leadterm.records.scribe import Scribe

from .delimiters import Delimiters
from .escapes import pieces, unescaped

# Segments and types of data have far fewer; what is beyond stays in the last one.
MOST_FIELDS = 200
MOST_COMPONENTS = 60
MOST_REPETITIONS = 200
# An empty value that deletes what was said before.
NULL = '""'


class Writing(NamedTuple):
    """How a message is written.

    Attributes:
        delimiters: Its separators.
        codec: Its character set, as Python names it.
        width: What `Scribe.copy` calls the encoding; None where bytes do not tell places.
        prefix: What places begin with: which message of several.
    """

    delimiters: Delimiters
    codec: str
    width: str | None
    prefix: str = ""


class Composite:
    """One repetition of a field, by components and subcomponents, counted from 1."""

    __slots__ = ("_parts", "_writing")

    def __init__(self, text: str, writing: Writing) -> None:
        separator = writing.delimiters.component
        self._parts = text.split(separator, MOST_COMPONENTS) if separator else [text]
        self._writing = writing

    def get(self, component: int, subcomponent: int = 1) -> str | None:
        """The value without blanks around it; None where it is absent, empty or null."""
        if component > len(self._parts):
            return None
        return _value(self._parts[component - 1], subcomponent, self._writing)

    def __bool__(self) -> bool:
        return any(self._parts)


class Piece(NamedTuple):
    """A part of a segment that is narrative: its raw text, where it begins in the segment, its place."""

    segment: Segment
    start: int
    text: str
    place: str

    def component(self, number: int) -> Piece:
        """A component of it, whole; empty where it is absent."""
        separator, start, text = self.segment.writing.delimiters.component, self.start, self.text
        place = f"{self.place}.{number}"
        for _ in range(number - 1):
            found = text.find(separator) if separator else -1
            if found < 0:
                return Piece(self.segment, start + len(text), "", place)
            start, text = start + found + 1, text[found + 1 :]
        return Piece(self.segment, start, text.partition(separator)[0] if separator else text, place)

    def stripped(self) -> Piece:
        """It without blanks around it."""
        text = self.text.lstrip()
        return Piece(self.segment, self.start + len(self.text) - len(text), text.rstrip(), self.place)

    def write(self, scribe: Scribe) -> None:
        """Writes it, escapes as what they mean, each character with its bytes."""
        writing, segment = self.segment.writing, self.segment
        for start, end, meant in pieces(self.text, writing.delimiters, writing.codec):
            at = segment.byte(self.start + start)
            if meant is None and writing.width:
                scribe.copy(self.text[start:end], self.place, at, writing.width)
            elif meant is None:
                scribe.write(self.text[start:end], self.place, segment.at, 0)
            else:
                width = end - start if writing.width else 0
                for character in meant:
                    scribe.write(character, self.place, at if width else segment.at, width)


class Segment:
    """One segment.

    Attributes:
        name: `OBX`.
        occurrence: Its number among those of its name in the message, from 1.
        text: As it is written.
        at: Its first byte in the file.
        writing: How its message is written.
    """

    __slots__ = ("_cursor", "_split", "at", "name", "occurrence", "text", "writing")

    def __init__(self, name: str, occurrence: int, text: str, at: int, writing: Writing) -> None:
        self.name, self.occurrence, self.text, self.at, self.writing = name, occurrence, text, at, writing
        self._split: list[str] | None = None
        self._cursor = (0, 0)

    def raw(self, field: int) -> str:
        """A field as it is written; empty where it is absent."""
        fields = self._fields()
        return fields[field] if field < len(fields) else ""

    def get(self, field: int, component: int = 1, subcomponent: int = 1) -> str | None:
        """A value of the field's first repetition; None where it is absent, empty or null."""
        text = self.raw(field)
        if not text or text == NULL:
            return None
        marks = self.writing.delimiters
        if marks.repetition and marks.repetition in text:
            text = text.partition(marks.repetition)[0]
        if marks.component and marks.component in text:
            parts = text.split(marks.component, component)
            return _value(parts[component - 1], subcomponent, self.writing) if component <= len(parts) else None
        return _value(text, subcomponent, self.writing) if component == 1 else None

    def first(self, field: int) -> Composite:
        """The first repetition of a field."""
        return next(self.all(field), None) or Composite("", self.writing)

    def all(self, field: int) -> Iterator[Composite]:
        """The repetitions of a field that hold something."""
        text, separator = self.raw(field), self.writing.delimiters.repetition
        parts = text.split(separator, MOST_REPETITIONS) if separator and separator in text else (text,)
        return (Composite(part, self.writing) for part in parts if part and part != NULL)

    def pieces(self, field: int) -> Iterator[Piece]:
        """The repetitions of a field with their places, empty ones too; none where the field is absent."""
        text = self.raw(field)
        if not text:
            return
        start = sum(map(len, self._fields()[:field])) + field - (self.name == "MSH") * 2
        for number, part in enumerate(_parts(text, self.writing.delimiters.repetition), 1):
            yield Piece(self, start, part, f"{self.place}-{field}[{number}]")
            start += len(part) + 1

    def piece(self, field: int) -> Piece:
        """The first of them; empty where there is none."""
        return next(self.pieces(field), Piece(self, 0, "", f"{self.place}-{field}[1]"))

    def forget(self) -> None:
        """Lets go of the fields, which are cut anew when asked for: a long report has very many lines."""
        self._split = None

    def _fields(self) -> list[str]:
        if self._split is None:
            self._split = self.text.split(self.writing.delimiters.field, MOST_FIELDS)
            if self.name == "MSH":
                self._split.insert(1, self.writing.delimiters.field)
        return self._split

    @property
    def place(self) -> str:
        """`OBX[3]`, behind the number of its message where the file has several."""
        return f"{self.writing.prefix}{self.name}[{self.occurrence}]"

    def byte(self, index: int) -> int:
        """The byte in the file of the character at `index`; asked in order, it costs the text once."""
        if self.writing.width != "utf-8" or self.text.isascii():
            return self.at + index
        seen, byte = self._cursor if self._cursor[0] <= index else (0, 0)
        byte += len(self.text[seen:index].encode())
        self._cursor = (index, byte)
        return self.at + byte


def _value(text: str, subcomponent: int, writing: Writing) -> str | None:
    marks = writing.delimiters
    if marks.subcomponent and marks.subcomponent in text:
        parts = text.split(marks.subcomponent, subcomponent)
        text = parts[subcomponent - 1] if subcomponent <= len(parts) else ""
    elif subcomponent > 1:
        return None
    if marks.escape and marks.escape in text:
        text = unescaped(text, marks, writing.codec)
    text = text.strip()
    return text if text and text != NULL else None


def _parts(text: str, separator: str) -> Iterator[str]:
    """The text cut at each separator, one at a time: a field may have very many."""
    start = 0
    while separator and (end := text.find(separator, start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]
