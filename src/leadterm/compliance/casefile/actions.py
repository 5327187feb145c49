"""What a person can do on a case file: each action is a frozen value that is kept as an event, and may be undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from leadterm.compliance.events import Event
from leadterm.domain import InputError, Money

LONGEST_TEXT = 8_000
LONGEST_NAME = 120
DIGEST = re.compile(r"[0-9a-f]{64}")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
ZERO = Decimal(0)


class Status(StrEnum):
    """How far a case has come. Awaiting: an answer, a record or counsel of somebody else."""

    OPEN = "open"
    ASSIGNED = "assigned"
    INVESTIGATING = "investigating"
    AWAITING = "awaiting"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How a case ends. No-issue: what the signal showed has a reason that holds."""

    NO_ISSUE = "no-issue"
    EDUCATION = "education"
    CORRECTED_CLAIMS = "corrected-claims"
    REFUND = "refund"
    REFERRED = "referred"


class EvidenceKind(StrEnum):
    """What can be evidence; it is named and never copied."""

    CLAIM = "claim"
    DOCUMENT = "document"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that was looked at.

    Attributes:
        id: The claim's number, the document's id, the file's name.
        digest: SHA-256 of the document's text or of the file in hexadecimal digits; None for a claim.
    """

    kind: EvidenceKind
    id: str
    digest: str | None = None

    def __post_init__(self) -> None:
        _written(self.id, LONGEST_NAME, "Evidence", "its id")
        if (self.kind is EvidenceKind.CLAIM) != (self.digest is None):
            raise InputError("A claim is named by its number alone; documents and files by a digest too.")
        if self.digest is not None and not DIGEST.fullmatch(self.digest):
            raise InputError("A digest is SHA-256 in 64 hexadecimal digits.")


@dataclass(frozen=True, slots=True)
class Open:
    """The case file is opened from its signal; always the first event."""

    kind: ClassVar[str] = "open"


@dataclass(frozen=True, slots=True)
class Assign:
    """The case is given to a person, or, with None, to nobody."""

    kind: ClassVar[str] = "assign"
    to: str | None

    def __post_init__(self) -> None:
        if self.to is not None:
            _written(self.to, LONGEST_NAME, "A name", "it")


@dataclass(frozen=True, slots=True)
class Move:
    """The case stands elsewhere; it is closed by `Close` alone."""

    kind: ClassVar[str] = "status"
    status: Status

    def __post_init__(self) -> None:
        if self.status is Status.CLOSED:
            raise InputError("A case is closed with a disposition and a reason: use close.")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to remember."""

    kind: ClassVar[str] = "note"
    text: str

    def __post_init__(self) -> None:
        _written(self.text, LONGEST_TEXT, "A note", "something")


@dataclass(frozen=True, slots=True)
class Attach:
    """A piece of evidence is named."""

    kind: ClassVar[str] = "evidence"
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Date:
    """A date of the overpayment clock is established."""

    kind: ClassVar[str] = "date"
    event: Event
    day: date

    def __post_init__(self) -> None:
        if not FIRST_DAY <= self.day <= LAST_DAY:
            raise InputError(f"A date of the clock lies between {FIRST_DAY.year} and {LAST_DAY.year}.")


@dataclass(frozen=True, slots=True)
class Concern:
    """A person is named whom the case is about, by name or provider number: they must not work it."""

    kind: ClassVar[str] = "concern"
    person: str

    def __post_init__(self) -> None:
        _written(self.person, LONGEST_NAME, "A name", "it")


@dataclass(frozen=True, slots=True)
class Close:
    """The case ends.

    Attributes:
        reason: Why; kept with the case.
        amount: What is refunded, for a refund alone.
    """

    kind: ClassVar[str] = "close"
    disposition: Disposition
    reason: str
    amount: Money | None = None

    def __post_init__(self) -> None:
        _written(self.reason, LONGEST_TEXT, "A reason", "why the case is closed")
        if (self.disposition is Disposition.REFUND) != (self.amount is not None):
            raise InputError("A refund has its amount, and nothing else has one.")
        if self.amount is not None and self.amount.amount <= ZERO:
            raise InputError("A refund is more than nothing.")


@dataclass(frozen=True, slots=True)
class Reopen:
    """A closed case is worked again, and why."""

    kind: ClassVar[str] = "reopen"
    reason: str

    def __post_init__(self) -> None:
        _written(self.reason, LONGEST_TEXT, "A reason", "why the case is opened again")


@dataclass(frozen=True, slots=True)
class Undo:
    """An earlier event is taken back; both stay in the log."""

    kind: ClassVar[str] = "undo"
    number: int


Action = Open | Assign | Move | Note | Attach | Date | Concern | Close | Reopen | Undo


def _written(text: str, most: int, what: str, say: str) -> None:
    if not text.strip():
        raise InputError(f"{what} says {say}; nothing was written.")
    if len(text) > most:
        raise InputError(f"{what} has at most {most} characters.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{what} has half of a character, which no page can show.") from None
