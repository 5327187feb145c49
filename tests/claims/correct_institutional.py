"""Correct institutional claims: stays, outpatient days, skilled nursing, home health, by scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    ClaimType,
    ClaimValue,
    Code,
    CodeSystem,
    DateRange,
    Money,
    Occurrence,
    Patient,
    Payer,
    Poa,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)

from . import correct as base

ACUTE, NURSING, AGENCY, DOCTOR = "282N00000X", "314000000X", "251E00000X", "207R00000X"
# Exempt from reporting whether it was present on admission (official list), as far as these claims bear such codes.
EXEMPT = frozenset("O80 Z37.0 Z38.00 Z3A.39 Z79.84 Z79.01 Z87.891 Z66 Y92.009 Z99.81".split())
BIRTH_WEIGHT, COVERED_DAYS, AREA, COUNTY, WORKING_AGED = "54", "80", "61", "85", "12"
ACCIDENT, ASSESSED, QUALIFYING_STAY = "05", "50", "70"


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
)


@dataclass(frozen=True)
class Day:
    """One kind of outpatient day: its diagnoses, lines (`REVENUE:CODE-MODIFIERS*UNITS=LOW..HIGH`), patient and more."""

    diagnoses: str
    lines: str
    age: tuple[int, int]
    sex: str = ""
    reason: str = ""
    more: tuple[str, ...] = ()


DAYS = (
    Day(
        "R07.9 I10",
        "0450:99284-25=700..1600 0300:80053=60..180 0300:85025=30..90 0730:93005=90..240",
        (20, 88),
        "",
        "R07.9",
        ("emergency",),
    ),
    Day(
        "S61.411A W26.0XXA Y92.010",
        "0450:99283-25=400..900 0450:12001=300..700",
        (18, 60),
        "",
        "S61.411A",
        ("emergency", "accident"),
    ),
    Day(
        "G43.909",
        "0450:99283-25=400..900 0450:96372=60..140 0636:J1885*2=10..30",
        (18, 60),
        "",
        "R51.9",
        ("emergency",),
    ),
    Day("Z12.11", "0750:45378=1200..2600", (46, 74), more=("surgeon",)),
    Day("H25.11", "0360:66984-RT=2500..4800 0276:V2632=200..500", (66, 88), more=("surgeon",)),
    Day("K21.9", "0750:43239=1000..2200 0310:88305=90..220", (25, 75), more=("surgeon",)),
    Day("M54.16", "0610:72148=900..2200", (30, 75)),
    Day("E03.9", "0300:84443=40..120 0300:36415=8..25", (25, 80)),
    Day("S93.401D", "0420:97110-GP*2=120..260 0420:97140-GP=80..160", (20, 64), more=("therapy",)),
    Day("Z51.11 C50.911", "0335:96413=500..1200 0636:J9045*9=90..300", (40, 75), "F"),
)


def institutional_claim(random: Random, number: str, at: int) -> Claim:
    """The claim whose turn it is: two stays, two outpatient days, then a nursing home or an agency."""
    turn, place = at % 5, at // 5
    if turn in (0, 1):
        claim = _stay(random, number, STAYS[(2 * place + turn) % len(STAYS)])
    elif turn in (2, 3):
        claim = _outpatient(random, number, DAYS[(2 * place + turn - 2) % len(DAYS)])
    else:
        claim = _nursing(random, number, place) if place % 2 else _home(random, number)
    return claim


def _claim(number: str, bill: str, payers: tuple[Payer, ...], **fields: Any) -> Claim:
    return Claim(
        id=number,
        claim_type=ClaimType.INSTITUTIONAL,
        subscriber=payers[0].subscriber,
        payers=tuple(replace(p, filing="MA") if p.type == "medicare" else p for p in payers),
        type_of_bill=bill,
        frequency=bill[3],
        **fields,
    )


def _stay(random: Random, number: str, kind: Stay) -> Claim:
    first, days = base.some_day(random), random.randint(*kind.days)
    last, newborn = first + timedelta(days=days), "newborn" in kind.more
    sex = Sex(kind.sex) if kind.sex else random.choice((Sex.FEMALE, Sex.MALE))
    birth = first if newborn else base.born(random, first, random.randint(*kind.age))
    who = base.patient(random, sex, birth)
    lines = _accommodation(kind, days, first, last) + _revenue(random, kind.revenue, first, last)
    numbered = _numbered(lines)
    payers, values = _payers(random, who, first, numbered)
    if payers[0].type == "medicare":
        values += (ClaimValue(COVERED_DAYS, Money.parse(days)),)
    if newborn:
        values += (ClaimValue(BIRTH_WEIGHT, Money.parse(random.randint(2600, 4200))),)
    bill, again = _again(random, "011", payers[0].type == "medicare")
    return _claim(
        number,
        bill,
        payers,
        patient=who,
        providers=_hospital(random, surgeon=bool(kind.procedures)),
        diagnoses=_coded(random, kind.diagnoses, kind.admitting),
        procedures=_procedures(kind.procedures, first),
        lines=numbered,
        admission=datetime.combine(first, time(random.randrange(24), 15)),
        discharge=datetime.combine(last, time(random.randint(9, 20), 40)),
        statement=DateRange(first, last),
        disposition=kind.left,
        admit_type="4" if newborn else "1" if "emergency" in kind.more else "3",
        # A newborn is born inside the hospital; everybody else comes from home.
        admit_source="5" if newborn else "1",
        occurrences=(Occurrence(ACCIDENT, first),) if "fall" in kind.more else (),
        values=values,
        **again,
    )


def _payers(
    random: Random, who: Patient, on: date, lines: tuple[ServiceLine, ...]
) -> tuple[tuple[Payer, ...], tuple[ClaimValue, ...]]:
    """Payers, and what a claim tells Medicare of the one before it."""
    payers = base.payers(random, who, on)
    if random.random() > 0.2:
        return payers, ()
    payers = base.second_in_line(random, payers[0], who, lines, on)
    before = payers[1].adjudication
    assert before is not None
    return payers, (ClaimValue(WORKING_AGED, before.paid),) if payers[0].type == "medicare" else ()


def _again(random: Random, kind: str, medicare: bool) -> tuple[str, dict[str, Any]]:
    """Type of bill, and what goes with a claim that replaces or voids an earlier one."""
    frequency = random.choices("178", (18, 1, 1))[0]
    if frequency == "1":
        return kind + "1", {}
    # Medicare asks why: charges changed, or the claim was a duplicate.
    why = (("D1",) if frequency == "7" else ("D6",)) if medicare else ()
    return kind + frequency, {"payer_control_number": f"DCN{random.randrange(10**9)}", "condition_codes": why}


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


def _hospital(random: Random, *, surgeon: bool) -> tuple[Provider, ...]:
    found = [base.clinic(random, "EXAMPLE HOSPITAL", ACUTE), base.person(random, ProviderRole.ATTENDING, DOCTOR)]
    return (*found, base.person(random, ProviderRole.OPERATING)) if surgeon else tuple(found)


def _accommodation(kind: Stay, days: int, first: date, last: date) -> list[ServiceLine]:
    charge = Money.parse(kind.daily * days)
    return [ServiceLine(1, None, Decimal(days), charge, first, last, revenue_code=kind.room, unit="DA", dated=False)]


def _revenue(random: Random, text: str, first: date, last: date) -> list[ServiceLine]:
    lines = []
    for word in text.split():
        code, _, price = word.partition("=")
        charge = base.dollars(random, *map(int, price.split("..")))
        lines.append(ServiceLine(1, None, Decimal(1), charge, first, last, revenue_code=code, dated=False))
    return lines


def _numbered(lines: list[ServiceLine]) -> tuple[ServiceLine, ...]:
    """Lines in the order of their revenue codes, as a bill wants them."""
    ordered = sorted(lines, key=lambda line: line.revenue_code or "")
    return tuple(replace(line, number=n) for n, line in enumerate(ordered, start=1))


def _outpatient(random: Random, number: str, kind: Day) -> Claim:
    on = base.some_day(random)
    sex = Sex(kind.sex) if kind.sex else random.choice((Sex.FEMALE, Sex.MALE))
    who = base.patient(random, sex, base.born(random, on, random.randint(*kind.age)))
    lines = _numbered([_service(random, word, on) for word in kind.lines.split()])
    payers, values = _payers(random, who, on, lines)
    bill, again = _again(random, "013", payers[0].type == "medicare")
    reason = [ClaimDiagnosis(base.icd(kind.reason), Role.REASON_FOR_VISIT)] if kind.reason else []
    return _claim(
        number,
        bill,
        payers,
        patient=who,
        providers=_hospital(random, surgeon="surgeon" in kind.more),
        diagnoses=(*base.diagnoses(kind.diagnoses, Role.PRINCIPAL), *reason),
        lines=lines,
        statement=DateRange(on, on),
        disposition="01",
        admit_type="1" if "emergency" in kind.more else "3",
        admit_source="1",
        occurrences=_happened(kind, on),
        values=values,
        **again,
    )


def _happened(kind: Day, on: date) -> tuple[Occurrence, ...]:
    if "accident" in kind.more:
        return (Occurrence(ACCIDENT, on),)
    if "therapy" in kind.more:  # onset, plan established, therapy started
        return tuple(Occurrence(code, on - timedelta(days=ago)) for code, ago in (("11", 20), ("29", 6), ("35", 6)))
    return ()


def _service(random: Random, word: str, on: date) -> ServiceLine:
    head, _, price = word.partition("=")
    head, _, units = head.partition("*")
    revenue, _, code = head.partition(":")
    code, *modifiers = code.split("-")
    charge = base.dollars(random, *map(int, price.split("..")))
    count = Decimal(units or 1)
    return ServiceLine(1, base.service(code), count, charge, on, on, tuple(modifiers), revenue_code=revenue)


def _nursing(random: Random, number: str, place: int) -> Claim:
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
    therapy = _revenue(random, "0250=200..900 0420=400..1900 0430=300..1400", first, last)
    return _claim(
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
        lines=_numbered([room, rate, *therapy]),
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


def _home(random: Random, number: str) -> Claim:
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
    return _claim(
        number,
        "0329",
        (base.payer(random, base.MEDICARE, Subscriber()),),
        patient=who,
        providers=(
            base.clinic(random, "EXAMPLE HOME HEALTH", AGENCY),
            base.person(random, ProviderRole.ATTENDING, DOCTOR),
        ),
        diagnoses=tuple(base.diagnoses("I11.0 I50.32 E11.9 Z79.84", Role.PRINCIPAL)),
        lines=_numbered([rate, home, *visits]),
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
