"""Invented professional claims, the same for the same seed, as varied as an 837P allows: for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from leadterm.claims import Envelope
from leadterm.domain import (
    Address,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    DrugCode,
    Money,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)
from leadterm.x12 import Interchange

# Billable ICD-10-CM codes, of fiscal years 2025 and 2026 alike.
DIAGNOSES = (
    *("A09", "B35.1", "C50.911", "D50.9", "D64.9", "E03.9", "E11.22", "E11.65", "E11.9", "E55.9", "E78.00", "E78.5"),
    *("E87.6", "F32.A", "F41.1", "F17.210", "G43.909", "G47.33", "H10.9", "H26.9", "H66.91", "H61.23", "I10", "I12.9"),
    *("I25.10", "I48.91", "I50.32", "I63.9", "J02.9", "J06.9", "J18.9", "J20.9", "J30.2", "J44.1", "J45.909", "K21.9"),
    *("K29.70", "K52.9", "K57.30", "L03.115", "L20.9", "L40.0", "M17.11", "M25.561", "M54.50", "M79.7", "N18.31"),
    *("N18.32", "N39.0", "N40.1", "O80", "R05.9", "R07.9", "R10.9", "R51.9", "S52.501A", "S93.401A", "Z00.00"),
    *("Z12.31", "Z23", "Z79.4", "Z79.84"),
)
EXTERNAL_CAUSES = ("V43.52XA", "W01.0XXA", "W19.XXXA", "Y92.009", "Y93.01")
SERVICES = (
    *("99202", "99203", "99213", "99214", "99215", "93000", "71046", "80053", "85025", "36415", "20610", "11721"),
    *("97110", "G0438", "G2211", "A4550"),
)
DRUGS = ("J1885", "J3420", "J0696", "J1100")
MODIFIERS = ("25", "59", "LT", "RT", "XS", "76", "GT", "95", "KX")
PLACES = ("11", "12", "19", "20", "21", "22", "23", "24", "31", "02", "10", "81")
PAYER_TYPES = (
    *("medicare", "medicaid", "commercial", "bcbs", "tricare", "workers-compensation", "self-pay", "other", None),
    *("auto", "hmo", "va"),
)
FIRST = ("Ana", "José", "Zoë", "Mary Ann", "D'Arcy", "Nguyễn", "Łukasz", "Jean-Luc", "Bjørn", "Aoife")
LAST = ("Müller", "O’Neil", "Smith", "Nuñez", "van der Berg", "Strauß", "Ångström", "de la Cruz", "Yılmaz", "Łysik")
CITIES = (
    ("Albany", "NY", "122071234"),
    ("Boise", "ID", "83702"),
    ("Peoria", "IL", "61602-0001"),
    ("Ames", "IA", "50010"),
)
TAXONOMIES = ("207Q00000X", "207R00000X", "208D00000X")
FIRST_DAY = date(2026, 1, 5)


def claims(n: int, seed: int = 1) -> Iterator[Claim]:
    """`n` claims that an 837P can carry; the number of a claim tells its seed and place."""
    random = Random(seed)
    for number in range(n):
        yield _claim(random, f"L{seed}N{number:07}")


def envelope(number: int = 1, moment: datetime = datetime(2026, 5, 14, 9, 30)) -> Envelope:
    """An envelope of invented partners for the interchange with that control number."""
    return Envelope(
        interchange=Interchange("LEADTERMTEST", "INVENTEDPAYER", number, moment, "T", group_control_number=number),
        submitter_name="Lead Term Clinic",
        submitter_id="LT0001",
        contact_name="Pat Billing",
        contact_phone="(515) 555-0100",
        receiver_name="Invented Clearing",
        receiver_id="IC0001",
        reference=f"B{number}",
    )


def npi(random: Random) -> str:
    """A provider number whose check digit holds: Luhn over the prefix 80840 and nine digits."""
    digits = str(random.choice("12")) + "".join(random.choice("0123456789") for _ in range(8))
    return digits + str(luhn("80840" + digits))


def luhn(digits: str) -> int:
    """The digit that makes the number pass the Luhn check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def _claim(random: Random, number: str) -> Claim:
    day = FIRST_DAY + timedelta(days=random.randrange(120))
    codes = random.sample(DIAGNOSES, random.randint(1, 11))
    accident = random.choice((None, None, None, "auto", "employment", "other"))
    diagnoses = [ClaimDiagnosis(_icd(code), Role.SECONDARY if n else Role.FIRST_LISTED) for n, code in enumerate(codes)]
    if accident:
        diagnoses.append(ClaimDiagnosis(_icd(random.choice(EXTERNAL_CAUSES)), Role.EXTERNAL_CAUSE))
    frequency = random.choice("11111178")
    patient = _patient(random)
    payers = [_payer(random, patient) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    providers = _providers(random)
    place = random.choice(PLACES)
    return Claim(
        id=number,
        claim_type=ClaimType.PROFESSIONAL,
        patient=patient,
        subscriber=payers[0].subscriber,
        payers=tuple(payers),
        providers=providers,
        diagnoses=tuple(diagnoses),
        lines=tuple(
            _line(random, n, day, len(diagnoses), place, providers) for n in range(1, random.randint(1, 15) + 1)
        ),
        frequency=frequency,
        payer_control_number=None if frequency == "1" else f"ICN{random.randrange(10**9)}",
        place_of_service=place,
        admission=day - timedelta(days=1) if place == "21" else None,
        discharge=day + timedelta(days=40) if place == "21" and random.random() < 0.5 else None,
        prior_authorization=random.choice((None, None, f"PA{random.randrange(10**6)}")),
        referral=random.choice((None, None, None, f"RF-{random.randrange(10**6)}")),
        clia=random.choice((None, None, "16D0123456")),
        accident=_accident(random, accident, day) if accident else None,
        accept_assignment=random.random() < 0.8,
        release=random.random() < 0.9,
    )


def _icd(code: str) -> Code:
    return Code(CodeSystem.ICD10CM, code)


def _service(code: str) -> Code:
    return Code(CodeSystem.CPT if code.isdigit() else CodeSystem.HCPCS, code)


def _accident(random: Random, kind: str, day: date) -> dict[str, str]:
    happened = {"type": kind, "date": (day - timedelta(days=random.randrange(30))).isoformat()}
    return happened | {"state": random.choice(CITIES)[1]} if kind == "auto" else happened


def _patient(random: Random) -> Patient:
    return Patient(
        id=f"P{random.randrange(10**6)}",
        sex=random.choice(list(Sex)),
        birth_date=date(1930, 1, 1) + timedelta(days=random.randrange(34_000)),
        first_name=random.choice(FIRST),
        middle_name=random.choice((None, "Q", "Élan")),
        last_name=random.choice(LAST),
        address=_address(random),
    )


def _address(random: Random) -> Address:
    city, state, postal = random.choice(CITIES)
    second = random.choice((None, None, "Apt #5", "Suite ½"))
    return Address(f"{random.randint(1, 9999)} Main St.", second, city, state, postal, random.choice((None, "US")))


def _payer(random: Random, patient: Patient) -> Payer:
    relationship = random.choice(("self", "self", "child", "spouse", "other", "employee", "life-partner"))
    first = None if relationship == "employee" else random.choice(FIRST)
    last = "Invented Works Inc." if relationship == "employee" else random.choice(LAST)
    held = Subscriber(relationship, first, last, date(1970, 1, 1), random.choice(list(Sex)), patient.address)
    payer = Payer(
        id=f"{random.randint(10000, 99999)}",
        name=random.choice(("Invented Mutual", "Plan of Example", "State Example Fund")),
        type=random.choice(PAYER_TYPES),
        member_id=f"M{random.randrange(10**9):09}",
        group=random.choice((None, f"G{random.randrange(10**5)}")),
        subscriber=Subscriber() if relationship == "self" else held,
    )
    # Whoever has Medicare has it in person.
    return replace(payer, subscriber=Subscriber()) if payer.type == "medicare" else payer


def _providers(random: Random) -> tuple[Provider, ...]:
    solo = random.random() < 0.2
    billing = Provider(
        ProviderRole.BILLING,
        npi(random),
        random.choice((None, *TAXONOMIES)),
        f"{random.randrange(10**8, 10**9)}",
        name=None if solo else "Lead Term Clinic, P.C.",
        first_name="Solé" if solo else None,
        last_name="Practitioner" if solo else None,
        address=Address("1 Clinic Way", None, "Des Moines", "IA", "503091234"),
    )
    others = [
        _person(random, role)
        for role in (ProviderRole.RENDERING, *_LESS_OFTEN)
        if random.random() < _LESS_OFTEN.get(role, 0.8)
    ]
    if random.random() < 0.3:
        others.append(Provider(ProviderRole.FACILITY, npi(random), name="Example Hospital", address=_address(random)))
    elif random.random() < 0.3:
        others.append(Provider(ProviderRole.FACILITY, billing.npi, name=billing.name, address=billing.address))
    return (billing, *others)


_LESS_OFTEN = {ProviderRole.REFERRING: 0.3, ProviderRole.SUPERVISING: 0.15, ProviderRole.ORDERING: 0.2}


def _person(random: Random, role: ProviderRole) -> Provider:
    names = {"first_name": random.choice(FIRST), "last_name": random.choice(LAST)}
    return Provider(role, npi(random), random.choice((None, *TAXONOMIES)), id=f"{role}-1", **names)


def _line(
    random: Random, number: int, day: date, diagnoses: int, place: str, providers: tuple[Provider, ...]
) -> ServiceLine:
    drug = random.random() < 0.15
    start = day + timedelta(days=random.randrange(3))
    return ServiceLine(
        number=number,
        code=_service(random.choice(DRUGS if drug else SERVICES)),
        units=Decimal(random.choice(("1", "1", "1", "2", "0.5", "12.25", "100"))),
        charge=Money(Decimal(random.randrange(0, 200_000)) / 100),
        start=start,
        end=start + timedelta(days=random.choice((0, 0, 0, 2))),
        modifiers=tuple(random.sample(MODIFIERS, random.choice((0, 0, 0, 1, 2, 4)))),
        pointers=tuple(random.sample(range(1, diagnoses + 1), min(diagnoses, random.randint(1, 4)))),
        place_of_service=random.choice((None, None, place, "11")),
        ndc=DrugCode("0409-3793-01", Decimal(random.choice(("1", "2.5"))), random.choice(("ML", "UN")))
        if drug
        else None,
        provider=random.choice((None, None, None, random.choice(providers[1:]).id if providers[1:] else None)),
    )
