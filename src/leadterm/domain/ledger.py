"""Money as it is kept: entries that are only ever added, and balances that follow from them (DESIGN 2.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .errors import InputError
from .money import Money
from .remittance import Source


class EntryKind(StrEnum):
    """What an entry records."""

    CHARGE = "charge"
    PAYMENT = "payment"
    ADJUSTMENT = "adjustment"
    PATIENT = "patient-responsibility"
    RECOUPMENT = "recoupment"
    PROVIDER = "provider-level"


class Disposition(StrEnum):
    """What an adjustment does to what is still owed.

    A write-off ends the debt; what is denied stays open until somebody has worked it; the patient's part moves to the
    patient; a prior payer's part was paid or written off by that payer's own remittance and is not counted again.
    """

    WRITE_OFF = "write-off"
    DENIED = "denied"
    PATIENT = "patient"
    PRIOR_PAYER = "prior-payer"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the ledger; never changed, never deleted.

    Attributes:
        kind: What is recorded.
        amount: As the source has it: charges, payments and adjustments positive, their reversals negative. A
            provider-level amount is positive where it lowers the payment.
        effective: The day that counts: of payment, or of submission for a charge.
        claim: The provider's claim number; None for provider-level money.
        line: Number of the line within its source (remitted line or claim line); None for the claim as a whole.
        group, reason: CAS group and CARC, or the PLB reason.
        disposition: For adjustments and the patient's part.
        reference: PLB03-2, or the payer's control number.
        source: The segment that says it; None for a charge of our own claim.
    """

    kind: EntryKind
    amount: Money
    effective: date
    claim: str | None = None
    line: int | None = None
    group: str | None = None
    reason: str | None = None
    disposition: Disposition | None = None
    reference: str | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        provider_level = self.kind in (EntryKind.RECOUPMENT, EntryKind.PROVIDER)
        if not provider_level and not self.claim:
            raise InputError(f"A {self.kind.value} entry names its claim.")
        if self.kind in (EntryKind.ADJUSTMENT, EntryKind.PATIENT) and self.disposition is None:
            raise InputError("An adjustment says what it does to what is owed.")


@dataclass(frozen=True, slots=True)
class Account:
    """What follows from the entries of one claim up to a day.

    Attributes:
        claim: The provider's claim number.
        charged: Our own charges; without a registered claim, what the payer says was charged.
        paid, written_off: By all payers.
        denied: What stands denied, net of reversals.
        patient: What the last payer in order left to the patient.
        service_date, submitted: First day of service; first submission, None where the claim was not registered.
        payer: Id of the payer.
        first_answer: Day of the first remittance; None while there is none.
        denied_at_first: What that first answer denied.
        registered: Whether our own claim is in the ledger.
        clean: Whether it had no error when it was first checked for submission.
    """

    claim: str
    charged: Money
    paid: Money
    written_off: Money
    denied: Money
    patient: Money
    service_date: date | None
    submitted: date | None
    payer: str | None
    first_answer: date | None
    denied_at_first: Money
    registered: bool
    clean: bool = False

    @property
    def balance(self) -> Money:
        """What is still owed by anybody; negative is a credit balance."""
        return self.charged - self.paid - self.written_off
