"""Compliance signals: what differs from what peers, the past or the clock let expect, and is worth a look.

A signal is a place to look at, and never a finding of wrongdoing: it says what was counted, over what, against whom,
and what would explain it innocently.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .dates import DateRange
from .errors import InputError

DIGEST = 16


@dataclass(frozen=True, slots=True)
class SignalSubject:
    """Whom and what a signal is about.

    Attributes:
        role: How it takes part: `rendering`, `billing`, `ordering`, …, or `author` of notes.
        npi: Of the provider; None where claims give none.
        specialty: Taxonomy code; None where claims give none.
        name: Of a provider who is compared by name; None otherwise.
        code: The code that it is about, or a family of codes (`99211-99215`).
        other: The second code of a pair.
        drg: The MS-DRGs that it is about (`871`, `193-195`).
    """

    role: str
    npi: str | None = None
    specialty: str | None = None
    name: str | None = None
    code: str | None = None
    other: str | None = None
    drg: str | None = None

    @property
    def key(self) -> str:
        """What it is recognised by: everything but role and specialty, in which one provider's claims may differ."""
        return "|".join(part or "" for part in (self.npi, self.name, self.code, self.other, self.drg))


@dataclass(frozen=True, slots=True)
class Statistic:
    """A number with its name: `z against peers`, 4.2; `hours in a day`, 27.5."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class SignalPeers:
    """What a subject was compared with.

    Attributes:
        what: In words that follow the count: `others of 207Q00000X in the data`, `own months before 2026-07`.
        count: How many providers (or months, services, stays) stand behind it.
        value: What they show in place of the subject's own value.
        observed: The subject's own value, in the same unit.
        spread: Standard deviation between peers, in the unit of `value`; None where the comparison has none.
    """

    what: str
    count: int
    value: float
    observed: float
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class SignalPlace:
    """A stretch of a document that a signal points to: encounter, document and code points, as a `Span` has them."""

    encounter: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal over a period.

    Attributes:
        kind: `em-levels`, `modifier-25`, `modifier-59`, `panel-parts`, `billed-apart`, `impossible-day`, `long-days`,
            `cloned-notes`, `sudden-use`, `drg-pairs`, `only-assessed`, `excluded-provider`.
        rule: Its rule: `LEADTERM:signals/em-levels`.
        subject: Whom and what it is about.
        period: First and last day that was looked at.
        statistic: What was computed; it passed `threshold`.
        threshold: As set in the rule or by the user, in the unit of the statistic.
        numerator, denominator: Counts (services, claims, notes, minutes) behind the statistic.
        peers: What it was compared with; None where the clock or a list decides.
        source: Citation.
        claims: Ids of claims (or encounters) concerned, at most as many as the settings show.
        claim_count: How many there are.
        reason: One sentence: what differs, from what, by how much.
        innocent: What would explain it without anything being wrong, one sentence.
        certainty: `strong`, or `weak` where it rests on less than its kind usually does (a match by name alone).
        places: For notes: the pairs of places that are alike, one after the other.
        id: Digest of kind, subject and period: the same for the same question asked again.
    """

    kind: str
    rule: str
    subject: SignalSubject
    period: DateRange
    statistic: Statistic
    threshold: float
    numerator: float
    denominator: float
    peers: SignalPeers | None
    source: str
    claims: tuple[str, ...]
    claim_count: int
    reason: str
    innocent: str
    certainty: str = "strong"
    places: tuple[SignalPlace, ...] = ()
    id: str = field(default="")

    def __post_init__(self) -> None:
        if len(self.claims) > self.claim_count:
            raise InputError(f"A signal shows {len(self.claims)} claims of {self.claim_count}.")
        if not self.id:
            object.__setattr__(self, "id", signal_id(self.kind, self.subject, self.period))


def signal_id(kind: str, subject: SignalSubject, period: DateRange) -> str:
    """The id of a signal: `sg-` and 16 hexadecimal digits, the same for the same kind, subject and period."""
    text = f"{kind}|{subject.key}|{period.start}|{period.end or ''}"
    return f"sg-{hashlib.sha256(text.encode()).hexdigest()[:DIGEST]}"
