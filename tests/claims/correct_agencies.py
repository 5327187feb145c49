"""Correct claims of skilled nursing, home health, hospice and dialysis."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimValue,
    DateRange,
    Money,
    Occurrence,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)

from . import correct as base
from .correct_bills import DOCTOR, claim, numbered, revenue

NURSING, AGENCY = "314000000X", "251E00000X"
COVERED_DAYS, AREA, COUNTY, ASSESSED, QUALIFYING_STAY = "80", "61", "85", "50", "70"


def nursing(random: Random, number: str, place: int) -> Claim:
    """A month in a skilled nursing facility, after a stay of three days in a hospital: whole, or its first part."""
    first = base.some_day(random)
    days = random.randint(8, 28)
    part = place % 4 == 1
    # The day of discharge is not counted; a patient who stays is there for the last night as well.
    last = first + timedelta(days=days - 1 if part else days)
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    who = base.patient(random, sex, base.born(random, first, random.randint(68, 92)))
    room = ServiceLine(
        1, None, Decimal(days), Money.parse(410 * days), first, last, revenue_code="0120", unit="DA", dated=False
    )
    rate = ServiceLine(
        1, None, Decimal(days), Money.parse(0), first, last, revenue_code="0022", hipps="NHNC1", dated=False
    )
    therapy = revenue(random, "0250=200..900 0420=400..1900 0430=300..1400", first, last)
    return claim(
        number,
        "0212" if part else "0211",
        (base.payer(random, base.MEDICARE, Subscriber()),),
        patient=who,
        providers=(
            base.clinic(random, "EXAMPLE CARE CENTER", NURSING),
            base.person(random, ProviderRole.ATTENDING, DOCTOR),
        ),
        diagnoses=(
            *base.diagnoses("S72.001D I10 Z79.01", Role.PRINCIPAL),
            ClaimDiagnosis(base.icd("S72.001D"), Role.ADMITTING),
        ),
        lines=numbered([room, rate, *therapy]),
        admission=datetime.combine(first, time(14, 0)),
        discharge=None if part else datetime.combine(last, time(10, 30)),
        statement=DateRange(first, last),
        disposition="30" if part else "01",
        admit_type="3",
        admit_source="4",
        occurrences=(
            Occurrence(ASSESSED, first + timedelta(days=5)),
            Occurrence(QUALIFYING_STAY, first - timedelta(days=5), first - timedelta(days=1)),
        ),
        values=(ClaimValue(COVERED_DAYS, Money.parse(days)),),
    )


def home(random: Random, number: str) -> Claim:
    """A period of thirty days of home health: the rate code, where it was, and each visit in quarters of an hour."""
    first = base.some_day(random)
    last = first + timedelta(days=29)
    who = base.patient(random, random.choice((Sex.FEMALE, Sex.MALE)), base.born(random, first, random.randint(66, 92)))
    rate = ServiceLine(1, None, Decimal(1), Money.parse(0), first, first, revenue_code="0023", hipps="1FC21")
    home = ServiceLine(1, base.service("Q5001"), Decimal(1), Money.parse("0.01"), first, first, revenue_code="0551")
    visits = [
        _visit(random, revenue, code, first + timedelta(days=after))
        for after, revenue, code in (
            (0, "0551", "G0299"),
            (2, "0421", "G0151"),
            (7, "0551", "G0299"),
            (9, "0571", "G0156"),
        )
    ]
    return claim(
        number,
        "0329",
        (base.payer(random, base.MEDICARE, Subscriber()),),
        patient=who,
        providers=(
            base.clinic(random, "EXAMPLE HOME HEALTH", AGENCY),
            base.person(random, ProviderRole.ATTENDING, DOCTOR),
        ),
        diagnoses=tuple(base.diagnoses("I11.0 I50.32 E11.9 Z79.84", Role.PRINCIPAL)),
        lines=numbered([rate, home, *visits]),
        admission=datetime.combine(first, time(9, 0)),
        statement=DateRange(first, last),
        disposition="30",
        admit_type="3",
        admit_source="1",
        occurrences=(Occurrence(ASSESSED, first),),
        values=(ClaimValue(AREA, Money.parse("11180.00")), ClaimValue(COUNTY, Money.parse("19169.00"))),
    )


def _visit(random: Random, revenue: str, code: str, on: date) -> ServiceLine:
    quarters = Decimal(random.randint(2, 5))
    return ServiceLine(1, base.service(code), quarters, base.dollars(random, 90, 260), on, on, revenue_code=revenue)


def hospice(random: Random, number: str) -> Claim:
    """The first weeks of hospice at home: each day at the routine rate, and the visits; the patient stays in care."""
    first = base.some_day(random)
    days = random.randint(6, 20)
    last = first + timedelta(days=days - 1)
    who = base.patient(random, random.choice((Sex.FEMALE, Sex.MALE)), base.born(random, first, random.randint(68, 92)))
    routine = ServiceLine(
        *(1, base.service("Q5001"), Decimal(days), Money.parse(210 * days), first, first), revenue_code="0651"
    )
    visits = [_visit(random, "0551", "G0299", first + timedelta(days=after)) for after in (0, 3)]
    return claim(
        number,
        "0812",
        (base.payer(random, base.MEDICARE, Subscriber()),),
        patient=who,
        providers=(
            base.clinic(random, "EXAMPLE HOSPICE", "251G00000X"),
            base.person(random, ProviderRole.ATTENDING, DOCTOR),
        ),
        diagnoses=tuple(base.diagnoses("C34.91 C79.51", Role.PRINCIPAL)),
        lines=numbered([routine, *visits]),
        admission=datetime.combine(first, time(9, 0)),
        statement=DateRange(first, last),
        disposition="30",
        admit_type="3",
        admit_source="1",
        occurrences=(Occurrence("27", first),),
        values=(ClaimValue(AREA, Money.parse("11180.00")),),
    )


def dialysis(random: Random, number: str) -> Claim:
    """Two weeks of dialysis three times a week, with weight, height and how well it cleans the blood."""
    first = base.some_day(random)
    days = [first + timedelta(days=after) for after in (0, 2, 4, 7, 9, 11)]
    who = base.patient(random, random.choice((Sex.FEMALE, Sex.MALE)), base.born(random, first, random.randint(66, 85)))
    lines = [replace(_visit(random, "0821", "90999", day), units=Decimal(1), modifiers=("G3", "V6")) for day in days]
    return claim(
        number,
        "0721",
        (base.payer(random, base.MEDICARE, Subscriber()),),
        patient=who,
        providers=(
            base.clinic(random, "EXAMPLE DIALYSIS", "261QE0700X"),
            base.person(random, ProviderRole.ATTENDING, DOCTOR),
        ),
        diagnoses=tuple(base.diagnoses("N18.6 Z99.2", Role.PRINCIPAL)),
        lines=numbered(lines),
        statement=DateRange(days[0], days[-1]),
        disposition="01",
        admit_type="3",
        admit_source="1",
        condition_codes=("71",),
        occurrences=(Occurrence("51", days[2]),),
        values=tuple(
            ClaimValue(*pair)
            for pair in (("A8", Money.parse("82.4")), ("A9", Money.parse("172")), ("D5", Money.parse("1.4")))
        ),
    )
