"""Correct claims of stays in an acute hospital, by scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimValue,
    Code,
    CodeSystem,
    DateRange,
    Money,
    Occurrence,
    Poa,
    Role,
    ServiceLine,
    Sex,
)

from . import correct as base
from .correct_bills import ACCIDENT, again, claim, hospital, numbered, payers, revenue

# Exempt from reporting whether it was present on admission (official list), as far as these claims bear such codes.
EXEMPT = frozenset("O80 Z37.0 Z38.00 Z3A.39 Z79.84 Z79.01 Z87.891 Z66 Y92.009 Z99.81 Z38.30".split())
BIRTH_WEIGHT, COVERED_DAYS = "54", "80"
CAR_ACCIDENT, DIED = "01", "55"


@dataclass(frozen=True)
class Stay:
    """One kind of stay in an acute hospital.

    Attributes:
        diagnoses: In order; the first is the principal one.
        admitting: Why the patient came.
        procedures: Each with its day of the stay, counted from 0 (`0FT44ZZ@1`).
        revenue: Each `CODE=LOW..HIGH`, dollars; room and board apart.
        age, sex, days: Of the patient, and how long the stay lasts at least and at most.
        room, daily: Revenue code of the room and its price a day.
        left: Disposition.
        more: emergency, fall, newborn, elective.
    """

    diagnoses: str
    admitting: str
    procedures: str
    revenue: str
    age: tuple[int, int]
    days: tuple[int, int]
    sex: str = ""
    room: str = "0120"
    daily: int = 1200
    left: str = "01"
    more: tuple[str, ...] = ("emergency",)


WARD = "0250=300..2500 0300=400..1800 0450=900..2200"
THEATRE = "0250=600..2500 0270=900..5200 0300=300..1500 0360=4000..14000 0370=700..2400 0710=500..1500"
STAYS = (
    Stay("J18.9 J96.01 I10 Z87.891", "R06.02", "", f"{WARD} 0320=200..600", (40, 90), (3, 7)),
    Stay("I11.0 I50.23 I48.91 Z79.01", "R06.02", "", f"{WARD} 0480=500..1500", (60, 92), (3, 6), left="06"),
    Stay("A41.9 R65.20 N17.9 N39.0 E11.9 Z79.84", "R50.9", "", WARD, (50, 92), (5, 9), left="03"),
    Stay("J44.1 I10 Z99.81", "R06.02", "", f"{WARD} 0410=300..900", (50, 88), (2, 5)),
    Stay("K80.00", "R10.11", "0FT44ZZ@1", THEATRE, (25, 75), (2, 4)),
    Stay("K35.80", "R10.31", "0DTJ4ZZ@0", THEATRE, (8, 60), (1, 3)),
    Stay(
        "M17.11 I10",
        "M17.11",
        "0SRC0J9@0",
        f"{THEATRE} 0278=3000..8000",
        (55, 80),
        (1, 3),
        left="06",
        more=("elective",),
    ),
    Stay(
        *("S72.001A W01.0XXA Y92.009 I10", "M25.551", "0SRR0J9@1", f"{THEATRE} 0278=3000..8000", (68, 92), (4, 7)),
        left="03",
        more=("emergency", "fall"),
    ),
    Stay("I21.4 I25.10 E78.5 I10", "R07.9", "027034Z@0", f"{THEATRE} 0481=6000..15000", (45, 85), (2, 4)),
    Stay("I63.9 I10 R29.704", "R47.01", "", f"{WARD} 0350=900..2500", (55, 90), (3, 6), left="62"),
    Stay(
        "O80 Z37.0 Z3A.39",
        "Z3A.39",
        "10E0XZZ@0",
        "0250=200..900 0300=100..500 0720=1500..4500",
        (19, 38),
        (2, 2),
        "F",
        "0122",
        more=("elective",),
    ),
    Stay(
        "O34.211 O99.214 E66.9 Z37.0 Z3A.39",
        "O34.211",
        "10D00Z1@0",
        THEATRE,
        (22, 38),
        (3, 4),
        "F",
        "0122",
        more=("elective",),
    ),
    Stay(
        "Z38.00", "Z38.00", "", "0250=20..150 0300=100..400", (0, 0), (2, 2), room="0171", daily=700, more=("newborn",)
    ),
    Stay("F33.2 R45.851", "R45.851", "", "0250=100..900 0300=200..900 0914=500..1500", (20, 62), (5, 9), room="0124"),
    Stay("E10.10", "R11.2", "", WARD, (12, 50), (2, 4)),
    Stay(
        "I60.9 G93.6 Z66", "R51.9", "", f"{WARD} 0350=900..2500", (50, 85), (2, 5), room="0200", daily=3400, left="20"
    ),
    Stay("I21.4 I25.10", "R07.9", "", WARD, (45, 85), (1, 2), left="02", more=("emergency", "from hospital")),
    Stay("F10.239", "R25.1", "", WARD, (25, 65), (1, 2), left="07"),
    Stay("Z38.30", "Z38.30", "", "0250=20..150", (0, 0), (3, 3), room="0171", daily=700, more=("newborn",)),
    Stay("J18.9 I10", "R06.02", "", WARD, (99, 102), (3, 5), left="03"),
    Stay("S36.039A V43.52XA", "R10.9", "07TP0ZZ@0", f"{THEATRE} 0681=9000..20000", (20, 60), (4, 7), more=("trauma",)),
)


def stay(random: Random, number: str, kind: Stay) -> Claim:
    first, days = base.some_day(random), random.randint(*kind.days)
    last, newborn = first + timedelta(days=days), "newborn" in kind.more
    sex = Sex(kind.sex) if kind.sex else random.choice((Sex.FEMALE, Sex.MALE))
    birth = first if newborn else base.born(random, first, random.randint(*kind.age))
    who = base.patient(random, sex, birth)
    lines = _accommodation(kind, days, first, last) + revenue(random, kind.revenue, first, last)
    ordered = numbered(lines)
    paid_by, values = payers(random, who, first, ordered)
    if paid_by[0].type == "medicare":
        values += (ClaimValue(COVERED_DAYS, Money.parse(days)),)
    if newborn:
        values += (ClaimValue(BIRTH_WEIGHT, Money.parse(random.randint(2600, 4200))),)
    bill, more = again(random, "011", paid_by[0].type == "medicare")
    return claim(
        number,
        bill,
        paid_by,
        patient=who,
        providers=hospital(random, surgeon=bool(kind.procedures)),
        diagnoses=_coded(random, kind.diagnoses, kind.admitting),
        procedures=_procedures(kind.procedures, first),
        lines=ordered,
        admission=datetime.combine(first, time(random.randrange(24), 15)),
        discharge=datetime.combine(last, time(random.randint(9, 20), 40)),
        statement=DateRange(first, last),
        disposition=kind.left,
        admit_type=_admitted(kind),
        # A newborn is born inside the hospital; others come from home or from another hospital.
        admit_source="5" if newborn else "4" if "from hospital" in kind.more else "1",
        occurrences=_happened(kind, first, last),
        values=values,
        **more,
    )


def _admitted(kind: Stay) -> str:
    for word, code in (("newborn", "4"), ("trauma", "5"), ("emergency", "1")):
        if word in kind.more:
            return code
    return "3"


def _happened(kind: Stay, first: date, last: date) -> tuple[Occurrence, ...]:
    """The day of an accident, by its kind, and the day of death."""
    if kind.left == "20":
        return (Occurrence(DIED, last),)
    if "trauma" in kind.more:
        return (Occurrence(CAR_ACCIDENT, first),)
    return (Occurrence(ACCIDENT, first),) if "fall" in kind.more else ()


def part_of_a_stay(random: Random, number: str) -> Claim:
    """The first of several bills of one long stay: the patient is still there."""
    whole = stay(random, number, STAYS[2])
    assert whole.statement is not None
    lines = [replace(line, charge=line.charge) for line in whole.lines]
    days = Decimal((whole.statement.end or whole.statement.start).toordinal() - whole.statement.start.toordinal() + 1)
    # Nobody left, so that the last night is counted too.
    lines = [replace(line, units=days) if line.unit == "DA" else line for line in lines]
    values = tuple(replace(v, amount=Money(days)) if v.code == COVERED_DAYS else v for v in whole.values)
    if len(whole.payers) > 1:
        return replace(whole, id=number)
    bill = {"type_of_bill": "0112", "frequency": "2", "payer_control_number": None, "condition_codes": ()}
    return replace(whole, lines=tuple(lines), values=values, discharge=None, disposition="30", **bill)


def _coded(random: Random, codes: str, admitting: str) -> tuple[ClaimDiagnosis, ...]:
    """Diagnoses with their indicators: everything was there on admission or is exempt."""
    exempt = random.choice((Poa.EXEMPT, None))
    told = [replace(d, poa=exempt if str(d.code) in EXEMPT else Poa.YES) for d in base.diagnoses(codes, Role.PRINCIPAL)]
    return (*told, ClaimDiagnosis(base.icd(admitting), Role.ADMITTING))


def _procedures(text: str, first: date) -> tuple[ClaimProcedure, ...]:
    pairs = (word.split("@") for word in text.split())
    return tuple(
        ClaimProcedure(Code(CodeSystem.ICD10PCS, code), first + timedelta(days=int(after))) for code, after in pairs
    )


def _accommodation(kind: Stay, days: int, first: date, last: date) -> list[ServiceLine]:
    charge = Money.parse(kind.daily * days)
    return [ServiceLine(1, None, Decimal(days), charge, first, last, revenue_code=kind.room, unit="DA", dated=False)]
