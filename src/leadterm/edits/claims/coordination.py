"""Coordination of benefits: what earlier payers decided is told, in order, and balances with what was charged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from leadterm.domain import Adjudication, LineAdjudication, PriorAdjustment
from leadterm.domain.money import NOTHING
from leadterm.edits._billing import ORDER, Billing
from leadterm.edits._findings import Check, Draft

CLAIM, LINE, ADJUSTED, DECIDED = "AMT*D", "SVD", "CAS", "DTP*573"
GROUPS = frozenset({"CO", "CR", "OA", "PI", "PR"})
REASON_LENGTH = 5


def _missing(b: Billing) -> Iterator[Draft]:
    """Every payer before the one that is asked has decided."""
    if len(b.claim.payers) < 2:
        return
    asked = ORDER.find(b.responsibilities[0])
    for place, payer in zip(b.responsibilities[1:], b.claim.payers[1:], strict=True):
        if 0 <= ORDER.find(place) < asked and payer.adjudication is None:
            message = f"Payer {b.responsibilities[0]} is asked, and the claim does not say what payer {place} decided."
            yield Draft(message, location=b.at(CLAIM))


def _later_payer(b: Billing) -> Iterator[Draft]:
    for place, _ in b.decisions:
        if ORDER.find(place) > ORDER.find(b.responsibilities[0]) >= 0:
            message = (
                f"Payer {b.responsibilities[0]} is asked, and payer {place}, who comes later, has decided already."
            )
            yield Draft(message, location=b.at(CLAIM))


def _claim_balance(b: Billing) -> Iterator[Draft]:
    for place, decided in b.decisions:
        charged = b.claim.total.amount
        adjusted = _sum(decided.adjustments) + sum((_sum(line.adjustments) for line in decided.lines), NOTHING)
        if charged - adjusted != decided.paid.amount:
            message = (
                f"Payer {place}: of {charged} charged, {adjusted} were adjusted"
                f" and {decided.paid} paid, which leaves {charged - adjusted - decided.paid.amount}."
            )
            yield Draft(message, location=b.at(CLAIM))


def _line_balance(b: Billing) -> Iterator[Draft]:
    for place, decided in b.decisions:
        for number, parts in _by_line(decided).items():
            if number > len(b.claim.lines):
                message = f"Payer {place} decided on line {number}, which the claim does not have."
                yield Draft(message, location=b.at(LINE, number))
                continue
            charged = b.claim.lines[number - 1].charge.amount
            told = sum((p.paid.amount + _sum(p.adjustments) for p in parts), NOTHING)
            if told != charged:
                message = f"Payer {place}: line {number} was charged {charged}, and {told} were paid or adjusted."
                yield Draft(message, location=b.at(LINE, number))


def _by_line(decided: Adjudication) -> Mapping[int, list[LineAdjudication]]:
    """A line that was paid in several parts has several."""
    found: dict[int, list[LineAdjudication]] = {}
    for line in decided.lines:
        found.setdefault(line.line, []).append(line)
    return found


def _paid_by_line(b: Billing) -> Iterator[Draft]:
    """Where every line was decided, the claim was paid what its lines were paid, less adjustments of the whole."""
    for place, decided in b.decisions:
        if len(_by_line(decided)) < len(b.claim.lines):
            continue
        lines = sum((line.paid.amount for line in decided.lines), NOTHING) - _sum(decided.adjustments)
        if lines != decided.paid.amount:
            message = f"Payer {place} paid {decided.paid} for the claim, and {lines} for its lines."
            yield Draft(message, location=b.at(CLAIM))


def _groups(b: Billing) -> Iterator[Draft]:
    for place, decided in b.decisions:
        for adjustment in _all(decided):
            if adjustment.group not in GROUPS or not _is_reason(adjustment.reason):
                message = (
                    f"Payer {place}: an adjustment has no group of {', '.join(sorted(GROUPS))}, or no reason code."
                )
                yield Draft(message, location=b.at(ADJUSTED))
                break


def _is_reason(reason: str) -> bool:
    return 0 < len(reason) <= REASON_LENGTH and reason.isascii() and reason.isalnum()


def _all(decided: Adjudication) -> Iterator[PriorAdjustment]:
    yield from decided.adjustments
    for line in decided.lines:
        yield from line.adjustments


def _day(b: Billing) -> Iterator[Draft]:
    for place, decided in b.decisions:
        days = [d for d in (decided.date, *(line.date for line in decided.lines)) if d is not None]
        if not days:
            yield Draft(f"The claim does not say when payer {place} decided.", location=b.at(DECIDED))
        elif b.first_day is not None and min(days) < b.first_day:
            yield Draft(f"Payer {place} decided before the first service.", location=b.at(DECIDED))
        elif b.received is not None and max(days) > b.received:
            yield Draft(f"Payer {place} decided after this claim is received.", location=b.at(DECIDED))


def _owed(b: Billing) -> Iterator[Draft]:
    for place, decided in b.decisions:
        owed = decided.remaining.amount if decided.remaining else NOTHING
        if not NOTHING <= owed <= b.claim.total.amount:
            message = f"Payer {place} leaves {owed} to the patient, which is no part of {b.claim.total}."
            yield Draft(message, location=b.at("AMT*EAF"))


def _sum(adjustments: tuple[PriorAdjustment, ...]) -> Decimal:
    return sum((a.amount.amount for a in adjustments), NOTHING)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837/earlier-payer": _missing,
    "HIPAA:837/later-payer": _later_payer,
    "HIPAA:837/claim-balance": _claim_balance,
    "HIPAA:837/line-balance": _line_balance,
    "HIPAA:837/paid-by-line": _paid_by_line,
    "HIPAA:837/adjustment-group": _groups,
    "HIPAA:837/decision-day": _day,
    "HIPAA:837/owed": _owed,
}
