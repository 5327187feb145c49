"""A claim as a whole: its diagnoses, counts, total, days and replacement of earlier claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from leadterm.domain import CodeSystem
from leadterm.edits._billing import Billing, day_of
from leadterm.edits._coding import in_force
from leadterm.edits._findings import Check, Draft

MOST_DIAGNOSES = 12
MOST_LINES = 50
FREQUENCIES = frozenset({"1", "7", "8"})
OF_EARLIER_CLAIM = frozenset({"7", "8"})


def _diagnosis_count(b: Billing) -> Iterator[Draft]:
    count = len(b.claim.diagnoses)
    if not 1 <= count <= MOST_DIAGNOSES:
        message = f"The claim has {count} diagnoses; a professional claim has 1 to {MOST_DIAGNOSES}."
        yield Draft(message, location=b.at("HI"))


def _line_count(b: Billing) -> Iterator[Draft]:
    count = len(b.claim.lines)
    if not 1 <= count <= MOST_LINES:
        message = f"The claim has {count} service lines; a professional claim has 1 to {MOST_LINES}."
        yield Draft(message, location=b.at("LX"))


def _total(b: Billing) -> Iterator[Draft]:
    if b.claim.total.amount <= Decimal(0):
        yield Draft(f"The claim asks for {b.claim.total}, which is nothing.", location=b.at("CLM"))


def _frequency(b: Billing) -> Iterator[Draft]:
    if b.claim.frequency not in FREQUENCIES:
        yield Draft("The claim frequency is none of 1, 7 and 8.", location=b.at("CLM"))


def _control_number(b: Billing) -> Iterator[Draft]:
    if b.claim.frequency in OF_EARLIER_CLAIM and not (b.claim.payer_control_number or "").strip():
        message = f"Frequency {b.claim.frequency} concerns an earlier claim, and the payer's number of it is missing."
        yield Draft(message, location=b.at("REF*F8"))


def _place_missing(b: Billing) -> Iterator[Draft]:
    if not b.claim.place_of_service:
        yield Draft("The claim has no place of service.", location=b.at("CLM"))


def _not_in_force(b: Billing) -> Iterator[Draft]:
    """Once a diagnosis: the first line on whose day it is not in force, or the day of discharge."""
    for d in b.claim.diagnoses:
        if d.code.system is not CodeSystem.ICD10CM:
            yield Draft(f"{d.code} is not of ICD-10-CM.", (str(d.code),), location=b.at("HI"))
            continue
        for number, day in _days(b):
            if not in_force(b.book, d.code, day):
                message = f"{d.code} is not a complete code in force on {day}."
                yield Draft(message, (str(d.code),), location=b.at("HI", number))
                break


def _days(b: Billing) -> list[tuple[int | None, date]]:
    discharge = day_of(b.claim.discharge)
    if not b.professional and discharge:
        return [(None, discharge)]
    days: dict[date, int | None] = {}
    for line in b.claim.lines:
        days.setdefault(line.start, line.number)
    return [(number, day) for day, number in days.items()]


def _before_birth(b: Billing) -> Iterator[Draft]:
    birth, first = b.claim.patient.birth_date, b.first_day
    if birth and first and first < birth:
        yield Draft(f"Service on {first} is before the patient's day of birth.", location=b.at("DTP*472"))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/diagnosis-count": _diagnosis_count,
    "HIPAA:837P/line-count": _line_count,
    "HIPAA:837P/total": _total,
    "HIPAA:837P/frequency": _frequency,
    "HIPAA:837P/payer-control-number": _control_number,
    "HIPAA:837P/place-missing": _place_missing,
    "HIPAA:162.1002/diagnosis-in-force": _not_in_force,
    "HIPAA:837P/service-before-birth": _before_birth,
}
