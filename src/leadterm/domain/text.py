"""Text that is never changed, and what is quoted of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from .errors import InputError
from .origins import Origin
from .spans import Span


class DocumentStatus(StrEnum):
    """How final a document is (contract: encounter/1)."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    ADDENDUM = "addendum"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a record, decoded without newline translation or normalisation.

    Attributes:
        id: Unique within its encounter.
        text: The untouched text; all offsets point into it.
        type: What the record calls it (progress note, discharge summary, …).
        author_role: Who wrote it (physician, nurse, radiologist, …).
        service_time: When the care took place.
        signed_time: When it was signed; None if unsigned or unknown.
        status: How final it is.
        supersedes: Id of the document that this one replaces.
        sha256: Of the UTF-8 text; computed when not given, checked when given.
        author: Name or id of who wrote it.
        appends: Id of the document that this one goes on with.
        same_as: Id of the document of which this one is another copy or form: it is read once.
        series, version: What versions of one document have in common, and which of them this one is.
        file: Name of the file that it was read from, where several were read together.
        origin: Where the text stood in the record that it was read from; None where the record is that text.
    """

    id: str
    text: str
    type: str | None = None
    author_role: str | None = None
    service_time: datetime | None = None
    signed_time: datetime | None = None
    status: DocumentStatus = DocumentStatus.FINAL
    supersedes: str | None = None
    sha256: str = field(default="")
    author: str | None = None
    appends: str | None = None
    same_as: str | None = None
    series: str | None = None
    version: int | None = None
    file: str | None = None
    origin: Origin | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        if self.sha256 not in ("", digest):
            raise InputError(f"Document {self.id} does not have the text that its sha256 promises.")
        object.__setattr__(self, "sha256", digest)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a chart that prove something.

    Attributes:
        document: Id of the document.
        span: Where they stand.
        text: The words themselves: `document.text[start:end]`.
        source: Where that is in the original record (byte range, XML path, HL7 field, page); None for plain text.
    """

    document: str
    span: Span
    text: str
    source: str | None = None

    @classmethod
    def quote(cls, document: Document, span: Span) -> Evidence:
        """The words of `document` at `span`. Raises InputError when the span leaves the text."""
        if span.end > len(document.text):
            raise InputError(f"The span {span.start}:{span.end} leaves document {document.id}.")
        source = document.origin.place(span) if document.origin else None
        return cls(document.id, span, span.of(document.text), source)


class Passage(NamedTuple):
    """A section of a document with its sentences and list items, as abstraction took it apart.

    Attributes:
        document: Id of the document.
        kind: Of the section (`procedure`, `hospital-course`, …); `unknown` before the first header, `other` under a
            header of no known name.
        start: Where its header begins.
        body: Where the text under the header begins; equal to `start` where it has none.
        end: One after the last code point.
        segments: (start, end) of each sentence or list item, in order; all offsets point into the document's text.
    """

    document: str
    kind: str
    start: int
    body: int
    end: int
    segments: tuple[tuple[int, int], ...]
