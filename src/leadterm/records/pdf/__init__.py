"""PDF with a text layer: its words, each with page and box; pages that are pictures are told, or read where they can.

The layer is PDFium's (decisions/0025), in a process of its own; pictures are read by tesseract where it is installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from leadterm.domain import Document, Encounter, InputError, Origin, ReadingNote
from leadterm.records.limits import bounded, cut_short
from leadterm.records.recognising import recognised, recogniser
from leadterm.records.scribe import Scribe

from .cells import CELL, gaps
from .running import Span, flowing

__all__ = ["Layer", "read", "read_layer", "scanned"]

SCAN = "LEADTERM:records/scan"
SECONDS = 180
# What a PDF ends with; what transports put behind it is passed over (ISO 32000-1, 7.5.5).
_END = b"%%EOF"
LONGEST_END = 8_192
# What the process exits with, in words.
REFUSALS = {
    3: "is no PDF that can be read: it is cut off or damaged; export it again",
    4: "wants a password: save it without one",
    5: "holds far more text than a file of its size does: it is no chart; print it to a new PDF",
}
_Page = tuple[str, Sequence[Sequence[float]]]
Layer = tuple[str, Origin, tuple[ReadingNote, ...]]


def read(raw: bytes, name: str, stem: str) -> tuple[Encounter, ...]:
    """The encounter of a PDF: one document. Raises InputError for what cannot be read, in a sentence."""
    text, origin, notes = read_layer(raw, name)
    documents = (Document("d1", text, origin=origin),) if text.strip() else ()
    return (Encounter(stem, documents=documents, notes=notes),)


def read_layer(raw: bytes, name: str, place: str = "") -> Layer:
    """The text of a PDF, page by page, where each word stands, and what is to be told."""
    if find_spec("pypdfium2") is None:
        raise InputError(f"{name} is a PDF, which takes another package: pip install 'leadterm[pdf]'.")
    scribe = Scribe()
    scans = unread = 0
    pages: list[_Page] = []
    for shown in _pages(bounded(raw, name), name):
        text, words = shown["text"], shown["words"]
        if not words and shown["pictures"]:
            scans += 1
            text, words = recognised(shown.get("image"))
            unread += not words
        pages.append((text, words))
    for number, (page, (part, goes_on)) in enumerate(zip(pages, flowing([text for text, _ in pages]), strict=True), 1):
        _write(scribe, page, part, goes_on, f"{place}page {number}")
    cut = () if _END in raw[-LONGEST_END:] else (cut_short("The PDF"),)
    return scribe.text(), scribe.origin(), (*scanned(scans, unread), *cut)


def _pages(raw: bytes, name: str) -> list[Mapping[str, Any]]:
    command = [sys.executable, "-m", "leadterm.records.pdf.worker"]
    if recogniser():
        command.append("--pictures")
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise InputError(f"{name} takes more than {SECONDS} seconds to open; print it to a new PDF.") from None
    if done.returncode:
        why = REFUSALS.get(done.returncode, "breaks the program that reads it, or wants more memory than a record may")
        raise InputError(f"{name} {why}.")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _write(scribe: Scribe, page: _Page, part: Span, goes_on: bool, place: str) -> None:
    """A part of a page: its words with their boxes, what stands between them without."""
    text, words = page
    at, stop = part
    if len(scribe) and text[at:stop].strip():
        scribe.put("\n" if goes_on else "\n\n")
    last: Sequence[float] | None = None
    cells = gaps(text, words)
    for start, length, *box in words:
        start, end = int(start), int(start + length)
        if not at <= start < stop:
            continue
        between = _between(text[at:start])
        scribe.put(cells.get(start) or (_gap(last, box) if last and between == " " else between))
        scribe.write(text[start:end], f"{place}, box {' '.join(f'{side:g}' for side in box)}", 0, 0)
        at, last = end, box


def _between(text: str) -> str:
    """What parts words, without the marks of the layer: line ends as one character, soft hyphens away."""
    return text.replace("\r\n", "\n").replace("\x02", "").replace("\ufffe", "").replace("\0", "")


def _gap(one: Sequence[float], other: Sequence[float]) -> str:
    """What a blank between two boxes was: a tab where cells of a table part, a line end where the line goes back.

    The layer writes a blank wherever letters stand apart. Those of justified lines are narrower than a letter is high.
    """
    height = max(one[3] - one[1], other[3] - other[1])
    width = other[0] - one[2]
    if width < -height:
        return "\n"
    return "\t" if width > CELL * height else " "


def scanned(scans: int, unread: int) -> tuple[ReadingNote, ...]:
    """What is to be told of pages that are pictures, of which some could not be read."""
    notes = []
    if unread:
        notes.append(ReadingNote(SCAN, f"{_pages_are(unread)} without a text layer: what stands there was not read."))
    if read_so := scans - unread:
        notes.append(ReadingNote(SCAN, f"{_pages_are(read_so)} read by tesseract: check what is quoted of them."))
    return tuple(notes)


def _pages_are(count: int) -> str:
    return "1 page is a picture," if count == 1 else f"{count} pages are pictures,"
