"""What correct institutional claims share: the bill, its payers, its providers, its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from leadterm.domain import (
    Claim,
    ClaimType,
    ClaimValue,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    ServiceLine,
)

from . import correct as base

ACUTE, DOCTOR = "282N00000X", "207R00000X"
WORKING_AGED, ACCIDENT = "12", "05"


def claim(number: str, bill: str, paid_by: tuple[Payer, ...], **fields: Any) -> Claim:
    """A claim of that type of bill; Medicare pays hospitals by its Part A."""
    return Claim(
        id=number,
        claim_type=ClaimType.INSTITUTIONAL,
        subscriber=paid_by[0].subscriber,
        payers=tuple(replace(p, filing="MA") if p.type == "medicare" else p for p in paid_by),
        type_of_bill=bill,
        frequency=bill[3],
        **fields,
    )


def payers(
    random: Random, who: Patient, on: date, lines: tuple[ServiceLine, ...]
) -> tuple[tuple[Payer, ...], tuple[ClaimValue, ...]]:
    """Payers, and what a claim tells Medicare of the one before it."""
    asked = base.payers(random, who, on)
    if random.random() > 0.2:
        return asked, ()
    asked = base.second_in_line(random, asked[0], who, lines, on)
    before = asked[1].adjudication
    assert before is not None
    return asked, (ClaimValue(WORKING_AGED, before.paid),) if asked[0].type == "medicare" else ()


def again(random: Random, kind: str, medicare: bool) -> tuple[str, dict[str, Any]]:
    """Type of bill, and what goes with a claim that replaces or voids an earlier one."""
    frequency = random.choices("178", (18, 1, 1))[0]
    if frequency == "1":
        return kind + "1", {}
    # Medicare asks why: charges changed, or the claim was a duplicate.
    why = (("D1",) if frequency == "7" else ("D6",)) if medicare else ()
    return kind + frequency, {"payer_control_number": f"DCN{random.randrange(10**9)}", "condition_codes": why}


def hospital(random: Random, *, surgeon: bool) -> tuple[Provider, ...]:
    found = [base.clinic(random, "EXAMPLE HOSPITAL", ACUTE), base.person(random, ProviderRole.ATTENDING, DOCTOR)]
    return (*found, base.person(random, ProviderRole.OPERATING)) if surgeon else tuple(found)


def revenue(random: Random, text: str, first: date, last: date) -> list[ServiceLine]:
    lines = []
    for word in text.split():
        code, _, price = word.partition("=")
        charge = base.dollars(random, *map(int, price.split("..")))
        lines.append(ServiceLine(1, None, Decimal(1), charge, first, last, revenue_code=code, dated=False))
    return lines


def numbered(lines: list[ServiceLine]) -> tuple[ServiceLine, ...]:
    """Lines in the order of their revenue codes, as a bill wants them."""
    ordered = sorted(lines, key=lambda line: line.revenue_code or "")
    return tuple(replace(line, number=n) for n, line in enumerate(ordered, start=1))


def service(random: Random, word: str, on: date) -> ServiceLine:
    head, _, price = word.partition("=")
    head, _, units = head.partition("*")
    revenue, _, code = head.partition(":")
    code, *modifiers = code.split("-")
    charge = base.dollars(random, *map(int, price.split("..")))
    count = Decimal(units or 1)
    return ServiceLine(1, base.service(code), count, charge, on, on, tuple(modifiers), revenue_code=revenue)
