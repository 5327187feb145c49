"""Bodies of C-CDA documents that are no XML: text as it stands or in base64, and what only names another file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadterm.domain import Document, ReadingNote
from leadterm.records.attachments import Attachment, opened, unpacked

from .reader import Body

ELSEWHERE = ReadingNote(
    "LEADTERM:records/elsewhere",
    "The body of the document is in another file, which it only names: code that file too, with --encounter for the "
    "people and dates of this one.",
)


def documents_of(main: Document, bodies: Sequence[Body]) -> tuple[tuple[Document, ...], tuple[ReadingNote, ...]]:
    """The documents that a record holds, its narrative first, and what could not be read of them."""
    documents = [main] if main.text.strip() else []
    notes: list[ReadingNote] = []
    for number, body in enumerate(bodies, 1):
        if body.tree.first("reference"):
            notes.append(ELSEWHERE)
            continue
        place = f"/ClinicalDocument/component/nonXMLBody[{number}]/text"
        media = body.tree.get("mediaType") or "text/plain"
        packed = (body.tree.get("representation") or "").upper() == "B64"
        attachment = unpacked(body.raw, media, place) if packed else Attachment(body.raw.encode(), media, place)
        text, origin, told = opened(attachment)
        notes += told
        if text.strip():
            name = main.id if not documents else f"{main.id}-{number}"
            series = None if documents else main.series
            documents.append(replace(main, id=name, text=text, origin=origin, sha256="", series=series))
    return tuple(documents), tuple(notes)
