"""What a payer answers: a payment, its claims, their lines, every adjustment, each with its place in the file.

The values are those of an 835 (005010X221A1), complete: what has no field of its own is kept by qualifier in `dates`,
`amounts`, `quantities` and `references`. Amounts carry the payer's signs: a reversal's are negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .money import Money


class AdjustmentGroup(StrEnum):
    """Who bears an adjustment (CAS01): the contract, the patient, other, the payer; CR is of version 4010."""

    CONTRACTUAL = "CO"
    PATIENT = "PR"
    OTHER = "OA"
    PAYER = "PI"
    CORRECTION = "CR"


class ClaimStatus(StrEnum):
    """How a payer processed a claim (CLP02)."""

    PRIMARY = "1"
    SECONDARY = "2"
    TERTIARY = "3"
    DENIED = "4"
    PRIMARY_FORWARDED = "19"
    SECONDARY_FORWARDED = "20"
    TERTIARY_FORWARDED = "21"
    REVERSAL = "22"
    NOT_OURS_FORWARDED = "23"
    PREDETERMINATION = "25"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands in its file.

    Attributes:
        segment: Id of the segment (`CAS`).
        position: Ordinal of the segment in the file, counted from 1.
        offset: Byte at which it starts.
        part: Which of several in one segment, counted from 1 (a CAS holds up to six adjustments).
    """

    segment: str
    position: int
    offset: int
    part: int = 1


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why less was paid than charged: one group, reason and amount of a CAS; positive amounts lower the payment.

    Attributes:
        group: CAS01, `CO`, `PR`, `OA`, `PI`; whatever the file says is kept.
        reason: Claim adjustment reason code (CARC).
    """

    group: str
    reason: str
    amount: Money
    quantity: Decimal | None
    source: Source


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named in a remittance.

    Attributes:
        entity: What they are (`PR` payer, `PE` payee, `QC` patient, `IL` subscriber, `74` corrected, `82` rendering,
            `TT` crossover carrier, …).
        qualifier, id: Kind of number (`XX` NPI, `MI` member, `FI` tax id) and the number.
    """

    entity: str
    name: str | None = None
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    qualifier: str | None = None
    id: str | None = None
    address: tuple[str, ...] = ()
    contacts: tuple[tuple[str, ...], ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RemittedLine:
    """A service line as the payer judged it (loop 2110).

    Attributes:
        number: Counted from 1 within its claim.
        qualifier, code, modifiers: The procedure paid for (SVC01), `HC` for CPT and HCPCS.
        revenue_code: SVC04, or SVC01 where that is a revenue code (`NU`).
        submitted_code, submitted_modifiers: What was billed (SVC06) where the payer says that it judged another one.
        units, submitted_units: SVC05 (one where absent) and SVC07.
        start, end: Days of service; None where the claim's hold.
        control_number: The provider's line number (REF*6R).
        adjustments, remarks: CAS of this line; remark codes (RARC, LQ*HE).
        rejects: Reject codes of pharmacy claims (NCPDP, LQ*RX).
        dates, amounts, quantities, references: Everything else, by qualifier.
    """

    number: int
    qualifier: str
    code: str
    modifiers: tuple[str, ...]
    charge: Money
    paid: Money
    revenue_code: str | None
    units: Decimal
    source: Source
    submitted_code: str | None = None
    submitted_modifiers: tuple[str, ...] = ()
    submitted_units: Decimal | None = None
    start: date | None = None
    end: date | None = None
    control_number: str | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    amounts: Mapping[str, Money] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RemittedClaim:
    """A claim as the payer judged it (loop 2100).

    Attributes:
        id: The provider's claim number (CLP01, our CLM01).
        status: CLP02, see `ClaimStatus`; whatever the file says is kept.
        charge, paid, patient: CLP03, CLP04, and what the patient owes (CLP05; zero where absent).
        filing: Claim filing indicator (CLP06): `MB` Medicare Part B, `12` PPO, …
        payer_control_number: CLP07, what a replacement or an appeal must name.
        facility, frequency, drg: CLP08, CLP09, CLP11.
        provider: NPI of the provider summary (TS301) that the claim stands under.
        start, end: Statement period (DTM 232, 233).
        adjustments: CAS of the claim as a whole; those of its lines stand there.
        remarks: Remark codes of MIA and MOA.
        inpatient, outpatient: The elements of MIA and MOA in order, as written.
        parties: Patient, subscriber, corrected names, rendering provider, crossover carrier, …
        contacts: Whom to ask at the payer about this claim (PER), as written.
        dates, amounts, quantities, references: Everything else, by qualifier.
    """

    id: str
    status: str
    charge: Money
    paid: Money
    patient: Money
    filing: str | None
    payer_control_number: str | None
    source: Source
    facility: str | None = None
    frequency: str | None = None
    drg: str | None = None
    provider: str | None = None
    start: date | None = None
    end: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[RemittedLine, ...] = ()
    remarks: tuple[str, ...] = ()
    inpatient: tuple[str, ...] = ()
    outpatient: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    contacts: tuple[tuple[str, ...], ...] = ()
    dates: Mapping[str, date] = field(default_factory=dict)
    amounts: Mapping[str, Money] = field(default_factory=dict)
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    references: tuple[tuple[str, str], ...] = ()

    @property
    def is_reversal(self) -> bool:
        """Whether it takes back what an earlier remittance said."""
        return self.status == ClaimStatus.REVERSAL

    def all_adjustments(self) -> Iterator[Adjustment]:
        """Those of the claim, then those of each line."""
        yield from self.adjustments
        for line in self.lines:
            yield from line.adjustments


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """Money moved between payer and provider outside any claim (one pair of a PLB).

    Attributes:
        provider: PLB01.
        period_end: PLB02, the last day of the provider's fiscal year.
        reason: PLB03-1 (`WO` overpayment recovery, `L6` interest, `FB` balance forward, …).
        reference: PLB03-2.
        amount: Positive lowers the payment.
    """

    provider: str
    period_end: date | None
    reason: str
    reference: str | None
    amount: Money
    source: Source


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """What the payer says of one provider's claims in this payment (TS3, TS2).

    Attributes:
        claims, charge: TS304 and TS305: count and sum that the payer says stand below.
        elements, inpatient: TS3 and TS2 in order, as written.
    """

    provider: str
    facility: str
    period_end: date | None
    claims: Decimal | None
    charge: Money | None
    elements: tuple[str, ...]
    inpatient: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class PaymentHeader:
    """What is paid, by whom, to whom, how: the head of an 835 transaction.

    Attributes:
        handling, method: BPR01 and BPR04 (`ACH`, `CHK`, `NON` for no payment).
        amount: BPR02 with the sign of BPR03: a debit is negative.
        payment_date: BPR16.
        trace, originator: TRN02 and TRN03: what the bank's statement names.
        produced: DTM*405.
        control_number, convention: ST02 and GS08.
        payer, payee: With their addresses, numbers and contacts.
        elements: BPR in order, as written (accounts among them: never shown by default).
        references: REF of the header (`EV` receiver, `F2` version).
    """

    control_number: str
    convention: str
    handling: str
    amount: Money
    method: str
    payment_date: date | None
    trace: str
    originator: str | None
    produced: date | None
    payer: Party
    payee: Party
    source: Source
    currency: str | None = None
    elements: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Remittance:
    """One payment with all that it pays: an 835 transaction (ST to SE).

    Attributes:
        header: The payment itself.
        claims, summaries, provider_adjustments: In file order.
        digest: sha256 over its segments without control numbers: the same payment sent again has the same.
    """

    header: PaymentHeader
    claims: tuple[RemittedClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    summaries: tuple[ProviderSummary, ...] = ()
    digest: str = ""
