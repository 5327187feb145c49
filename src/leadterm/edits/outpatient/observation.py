"""Observation by the hour (G0378) and direct referral (G0379): where they stand, and whether they are paid as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadterm.codesets.payment.packaging import (
    HOSPITAL,
    HOURS,
    OBSERVATION,
    OBSERVATION_APC,
    REFERRED,
    OppsService,
    hours,
    observation,
)
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._procedures import is_among

from ._judged import bill, judged, numbered, on_line, settled, when

OBSERVED = frozenset({OBSERVATION, REFERRED})
REVENUE = "0762"
# What may stand under 0762: hours, referral, and the care that physicians tell by these codes.
UNDER_REVENUE = "G0378-G0379 99217-99220 99224-99226 99234-99236"


@when(*OBSERVED)
def _bill(b: Billing) -> Iterator[Draft]:
    if bill(b) == HOSPITAL:
        return
    for s in judged(b):
        if s.row.code in OBSERVED:
            yield on_line(b, s, f"Line {s.line} is observation ({s.row.code}) on a bill of type {b.bill_type}x.")


@when(REVENUE)
def _revenue(b: Billing) -> Iterator[Draft]:
    for s in judged(b):
        if b.claim.lines[s.line - 1].revenue_code == REVENUE and not is_among(s.row.code, UNDER_REVENUE):
            yield on_line(b, s, f"Line {s.line} ({s.row.code}) stands under revenue code 0762 and is no observation.")


@when(REFERRED)
def _referral(b: Billing) -> Iterator[Draft]:
    referred = [s for s in judged(b) if s.row.code == REFERRED]
    days = {s.day for s in judged(b) if s.row.code == OBSERVATION}
    for s in referred:
        if s.day not in days:
            yield on_line(b, s, f"Line {s.line} is a referral to observation, and no hours (G0378) stand on that day.")


@when(OBSERVATION)
def _paid_as_one(b: Billing) -> Iterator[Draft]:
    observed = _hours(b)
    visit = observation(judged(b), bill(b)) if observed else None
    if observed is None or visit is None:
        return
    within = [line for line, one in settled(b).items() if one.into == visit.line]
    others = f"; {numbered(within)} within it" if within else ""
    paid = f"is paid as one with the visit of line {visit.line} (APC {OBSERVATION_APC}{others})"
    yield on_line(b, observed, f"Observation of {hours(judged(b)):f} hours {paid}.")


@when(OBSERVATION)
def _within_others(b: Billing) -> Iterator[Draft]:
    observed = _hours(b)
    if observed is None or observation(judged(b), bill(b)) is not None:
        return
    yield on_line(b, observed, f"The hours of line {observed.line} are packaged: {_why(b)}.")


def _hours(b: Billing) -> OppsService | None:
    """The first line with hours of observation, where the bill may have them."""
    if bill(b) != HOSPITAL:
        return None
    return next((s for s in judged(b) if s.row.code == OBSERVATION), None)


def _why(b: Billing) -> str:
    """Which condition of the payment as one is not met, as a clause."""
    done = next((s for s in judged(b) if s.indicator in ("T", "J1")), None)
    if done:
        return f"line {done.line} ({done.row.code}, status {done.indicator}) is paid as a procedure"
    if hours(judged(b)) < HOURS:
        return f"they are fewer than {HOURS}"
    return "no visit of the day or the day before stands on the claim, nor a referral of the day"


CHECKS: Mapping[str, Check[Billing]] = {
    "MCPM:4.290/bill": _bill,
    "MCPM:4.290/revenue": _revenue,
    "MCPM:4.290.5.2/referral": _referral,
    "MCPM:4.290.5.3/paid-as-one": _paid_as_one,
    "MCPM:4.290.5.3/packaged": _within_others,
}
