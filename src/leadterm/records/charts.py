"""Files to encounters: records of any format, encounter JSON, and jsonl with one a line (contract: `leadterm code`)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import BinaryIO

from leadterm.domain import Document, Encounter, InputError, ReadingNote

from . import archives, ccda, fhir, hl7v2, pdf, pictures, rtf, table
from .asked import Chart, Overrides
from .attachments import read_html
from .face_sheet import with_face_sheet
from .formats import Format, detect
from .limits import MOST_RECORD
from .rows import codable, is_row, json_encounter, rows_of
from .text import MOST_BYTES, beginning, decode

HEAD = 4096
STDIN = "standard input"
NO_TEXT = ReadingNote("LEADTERM:records/no-text", "The record holds no narrative: nothing in it could support a code.")


def read_encounter(path: Path) -> Encounter:
    """The encounter of a JSON file (`--encounter E.json`). Raises InputError in a sentence."""
    return json_encounter(decode(read_whole(path), path.name), path.name, path.stem)


def read_charts(
    path: Path | None, stream: BinaryIO, overrides: Overrides, encoding: str | None = None
) -> Iterator[Chart]:
    """The charts of a file (`path`), or of `stream` when the path is None; a bad row of a jsonl in its place.

    Raises InputError when the file as a whole cannot be read.
    """
    if path is None:
        yield from _read(stream, STDIN, "chart", overrides, encoding)
        return
    with _opened(path) as handle:
        yield from _read(handle, path.name, path.stem, overrides, encoding)


def read_upload(name: str, content: bytes, overrides: Overrides, encoding: str | None = None) -> Iterator[Chart]:
    """The charts of a file that came with its name instead of from a folder; otherwise as `read_charts`."""
    return _read(io.BytesIO(content), name, PurePath(name).stem or "chart", overrides, encoding)


def read_whole(path: Path) -> bytes:
    """The bytes of a file. Raises InputError in a sentence where there is no file or it cannot be read."""
    with _opened(path) as handle:
        return handle.read()


def must_exist(path: Path) -> None:
    """Nothing where there is something to open. Raises InputError for a missing file and for a folder."""
    try:
        missing, folder = not path.exists(), path.is_dir()
    except OSError as error:
        # Most often a text given in the place of a file; it may be a chart, so it is not repeated.
        raise InputError(f"What is given as a file cannot be opened: {error.strerror}.") from None
    if missing:
        raise InputError(f"There is no file {path}.")
    if folder:
        raise InputError(f"{path} is a folder; give its files, or use `leadterm code {path}/*.txt`.")


@dataclass(frozen=True, slots=True)
class Source:
    """A file or stream of which the beginning was read.

    Attributes:
        handle: What is left of it.
        name: For messages.
        head: What was read: at least the first line, and the second where the first is JSON by itself.
        format: Told from the beginning, else from the name.
    """

    handle: BinaryIO
    name: str
    head: bytes
    format: Format


@contextmanager
def opened(path: Path | None, stream: BinaryIO) -> Iterator[Source]:
    """A file, or `stream` where the path is None, with its beginning. Raises InputError where it cannot be read."""
    with nullcontext(stream) if path is None else _opened(path) as handle:
        name = path.name if path else STDIN
        try:
            head = handle.read(HEAD)
            kind = detect(beginning(head, None), name)
            if kind is Format.JSON:
                head = _whole_line(head, handle)
                kind = Format.JSONL if is_row(head) else kind
            yield Source(handle, name, head, kind)
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror or 'input error'}.") from None


def _whole_line(head: bytes, handle: BinaryIO) -> bytes:
    """The beginning as far as the second line, line by line: whoever writes to us may wait for the first answer."""
    head += b"" if b"\n" in head else handle.readline(MOST_BYTES)
    return head + (handle.readline(MOST_BYTES) if head.endswith(b"\n") else b"")


def _opened(path: Path) -> BinaryIO:
    must_exist(path)
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None


def _read(handle: BinaryIO, name: str, stem: str, overrides: Overrides, encoding: str | None) -> Iterator[Chart]:
    try:
        head = handle.read(HEAD)
        kind = detect(beginning(head, encoding), name)
        if kind is Format.X12:
            raise InputError(f"{name} is {kind}, which holds claims: use `leadterm validate` or `leadterm claim read`.")
        if kind is Format.OFFICE:
            raise InputError(f"{name} is an {kind}: save it as PDF, RTF or text, a table as csv.")
        if kind is Format.ARCHIVE:
            packed = io.BytesIO(head + handle.read(MOST_RECORD + 1))
            yield from _members(packed, name, overrides, encoding)
            return
        if kind in RECORDS:
            yield from _records(RECORDS[kind], head + handle.read(MOST_RECORD + 1), name, stem, overrides)
            return
        if name == STDIN and kind is Format.JSON:
            head = _whole_line(head, handle)
            kind = Format.JSONL if is_row(head) else kind
        if kind is Format.JSONL:
            yield from rows_of(head, handle, name, overrides, encoding)
            return
        raw = head + handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or 'input error'}.") from None
    text = decode(raw, name, encoding)
    if kind is Format.JSON:
        encounter = json_encounter(text, name, stem)
    else:
        encounter = with_face_sheet(Encounter(stem, documents=(Document("d1", text),)))
    yield Chart(codable(overrides.applied(encounter), name), False)


def _records(read: RecordReader, raw: bytes, name: str, stem: str, overrides: Overrides) -> Iterator[Chart]:
    """The encounters of a record: a row each where it tells of several."""
    encounters = read(raw, name, stem)
    if read in HEADLESS:
        encounters = tuple(map(with_face_sheet, encounters))
    for encounter in encounters:
        yield Chart(told(overrides.applied(encounter)), len(encounters) > 1)


def _members(packed: BinaryIO, name: str, overrides: Overrides, encoding: str | None) -> Iterator[Chart]:
    """The charts of the files of an archive, each a row."""
    for member, content in archives.members(packed, name):
        for chart in read_upload(member, content, overrides, encoding):
            yield replace(chart, is_row=True)


def told(encounter: Encounter) -> Encounter:
    """The encounter, with a word where it holds no narrative: codes and values alone are a record too."""
    has_words = encounter.charges or any(d.text.strip() for d in encounter.documents)
    if has_words == (NO_TEXT not in encounter.notes):
        return encounter
    others = tuple(note for note in encounter.notes if note != NO_TEXT)
    return replace(encounter, notes=others if has_words else (*others, NO_TEXT))


def _rich_text(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    text, origin, notes = rtf.read(raw, name)
    return (Encounter(stem, documents=(Document("d1", text, origin=origin),), notes=notes),)


def _marked_up(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    text, origin, notes = read_html(raw, name)
    return (Encounter(stem, documents=(Document("d1", text, origin=origin),), notes=notes),)


RecordReader = Callable[[bytes, str, str], tuple[Encounter, ...]]
RECORDS: Mapping[Format, RecordReader] = {
    Format.XML: ccda.read,
    Format.FHIR: fhir.read,
    Format.HL7V2: hl7v2.read,
    Format.RTF: _rich_text,
    Format.PDF: pdf.read,
    Format.TABLE: table.read,
    Format.HTML: _marked_up,
    Format.PICTURE: pictures.read,
}
# Formats that say nothing beside their words.
HEADLESS: tuple[RecordReader, ...] = (_rich_text, _marked_up, pdf.read, pictures.read)
