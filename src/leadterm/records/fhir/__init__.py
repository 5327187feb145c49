"""FHIR R4, R4B and R5 in JSON: a resource, a bundle, or ndjson, as encounters with documents and leads.

Resources are joined by their references; each is reduced to values as soon as it is read (`record`), and encounters
are put together at the end (`assembly`). Where resources say what stands in tables beside the modules.
"""

from __future__ import annotations

from leadterm.domain import Encounter

from .assembly import encounters, people
from .record import Record
from .together import read_files, take_file
from .told import Given

__all__ = ["Given", "read", "read_files"]


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounters that a file tells of, at least one: a resource, a Bundle, or ndjson.

    Args:
        raw: Its bytes.
        name: Of the file, for errors.
        stem: The id of an encounter that has none of its own.

    Raises InputError for what is no JSON, no FHIR, too large or nested too deeply.
    """
    record = Record()
    bundle = take_file(record, raw, name).kind
    found = encounters(record, stem, bundle) or people(record, stem)
    return tuple(encounter for _, encounter in found)
