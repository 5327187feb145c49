"""What de-identification gives back: what was found, what stands in its place, and the way between both texts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from leadterm.domain import Encounter, Evidence, InputError, Span

LONGEST_SHIFT = 365
KEY_BYTES = 16


class Kind(StrEnum):
    """The identifiers of 45 CFR 164.514(b)(2)(i); `kinds.tsv` has their letters."""

    NAME = "name"
    ORGANIZATION = "organization"
    PLACE = "place"
    ZIP = "zip"
    DATE = "date"
    AGE = "age"
    PHONE = "phone"
    FAX = "fax"
    EMAIL = "email"
    SSN = "ssn"
    MRN = "mrn"
    PLAN = "plan"
    ACCOUNT = "account"
    LICENCE = "licence"
    VEHICLE = "vehicle"
    DEVICE = "device"
    URL = "url"
    IP = "ip"
    BIOMETRIC = "biometric"
    PHOTO = "photo"
    OTHER = "other"


class Dates(StrEnum):
    """What becomes of dates: their year alone (as Safe Harbor asks), or all shifted by the patient's secret offset."""

    YEAR = "year"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Options:
    """How a chart is de-identified.

    Attributes:
        dates: Shifted dates keep intervals, and are not Safe Harbor by its letter.
        weekdays: A shifted date keeps its day of the week.
        surrogates: Invented names and numbers in the place of typed placeholders.
        key: Secret bytes that offsets and surrogates are drawn with; needed for both.
        year: The year in which this is done: what a two-digit year and an age over 89 are told by, where the chart
            bears no date of its own.
    """

    dates: Dates = Dates.YEAR
    weekdays: bool = False
    surrogates: bool = False
    key: bytes = b""
    year: int = 2026

    def __post_init__(self) -> None:
        needs_key = self.surrogates or self.dates is Dates.SHIFT
        if needs_key and len(self.key) < KEY_BYTES:
            raise InputError(f"Shifted dates and surrogates need a secret key of {KEY_BYTES} bytes or more.")


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in a text.

    Attributes:
        start, end: Code points of the text.
        kind: Which identifier.
        rule: What found it.
        certain: Whether its own shape or label tells it, rather than a list of names.
        written: What stands in its place where that is no placeholder (a year, a shifted date, `90+`, `021`).
    """

    start: int
    end: int
    kind: Kind
    rule: str
    certain: bool = True
    written: str | None = None


@dataclass(frozen=True, slots=True)
class Replacement:
    """A piece of the text that was replaced: where it stood, where its stand-in is, and of what kind it was."""

    start: int
    end: int
    new_start: int
    new_end: int
    kind: Kind
    rule: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text without its identifiers, and the way from the places of the old text to its own.

    Attributes:
        text: The new text.
        replaced: What was replaced, in order; nothing of what stood there.
    """

    text: str
    replaced: tuple[Replacement, ...] = ()

    def span(self, old: Span) -> Span:
        """Where the words of `old` stand in the new text; a stand-in that they touch is taken whole."""
        return Span(self._new(old.start, last=False), self._new(old.end, last=True))

    def old_span(self, new: Span) -> Span:
        """Where the words of `new` stood in the old text; an identifier whose stand-in they touch is taken whole."""
        return Span(self._old(new.start, last=False), self._old(new.end, last=True))

    def _new(self, at: int, *, last: bool) -> int:
        n = bisect_right(self.replaced, at - last, key=lambda r: r.start) - 1
        if n < 0:
            return at
        r = self.replaced[n]
        if at < r.end or (last and at == r.end):
            return r.new_end if last else r.new_start
        return at + r.new_end - r.end

    def _old(self, at: int, *, last: bool) -> int:
        n = bisect_right(self.replaced, at - last, key=lambda r: r.new_start) - 1
        if n < 0:
            return at
        r = self.replaced[n]
        if at < r.new_end or (last and at == r.new_end):
            return r.end if last else r.start
        return at + r.end - r.new_end


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A chart without the identifiers that the rules found.

    Attributes:
        encounter: With the new texts, and of the record's own fields what may stand.
        texts: By the id that the document had before.
        documents: The new id of each document by its old one.
        notes: What a reader must know, sentences without words of the chart.
    """

    encounter: Encounter
    texts: Mapping[str, Text]
    documents: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many identifiers of each kind were replaced in the texts."""
        return Counter(r.kind for text in self.texts.values() for r in text.replaced)

    def evidence(self, old: Evidence) -> Evidence:
        """Words that were quoted from the chart, as they stand in the new text. Raises KeyError for another chart's."""
        text = self.texts[old.document]
        span = text.span(old.span)
        return Evidence(self.documents[old.document], span, span.of(text.text))
