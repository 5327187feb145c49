"""What value codes state, beside days: the weight of a newborn, who pays before Medicare, where an ambulance came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadterm.domain.money import NOTHING
from leadterm.edits._billing import FIRST, Billing
from leadterm.edits._findings import Check, Draft

from .days import counted
from .providers import AMBULANCE
from .stay import NEWBORN

VALUE = "HI*BE"
BIRTH_WEIGHT = "54"
GRAMS = 200, 9999
# Why another payer comes before Medicare, each with what that payer pays.
BEFORE_MEDICARE = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
PICKUP = "A0"
MOST_ZIP = 99999


def _birth_weight(b: Billing) -> Iterator[Draft]:
    grams = counted(b, BIRTH_WEIGHT)
    if grams is None:
        if b.claim.admit_type == NEWBORN:
            yield Draft("The claim of a newborn does not tell the birth weight.", location=b.at(VALUE))
    elif not GRAMS[0] <= grams <= GRAMS[1] or grams != grams.to_integral_value():
        yield Draft("The birth weight is no number of grams that a newborn has.", location=b.at(VALUE))


def _negative(b: Billing) -> Iterable[Draft]:
    return [
        Draft(f"Value code {v.code} has a negative amount.", location=b.at(VALUE))
        for v in b.claim.values
        if v.amount.amount < NOTHING
    ]


def _medicare_second(b: Billing) -> Iterable[Draft]:
    if not b.medicare or b.responsibilities[0] in (FIRST, "U"):
        return ()
    if any(v.code in BEFORE_MEDICARE for v in b.claim.values):
        return ()
    message = "Medicare is not the first payer, and no value code says why and what the first one pays."
    return (Draft(message, location=b.at(VALUE)),)


def _pickup(b: Billing) -> Iterable[Draft]:
    if not b.medicare or not any((line.revenue_code or "").startswith(AMBULANCE) for line in b.claim.lines):
        return ()
    told = counted(b, PICKUP)
    if told is not None and 0 < told <= MOST_ZIP and told == told.to_integral_value():
        return ()
    message = "The claim has an ambulance, and does not tell the ZIP code from which it took the patient."
    return (Draft(message, location=b.at(VALUE)),)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837I/birth-weight": _birth_weight,
    "HIPAA:837I/negative-value": _negative,
    "CFR:411.20/medicare-second": _medicare_second,
    "MCPM:15.30/pickup": _pickup,
}
