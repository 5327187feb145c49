"""Services written down by hand as a claim, so that its lines can be judged; nobody's claim, never to be sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from leadterm.domain import (
    Address,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Code,
    CodeSystem,
    InputError,
    Money,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Subscriber,
    WrittenService,
)
from leadterm.domain.claim import MOST_POINTERS

ID = "codes"
_STATE = re.compile(r"[A-Za-z]{2}")
HOSPITAL_OUTPATIENT = "0131"
NOTHING = Money.parse("0.00")


def claim_of_services(
    services: Sequence[WrittenService],
    on: date,
    *,
    diagnoses: Sequence[Code] = (),
    outpatient: bool = False,
    payer: str | None = None,
    place: str | None = None,
    patient: Patient | None = None,
    state: str | None = None,
) -> Claim:
    """Services of one day, patient and provider as a claim without people and prices.

    Every line points to the first four diagnoses. `outpatient`: a hospital's claim, else a practitioner's. `payer`:
    what kind it is (medicare, medicaid, commercial, …). `state`: where the patient lives and the services were given,
    as two letters. Raises InputError for what is none.
    """
    if state is not None and not _STATE.fullmatch(state):
        raise InputError("A state is two letters: NY.")
    address = Address(state=state.upper()) if state else None
    who = patient or Patient()
    return Claim(
        id=ID,
        claim_type=ClaimType.INSTITUTIONAL if outpatient else ClaimType.PROFESSIONAL,
        patient=replace(who, address=address) if address else who,
        subscriber=Subscriber(),
        payers=(Payer(type=payer),),
        providers=(Provider(ProviderRole.FACILITY, address=address),) if address else (),
        diagnoses=tuple(
            ClaimDiagnosis(code, Role.SECONDARY if n else Role.FIRST_LISTED) for n, code in enumerate(diagnoses)
        ),
        lines=tuple(_line(n, service, on, len(diagnoses)) for n, service in enumerate(services, 1)),
        type_of_bill=HOSPITAL_OUTPATIENT if outpatient else None,
        place_of_service=place,
    )


def _line(number: int, service: WrittenService, on: date, diagnoses: int) -> ServiceLine:
    return ServiceLine(
        number=number,
        code=Code.parse(service.code, CodeSystem.CPT if service.code[0].isdigit() else CodeSystem.HCPCS),
        units=service.units,
        charge=NOTHING,
        start=on,
        end=on,
        modifiers=service.modifiers,
        pointers=tuple(range(1, min(diagnoses, MOST_POINTERS) + 1)),
        unit="MJ" if service.minutes else "UN",
    )
