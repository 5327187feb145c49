"""The charges of a coded encounter as a claim, so that the edits of service lines judge both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimDiagnosis,
    ClaimType,
    Money,
    Payer,
    ServiceLine,
    Status,
    Subscriber,
)
from leadterm.domain.places import place_of

from ._billing import Billing
from ._coding import Coding
from ._findings import Draft

ONE, NOTHING = Decimal(1), Money(Decimal(0))
ID = "charges"


def of_charges(coding: Coding) -> tuple[Billing, Mapping[int, str]] | None:
    """The charges that somebody or something coded, as a claim, and by line the assignment that it is of.

    None where there is no charge with a day, and for a stay, whose services are not claimed by their codes.
    """
    day = coding.on
    charges = [a for a in coding.coded.charges if a.status is not Status.REJECTED and (a.service_date or day)]
    if not charges or coding.stay:
        return None
    lines = tuple(_line(number, charge, charge.service_date or day) for number, charge in enumerate(charges, 1))
    encounter = coding.encounter
    payers = encounter.payers or (Payer(),)
    claim = Claim(
        id=ID,
        claim_type=encounter.claim_type or ClaimType.PROFESSIONAL,
        patient=encounter.patient,
        subscriber=payers[0].subscriber or Subscriber(),
        payers=payers,
        providers=encounter.providers,
        diagnoses=tuple(ClaimDiagnosis(d.code, d.role, d.poa) for d in coding.reported),
        lines=lines,
        place_of_service=place_of(encounter),
        type_of_bill=encounter.type_of_bill,
        condition_codes=encounter.condition_codes,
    )
    return Billing(claim, coding.book), {line.number: a.id for line, a in zip(lines, charges, strict=True)}


def _line(number: int, charge: Assignment, day: date | None) -> ServiceLine:
    assert day is not None, "a charge without a day is no line"
    return ServiceLine(
        number=number,
        code=charge.code,
        units=charge.units or ONE,
        charge=charge.charge or NOTHING,
        start=day,
        end=day,
        modifiers=charge.modifiers,
        pointers=charge.pointers,
        revenue_code=charge.revenue_code,
        ndc=charge.ndc,
        provider=charge.provider,
    )


def on_assignments(draft: Draft, assignments: Mapping[int, str]) -> Draft:
    """A remark on a line as one on the assignment that the line is of."""
    line: int = (draft.location or {}).get("line", 0)
    return replace(draft, location=None, assignments=(assignments[line],) if line in assignments else ())
