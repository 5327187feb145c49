"""What a remittance says as ledger entries: payments, adjustments, the patient's part, provider-level money.

The entries of a claim conserve money: payments come to CLP04, and payments with adjustments to CLP03. A claim-level
adjustment that lowers CLP04 below the sum of its lines is a payment entry of the claim itself, with its sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from leadterm.domain import (
    Adjustment,
    AdjustmentGroup,
    ClaimStatus,
    Disposition,
    EntryKind,
    LedgerEntry,
    Money,
    ProviderAdjustment,
    RemittedClaim,
    RemittedLine,
)

from .denials import Context, classify, disposition

Remitted = TypeVar("Remitted", RemittedClaim, RemittedLine, Adjustment)

# PLB reasons that take back what was paid before.
RECOUPMENTS = frozenset({"WO", "RA"})
# What a payer foretells is no money.
NOT_MONEY = frozenset({ClaimStatus.PREDETERMINATION})
# What an adjustment is does not hang on the day or the payer.
NOWHERE = Context()


def claim_entries(claim: RemittedClaim, effective: date) -> Iterator[LedgerEntry]:
    """The entries of one remitted claim; amounts of nothing make no entry."""
    if claim.status in NOT_MONEY:
        return
    rest = claim.paid.amount
    for line in claim.lines:
        rest -= line.paid.amount
        if line.paid.amount:
            yield LedgerEntry(EntryKind.PAYMENT, line.paid, effective, claim.id, line.number, source=line.source)
        for adjustment in line.adjustments:
            if adjustment.amount.amount:
                yield _adjusted(claim, line, adjustment, effective)
    if rest != Decimal(0):
        yield LedgerEntry(EntryKind.PAYMENT, Money(rest), effective, claim.id, source=claim.source)
    for adjustment in claim.adjustments:
        if adjustment.amount.amount:
            yield _adjusted(claim, None, adjustment, effective)


def _adjusted(claim: RemittedClaim, line: RemittedLine | None, adjustment: Adjustment, effective: date) -> LedgerEntry:
    patient = adjustment.group == AdjustmentGroup.PATIENT
    return LedgerEntry(
        EntryKind.PATIENT if patient else EntryKind.ADJUSTMENT,
        adjustment.amount,
        effective,
        claim.id,
        line.number if line else None,
        adjustment.group,
        adjustment.reason,
        _disposition(claim, line, adjustment),
        source=adjustment.source,
    )


def _disposition(claim: RemittedClaim, line: RemittedLine | None, adjustment: Adjustment) -> Disposition:
    """What the adjustment does; a write-off of a whole charge may hide a denial, and then guard rails decide.

    A reversal does what the adjustment did that it takes back.
    """
    told = disposition(adjustment.group, adjustment.reason)
    charge = (line or claim).charge.amount
    if told is not Disposition.WRITE_OFF or abs(adjustment.amount.amount) < abs(charge):
        return told
    if adjustment.amount.amount < 0:
        claim = replace(_mirrored(claim), status=ClaimStatus.PRIMARY)
        line, adjustment = _mirrored(line) if line else None, _mirrored(adjustment)
    return Disposition.DENIED if classify(claim, line, adjustment, NOWHERE) else told


def _mirrored(value: Remitted) -> Remitted:
    """The value with its amounts of the other sign."""
    amounts = {name: -getattr(value, name) for name in ("charge", "paid", "patient", "amount") if hasattr(value, name)}
    return replace(value, **amounts)


def provider_entry(adjustment: ProviderAdjustment, effective: date) -> LedgerEntry:
    """The entry of one provider-level adjustment; positive lowers the payment."""
    kind = EntryKind.RECOUPMENT if adjustment.reason in RECOUPMENTS else EntryKind.PROVIDER
    return LedgerEntry(
        kind,
        adjustment.amount,
        effective,
        reason=adjustment.reason,
        reference=adjustment.reference,
        source=adjustment.source,
    )
