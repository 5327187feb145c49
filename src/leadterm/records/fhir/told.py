"""What a resource tells: reduced to values as soon as it is read, so that the resource itself can be forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from leadterm.domain import (
    Charge,
    ClaimType,
    DocumentStatus,
    Origin,
    ProviderRole,
    ReadingNote,
    RecordedCode,
    RecordedKind,
    Setting,
)


@dataclass(frozen=True, slots=True)
class Given:
    """A file that is read together with others.

    Attributes:
        number: Its place among them, from 0.
        name, stem: Of the file, and the id of what has no other.
        folder: Files of one folder are of one system: what has one id there is one thing.
        content: Its bytes, or its lines where it is ndjson.
    """

    number: int
    name: str
    stem: str
    folder: str
    content: bytes | Iterable[bytes] = field(repr=False, compare=False)

    @property
    def has_lines(self) -> bool:
        """Whether it is a file of a bulk export."""
        return not isinstance(self.content, bytes)


@dataclass(slots=True)
class Loan:
    """Codes that are borrowed from a resource referred to.

    Attributes:
        lender: Its reference.
        kind, source: Of the borrowed codes here.
        status, day: Of the borrower; None where those of the lender hold.
        role: As the borrower types its diagnoses.
    """

    lender: str
    kind: RecordedKind
    source: str
    status: str | None = None
    day: date | None = None
    role: str | None = None


@dataclass(slots=True)
class Rendition:
    """A form of a document: its data in base64, or the reference to it."""

    media: str | None
    data: str | None
    url: str | None
    place: str


@dataclass(slots=True)
class Draft:
    """A document before its attachments and people are known.

    Attributes:
        text, origin: Of what is written in the resource itself.
        renditions: Else forms of the same document, of which one is read.
        author: Reference and display.
        role: Of who reads such reports; None where that is the author's own.
        replaces, appends, same_as: The reference of the document that it replaces, goes on with, is a form of.
        series, version: What its versions have in common, and which of them it is.
    """

    id: str
    type: str | None
    status: DocumentStatus
    author: tuple[str | None, str | None]
    service: datetime | None
    signed: datetime | None
    text: str = ""
    origin: Origin | None = None
    renditions: tuple[Rendition, ...] = ()
    replaces: str | None = None
    appends: str | None = None
    same_as: str | None = None
    series: str | None = None
    version: int | None = None
    role: str | None = None


@dataclass(slots=True)
class Part:
    """Someone's part in an encounter or a claim: a reference and what it displays; None where no role is named."""

    role: ProviderRole | None
    reference: str | None
    display: str | None


@dataclass(slots=True)
class Visit:
    """What an Encounter says of itself."""

    setting: Setting | None
    name: str | None
    start: date | datetime | None
    end: date | datetime | None
    disposition: str | None
    source: str | None
    admit_type: str | None
    parts: tuple[Part, ...]
    diagnoses: tuple[Loan, ...]


@dataclass(slots=True)
class Bill:
    """What a Claim or an ExplanationOfBenefit says."""

    claim: str | None
    type: ClaimType | None
    setting: Setting | None
    start: date | datetime | None
    end: date | datetime | None
    charges: tuple[tuple[str | None, Charge], ...]
    parts: tuple[Part, ...]
    coverages: tuple[tuple[str | None, str | None], ...]
    fields: dict[str, str]


@dataclass(slots=True)
class Told:
    """What a resource tells of an encounter.

    Attributes:
        key: Of the resource.
        subject, encounters: References.
        codes, loans, drafts, notes: In the order of the resource.
        visit, bill: Of an Encounter; of a claim.
        file: It stood in, of several that are read together.
    """

    key: str
    subject: str | None
    encounters: tuple[str, ...]
    codes: list[RecordedCode] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)
    visit: Visit | None = None
    bill: Bill | None = None
    file: Given | None = field(default=None, compare=False, repr=False)
