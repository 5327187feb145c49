"""Correct institutional claims: whose turn it is, and outpatient days, by scenario."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    DateRange,
    Occurrence,
    Role,
    Sex,
)

from . import correct as base
from .correct_agencies import dialysis, home, hospice, nursing
from .correct_bills import ACCIDENT, again, claim, hospital, numbered, payers, service
from .correct_stays import STAYS, part_of_a_stay, stay


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
    Day("R55 I10", "0450:99285-25=900..1900 0762:G0378*20=900..2400", (40, 85), "", "R55", ("emergency",)),
    Day("J20.9", "0521:99213-CG=90..180", (20, 64), more=("rural",)),
    Day("K57.30", "0450:99283=300..700 0300:85025=30..90", (30, 80), "", "R10.32", ("emergency", "critical")),
    Day("Z51.11 C50.911", "0335:96413=500..1200 0636:J9045*9=90..300", (40, 75), "F"),
)


def institutional_claim(random: Random, number: str, at: int) -> Claim:
    """The claim whose turn it is: two stays, two outpatient days, then a nursing home, an agency or a hospice."""
    turn, place = at % 5, at // 5
    if turn in (0, 1):
        kind = 2 * place + turn
        if kind % 25 == 24:
            return part_of_a_stay(random, number)
        return stay(random, number, STAYS[kind % len(STAYS)])
    if turn in (2, 3):
        return _outpatient(random, number, DAYS[(2 * place + turn - 2) % len(DAYS)])
    if place % 4 in (1, 3):
        return nursing(random, number, place)
    return (home, hospice, home, dialysis)[place // 2 % 4](random, number)


def _outpatient(random: Random, number: str, kind: Day) -> Claim:
    on = base.some_day(random)
    sex = Sex(kind.sex) if kind.sex else random.choice((Sex.FEMALE, Sex.MALE))
    who = base.patient(random, sex, base.born(random, on, random.randint(*kind.age)))
    lines = numbered([service(random, word, on) for word in kind.lines.split()])
    paid_by, values = payers(random, who, on, lines)
    bill, more = again(random, _bill(kind), paid_by[0].type == "medicare")
    reason = [ClaimDiagnosis(base.icd(kind.reason), Role.REASON_FOR_VISIT)] if kind.reason else []
    return claim(
        number,
        bill,
        paid_by,
        patient=who,
        providers=hospital(random, surgeon="surgeon" in kind.more),
        diagnoses=(*base.diagnoses(kind.diagnoses, Role.PRINCIPAL), *reason),
        lines=lines,
        statement=DateRange(on, on),
        disposition="01",
        admit_type="1" if "emergency" in kind.more else "3",
        admit_source="1",
        occurrences=_happened(kind, on),
        values=values,
        **more,
    )


def _bill(kind: Day) -> str:
    """Rural health clinics and critical access hospitals have types of bill of their own."""
    return "071" if "rural" in kind.more else "085" if "critical" in kind.more else "013"


def _happened(kind: Day, on: date) -> tuple[Occurrence, ...]:
    if "accident" in kind.more:
        return (Occurrence(ACCIDENT, on),)
    if "therapy" in kind.more:  # onset, plan established, therapy started
        return tuple(Occurrence(code, on - timedelta(days=ago)) for code, ago in (("11", 20), ("29", 6), ("35", 6)))
    return ()
