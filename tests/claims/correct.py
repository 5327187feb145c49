"""Correct claims, the same for the same seed: what a biller who knows the rules sends. All people are invented.

They are written by the official rules (guidelines, form manuals, transaction guides), never by what our edits accept:
an `error` on one of them is a mistake in the edits, or in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from leadterm.domain import (
    Address,
    Adjudication,
    Claim,
    ClaimDiagnosis,
    Code,
    CodeSystem,
    LineAdjudication,
    Money,
    Patient,
    Payer,
    PriorAdjustment,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Sex,
    Subscriber,
)

from .generate import npi

FIRST_DAY, LAST_DAY = date(2026, 4, 6), date(2026, 6, 26)
TOWNS = (
    ("Ames", "IA", "500100001"),
    ("Peoria", "IL", "616020410"),
    ("Boise", "ID", "837020220"),
    ("Albany", "NY", "122071234"),
    ("Tulsa", "OK", "741031125"),
)
FIRST = {Sex.FEMALE: ("ANA", "RUTH", "MEI", "OLGA", "NADIA"), Sex.MALE: ("OMAR", "JUAN", "ERIK", "TOMAS", "AMIR")}
LAST = ("DOE", "ROE", "POE", "VOE", "LOE", "MOE", "ZOE")
# Kind, name, electronic id, claim filing indicator where the kind does not tell it.
COMMERCIAL = (
    ("commercial", "INVENTED MUTUAL", "60054"),
    ("bcbs", "EXAMPLE BLUE PLAN", "00621"),
    ("hmo", "SAMPLE HMO", "77001"),
)
MEDICARE, MEDICAID = ("medicare", "MEDICARE", "05102"), ("medicaid", "STATE MEDICAID", "SKIA0")
LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # of a Medicare number: none that looks like a digit, B left out
CONTRACTUAL, DEDUCTIBLE, COINSURANCE = "45", "1", "2"


def correct_claims(seed: int = 1, professional: int = 250, institutional: int = 250) -> Iterator[Claim]:
    """Professional claims, then institutional ones; the number of a claim tells its seed, kind and place."""
    from .correct_institutional import institutional_claim
    from .correct_professional import professional_claim

    random = Random(seed)
    for number in range(professional):
        yield professional_claim(random, f"C{seed}P{number:05}", number)
    for number in range(institutional):
        yield institutional_claim(random, f"C{seed}I{number:05}", number)


def some_day(random: Random) -> date:
    """A day of the season."""
    return FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days))


def icd(code: str) -> Code:
    return Code(CodeSystem.ICD10CM, code)


def service(code: str) -> Code:
    return Code(CodeSystem.CPT if code[0].isdigit() else CodeSystem.HCPCS, code)


def dollars(random: Random, low: int, high: int) -> Money:
    return Money(Decimal(random.randint(low * 100, high * 100)) / 100)


def diagnoses(codes: str, first: Role) -> list[ClaimDiagnosis]:
    """Diagnoses as written, the first in that role; chapter 20 tells how it happened."""
    return [
        ClaimDiagnosis(icd(c), first if n == 0 else Role.EXTERNAL_CAUSE if c[0] in "VWXY" else Role.SECONDARY)
        for n, c in enumerate(codes.split())
    ]


def born(random: Random, on: date, years: int) -> date:
    """A day of birth of somebody who is that old on a day."""
    return date(on.year - years, on.month, min(on.day, 28)) - timedelta(days=random.randrange(1, 300))


def patient(random: Random, sex: Sex, birth: date) -> Patient:
    return Patient(
        id=f"MR{random.randrange(10**6):06}",
        sex=sex,
        birth_date=birth,
        first_name=random.choice(FIRST[sex]),
        last_name=random.choice(LAST),
        address=address(random),
    )


def address(random: Random) -> Address:
    return Address(f"{random.randint(1, 999)} ELM ST", None, *random.choice(TOWNS))


def clinic(random: Random, name: str, taxonomy: str) -> Provider:
    """The billing provider, with a street address and nine digits of ZIP code."""
    return Provider(
        ProviderRole.BILLING,
        npi(random),
        taxonomy,
        f"{random.randrange(10**8, 10**9)}",
        name=name,
        address=address(random),
        phone="5155550100",
    )


def person(random: Random, role: ProviderRole, taxonomy: str | None = None) -> Provider:
    first = random.choice(FIRST[random.choice((Sex.FEMALE, Sex.MALE))])
    return Provider(role, npi(random), taxonomy, first_name=first, last_name=random.choice(LAST))


def payers(random: Random, who: Patient, on: date, *, medicare: bool | None = None) -> tuple[Payer, ...]:
    """The payer who is asked: Medicare from 65 on, for a child a parent's plan, else mostly a plan of one's own."""
    age = who.age_on(on) or 0
    if medicare if medicare is not None else age >= 65:
        return (payer(random, MEDICARE, Subscriber()),)
    kind = random.choice((*COMMERCIAL, MEDICAID))
    # Medicaid knows no dependents: who is covered is the subscriber.
    if kind is MEDICAID or (age >= 18 and random.random() < 0.7):
        return (payer(random, kind, Subscriber()),)
    return (payer(random, kind, _holder(random, who, on, child=age < 18)),)


def payer(random: Random, kind: tuple[str, str, str], held: Subscriber) -> Payer:
    name = kind[0]
    member = medicare_number(random) if name == "medicare" else f"W{random.randrange(10**9):09}"
    group = f"G{random.randrange(10**5):05}" if kind in COMMERCIAL else None
    return Payer(kind[2], kind[1], name, member, group, held)


def _holder(random: Random, who: Patient, on: date, *, child: bool) -> Subscriber:
    sex = random.choice((Sex.FEMALE, Sex.MALE))
    birth = born(random, on, random.randint(30, 55))
    return Subscriber("child" if child else "spouse", random.choice(FIRST[sex]), who.last_name, birth, sex, who.address)


def medicare_number(random: Random) -> str:
    """Eleven characters: digit, letter, either, digit, letter, either, digit, letter, letter, digit, digit."""
    shape = "CAENAENAANN"
    kinds = {"C": "123456789", "N": "0123456789", "A": LETTERS, "E": LETTERS + "0123456789"}
    return "".join(random.choice(kinds[c]) for c in shape)


def second_in_line(
    random: Random, asked: Payer, who: Patient, lines: tuple[ServiceLine, ...], on: date
) -> tuple[Payer, ...]:
    """The asked payer second, behind one who has paid: every line and the claim add up to the cent."""
    decided = tuple(_decided(random, line, on) for line in lines)
    before = Adjudication(
        paid=Money.total(line.paid for line in decided),
        remaining=Money.total(a.amount for line in decided for a in line.adjustments if a.group == "PR"),
        control_number=f"ICN{random.randrange(10**8)}",
        lines=decided,
    )
    child = (who.age_on(on) or 0) < 18
    held = _holder(random, who, on, child=True) if child else Subscriber()
    first = payer(random, ("commercial", "FIRST EXAMPLE PLAN", "60199"), held)
    # Somebody of working age, or whose spouse works, has a plan that pays before Medicare: code 12.
    why = "12" if asked.type == "medicare" else None
    return (
        replace(asked, responsibility="S", insurance_type=why),
        replace(first, responsibility="P", adjudication=before),
    )


def _decided(random: Random, line: ServiceLine, on: date) -> LineAdjudication:
    """Charge less what the contract takes, less what the patient owes, is what was paid."""
    cents = int(line.charge.amount * 100)
    contract, owed = cents * random.randint(5, 40) // 100, cents * random.randint(0, 25) // 100
    parts = ((contract, "CO", CONTRACTUAL), (owed, "PR", random.choice((DEDUCTIBLE, COINSURANCE))))
    adjusted = tuple(PriorAdjustment(group, why, _cents(taken)) for taken, group, why in parts if taken)
    return LineAdjudication(
        line=line.number,
        paid=_cents(cents - contract - owed),
        code=line.code,
        modifiers=line.modifiers,
        revenue_code=line.revenue_code,
        units=line.units,
        adjustments=adjusted,
        date=on + timedelta(days=random.randint(14, 40)),
        remaining=_cents(owed),
        hipps=line.hipps,
    )


def _cents(count: int) -> Money:
    return Money(Decimal(count) / 100)
