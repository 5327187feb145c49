"""Scans that come as pictures (TIFF of a fax, PNG, JPEG): told as what they are, or read by tesseract where it is."""

from __future__ import annotations

from leadterm.domain import Document, Encounter

from .limits import bounded
from .pdf import scanned
from .recognising import recognised_pages, recogniser
from .scribe import Scribe


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounter of a picture: one document, each word with page and box (left, top, right, bottom in dots).

    Without tesseract, and where nothing can be read, a document is absent and a note says so. Raises InputError for a
    picture of more bytes than a record may have.
    """
    pages = recognised_pages(bounded(raw, name)) if recogniser() else []
    scribe = Scribe()
    for number, (text, words) in enumerate(pages, 1):
        scribe.put("\n\n" if len(scribe) and text else "")
        at = 0
        for start, length, *box in words:
            start, end = int(start), int(start + length)
            scribe.put(text[at:start])
            scribe.write(text[start:end], f"page {number}, dots {' '.join(f'{side:g}' for side in box)}", 0, 0)
            at = end
    unread = sum(not text for text, _ in pages) if pages else 1
    documents = (Document("d1", scribe.text(), origin=scribe.origin()),) if len(scribe) else ()
    return (Encounter(stem, documents=documents, notes=scanned(max(1, len(pages)), unread)),)
