"""A claim, neutral of paper and X12 (contract: leadterm.claim/1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .coded import Poa, Role
from .codes import Code
from .encounter import ClaimType, DrugCode, Patient, Payer, Provider, Subscriber
from .errors import InputError
from .money import Money

MOST_MODIFIERS = 4
MOST_POINTERS = 4


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
class ServiceLine:
    """One line of a claim.

    Attributes:
        number: Counted from 1.
        code: CPT or HCPCS; None on an institutional line that bears a revenue code alone.
        units, charge: Quantity and price of the whole line.
        start, end: First and last day of service (JSON: `from`, `to`).
        pointers: Places in the claim's diagnoses, counted from 1, most important first.
        provider: Role or id where it is not the claim's rendering provider.
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
        id: The provider's claim number, CLM01: at most 20 characters, letters and digits.
        claim_type: Professional or institutional.
        frequency: 1 original, 7 replacement, 8 void; 7 and 8 need `payer_control_number`.
        patient, subscriber, payers: The first payer is asked; later ones are told of it.
        providers: By role; billing is required by every payer.
        diagnoses, procedures, lines: In claim order.
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
    occurrences: tuple[Mapping[str, Any], ...] = ()
    values: tuple[Mapping[str, Any], ...] = ()

    def __post_init__(self) -> None:
        if not self.id.isascii() or not self.id.isalnum() or len(self.id) > 20:
            raise InputError("A claim id has 1 to 20 letters and digits.")
        if [line.number for line in self.lines] != list(range(1, len(self.lines) + 1)):
            raise InputError("Service lines are numbered 1, 2, 3, … without gaps.")

    @property
    def total(self) -> Money:
        """The sum of the lines: derived, never stored."""
        return Money.total(line.charge for line in self.lines)
