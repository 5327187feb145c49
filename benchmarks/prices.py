"""Prices: random professional claims of three lines by the physician fee schedule of the common data."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from leadterm.codesets import CodeBook, open_book
from leadterm.codesets.installing.changing import install
from leadterm.codesets.payment.fees import RelativeValues
from leadterm.domain import (
    Address,
    Claim,
    ClaimType,
    Code,
    CodeSystem,
    Money,
    Patient,
    Provider,
    ProviderRole,
    ServiceLine,
    Subscriber,
)
from leadterm.pricing import Pricer

from .figures import AT_LEAST, ROOT, Figure, answer, cpu_seconds, missing, shared

SEED, DAY = 10, date(2025, 11, 3)
# What offices, operating rooms, therapists and readers bill: half of the lines do something to each other.
CODES = (
    "99213 99214 99204 99232 20610 11042 12002 17000 17003 11102 45378 45380 45385 43239 43248 66984 27447 49505 47562"
    " 70450 72148 74177 71260 73610 76700 97110 97140 97530 97161 93000 93306 93880 92133 92250 96372 90471 36415 G0008"
).split()
MODIFIERS = ((), (), (), ("25",), ("59",), ("LT",), ("50",), ("26",), ("80",), ("54",))
PLACES, ZIPS = ("11", "11", "22", "24"), ("94110", "10001", "60601", "35203", "99501")


def measure(quick: bool) -> dict[str, Any]:
    """Figures over invented claims, after one pass that warms the caches, and over every code once."""
    files = shared() / "releases/pfs"
    if not files.is_dir():
        return missing(files)
    with tempfile.TemporaryDirectory() as folder:
        install([files], Path(folder))
        book = open_book(Path(folder))
        made = claims(1_000 if quick else 20_000)
        pricer = Pricer(book)
        lines = sum(len(claim.lines) for claim in made)
        first = cpu_seconds(lambda: _price(pricer, made))
        warm = min(cpu_seconds(lambda: _price(pricer, made)) for _ in range(3))
        priced = sum(line.amount is not None for claim in made for line in pricer.price(claim).lines)
        figures = [
            Figure(
                "claims of three lines, ranked, reduced, by locality", len(made) / warm, "claims/s CPU", 5000, AT_LEAST
            ),
            Figure("the same, nothing read before", len(made) / first, "claims/s CPU"),
            Figure("lines that have an amount", priced / lines, ""),
            Figure("every row of the schedule priced once", _rows(book), "rows/s CPU"),
        ]
    return answer(figures, inputs=[ROOT / "benchmarks/prices.py"])


def _price(pricer: Pricer, made: list[Claim]) -> None:
    for claim in made:
        pricer.price(claim)


def _rows(book: CodeBook) -> float:
    from leadterm.pricing import bill_of_codes

    values = book.component(RelativeValues, DAY)
    codes = [code for (code,) in values._store.all("SELECT DISTINCT code FROM entry ORDER BY code")]
    bills = [bill_of_codes([code], DAY, "11") for code in codes]
    pricer = Pricer(book)
    return len(codes) / cpu_seconds(lambda: [pricer.price(bill) for bill in bills])


def claims(count: int) -> list[Claim]:
    """Random professional claims, three lines each."""
    chance = random.Random(SEED)
    return [_claim(number, chance) for number in range(count)]


def _claim(number: int, chance: random.Random) -> Claim:
    lines = tuple(_line(n, chance) for n in (1, 2, 3))
    billing = Provider(ProviderRole.BILLING, "1234567893", "207Q00000X", address=Address(zip=chance.choice(ZIPS)))
    return Claim(
        f"C{number}", ClaimType.PROFESSIONAL, Patient(), Subscriber(), (), (billing,), (), lines,
        place_of_service=chance.choice(PLACES),
    )  # fmt: skip


def _line(number: int, chance: random.Random) -> ServiceLine:
    code = chance.choice(CODES)
    system = CodeSystem.CPT if code[0].isdigit() else CodeSystem.HCPCS
    units = Decimal(chance.choice((1, 1, 1, 2, 3)))
    return ServiceLine(number, Code(system, code), units, Money.parse("100"), DAY, DAY, chance.choice(MODIFIERS))
