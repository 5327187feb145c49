"""FHIR R4, R4B and R5 in JSON: a resource, a bundle, or ndjson, as encounters with documents and leads.

Resources are joined by their references; each is reduced to values as soon as it is read (`record`), and encounters
are put together at the end (`assembly`). Where resources say what stands in tables beside the modules.
"""

from __future__ import annotations

from collections.abc import Iterable

from leadterm.domain import Encounter, InputError

from .assembly import encounters
from .notes import note
from .parsing import Reader
from .record import Record

__all__ = ["read", "read_files"]


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounters that a file tells of, at least one: a resource, a Bundle, or ndjson.

    Args:
        raw: Its bytes.
        name: Of the file, for errors.
        stem: The id of an encounter that has none of its own.

    Raises InputError for what is no JSON, no FHIR, too large or nested too deeply.
    """
    reader, record = Reader(), Record()
    known = False
    for found in reader.resources(raw, name):
        known = known or isinstance(found.value.get("resourceType"), str)
        record.take(found)
    if not known and reader.kind is None:
        raise InputError(f"{name} is not FHIR: it names no resourceType.")
    return _whole(reader, record, stem)


def read_files(files: Iterable[tuple[str, Iterable[bytes]]], stem: str) -> tuple[Encounter, ...]:
    """The encounters that the files of a bulk export tell of together: each a name and its lines of ndjson.

    Raises InputError for a file that has no line of JSON.
    """
    reader, record = Reader(), Record()
    for name, lines in files:
        for found in reader.lines(lines, name):
            record.take(found)
    return _whole(reader, record, stem)


def _whole(reader: Reader, record: Record, stem: str) -> tuple[Encounter, ...]:
    if reader.repeated:
        record.notes[note("fhir-members")] = None
    if reader.broken:
        record.notes[note("fhir-lines")] = None
    return encounters(record, stem, reader.kind)
