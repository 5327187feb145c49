"""A file that is given to be read: one of a folder, a stream, or bytes that came with their name."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, Protocol

from leadterm.domain import InputError

from . import archives
from .asked import Chart, Overrides
from .charts import HEAD, STDIN, opened, read_charts, read_upload
from .formats import Format, detect
from .text import beginning


class Given(Protocol):
    """What reading asks of a file."""

    @property
    def name(self) -> PurePath | None:
        """Its name; None of a stream."""

    @property
    def encoding(self) -> str | None:
        """Its encoding, where the caller names one."""

    def kind(self) -> Format | None:
        """What it is; None of what can be read but once."""

    def open(self) -> BinaryIO:
        """Its bytes, of what can be read twice."""

    def charts(self, overrides: Overrides) -> Iterator[Chart]:
        """Its charts by themselves."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file by its path; None: a stream."""

    path: Path | None
    stream: BinaryIO
    encoding: str | None

    @property
    def name(self) -> PurePath | None:
        """Its path."""
        return self.path

    def kind(self) -> Format | None:
        """What it is; None of a pipe, too."""
        if self.path is None or not self.path.is_file():
            return None
        with self.open() as handle, opened(None, handle) as source:
            return source.format

    def open(self) -> BinaryIO:
        """The file, opened. Raises InputError where it cannot be."""
        assert self.path is not None
        try:
            return self.path.open("rb")
        except OSError as error:
            raise InputError(f"{self.path} cannot be read: {error.strerror}.") from None

    def charts(self, overrides: Overrides) -> Iterator[Chart]:
        """Its charts."""
        return read_charts(self.path, self.stream, overrides, self.encoding)


@dataclass(frozen=True, slots=True)
class Upload:
    """Bytes that came with their name."""

    given: str
    content: bytes
    encoding: str | None = None

    @property
    def name(self) -> PurePath:
        """Its name, a path without folders."""
        return PurePath(self.given)

    def kind(self) -> Format:
        """What it is."""
        return detect(beginning(self.content[:HEAD], self.encoding), self.given)

    def open(self) -> BinaryIO:
        """Its bytes."""
        return io.BytesIO(self.content)

    def charts(self, overrides: Overrides) -> Iterator[Chart]:
        """Its charts."""
        return read_upload(self.given, self.content, overrides, self.encoding)


def looked_at(files: Iterable[Given]) -> Iterator[tuple[Given, Format | InputError | None]]:
    """The files, those of an archive in its place, each with what it is, or why it cannot be read."""
    for file in files:
        try:
            kind = file.kind()
            members = _members(file) if kind is Format.ARCHIVE else None
        except InputError as error:
            yield file, error
            continue
        if members is None:
            yield file, kind
        else:
            yield from ((member, member.kind()) for member in members)


def _members(file: Given) -> list[Upload]:
    with file.open() as handle:
        packed = archives.members(handle, file.name.name if file.name else STDIN)
        return [Upload(member, content, file.encoding) for member, content in packed]
