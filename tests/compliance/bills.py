"""Claims in one line: `bill("207N00000X/1 2026-03-02 p1: 99213-25 17000 97110*4")`, for the tests of signals.

Before the colon: specialty and provider (`/1` is the first of that specialty), day, patient, and what follows of
`drg=871`, `bill=0111`, `place=12`, `to=2026-03-05`, `dx=E11.9+I10`; behind it the lines: code, modifiers, units.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from zlib import crc32

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    Money,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Subscriber,
)

CHARGE = Money(Decimal("100.00"))
_NUMBERS = count(1)


def npi(specialty: str, number: int | str) -> str:
    """The made-up NPI of a provider of a specialty."""
    return f"{crc32(specialty.encode()) % 10_000:04}{int(number):06}"


def bill(text: str, frequency: str = "1", name: tuple[str, str] | None = None) -> Claim:
    """The claim of a line of text."""
    head, _, services = text.partition(":")
    who, day_text, patient, *options = head.split()
    said = dict(option.split("=", 1) for option in options)
    specialty, _, number = who.partition("/")
    day = date.fromisoformat(day_text)
    end = date.fromisoformat(said.get("to", day_text))
    stay = "drg" in said
    role = ProviderRole.BILLING if stay else ProviderRole.RENDERING
    last, first = name or (None, None)
    by = Provider(
        role, npi(specialty, number), None if specialty == "-" else specialty, last_name=last, first_name=first
    )
    diagnoses = said.get("dx", "I10").split("+")
    return Claim(
        f"B{next(_NUMBERS):06}",
        ClaimType.INSTITUTIONAL if stay else ClaimType.PROFESSIONAL,
        Patient(id=patient),
        Subscriber(),
        (Payer("1", "INVENTED", "medicare"),),
        (by,),
        tuple(ClaimDiagnosis(Code(CodeSystem.ICD10CM, d), Role.SECONDARY) for d in diagnoses),
        tuple(_line(n, service, day, end) for n, service in enumerate(services.split(), 1)),
        frequency=frequency,
        type_of_bill=said.get("bill", "0111" if stay else None),
        admission=day if stay else None,
        discharge=end if stay else None,
        disposition="01" if stay else None,
        drg=said.get("drg"),
        place_of_service=said.get("place"),
    )


def _line(number: int, text: str, day: date, end: date) -> ServiceLine:
    body, _, units = text.partition("*")
    code, *modifiers = body.split("-")
    minutes = units.endswith("m")
    system = CodeSystem.CPT if code[0].isdigit() else CodeSystem.HCPCS
    return ServiceLine(
        *(number, Code(system, code), Decimal(units.rstrip("m") or "1"), CHARGE, day, end, tuple(modifiers)),
        unit="MJ" if minutes else "UN",
    )
