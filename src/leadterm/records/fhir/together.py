"""Files of FHIR that are read together: loose resources, bulk exports and bundles that speak of one another.

Resources in files of their own, pages of a search and files of ndjson are what one server has handed out: in one folder
they are one record, as a bundle of them would be. Any other bundle is a record of its own. What a record lacks the
others are asked for (`beyond`), and what differs is told and followed to none.
"""

from __future__ import annotations

from collections.abc import Iterable

from leadterm.domain import Encounter, InputError

from .assembly import Placed, encounters, people
from .beyond import Beyond
from .meeting import take_up
from .notes import note
from .parsing import Found, Reader
from .record import Record
from .told import Given

# Bundles that hold what was asked for, and not what belongs together.
PAGES = frozenset(("searchset", "history", "batch-response", "transaction-response"))


def take_file(record: Record, content: bytes | Iterable[bytes], name: str) -> Reader:
    """Adds the resources of a file to a record. Raises InputError for what is no JSON or no FHIR, or too large."""
    reader = Reader()
    known = False
    for found in _resources(reader, content, name):
        known = known or isinstance(found.value.get("resourceType"), str)
        record.take(found)
    if not known and reader.kind is None and isinstance(content, bytes):
        raise InputError(f"{name} is not FHIR: it names no resourceType.")
    if reader.repeated:
        record.notes[note("fhir-members")] = None
    if reader.broken:
        record.notes[note("fhir-lines")] = None
    return reader


def read_files(files: Iterable[Given]) -> list[tuple[Given, Encounter]]:
    """The encounters that files tell of together, each with the first of them that tells of it.

    Raises InputError as reading one of them does.
    """
    homes: dict[str, Record] = {}
    records: list[tuple[Record, str | None]] = []
    for given in files:
        record = Record(given)
        reader = take_file(record, given.content, given.name)
        if reader.kind is not None and reader.kind not in PAGES:
            records.append((record, reader.kind))
        elif given.folder in homes:
            take_up(homes[given.folder], record)
        else:
            homes[given.folder] = record
            records.append((record, None))
    if len(records) > 1:
        beyond = Beyond([record for record, _ in records])
        for record, _ in records:
            record.beyond = beyond
    found = [placed for record, bundle in records for placed in encounters(record, _stem(record), bundle)]
    return _told(found or [placed for record, _ in records for placed in people(record, _stem(record))])


def _told(found: Iterable[Placed]) -> list[tuple[Given, Encounter]]:
    return [(file, encounter) for file, encounter in found if file]


def _stem(record: Record) -> str:
    return record.file.stem if record.file else "chart"


def _resources(reader: Reader, content: bytes | Iterable[bytes], name: str) -> Iterable[Found]:
    return reader.resources(content, name) if isinstance(content, bytes) else reader.lines(content, name)
