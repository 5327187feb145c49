"""Admission and discharge: what a stay must tell, codes that exist, and what they say of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from leadterm.domain import DateRange, Role, plain_day
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft
from leadterm.edits._tables import read_table

from .bill_type import STAY, kind_of_bill

ADMITTED, STATUS = "DTP*435", "CL1"
HOSPITAL_STAYS = frozenset({"11", "41"})
SKILLED = frozenset({"18", "21", "28"})
HOSPICE = frozenset({"81", "82"})
STILL_PATIENT, ADMITTED_HERE = "30", "09"
PARTS, WHOLE = frozenset({"2", "3"}), frozenset({"1", "4"})
HOSPICE_DEATHS = frozenset({"40", "41", "42"})
DIED = frozenset({"20", *HOSPICE_DEATHS})
NEWBORN = "4"
BORN_HERE, BORN_ELSEWHERE = "5", "6"
UNSCHEDULED = frozenset({"1", "2", "5"})
EMERGENCY_LINES = ("045", "0516", "0526", "0762")
ASKED_WHY = frozenset({"13", "78", "85"})
# Days of outpatient services before the admission that go on the claim of the stay (42 CFR 412.2(c)(5)).
WINDOW = timedelta(days=3)
REAL_DISCHARGE = "42"


@cache
def _codes() -> Mapping[tuple[str, str], DateRange]:
    rows = read_table("claims/admission_codes.tsv", ("list", "code", "from", "to"))
    return {
        (which, code): DateRange(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for which, code, start, end in rows
    }


def _is_code(which: str, code: str, day: date | None) -> bool:
    used = _codes().get((which, code))
    return used is not None and (day is None or day in used)


def _admission(b: Billing) -> Iterator[Draft]:
    if kind_of_bill(b) != STAY:
        return
    claim = b.claim
    if claim.admission is None:
        yield Draft("The claim of a stay has no day of admission.", location=b.at(ADMITTED))
    lacking = [what for what, code in (("type", claim.admit_type), ("source", claim.admit_source)) if not code]
    if lacking:
        yield Draft(f"The claim of a stay has no {' and no '.join(lacking)} of admission.", location=b.at(STATUS))
    if all(d.role is not Role.ADMITTING for d in claim.diagnoses):
        yield Draft("The claim of a stay has no admitting diagnosis.", location=b.at("HI*ABJ"))


def _disposition(b: Billing) -> Iterable[Draft]:
    if b.claim.disposition:
        return ()
    return (Draft("The claim does not say what became of the patient.", location=b.at(STATUS)),)


def _unknown(b: Billing) -> Iterator[Draft]:
    claim, day = b.claim, b.controlling_day
    given = (("type", claim.admit_type), ("source", claim.admit_source), ("disposition", claim.disposition))
    for which, code in given:
        if code and not _is_code(which, code, day):
            what = "disposition" if which == "disposition" else f"{which} of admission"
            yield Draft(f"{code[:4]} was no code for the {what} on the day.", location=b.at(STATUS))


def _still_patient(b: Billing) -> Iterator[Draft]:
    claim = b.claim
    if b.bill_type not in HOSPITAL_STAYS or not claim.disposition:
        return
    if claim.frequency in PARTS and claim.disposition != STILL_PATIENT:
        message = f"Frequency {claim.frequency} is a part of a stay that goes on, and the patient has left."
        yield Draft(message, location=b.at(STATUS))
    if claim.frequency in WHOLE and claim.disposition == STILL_PATIENT:
        message = f"Frequency {claim.frequency} ends the stay, and the patient is still there."
        yield Draft(message, location=b.at(STATUS))


def _left_and_there(b: Billing) -> Iterable[Draft]:
    if b.claim.disposition != STILL_PATIENT or b.claim.discharge is None or kind_of_bill(b) != STAY:
        return ()
    return (Draft("The patient is still there, and was discharged.", location=b.at(STATUS)),)


def _hospice_death(b: Billing) -> Iterable[Draft]:
    if b.claim.disposition not in HOSPICE_DEATHS or not b.bill_type or b.bill_type in HOSPICE:
        return ()
    message = f"Disposition {b.claim.disposition} is for hospice claims."
    return (Draft(message, location=b.at(STATUS)),)


def _admitted_here(b: Billing) -> Iterable[Draft]:
    if b.claim.disposition != ADMITTED_HERE or kind_of_bill(b) != STAY:
        return ()
    message = "Disposition 09 is an outpatient's who was admitted here, and this is the claim of a stay."
    return (Draft(message, location=b.at(STATUS)),)


def _newborn_source(b: Billing) -> Iterable[Draft]:
    claim = b.claim
    if claim.admit_type != NEWBORN or not claim.admit_source or claim.admit_source in (BORN_HERE, BORN_ELSEWHERE):
        return ()
    message = f"Admission type 4 is a newborn's, and source {claim.admit_source} says not where the child was born."
    return (Draft(message, location=b.at(STATUS)),)


def _newborn_age(b: Billing) -> Iterable[Draft]:
    age = b.claim.patient.age_on(plain_day(b.claim.admission)) if b.claim.admit_type == NEWBORN else None
    if not age:
        return ()
    message = "Admission type 4 is a newborn's, and the patient is a year old or more."
    return (Draft(message, location=b.at(STATUS)),)


def _reason_for_visit(b: Billing) -> Iterable[Draft]:
    claim = b.claim
    unscheduled = b.bill_type in ASKED_WHY and claim.admit_type in UNSCHEDULED
    if not unscheduled or any(d.role is Role.REASON_FOR_VISIT for d in claim.diagnoses):
        return ()
    if not any((line.revenue_code or "").startswith(EMERGENCY_LINES) for line in claim.lines):
        return ()
    message = "The visit was not scheduled, and the claim does not give the patient's reason for it."
    return (Draft(message, location=b.at("HI*APR")),)


def _admitted_after(b: Billing) -> Iterable[Draft]:
    admitted, last = plain_day(b.claim.admission), b.controlling_day
    if admitted is None or last is None or admitted <= last:
        return ()
    return (Draft(f"The admission, {admitted}, is after the last day of the claim.", location=b.at(ADMITTED)),)


def _starts_late(b: Billing) -> Iterable[Draft]:
    """The first claim of a hospital stay starts with the admission, or in the window before it."""
    admitted, period = plain_day(b.claim.admission), b.claim.statement
    first = b.bill_type in HOSPITAL_STAYS and b.claim.frequency in ("1", "2")
    if not first or admitted is None or period is None or admitted - WINDOW <= period.start <= admitted:
        return ()
    message = f"The claim covers days from {period.start}, and the patient was admitted on {admitted}."
    return (Draft(message, location=b.at("DTP*434")),)


def _ends_otherwise(b: Billing) -> Iterable[Draft]:
    left, period = plain_day(b.claim.discharge), b.claim.statement
    if left is None or period is None or kind_of_bill(b) != STAY or period.end in (None, left):
        return ()
    if any(o.code == REAL_DISCHARGE for o in b.claim.occurrences):
        return ()
    message = f"The patient was discharged on {left}, and the claim covers days until {period.end}."
    return (Draft(message, location=b.at("DTP*434")),)


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837I/admission": _admission,
    "HIPAA:837I/disposition": _disposition,
    "HIPAA:837I/admission-codes": _unknown,
    "MCPM:25.75/still-patient": _still_patient,
    "HIPAA:837I/left-and-there": _left_and_there,
    "MCPM:25.75/hospice-death": _hospice_death,
    "MCPM:25.75/admitted-here": _admitted_here,
    "HIPAA:837I/newborn-source": _newborn_source,
    "HIPAA:837I/newborn-age": _newborn_age,
    "MCPM:25.75/reason-for-visit": _reason_for_visit,
    "HIPAA:837I/admitted-after": _admitted_after,
    "CFR:412.2/payment-window": _starts_late,
    "HIPAA:837I/discharge-day": _ends_otherwise,
}
