"""Correct professional claims: visits, procedures, drugs, births, therapy, anaesthesia, accidents, by scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from leadterm.domain import (
    Attachment,
    Claim,
    ClaimType,
    DrugCode,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)

from . import correct as base

FAMILY, INTERNAL, SURGERY, EMERGENCY = "207Q00000X", "207R00000X", "208600000X", "207P00000X"
PEDIATRICS, OBSTETRICS, ANESTHESIA = "208000000X", "207V00000X", "207L00000X"
THERAPY, PSYCHOLOGY = "225100000X", "103TC0700X"
EARS, EQUIPMENT = "207Y00000X", "332B00000X"
ORTHOPEDICS, EYES, GUT, LABORATORY = "207X00000X", "207W00000X", "207RG0100X", "291U00000X"
HOSPITAL = "282N00000X"
# Drugs as they are billed: units of the code, and the vial by its number, quantity and unit.
VIALS = {"J1885": ("00409379601", "1", "ML"), "J3420": ("00517003125", "1", "ML"), "J1100": ("63323016501", "1", "ML")}
UNLISTED = frozenset({"64999"})
# Laboratory work that needs the number of the laboratory's certificate.
TESTS = frozenset({"80053", "85025", "80061", "83036", "84443", "81001", "87086"})


@dataclass(frozen=True)
class Scenario:
    """One kind of claim.

    Attributes:
        place: Place of service.
        age, sex: Of the patient: youngest and oldest in years; either sex where none is given.
        diagnoses: In claim order.
        lines: Each `CODE-MODIFIERS/POINTERS*UNITS~DAYS=LOW..HIGH`, dollars from low to high; units `45m` are minutes.
        taxonomy: Of the rendering provider.
        more: What the claim has beside: an accident, an admission, a referring provider.
    """

    place: str
    age: tuple[int, int]
    diagnoses: str
    lines: str
    taxonomy: str
    sex: str = ""
    more: tuple[str, ...] = ()


S = Scenario
SCENARIOS = (
    S("11", (25, 80), "E11.9 I10 E78.5 Z79.84", "99214/1,2,3=120..210 83036/1=15..40 36415/1=5..12", INTERNAL),
    S("11", (40, 80), "E11.22 I12.9 N18.31 Z79.4", "99214/1,2,3=120..210 80053/1,3=20..60", INTERNAL),
    S("11", (18, 60), "J02.9", "99213/1=80..140", FAMILY),
    S("11", (18, 64), "M54.50", "99213/1=80..140", FAMILY),
    S("11", (45, 80), "M17.11", "99213-25/1=80..140 20610-RT/1=90..180", ORTHOPEDICS),
    S("11", (40, 64), "Z00.00", "99396/1=150..260 80061/1=20..45", FAMILY),
    S("11", (18, 39), "Z00.00", "99395/1=140..240", FAMILY),
    S("11", (2, 4), "Z00.129 Z23", "99392-25/1=120..200 90471/2=20..35 90716/2=120..190", PEDIATRICS),
    S("11", (6, 11), "Z00.129", "99393/1=120..200", PEDIATRICS),
    S("11", (20, 80), "Z23", "90471/1=20..35 90686/1=20..40", FAMILY),
    S("11", (20, 60), "G43.909", "99213-25/1=80..140 96372/1=20..40 J1885/1*2=4..12", FAMILY),
    S("11", (60, 85), "D51.0", "96372/1=20..40 J3420/1=4..12", INTERNAL),
    S("11", (40, 85), "I48.91 Z79.01", "99214-25/1,2=120..210 93000/1=30..70", INTERNAL),
    S("11", (18, 70), "F33.1", "90834/1=110..170", PSYCHOLOGY),
    S("10", (18, 70), "F41.1", "90834-95/1=110..170", PSYCHOLOGY),
    S("02", (18, 64), "J06.9", "99213-95/1=80..140", FAMILY),
    S("11", (20, 70), "S93.401D", "97110-GP/1*2=70..120 97140-GP/1=40..70", THERAPY, more=("referring",)),
    S("23", (18, 90), "R07.9 I10", "99284/1,2=250..480", EMERGENCY, more=("facility",)),
    S(
        *("23", (18, 60), "S61.411A W26.0XXA Y92.010", "99283-25/1=180..340 12001/1=200..380", EMERGENCY),
        more=("facility", "accident"),
    ),
    S("11", (20, 60), "S13.4XXA V43.52XA", "99203/1=110..190", FAMILY, more=("auto",)),
    S("11", (20, 60), "S39.012A X50.0XXA Y99.0", "99203/1=110..190", FAMILY, more=("work",)),
    S("21", (50, 90), "I11.0 I50.23 E87.6", "99223/1,2,3=280..460", INTERNAL, more=("facility", "admitted")),
    S("21", (50, 90), "J18.9 J44.0", "99232/1,2=90..150", INTERNAL, more=("facility", "admitted")),
    S("21", (30, 80), "K80.00", "47562/1=1200..2400", SURGERY, more=("facility", "admitted")),
    S("21", (20, 38), "O80 Z37.0 Z3A.39", "59400/1,2=2600..4800", OBSTETRICS, "F", ("facility", "admitted")),
    S("21", (0, 0), "Z38.00", "99460/1=120..220", PEDIATRICS, more=("facility", "newborn")),
    S("11", (20, 38), "Z34.83 Z3A.30", "99213/1,2=80..140", OBSTETRICS, "F"),
    S("24", (46, 64), "Z12.11", "45378-33/1=700..1400", GUT, more=("facility",)),
    S("24", (65, 85), "H25.11", "66984-RT/1=1500..2600", EYES, more=("facility",)),
    S("24", (65, 85), "H25.11", "00142-AA-QS-P2/1*45m=500..900", ANESTHESIA, more=("facility",)),
    S("22", (30, 70), "K21.9", "43239/1=600..1100", GUT, more=("facility",)),
    S("31", (70, 95), "I69.351 I10 Z79.02", "99309/1,2=90..160", INTERNAL, more=("facility",)),
    S("12", (66, 95), "I11.0 I50.32", "99349/1,2=140..240", FAMILY),
    S("21", (40, 90), "J18.9", "99232/1*3~3=270..450", INTERNAL, more=("facility", "admitted")),
    S("21", (30, 80), "K80.00", "47562-80/1=300..600", SURGERY, more=("facility", "admitted")),
    S("11", (30, 64), "I10", "99213/1=80..140 3074F/1=0..0", FAMILY),
    S("11", (66, 85), "Z00.00", "G0439/1=120..200", INTERNAL),
    S("11", (66, 90), "Z23", "G0008/1=20..35 90662/1=60..90", FAMILY),
    S("11", (40, 64), "Z00.01 I10", "99396/1=150..260 99213-25/2=80..140", FAMILY),
    S("11", (56, 85), "N40.1 R35.1", "99213/1,2=80..140 81001/1=4..14", FAMILY, "M"),
    S("24", (2, 6), "H65.493", "69436-50/1=700..1500", EARS, more=("facility",)),
    S("12", (40, 64), "G47.33", "E0601-RR-KX/1=40..90", EQUIPMENT, more=("referring", "ordering", "supplier")),
    S("22", (30, 70), "G56.01", "64999/1=400..900", ORTHOPEDICS, more=("facility", "unlisted")),
    S("81", (30, 80), "E03.9", "84443/1=20..60", LABORATORY, more=("laboratory",)),
    S("81", (20, 70), "N39.0 B96.20", "87086/1,2=12..40 81001/1=4..14", LABORATORY, more=("laboratory",)),
)


def professional_claim(random: Random, number: str, at: int) -> Claim:
    """The claim of the scenario whose turn it is."""
    scenario = SCENARIOS[at % len(SCENARIOS)]
    day = base.some_day(random)
    sex = Sex(scenario.sex) if scenario.sex else random.choice((Sex.FEMALE, Sex.MALE))
    newborn = "newborn" in scenario.more
    birth = day - timedelta(days=1) if newborn else base.born(random, day, random.randint(*scenario.age))
    who = base.patient(random, sex, birth)
    lines = _lines(random, scenario, day)
    payers = _payers(random, scenario, who, day)
    if "work" not in scenario.more and "auto" not in scenario.more and random.random() < 0.2:
        payers = base.second_in_line(random, payers[0], who, lines, day)
    providers = _providers(random, scenario)
    return Claim(
        id=number,
        claim_type=ClaimType.PROFESSIONAL,
        patient=who,
        subscriber=payers[0].subscriber,
        payers=payers,
        providers=providers,
        diagnoses=tuple(base.diagnoses(scenario.diagnoses, Role.FIRST_LISTED)),
        lines=lines,
        place_of_service=scenario.place,
        accident=_accident(scenario, day, who.address.state if who.address else None),
        attachments=(Attachment("OB", "EL", f"PWK{number}"),) if "unlisted" in scenario.more else (),
        clia="16D0123456" if any(str(line.code) in TESTS for line in lines) else None,
        **_again(random),
        **_stay(scenario, day),
    )


def _again(random: Random) -> dict[str, Any]:
    """Most claims are original; some replace or void one that the payer numbered."""
    frequency = random.choices("178", (18, 1, 1))[0]
    return {
        "frequency": frequency,
        "payer_control_number": None if frequency == "1" else f"ICN{random.randrange(10**9)}",
    }


def _stay(scenario: Scenario, day: date) -> dict[str, Any]:
    if "newborn" in scenario.more:
        return {"admission": day - timedelta(days=1)}
    return {"admission": day} if "admitted" in scenario.more else {}


def _accident(scenario: Scenario, day: date, state: str | None) -> dict[str, Any] | None:
    happened = {"date": (day - timedelta(days=1)).isoformat()}
    if "auto" in scenario.more:
        return {"type": "auto", "state": state, **happened}
    if "work" in scenario.more:
        return {"type": "employment", **happened}
    return {"type": "other", **happened} if "accident" in scenario.more else None


def _payers(random: Random, scenario: Scenario, who: Any, day: date) -> tuple[Payer, ...]:
    if "auto" in scenario.more:
        return (base.payer(random, ("auto", "EXAMPLE CAR INSURANCE", "AUTO1"), Subscriber()),)
    if "work" in scenario.more:
        # The employer holds the policy.
        held = Subscriber("employee", None, "INVENTED WORKS INC")
        return (base.payer(random, ("workers-compensation", "STATE FUND", "WCF01"), held),)
    return base.payers(random, who, day)


def _providers(random: Random, scenario: Scenario) -> tuple[Provider, ...]:
    if "laboratory" in scenario.more:
        return (base.clinic(random, "EXAMPLE LABORATORY", LABORATORY), base.person(random, ProviderRole.REFERRING))
    clinic = base.clinic(random, "ELM STREET CLINIC", scenario.taxonomy)
    found = [clinic]
    if "supplier" not in scenario.more:  # who sells equipment treats nobody
        found.append(base.person(random, ProviderRole.RENDERING, scenario.taxonomy))
    found += [
        base.person(random, role) for role in (ProviderRole.REFERRING, ProviderRole.ORDERING) if role in scenario.more
    ]
    if "facility" in scenario.more:
        where = base.clinic(random, "EXAMPLE HOSPITAL", HOSPITAL)
        found.append(replace(where, role=ProviderRole.FACILITY, taxonomy=None, tax_id=None, phone=None))
    return tuple(found)


def _lines(random: Random, scenario: Scenario, day: date) -> tuple[ServiceLine, ...]:
    return tuple(_line(random, n, text, day) for n, text in enumerate(scenario.lines.split(), start=1))


def _line(random: Random, number: int, text: str, day: date) -> ServiceLine:
    """A line as a scenario writes it."""
    head, _, price = text.partition("=")
    head, _, days = head.partition("~")
    head, _, units = head.partition("*")
    head, _, pointers = head.partition("/")
    code, *modifiers = head.split("-")
    low, high = map(int, price.split(".."))
    vial = VIALS.get(code)
    return ServiceLine(
        number=number,
        code=base.service(code),
        units=Decimal(units.rstrip("m") or 1),
        charge=base.dollars(random, low, high),
        start=day,
        end=day + timedelta(days=int(days or 1) - 1),
        modifiers=tuple(modifiers),
        pointers=tuple(map(int, pointers.split(","))),
        description="INVENTED OPERATION OF A NERVE" if code in UNLISTED else None,
        unit="MJ" if units.endswith("m") else "UN",
        ndc=DrugCode(vial[0], Decimal(vial[1]), vial[2]) if vial else None,
    )
