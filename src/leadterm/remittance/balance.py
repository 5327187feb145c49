"""Whether money adds up: service line, claim, provider summary, payment. Nothing is ever added to make it (DESIGN 2.8).

X221A1 1.10.2.1: SVC02 − ΣCAS = SVC03; CLP03 − ΣCAS (its own and its lines') = CLP04; BPR02 = ΣCLP04 − ΣPLB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from leadterm.domain import (
    Adjustment,
    AdjustmentGroup,
    Finding,
    PaymentHeader,
    ProviderAdjustment,
    ProviderSummary,
    RemittedClaim,
    RemittedLine,
    Source,
)

from .denials import is_known
from .rules import finding

ZERO = Decimal(0)


def _sum(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((a.amount.amount for a in adjustments), ZERO)


def claim_findings(claim: RemittedClaim) -> Iterator[Finding]:
    """What does not add up in a claim and its lines, and reasons that no list knows."""
    inside = ZERO
    charged = ZERO
    for line in claim.lines:
        adjusted = _sum(line.adjustments)
        inside += adjusted
        charged += line.charge.amount
        if line.charge.amount - adjusted != line.paid.amount:
            yield _line_off(claim, line, adjusted)
    adjusted = inside + _sum(claim.adjustments)
    if claim.charge.amount - adjusted != claim.paid.amount:
        off = claim.charge.amount - adjusted - claim.paid.amount
        yield _found(
            "X221A1:1.10.2.1.2/claim-balance",
            f"The charge of the claim, {claim.charge}, less adjustments of {adjusted:.2f} is not the {claim.paid} "
            f"paid: off by {off:.2f}.",
            claim.source,
            claim=claim.id,
        )
    if claim.lines and charged != claim.charge.amount:
        yield _found(
            "X221A1:2100/line-charges",
            f"The lines' charges come to {charged:.2f}, the claim's charge is {claim.charge}.",
            claim.source,
            claim=claim.id,
        )
    yield from _patient_findings(claim)
    yield from _unknown_reasons(claim)


def _line_off(claim: RemittedClaim, line: RemittedLine, adjusted: Decimal) -> Finding:
    off = line.charge.amount - adjusted - line.paid.amount
    return _found(
        "X221A1:1.10.2.1.1/service-balance",
        f"The charge of line {line.number}, {line.charge}, less adjustments of {adjusted:.2f} is not the {line.paid} "
        f"paid: off by {off:.2f}.",
        line.source,
        claim=claim.id,
        line=line.number,
    )


def _patient_findings(claim: RemittedClaim) -> Iterator[Finding]:
    if claim.is_reversal:  # CLP05 is not used there
        return
    owed = _sum(a for a in claim.all_adjustments() if a.group == AdjustmentGroup.PATIENT)
    if owed != claim.patient.amount:
        yield _found(
            "X221A1:2100/patient-responsibility",
            f"The claim says that the patient owes {claim.patient}; its adjustments of group PR come to {owed:.2f}.",
            claim.source,
            claim=claim.id,
        )


def _unknown_reasons(claim: RemittedClaim) -> Iterator[Finding]:
    for adjustment in claim.all_adjustments():
        if not is_known(adjustment.reason):
            yield _found(
                "X221A1:CAS/unknown-reason",
                f"The reason of adjustment {adjustment.source.part} of this segment is in no list that we have.",
                adjustment.source,
                claim=claim.id,
            )


@dataclass(slots=True)
class Running:
    """What a payment has come to so far; constant size, however many claims there are."""

    header: PaymentHeader
    claims: int = 0
    lines: int = 0
    paid: Decimal = ZERO
    moved: Decimal = ZERO
    # The provider summary that claims now stand under, and what has come under it.
    under: ProviderSummary | None = None
    counted: int = 0
    charged: Decimal = field(default=ZERO)

    def add(self, claim: RemittedClaim) -> None:
        """Counts a claim."""
        self.claims += 1
        self.lines += len(claim.lines)
        self.paid += claim.paid.amount
        self.counted += 1
        self.charged += claim.charge.amount

    def move(self, adjustment: ProviderAdjustment) -> None:
        """Counts a provider-level adjustment."""
        self.moved += adjustment.amount.amount

    def begin(self, summary: ProviderSummary | None) -> Iterator[Finding]:
        """Starts the claims of another header number; what was wrong with the summary before it."""
        yield from self._provider_findings()
        self.under, self.counted, self.charged = summary, 0, ZERO

    def end(self) -> Iterator[Finding]:
        """What is wrong with the payment as a whole."""
        yield from self.begin(None)
        amount = self.header.amount.amount
        if amount != self.paid - self.moved:
            off = amount - (self.paid - self.moved)
            yield _found(
                "X221A1:1.10.2.1.3/transaction-balance",
                f"The payment is {amount:.2f}; its claims were paid {self.paid:.2f} less provider-level adjustments of "
                f"{self.moved:.2f}: off by {off:.2f}.",
                self.header.source,
                trace=self.header.trace,
            )

    def _provider_findings(self) -> Iterator[Finding]:
        told = self.under
        if told is None:
            return
        rule = "X221A1:2000/provider-balance"
        if told.claims is not None and told.claims != self.counted:
            yield _found(
                rule, f"The summary counts {told.claims:f} claims; {self.counted} stand below it.", told.source
            )
        if told.charge is not None and told.charge.amount != self.charged:
            words = f"The summary sums charges of {told.charge}; those below it come to {self.charged:.2f}."
            yield _found(rule, words, told.source)


def _found(rule: str, message: str, at: Source, **location: object) -> Finding:
    place = {"segment": at.segment, "position": at.position, "offset": at.offset}
    return finding(rule, message, **location, **place)
