"""Days of service and days of a stay: lines within their period, counted days that add up, no service after death."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from leadterm.domain import ServiceLine, plain_day
from leadterm.edits._billing import Billing
from leadterm.edits._findings import Check, Draft

from .bill_type import STAY, kind_of_bill
from .stay import HOSPITAL_STAYS, SKILLED, STILL_PATIENT, WINDOW

SERVED, COUNTED = "DTP*472", "HI*BE"
COVERED, NOT_COVERED, COINSURANCE, RESERVE = "80", "81", "82", "83"
DAY_CODES = (COVERED, NOT_COVERED, COINSURANCE, RESERVE)
DEATH = "55"
# Coinsurance days of a benefit period (42 CFR 409.61): 61st to 90th in a hospital, 21st to 100th in skilled nursing.
COINSURANCE_DAYS = {**dict.fromkeys(HOSPITAL_STAYS, 30), **dict.fromkeys(SKILLED, 80)}
RESERVE_DAYS = 60
# Moved to another hospital on the day of admission: a day that may be counted or not.
SAME_DAY_TRANSFER = "40"
# Room and board and leave: revenue codes whose units are days.
FIRST_ROOM, AFTER_ROOMS = "0100", "0220"


def days_of_stay(b: Billing) -> int | None:
    """Days that a stay's claim counts: the last one only where the patient was admitted on it, or has not left."""
    period = b.claim.statement
    if kind_of_bill(b) != STAY or period is None or period.end is None:
        return None
    start = max(period.start, plain_day(b.claim.admission) or period.start)
    nights = (period.end - start).days + (b.claim.disposition == STILL_PATIENT)
    return max(nights, 1) if nights >= 0 else None


def is_room(line: ServiceLine) -> bool:
    """Whether the line is for room and board, or for leave from them."""
    return FIRST_ROOM <= (line.revenue_code or "") < AFTER_ROOMS


def counted(b: Billing, code: str) -> Decimal | None:
    """What a value code counts; None where the claim does not have it."""
    return next((v.amount.amount for v in b.claim.values if v.code == code), None)


def _outside_stay(b: Billing) -> Iterator[Draft]:
    """Of a professional claim."""
    admission, discharge = plain_day(b.claim.admission), plain_day(b.claim.discharge)
    if admission is None and discharge is None:
        return
    for line in b.claim.lines:
        if (admission and line.start < admission) or (discharge and line.end > discharge):
            yield _on(b, line, f"Line {line.number} has service outside the stay.")


def _outside_period(b: Billing) -> Iterable[Draft]:
    period = b.claim.statement
    if period is None:
        return ()
    return [
        _on(b, line, f"Line {line.number} has service outside the days that the claim covers.")
        for line in b.claim.lines
        if line.dated and not (line.start in period and line.end in period)
    ]


def _period_missing(b: Billing) -> Iterable[Draft]:
    period = b.claim.statement
    if period is not None and period.end is not None:
        return ()
    return (Draft("The claim does not say which days it covers.", location=b.at("DTP*434")),)


def _procedure_day(b: Billing) -> Iterator[Draft]:
    period = b.claim.statement
    for p in b.claim.procedures:
        if p.date is None:
            yield Draft(f"{p.code} has no day.", (str(p.code),), location=b.at("HI*BBR"))
        elif period and period.end and not period.start - WINDOW <= p.date <= period.end:
            message = f"{p.code} was done on {p.date}, which is not among the days of the claim."
            yield Draft(message, (str(p.code),), location=b.at("HI*BBR"))


def _sum_of_days(b: Billing) -> Iterable[Draft]:
    covered, days = counted(b, COVERED), days_of_stay(b)
    if covered is None or days is None or SAME_DAY_TRANSFER in b.conditions:
        return ()
    told = covered + (counted(b, NOT_COVERED) or 0)
    if told == days:
        return ()
    message = f"The claim counts {_whole(told)} days, covered or not, and its period has {days}."
    return (Draft(message, location=b.at(COUNTED)),)


def _whole_days(b: Billing) -> Iterator[Draft]:
    for code in DAY_CODES:
        told = counted(b, code)
        if told is not None and (told < 0 or told != told.to_integral_value()):
            yield Draft(f"Value code {code} counts days, and is no whole number.", location=b.at(COUNTED))


def _shared_days(b: Billing) -> Iterator[Draft]:
    """Coinsurance and lifetime reserve days are covered days, and there are only so many of them."""
    shared, reserve = counted(b, COINSURANCE) or Decimal(0), counted(b, RESERVE) or Decimal(0)
    covered = counted(b, COVERED)
    if covered is not None and shared + reserve > covered:
        yield Draft("There are more coinsurance and reserve days than covered ones.", location=b.at(COUNTED))
    most = COINSURANCE_DAYS.get(b.bill_type)
    if b.medicare and most is not None and shared > most:
        yield Draft(f"There are more than {most} coinsurance days.", location=b.at(COUNTED))
    if b.medicare and reserve > RESERVE_DAYS:
        yield Draft(f"There are more than {RESERVE_DAYS} lifetime reserve days.", location=b.at(COUNTED))


def _room_days(b: Billing) -> Iterable[Draft]:
    days = days_of_stay(b)
    rooms = sum((line.units for line in b.claim.lines if is_room(line)), Decimal(0)) if days else Decimal(0)
    if not rooms or rooms == days:
        return ()
    message = f"Room and board is charged for {_whole(rooms)} days, and the claim has {days}."
    return (Draft(message, location=b.at("SV2")),)


def _after_death(b: Billing) -> Iterator[Draft]:
    died = [o.start for o in b.claim.occurrences if o.code == DEATH]
    if not died:
        return
    for line in b.claim.lines:
        if line.dated and line.start > min(died):
            yield _on(b, line, f"Line {line.number} has service after the patient's death.")


def _after_receipt(b: Billing) -> Iterator[Draft]:
    received = b.received
    if received is None:
        return
    for line in b.claim.lines:
        # Supplies may be for days to come, and are sent out on the first of them.
        if line.start > received:
            yield _on(b, line, f"Line {line.number} has service on {line.start}, after the claim is received.")


def _whole(days: Decimal) -> str:
    return f"{days:f}".rstrip("0").rstrip(".") if "." in f"{days:f}" else f"{days:f}"


def _on(b: Billing, line: ServiceLine, message: str) -> Draft:
    return Draft(message, location=b.at(SERVED, line.number))


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837P/outside-stay": _outside_stay,
    "HIPAA:837I/period": _period_missing,
    "HIPAA:837I/outside-period": _outside_period,
    "HIPAA:837I/procedure-day": _procedure_day,
    "MCPM:25.75/days": _sum_of_days,
    "HIPAA:837I/whole-days": _whole_days,
    "CFR:409.61/shared-days": _shared_days,
    "MCPM:25.75/room-days": _room_days,
    "LEADTERM:claims/after-death": _after_death,
    "HIPAA:837/after-receipt": _after_receipt,
}
