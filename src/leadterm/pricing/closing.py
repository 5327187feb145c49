"""What comes last to a line: its modifiers, who did it, whether he participates, and who pays the amount."""

from __future__ import annotations

from decimal import Decimal

from leadterm.domain import Money

from ._tables import practitioner, reduction
from .parts import MEDICARE, less_by_equipment
from .values import PricedLine, Shares, Terms
from .work import Work, apply_modifiers

NONPARTICIPATING, LIMIT = Decimal("0.95"), Decimal("1.15")
COINSURANCE = Decimal("0.20")


def closed(work: Work, terms: Terms) -> PricedLine:
    """The line as it is told, whose units and reductions are reckoned."""
    if work.known and not work.why:
        if not work.anesthetic and work.line.modifiers:
            less_by_equipment(work)
            apply_modifiers(work)
        _by_whom(work, terms)
    line = work.line
    return PricedLine(
        line.id,
        line.code,
        line.modifiers,
        line.units,
        line.day,
        line.place,
        work.facility,
        work.locality,
        work.schedule.start if work.asked else None,
        line.units if line.minutes else None,
        (work.unit if work.anesthetic else work.fee.unit) if work.known else None,
        work.amount,
        work.why,
        tuple(work.steps),
        tuple(work.remarks),
        _limit(work, terms),
        _shares(work, terms),
    )


def _by_whom(work: Work, terms: Terms) -> None:
    """What it means who did it, and whether the provider participates."""
    line = work.line
    if line.taxonomy and "AS" not in line.modifiers:
        found = practitioner(line.taxonomy, work.schedule.day)
        if found is not None and (not found.codes or line.code in found.codes):
            work.times(found.share, found.words, found.citation)
    if not terms.participating:
        work.times(NONPARTICIPATING, "Provider who does not participate: 95 %", "42 CFR 414.20(b)")


def _limit(work: Work, terms: Terms) -> Money | None:
    """The limiting charge (42 CFR 414.48(b)) of those who may leave an assignment (SSA 1842(b)(18))."""
    if terms.participating or work.amount is None:
        return None
    if work.line.taxonomy and practitioner(work.line.taxonomy, work.schedule.day):
        return None
    return Money.rounded(work.amount.amount * LIMIT)


def _shares(work: Work, terms: Terms) -> Shares | None:
    """Who pays, where that is asked for."""
    if work.amount is None or not (terms.patient_share or terms.sequestration):
        return None
    patient = Money.rounded(work.amount.amount * COINSURANCE)
    medicare = work.amount - patient
    for name in work.line.modifiers:
        if rule := reduction(name, MEDICARE, work.schedule.day):
            medicare = Money.rounded(medicare.amount * rule.share)
    shares = Shares(patient, medicare)
    return shares.sequestered() if terms.sequestration else shares
