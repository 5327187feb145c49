"""What an earlier payer decided of a claim that is now sent to the next one (coordination of benefits)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .codes import Code
from .errors import InputError
from .money import Money


@dataclass(frozen=True, slots=True)
class PriorAdjustment:
    """Why an earlier payer paid less than was charged; a positive amount lowers the payment.

    Attributes:
        group: `CO`, `PR`, `OA`, `PI` (see `AdjustmentGroup`); whatever the claim says is kept.
        reason: Claim adjustment reason code (CARC).
        quantity: Units adjusted, where given.
    """

    group: str
    reason: str
    amount: Money
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """What an earlier payer decided of one service line (X12: SVD with its CAS, date and remaining amount).

    Attributes:
        line: The line of this claim, counted from 1.
        code, modifiers, revenue_code, hipps: What was paid for, which may be another code than was billed.
        units: Paid; zero where nothing was.
        remaining: What the patient still owes of the line.
        bundled_into: The line into which this one was bundled, where it was.
    """

    line: int
    paid: Money
    code: Code | None = None
    modifiers: tuple[str, ...] = ()
    revenue_code: str | None = None
    units: Decimal | None = None
    adjustments: tuple[PriorAdjustment, ...] = ()
    date: date | None = None
    remaining: Money | None = None
    bundled_into: int | None = None
    hipps: str | None = None

    def __post_init__(self) -> None:
        if self.line < 1 or (self.bundled_into or 1) < 1:
            raise InputError("Service lines are counted from 1.")


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What an earlier payer decided of the whole claim.

    It balances where the charge less all adjustments, those of the claim and those of its lines, is what was paid.

    Attributes:
        paid: By this payer for the claim (X12: AMT*D).
        adjustments: Those of the claim as a whole; those of its lines stand there.
        date: Of the decision, where it is told for the whole claim.
        remaining: What the patient still owes (AMT*EAF).
        non_covered: Charges that the payer does not cover (AMT*A8).
        control_number: The payer's own number of the claim.
    """

    paid: Money
    adjustments: tuple[PriorAdjustment, ...] = ()
    date: date | None = None
    remaining: Money | None = None
    non_covered: Money | None = None
    control_number: str | None = None
    lines: tuple[LineAdjudication, ...] = ()
