"""Of the forms of a document, the one that is read."""

from __future__ import annotations

from leadterm.domain import ReadingNote

from .attachments import Content, content, decoded, rank
from .notes import note
from .record import Record
from .told import Draft, Rendition


def read(record: Record, draft: Draft, what: str, notes: dict[ReadingNote, None]) -> Content | None:
    """What the best form of a document holds; None, with a note, where none could be read."""
    forms = [_found(record, form) for form in draft.renditions]
    failed: list[ReadingNote] = []
    for form in sorted(forms, key=lambda form: rank(form.media)):
        if form.data is None:
            failed.append(note("fhir-elsewhere", what))
        elif (raw := decoded(form.data)) is None:
            failed.append(note("fhir-base64", what))
        else:
            held = content(raw, form.media, form.place, what)
            if held.text is not None:
                if held.note:
                    notes[held.note] = None
                return held
            failed.append(held.note or note("fhir-unread", what))
    notes.update(dict.fromkeys(failed))
    return None


def _found(record: Record, form: Rendition) -> Rendition:
    """The form itself, or the Binary that it refers to."""
    if form.data is not None:
        return form
    held = record.binaries.get(record.canonical(form.url) or "")
    return Rendition(form.media or held.media, held.data, None, held.place) if held else form
