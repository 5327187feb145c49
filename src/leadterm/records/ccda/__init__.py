"""C-CDA: clinical documents of any type, whole or fragments, structured or not (HL7 CDA R2, C-CDA 1.1 to 3.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leadterm.domain import Document, Encounter, ReadingNote, RecordedCode
from leadterm.records.limits import bounded

from .bodies import documents_of
from .entries import quoting
from .header import Header
from .reader import ROOT, Read
from .reader import read as read_events

__all__ = ["read"]

FRAGMENT = ReadingNote(
    "LEADTERM:records/fragment",
    "The file is a part of a C-CDA document: who, when and where are not told, and its codes may lack their context.",
)


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounter of a C-CDA document, or of a fragment of one.

    Raises InputError for what is not well-formed XML, has a document type, nests too deeply or is too large.
    """
    found = read_events(bounded(raw, name), name)
    header = Header(found.header)
    written = header.written()
    main = Document(
        id=written.id or "d1",
        text=found.text,
        type=written.type,
        author=written.author,
        service_time=written.time,
        signed_time=written.signed,
        status=written.status,
        series=written.series,
        version=written.version,
        **written.relations,
        origin=found.origin,
    )
    documents, notes = documents_of(main, found.bodies)
    fragment = () if found.root == ROOT else (FRAGMENT,)
    encounter = header.encounter(stem)
    codes = tuple(_codes(found, main))
    return (replace(encounter, documents=documents, codes=codes, notes=(*fragment, *notes)),)


def _codes(found: Read, document: Document) -> Iterator[RecordedCode]:
    quoted = quoting(document, found.marks)
    return (lead.quoting(quoted) for section in found.sections for lead in section.leads)
