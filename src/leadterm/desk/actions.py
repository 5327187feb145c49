"""What a coder can do at the desk: each action is a frozen value that is kept, replayed, undone and done again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from leadterm.domain import Code, InputError, Money, Poa, Span, parse_units


class RejectReason(StrEnum):
    """Why a suggestion is no code of this encounter; the words are counted in the statistics."""

    NEGATED = "negated"
    HISTORY = "history"
    FAMILY = "family"
    COPIED = "copied"
    NOT_TREATED = "not treated"
    UNSUPPORTED = "unsupported"
    DUPLICATE = "duplicate"
    WRONG_SPECIFICITY = "wrong specificity"
    OTHER = "other"


class Method(StrEnum):
    """How a code came onto the claim.

    Suggestion: accepted as it was suggested. Text: added from words that were selected in the chart. Search: found by
    words or written as a code. Fix: taken from a finding. Record: the record bore it already.
    """

    SUGGESTION = "suggestion"
    TEXT = "text"
    SEARCH = "search"
    FIX = "fix"
    RECORD = "record"


ENTERED = frozenset({Method.TEXT, Method.SEARCH, Method.FIX})
LONGEST_REASON = 2_000
LONGEST_DRAFT = 20_000
# What every database can number.
MOST_CODINGS = 2**31


@dataclass(frozen=True, slots=True)
class Accept:
    """The suggestion is right as it stands."""

    kind: ClassVar[str] = "accept"
    assignment: str


@dataclass(frozen=True, slots=True)
class Reject:
    """The suggestion is no code of this encounter; a code that a person added is rejected in the same way."""

    kind: ClassVar[str] = "reject"
    assignment: str
    reason: RejectReason
    note: str | None = None

    def __post_init__(self) -> None:
        _short(self.note, LONGEST_REASON, "A note")


@dataclass(frozen=True, slots=True)
class Reconsider:
    """The decision on an assignment is taken back: it is a suggestion again."""

    kind: ClassVar[str] = "reconsider"
    assignment: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a coder selected: the document, and the code points from `span.start` up to `span.end`."""

    document: str
    span: Span


@dataclass(frozen=True, slots=True)
class Add:
    """A code that nobody suggested.

    Attributes:
        title: Its official title on the day when it was entered; None for a CPT code without a licensed file.
        quotes: The words that it was added from, where it was.
    """

    kind: ClassVar[str] = "add"
    code: Code
    title: str | None = None
    method: Method = Method.SEARCH
    quotes: tuple[Quote, ...] = ()

    def __post_init__(self) -> None:
        _entered(self.method)


@dataclass(frozen=True, slots=True)
class Replace:
    """Another code, with its title as in `Add`, takes the place of one, on the same words and in the same position."""

    kind: ClassVar[str] = "replace"
    assignment: str
    code: Code
    title: str | None = None
    method: Method = Method.SEARCH

    def __post_init__(self) -> None:
        _entered(self.method)


@dataclass(frozen=True, slots=True)
class Move:
    """A code goes to another place, counted from 1, among the diagnoses, the procedures or the charges."""

    kind: ClassVar[str] = "move"
    assignment: str
    place: int


@dataclass(frozen=True, slots=True)
class MarkPoa:
    """Present on admission is set, or, with None, left open again."""

    kind: ClassVar[str] = "poa"
    assignment: str
    poa: Poa | None


@dataclass(frozen=True, slots=True)
class EditLine:
    """The particulars of a charge line, all of them as they shall stand.

    Attributes:
        pointers: Ids of the diagnoses that justify it, in order; they follow their diagnoses wherever those are moved.
        charge: The price of the whole line.
    """

    kind: ClassVar[str] = "line"
    assignment: str
    units: Decimal
    modifiers: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    charge: Money | None = None

    def __post_init__(self) -> None:
        parse_units(self.units)


@dataclass(frozen=True, slots=True)
class Permit:
    """A person permits what a rule questions on these codes, and says why."""

    kind: ClassVar[str] = "permit"
    rule: str
    codes: tuple[str, ...]
    reason: str

    def __post_init__(self) -> None:
        _named(self.rule)
        _short(self.reason, LONGEST_REASON, "A reason")
        if not self.reason.strip():
            raise InputError("Say why this is permitted: the reason is kept with the finding.")


@dataclass(frozen=True, slots=True)
class Forbid:
    """A permission is taken back."""

    kind: ClassVar[str] = "forbid"
    rule: str
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        _named(self.rule)


class QueryState(StrEnum):
    """How far a question to the provider has come."""

    DRAFT = "draft"
    SENT = "sent"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class WriteQuery:
    """The draft of a query is edited, noted as sent, or the query is dismissed."""

    kind: ClassVar[str] = "query"
    query: str
    state: QueryState
    text: str = ""

    def __post_init__(self) -> None:
        _short(self.text, LONGEST_DRAFT, "A query")


@dataclass(frozen=True, slots=True)
class Describe:
    """The encounter is described otherwise (setting, dates, patient, …) and the chart was coded anew for it.

    Attributes:
        coding: Number of the kept coding that was made for it, which bears the encounter; its words never change.
    """

    kind: ClassVar[str] = "describe"
    coding: int

    def __post_init__(self) -> None:
        _kept(self.coding)


@dataclass(frozen=True, slots=True)
class Late:
    """Documents came late, and the chart was coded anew with them.

    Attributes:
        coding: Number of the kept coding that was made with them, which bears the encounter.
        reopens: Whether a coding that was finished is to be looked at anew.
    """

    kind: ClassVar[str] = "late"
    coding: int
    reopens: bool = True

    def __post_init__(self) -> None:
        _kept(self.coding)


@dataclass(frozen=True, slots=True)
class Finish:
    """The coding is finished."""

    kind: ClassVar[str] = "finish"


@dataclass(frozen=True, slots=True)
class Reopen:
    """A finished coding is worked on again."""

    kind: ClassVar[str] = "reopen"


Action = (
    Accept
    | Reject
    | Reconsider
    | Add
    | Replace
    | Move
    | MarkPoa
    | EditLine
    | Permit
    | Forbid
    | WriteQuery
    | Describe
    | Late
    | Finish
    | Reopen
)


def _kept(coding: int) -> None:
    if not 0 < coding < MOST_CODINGS:
        raise InputError("That coding is not kept.")


def _short(text: str | None, most: int, what: str) -> None:
    if text is not None and len(text) > most:
        raise InputError(f"{what} has at most {most} characters.")


def _named(rule: str) -> None:
    if not rule:
        raise InputError("Say which rule: a permission is given against one rule.")


def _entered(method: Method) -> None:
    if method not in ENTERED:
        raise InputError(f"A person enters a code from one of: {', '.join(sorted(ENTERED))}.")
