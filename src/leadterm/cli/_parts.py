"""A file on its way out, part by part: errors counted, the bar moved, one JSON value written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Generic, TypeVar

from leadterm.domain import Finding, Severity

from ._out import put_bytes

MOST_IN_MEMORY = 1 << 24
MOVED_EVERY = 1000
Part = TypeVar("Part")


class Watch(Generic[Part]):
    """The parts of a file on their way out: counts what is wrong, and moves the bar."""

    def __init__(self, parts: Iterator[Part], source: BinaryIO, bar: Callable[[int], None]) -> None:
        self._parts, self._source, self._bar = parts, source, bar
        self.errors = 0

    def __iter__(self) -> Iterator[Part]:
        for count, part in enumerate(self._parts):
            found = (part,) if isinstance(part, Finding) else getattr(part, "findings", ())
            self.errors += sum(f.severity is Severity.ERROR for f in found)
            if count % MOVED_EVERY == 0:
                self._bar(self._source.tell())
            yield part


def size_of(source: BinaryIO) -> int:
    """How many bytes a file has, wherever it is read."""
    at = source.tell()
    size = source.seek(0, os.SEEK_END)
    source.seek(at)
    return size


def put_pieces(pieces: Iterable[str]) -> None:
    """One JSON value. It is written aside first: a file that breaks off must not leave half a value behind."""
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY) as out:
        for piece in pieces:
            out.write(piece.encode("utf-8", "backslashreplace"))
        out.seek(0)
        sys.stdout.flush()
        while chunk := out.read(1 << 20):
            put_bytes(chunk)
