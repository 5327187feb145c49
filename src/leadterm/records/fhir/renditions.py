"""Of the forms of a document, the one that is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from leadterm.domain import InputError, Origin, ReadingNote, RecordedCode
from leadterm.records import ccda
from leadterm.records.attachments import Attachment, opened, unpacked

from .notes import note
from .record import Record
from .told import Draft, Rendition

# Of several forms of the same document, the first of these reads best.
ORDER = (
    "text/plain",
    "application/xhtml+xml",
    "application/xhtml",
    "text/html",
    "application/xml",
    "text/xml",
    "text/rtf",
    "application/rtf",
    "application/pdf",
)
_CLINICAL = re.compile(rb"<(?:\w{1,20}:)?ClinicalDocument\b")
_HEAD = 4096


@dataclass(slots=True)
class Form:
    """What was read: text with its origin, and the codes of a clinical document within."""

    text: str
    origin: Origin | None
    codes: tuple[RecordedCode, ...] = ()


def read(record: Record, draft: Draft, what: str, notes: dict[ReadingNote, None]) -> Form | None:
    """What the best form of a document holds; None, with notes, where none could be read."""
    forms = [_found(record, form) for form in draft.renditions]
    failed: list[ReadingNote] = []
    for form in sorted(forms, key=_rank):
        if form.data is None:
            failed.append(note("fhir-elsewhere", what))
            continue
        attachment = unpacked(form.data, form.media or "", form.place)
        found, told = _opened(attachment)
        if found:
            notes.update(dict.fromkeys(told))
            return found
        failed += told
    notes.update(dict.fromkeys(failed))
    return None


def _opened(attachment: Attachment) -> tuple[Form | None, tuple[ReadingNote, ...]]:
    if _CLINICAL.search(attachment.content[:_HEAD]):
        try:
            return _clinical(attachment)
        except InputError as error:
            return None, (ReadingNote("LEADTERM:records/attachment", str(error)),)
    text, origin, told = opened(attachment)
    return (Form(text, origin) if text.strip() else None), told


def _clinical(attachment: Attachment) -> tuple[Form | None, tuple[ReadingNote, ...]]:
    """A C-CDA document within: its narrative and its codes, placed in the attachment."""
    (within,) = ccda.read(attachment.content, "An attachment", "attachment")
    if not within.documents:
        return None, within.notes
    main = within.documents[0]
    # The evidence of its codes quotes a document that has another id here.
    codes = (replace(code, evidence=None, source=f"{attachment.place}, {code.source}") for code in within.codes)
    return Form(main.text, main.origin, tuple(codes)), within.notes


def _rank(form: Rendition) -> int:
    name = (form.media or "").partition(";")[0].strip().lower()
    return ORDER.index(name) if name in ORDER else len(ORDER) - (not name)


def _found(record: Record, form: Rendition) -> Rendition:
    """The form itself, or the Binary that it refers to."""
    if form.data is not None:
        return form
    found = record.find(lambda other: other.binaries, form.url)
    if found is None:
        return form
    held, _ = found
    return Rendition(form.media or held.media, held.data, None, held.place)
