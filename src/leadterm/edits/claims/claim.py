"""A claim as a whole: its diagnoses, counts, total, days and replacement of earlier claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from leadterm.domain import CodeSystem, Role, plain_day
from leadterm.domain.claim import OF_EARLIER_CLAIM, ORIGINAL
from leadterm.domain.money import NOTHING
from leadterm.edits._billing import Billing
from leadterm.edits._coding import holds_on
from leadterm.edits._findings import Check, Draft

MOST_DIAGNOSES = 12
MOST_LINES = 50
MOST_FACILITY_LINES = 999
FIRST_RULES = date(2012, 1, 1)
FREQUENCIES = OF_EARLIER_CLAIM | {ORIGINAL}
# Room of an institutional claim by role: the principal diagnosis and 24 others stand in the order.
ROOM = {Role.EXTERNAL_CAUSE: 12, Role.REASON_FOR_VISIT: 3, Role.ADMITTING: 1}
IN_ORDER = 25
NAMES = {
    Role.EXTERNAL_CAUSE: "external causes",
    Role.REASON_FOR_VISIT: "reasons for the visit",
    Role.ADMITTING: "admitting diagnoses",
}


def _diagnosis_count(b: Billing) -> Iterable[Draft]:
    count = len(b.claim.diagnoses)
    if 1 <= count <= MOST_DIAGNOSES:
        return ()
    message = f"The claim has {count} diagnoses; a professional claim has 1 to {MOST_DIAGNOSES}."
    return (Draft(message, location=b.at("HI")),)


def _facility_diagnoses(b: Billing) -> Iterator[Draft]:
    counts = Counter(d.role for d in b.claim.diagnoses)
    beside = {role: counts.pop(role, 0) for role in ROOM}
    if not 1 <= counts.total() <= IN_ORDER:
        message = f"The claim has {counts.total()} diagnoses; an institutional claim has 1 to {IN_ORDER}."
        yield Draft(message, location=b.at("HI"))
    for role, count in beside.items():
        if count > ROOM[role]:
            yield Draft(f"The claim has {count} {NAMES[role]}; there is room for {ROOM[role]}.", location=b.at("HI"))


def _line_count(b: Billing) -> Iterable[Draft]:
    count, most = len(b.claim.lines), MOST_LINES if b.professional else MOST_FACILITY_LINES
    if 1 <= count <= most:
        return ()
    return (Draft(f"The claim has {count} service lines; it may have 1 to {most}.", location=b.at("LX")),)


def _total(b: Billing) -> Iterable[Draft]:
    total = sum((line.charge.amount for line in b.claim.lines), NOTHING)
    if total > NOTHING:
        return ()
    return (Draft(f"The claim asks for {total}, which is nothing.", location=b.at("CLM")),)


def _frequency(b: Billing) -> Iterable[Draft]:
    if b.claim.frequency in FREQUENCIES:
        return ()
    return (Draft("The claim frequency is none of 1, 7 and 8.", location=b.at("CLM")),)


def _control_number(b: Billing) -> Iterable[Draft]:
    if b.claim.frequency not in OF_EARLIER_CLAIM or (b.claim.payer_control_number or "").strip():
        return ()
    message = f"Frequency {b.claim.frequency} concerns an earlier claim, and the payer's number of it is missing."
    return (Draft(message, location=b.at("REF*F8")),)


def _original_with_number(b: Billing) -> Iterable[Draft]:
    if b.claim.frequency != ORIGINAL or not b.claim.payer_control_number:
        return ()
    message = "The claim is an original, and bears the payer's number of an earlier claim."
    return (Draft(message, location=b.at("REF*F8")),)


def _not_in_force(b: Billing) -> Iterator[Draft]:
    """Once a diagnosis: the first line on whose day it is not in force, or the day of discharge."""
    days = _days(b)
    asked = {min(days), max(days)} if days else frozenset()
    if len(b.entries) < len(b.claim.diagnoses):
        others = (d.code for d in b.claim.diagnoses if d.code.system is not CodeSystem.ICD10CM)
        yield from (Draft(f"{c} is not of ICD-10-CM.", (str(c),), location=b.at("HI")) for c in others)
    for entry in b.entries:
        # What is in force on the first and on the last day is so between them.
        if any(not holds_on(b.book, entry, day) for day in asked):
            number, day = next((n, day) for day, n in days.items() if not holds_on(b.book, entry, day))
            message = f"{entry.code} is not a complete code in force on {day}."
            yield Draft(message, (entry.code,), location=b.at("HI", number))


def _days(b: Billing) -> Mapping[date, int | None]:
    """The days on which its codes must hold, each with the first line of that day."""
    stay = None if b.professional else plain_day(b.claim.discharge) or (b.claim.statement and b.claim.statement.end)
    if stay:
        return {stay: None}
    days: dict[date, int | None] = {}
    for line in b.claim.lines:
        days.setdefault(line.start, line.number)
    return days


def _before_birth(b: Billing) -> Iterable[Draft]:
    birth, first = b.claim.patient.birth_date, b.first_day
    if birth is None or first is None or birth <= first:
        return ()
    return (Draft(f"Service on {first} is before the patient's day of birth.", location=b.at("DTP*472")),)


def _before_the_rules(b: Billing) -> Iterator[Draft]:
    """On every claim of a day on which most rules do not hold yet, so that silence is not taken for approval."""
    day = b.controlling_day
    what = "no rule on claims is known here" if day and day < FIRST_RULES else "diagnoses are not in ICD-10-CM yet"
    yield Draft(
        f"The services are of {day}, a day on which {what}: the claim is not judged in full.", location=b.at("CLM")
    )


CHECKS: Mapping[str, Check[Billing]] = {
    "LEADTERM:claim/before-the-rules": _before_the_rules,
    "HIPAA:837P/diagnosis-count": _diagnosis_count,
    "HIPAA:837I/diagnosis-count": _facility_diagnoses,
    "HIPAA:837/line-count": _line_count,
    "HIPAA:837/total": _total,
    "HIPAA:837P/frequency": _frequency,
    "HIPAA:837/payer-control-number": _control_number,
    "HIPAA:837/original-with-number": _original_with_number,
    "HIPAA:162.1002/diagnosis-in-force": _not_in_force,
    "HIPAA:837/service-before-birth": _before_birth,
}
