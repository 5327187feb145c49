"""A claim, neutral of paper and X12 (contract: leadterm.claim/1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .coded import Poa, Role
from .codes import Code
from .dates import DateRange
from .encounter import ClaimType, DrugCode, Patient, Payer, Provider, Subscriber
from .errors import InputError
from .money import Money

LONGEST_ID = 38
MOST_MODIFIERS = 4
MOST_POINTERS = 4
# Frequencies (CLM05-3): those of claims that stand in the place of an earlier one of the same number are the last two.
ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
OF_EARLIER_CLAIM = frozenset({REPLACEMENT, VOID})


def claim_id_fits(text: str) -> bool:
    """Whether a text can be the number of a claim (CLM01)."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable() and text == text.strip()


@dataclass(frozen=True, slots=True)
class ClaimDiagnosis:
    """A diagnosis in claim order, with its role and, institutional, its present-on-admission indicator."""

    code: Code
    role: Role
    poa: Poa | None = None


@dataclass(frozen=True, slots=True)
class ClaimProcedure:
    """An ICD-10-PCS procedure with its day."""

    code: Code
    date: date | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened on a day, or over days, by its occurrence (span) code.

    Attributes:
        code: Two characters: `11` and the like with a day, `74` and the like with a span.
        start: The day, or the first day of a span (JSON: `date`, or `from`).
        end: The last day of a span (JSON: `to`); None for a day.
    """

    code: str
    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise InputError("An occurrence has a code.")
        if self.end is not None and self.end < self.start:
            raise InputError(f"The span of occurrence {self.code} ends before it starts.")


@dataclass(frozen=True, slots=True)
class ClaimValue:
    """A value code with its amount: dollars, or whatever the code counts (days, grams), with at most two places."""

    code: str
    amount: Money

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise InputError("A value has a code.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """Paperwork that goes with a claim.

    Attributes:
        type: What it is, by its report type code (`OZ` support data, `B4` referral form, …).
        transmission: How it goes: `AA` on request, `BM` by mail, `EL` electronically, `FX` by fax, `FT` file transfer.
        number: Its control number; needed for everything but `AA`.
    """

    type: str
    transmission: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One line of a claim.

    Attributes:
        number: Counted from 1.
        code: CPT or HCPCS; None on an institutional line that bears a revenue code alone.
        units, charge: Quantity and price of the whole line.
        start, end: First and last day of service (JSON: `from`, `to`).
        pointers: Places in the claim's diagnoses, counted from 1, most important first.
        provider: Role or id where it is not the claim's rendering provider.
        unit: What `units` counts: `UN` units, `MJ` minutes (anaesthesia), `DA` days (accommodation).
        hipps: Rate code of a prospective payment line (skilled nursing, home health, rehabilitation), five characters.
        noncovered: The part of the charge that is not covered, institutional.
        dated: False where the line states no day and the claim's statement period stands in `start` and `end`.
        description: What an unlisted code stands for, in the biller's words.
        prior_authorization: Number given by the payer for this line.
        control_number: The provider's own number of the line, where it is not `number`.
        emergency, epsdt, family_planning: What the line says of itself, professional.
    """

    number: int
    code: Code | None
    units: Decimal
    charge: Money
    start: date
    end: date
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = ()
    place_of_service: str | None = None
    revenue_code: str | None = None
    ndc: DrugCode | None = None
    provider: str | None = None
    unit: str = "UN"
    hipps: str | None = None
    noncovered: Money | None = None
    dated: bool = True
    description: str | None = None
    prior_authorization: str | None = None
    control_number: str | None = None
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False

    def __post_init__(self) -> None:
        if self.number < 1:
            raise InputError("Service lines are counted from 1.")
        if not isinstance(self.units, Decimal) or not isinstance(self.charge, Money):
            raise InputError(f"Line {self.number}: units are a Decimal and the charge is Money.")
        if self.end < self.start:
            raise InputError(f"Line {self.number} ends before it starts.")
        if self.code is None and self.revenue_code is None:
            raise InputError(f"Line {self.number} bears neither a procedure nor a revenue code.")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked of a payer.

    Attributes:
        id: The provider's claim number, CLM01: 1 to 38 printable characters. Those that Leadterm gives are 1 to 20
            letters and digits, which every payer takes and gives back.
        claim_type: Professional or institutional.
        frequency: 1 original, 7 replacement, 8 void; 7 and 8 need `payer_control_number`. Institutional: the last
            character of the type of bill, whatever it is (`2` to `4` for the parts of a long stay).
        patient, subscriber, payers: The first payer is asked; the others are told of it, or were asked before.
        providers: By role; billing is required by every payer.
        diagnoses: In claim order; an admitting diagnosis and reasons for the visit last, by their roles.
        procedures, lines: In claim order; the first procedure is the principal one.
        type_of_bill: Four characters as on paper, a zero in front (`0111`).
        admission, discharge: Days, or moments where the hour is known.
        accident: `type` (auto, employment, other), `also` (further ones of these), `date`, `state`.
        statement: First and last day that an institutional claim covers.
        drg: The group that the provider claims.
        patient_paid: What the patient has paid towards the claim.
        delay_reason: Why the claim comes late, by its code.
        special_program: Programme under which the services were given, by its code.
    """

    id: str
    claim_type: ClaimType
    patient: Patient
    subscriber: Subscriber
    payers: tuple[Payer, ...]
    providers: tuple[Provider, ...]
    diagnoses: tuple[ClaimDiagnosis, ...]
    lines: tuple[ServiceLine, ...]
    procedures: tuple[ClaimProcedure, ...] = ()
    frequency: str = "1"
    payer_control_number: str | None = None
    place_of_service: str | None = None
    type_of_bill: str | None = None
    admission: date | None = None
    discharge: date | None = None
    disposition: str | None = None
    admit_type: str | None = None
    admit_source: str | None = None
    prior_authorization: str | None = None
    referral: str | None = None
    clia: str | None = None
    accident: Mapping[str, Any] | None = None
    accept_assignment: bool = True
    release: bool = True
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    values: tuple[ClaimValue, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    statement: DateRange | None = None
    drg: str | None = None
    patient_paid: Money | None = None
    delay_reason: str | None = None
    special_program: str | None = None

    def __post_init__(self) -> None:
        if not claim_id_fits(self.id):
            raise InputError(f"A claim id has 1 to {LONGEST_ID} printable characters of ASCII and no blank at an end.")
        if [line.number for line in self.lines] != list(range(1, len(self.lines) + 1)):
            raise InputError("Service lines are numbered 1, 2, 3, … without gaps.")

    @property
    def total(self) -> Money:
        """The sum of the lines: derived, never stored."""
        return Money.total(line.charge for line in self.lines)
