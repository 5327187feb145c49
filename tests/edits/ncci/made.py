"""Random tables in the layouts of NCCI and random claims that lie at their boundaries, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from tests.codesets.made import read, release, store, written

from leadterm.codesets.formats import mue as mue_format
from leadterm.codesets.formats import ncci as ptp_format
from leadterm.codesets.payment.ncci import MuePractitioner, PractitionerPtp
from leadterm.domain import Claim, Money, Patient, Provider, ProviderRole, ServiceLine

from ..bills import GOOD_CLAIM, procedure
from .reference import ANATOMIC, DISTINCT, GLOBAL, OTHER, Line, Pair, Units

DAYS = [date(2013, 1, 1), date(2015, 1, 1), date(2019, 7, 1), date(2024, 2, 29), date(2025, 12, 31), date(2026, 5, 14)]
ANY = [*ANATOMIC, *GLOBAL, *OTHER, *DISTINCT, "22", "26", "50", "51", "55", "62", "76", "80", "GA", "KX"]
# Two of one group and specialty, one of another specialty, one of another group, one without a specialty.
PEOPLE = (
    ("1234567893", "207RC0000X", "123456789"),
    ("1245319599", "207RC0000X", "123456789"),
    ("1003000126", "207RG0100X", "123456789"),
    ("1003000134", "207RC0000X", "987654321"),
    ("1003000142", None, "123456789"),
)


class Tables:
    """A code book that holds nothing but these two tables."""

    def __init__(self, folder: Path, pairs: Sequence[Pair], units: Sequence[Units]) -> None:
        self._faces: dict[type, Any] = {
            PractitionerPtp: _face(PractitionerPtp, ptp_format.FORMATS[0], folder / "p", "ccipra-v321r0-f1.TXT", pairs),
            MuePractitioner: _face(MuePractitioner, mue_format.FORMATS[0], folder / "m", MUE_NAME, units),
        }

    def find(self, face: type, on: date | None = None) -> Any:
        return self._faces.get(face)


MUE_NAME = "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv"


def _face(face: Any, layout: Any, folder: Path, name: str, rows: Sequence[Any]) -> Any:
    folder.mkdir(parents=True)
    found, table = read(layout, written(name, _pairs(rows) if face is PractitionerPtp else _units(rows)))
    return face(store(folder, table), release(found, table))


def _pairs(rows: Sequence[Pair]) -> str:
    head = "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    lines = (f"{a}\t{b}\t\t{s:%Y%m%d}\t{f'{e:%Y%m%d}' if e else '*'}\t{i}\tMade up\r\n" for a, b, s, e, i in rows)
    return head + "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n" + "".join(lines)


def _units(rows: Sequence[Units]) -> str:
    words = {1: "1 Line Edit", 2: "2 Date of Service Edit: Policy", 3: "3 Date of Service Edit: Clinical"}
    head = (
        '"Made up",,,\r\nHCPCS/ CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    )
    return head + "".join(f"{code},{most},{words[mai]},Made up\r\n" for code, most, mai in rows)


def pairs(random: Random, codes: Sequence[str]) -> list[Pair]:
    """Some pairs of every kind: in both orders, with several periods, ended, never in force, at the boundaries."""
    found: dict[tuple[str, str, date], Pair] = {}
    for _ in range(len(codes) * 8):
        one, other = random.sample(codes, 2)
        start = random.choice(DAYS) + timedelta(days=random.randint(-2, 2))
        end = random.choice((None, None, start, random.choice(DAYS) + timedelta(days=random.randint(-1, 1))))
        if end is None or end >= start:
            found[one, other, start] = (one, other, start, end, random.choice((0, 1, 1, 9)))
    return list(found.values())


def units(random: Random, codes: Sequence[str]) -> list[Units]:
    return [(code, random.randint(0, 4), random.choice((1, 2, 3))) for code in codes if random.random() < 0.8]


def claims(random: Random, codes: Sequence[str], count: int) -> Iterator[tuple[Claim, list[Line]]]:
    """Claims of a few patients in one stream, each with what the reference is told of it and of those before."""
    before: dict[str, list[Line]] = {}
    for number in range(count):
        patient = f"p{random.randrange(max(1, count // 3))}"
        claim = _claim(random, codes, f"C{number}", patient)
        earlier = before.setdefault(patient, [])
        earlier += [_line(claim, line) for line in claim.lines]
        yield claim, list(earlier)


def _claim(random: Random, codes: Sequence[str], number: str, patient: str) -> Claim:
    day = random.choice(DAYS) + timedelta(days=random.randint(-2, 2))
    few = random.sample(codes, min(len(codes), 4))
    lines = tuple(_service(random, n, random.choice(few), day) for n in range(1, random.randint(1, 7) + 1))
    group = random.choice(PEOPLE)[2]
    people = tuple(
        Provider(ProviderRole.RENDERING, npi, taxonomy, id=f"x{n}") for n, (npi, taxonomy, _) in enumerate(PEOPLE)
    )
    billing = replace(GOOD_CLAIM.providers[0], tax_id=group)
    who = Patient(patient, last_name="Sample")
    return replace(GOOD_CLAIM, id=number, patient=who, providers=(billing, *people), lines=lines)


def _service(random: Random, number: int, code: str, day: date) -> ServiceLine:
    start = day + timedelta(days=random.choice((0, 0, 0, 1)))
    end = start + timedelta(days=random.choice((0, 0, 0, 0, 1, 3)))
    modifiers = tuple(random.sample(ANY, random.choice((0, 0, 0, 1, 2))))
    by = random.choice((None, None, *(f"x{n}" for n in range(len(PEOPLE)))))
    amount, units = Money.parse("10.00"), Decimal(random.randint(1, 9))
    return ServiceLine(number, procedure(code), units, amount, start, end, modifiers, (1,), provider=by)


def _line(claim: Claim, line: ServiceLine) -> Line:
    """Of one group and specialty is one provider; who has no specialty is only himself."""
    npi, taxonomy, _ = PEOPLE[int(line.provider[1:]) if line.provider else 0]
    provider = (claim.providers[0].tax_id, taxonomy) if taxonomy else npi
    assert line.code is not None
    return Line(claim.id, line.number, provider, line.code.value, line.modifiers, int(line.units), line.start, line.end)
