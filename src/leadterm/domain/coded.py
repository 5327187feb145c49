"""What coding gives back: codes with their proof (contract: leadterm.coded/1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from .codes import Code
from .encounter import DrugCode, Encounter
from .errors import InputError
from .facts import Fact
from .findings import Finding
from .leads import RecordLead
from .money import Money
from .text import Evidence


class Role(StrEnum):
    """The part that a code plays on the claim."""

    PRINCIPAL = "principal"
    FIRST_LISTED = "first-listed"
    SECONDARY = "secondary"
    ADMITTING = "admitting"
    REASON_FOR_VISIT = "reason-for-visit"
    EXTERNAL_CAUSE = "external-cause"
    PRINCIPAL_PROCEDURE = "principal-procedure"
    PROCEDURE = "procedure"
    CHARGE = "charge"


DIAGNOSIS_ROLES = frozenset({Role.PRINCIPAL, Role.FIRST_LISTED, Role.SECONDARY, Role.EXTERNAL_CAUSE})


class Poa(StrEnum):
    """Present on admission (Appendix I): yes, no, unknown, clinically undetermined, exempt."""

    YES = "Y"
    NO = "N"
    UNKNOWN = "U"
    UNDETERMINED = "W"
    EXEMPT = "exempt"


class Status(StrEnum):
    """How far a code has come from suggestion to decision."""

    SUGGESTED = "suggested"
    AUTO_ACCEPTED = "auto-accepted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADDED = "added"


# A code that a person added may have no words of the chart, also when it is rejected again.
ENTERED_OR_GONE = frozenset({Status.ADDED, Status.REJECTED})


class Step(StrEnum):
    """The kinds of steps on the way from words to a code."""

    INDEX = "index"
    TITLE = "title"
    INCLUSION = "inclusion"
    LEXICON = "lexicon"
    MAP = "map"
    TABULAR = "tabular"
    TABLE = "table"
    GUIDELINE = "guideline"


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One line of the way from words to a code; `rule` is set where a rule took it."""

    step: Step
    text: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A code that was considered, and why it was not taken."""

    code: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (or the gate) decided about an assignment."""

    by: str
    at: datetime
    method: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One code with its proof.

    Attributes:
        id: Unique within the answer (`a1`, …).
        code, description: The code and its official title; a CPT code without a licensed file has none.
        role, sequence: Its part and its place, counted from 1.
        poa: Where it applies, else None.
        confidence: 0 to 1; means what `CodedEncounter.calibration` says, and nothing more.
        evidence: The words of the chart; at least one for everything but a charge or what a person added.
        pathway: The way that led here; never empty for those that need evidence.
        alternatives: What was considered and why not.
        units … ndc: For charges.
        facts: Ids of the facts it stands on.
    """

    id: str
    code: Code
    description: str | None
    role: Role
    sequence: int
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    pathway: tuple[PathwayStep, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    poa: Poa | None = None
    status: Status = Status.SUGGESTED
    decision: Decision | None = None
    units: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    service_date: date | None = None
    provider: str | None = None
    revenue_code: str | None = None
    charge: Money | None = None
    ndc: DrugCode | None = None
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise InputError("A confidence lies between 0 and 1.")
        proven = bool(self.evidence and self.pathway) or self.role is Role.CHARGE
        if not proven and self.status not in ENTERED_OR_GONE:
            raise InputError(f"The code {self.code} has no evidence or no pathway; such a code is never assigned.")


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the provider where the documentation is short: never leading, never about money.

    Attributes:
        reason: specificity, conflict, clinical-indicators, present-on-admission, …
        codes: Codes that the answer would decide between or refine.
        options: What the provider may choose, with "other" and "unable to determine" always among them.
        indicators: What in this record prompts the question.
    """

    id: str
    reason: str
    question: str
    codes: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CodedEncounter:
    """The whole answer for one encounter.

    Attributes:
        encounter: What was coded.
        assignments: In claim order.
        findings, queries: What is to be looked at and asked.
        releases: Component → first day of the release that was used (`icd10cm:tabular` → `2026-04-01`).
        engine_version, rules_digest: What coded it, so that it can be replayed.
        on: The controlling date that was used.
        calibration: Named labelled set of the confidences, or None: not calibrated.
        facts: What the codes stand on.
        leads: Diagnoses and problems that the record has coded, and what became of them.
    """

    encounter: Encounter
    assignments: tuple[Assignment, ...] = ()
    findings: tuple[Finding, ...] = ()
    queries: tuple[Query, ...] = ()
    releases: Mapping[str, str] | None = None
    engine_version: str = ""
    rules_digest: str = ""
    on: date | None = None
    calibration: str | None = None
    facts: tuple[Fact, ...] = ()
    leads: tuple[RecordLead, ...] = ()

    @property
    def diagnoses(self) -> tuple[Assignment, ...]:
        """The diagnosis codes that a claim would carry, in order; rejected ones left out."""
        kept = (a for a in self.assignments if a.status is not Status.REJECTED)
        return tuple(a for a in kept if a.role in DIAGNOSIS_ROLES)

    @property
    def charges(self) -> tuple[Assignment, ...]:
        """The charge lines, in order."""
        return tuple(a for a in self.assignments if a.role is Role.CHARGE and a.status is not Status.REJECTED)

    @property
    def waiting(self) -> tuple[Assignment, ...]:
        """The charge lines that are read in the chart and that nobody has priced or decided on: none is on a claim.

        A line of the record covers one charge of its code.
        """
        recorded = Counter(charge.code for charge in self.encounter.charges)
        recorded.subtract(a.code for a in self.charges)
        # Lines of the record come first: what is beyond their number stands last.
        beyond: list[Assignment] = []
        for a in reversed(self.charges):
            if recorded[a.code] < 0:
                recorded[a.code] += 1
                if a.status is Status.SUGGESTED and a.charge is None:
                    beyond.append(a)
        return tuple(reversed(beyond))
