"""The service lines of a claim: the coded charges, the record's own, their prices, days and pointers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Assignment,
    Charge,
    ClaimDiagnosis,
    Code,
    CodedEncounter,
    DrugCode,
    Encounter,
    Money,
    Role,
    ServiceLine,
    Status,
    plain_day,
)
from leadterm.domain.claim import MOST_MODIFIERS, MOST_POINTERS

from .limits import MOST_LINES


def service_lines(
    coded: CodedEncounter, diagnoses: tuple[ClaimDiagnosis, ...], lacks: list[str]
) -> tuple[ServiceLine, ...]:
    """The lines of the claim in order; what keeps one from being written is added to `lacks`, and none come back.

    A coded charge that leaves price, day or drug open takes them of the record's line of the same code; one that the
    chart suggests and nobody has priced or decided on stays out. A line without pointers points to the first
    diagnoses, up to four.
    """
    found = services(coded)
    if not found and coded.waiting:
        codes = ", ".join(dict.fromkeys(str(a.code) for a in coded.waiting))
        lacks.append(f"a charge with a price (what was read in the chart waits for one, and for a decision: {codes})")
    elif not found:
        lacks.append("a charge")
    if len(found) > MOST_LINES:
        lacks.append(f"room for {len(found)} lines, of which a claim has {MOST_LINES}")
    places = _places(coded, diagnoses)
    lines = []
    for number, service in enumerate(found, start=1):
        troubles = _troubles(number, service)
        pointers = _pointers(number, service, places, len(diagnoses), troubles)
        lacks.extend(troubles)
        if service.charge is None or service.start is None or troubles:
            continue
        lines.append(
            ServiceLine(
                number=number,
                code=service.code,
                units=service.units,
                charge=service.charge,
                start=service.start,
                end=service.end or service.start,
                modifiers=service.modifiers,
                pointers=pointers,
                revenue_code=service.revenue_code,
                ndc=service.ndc,
                provider=service.provider,
            )
        )
    return tuple(lines) if len(lines) == len(found) else ()


@dataclass(frozen=True, slots=True)
class Service:
    """A charge before it is a line, from the coding or from the record."""

    code: Code | None
    units: Decimal
    charge: Money | None
    start: date | None
    end: date | None
    modifiers: tuple[str, ...]
    pointers: tuple[int, ...]
    revenue_code: str | None
    provider: str | None
    ndc: DrugCode | None


def services(coded: CodedEncounter) -> list[Service]:
    """The charges that a coded encounter posts, in order: the coded ones that wait for nobody, else the record's."""
    recorded = [_of_record(charge, coded.encounter) for charge in coded.encounter.charges]
    # Where every coded line was rejected, the record's own do not come back in their place.
    if not any(a.role is Role.CHARGE for a in coded.assignments):
        return recorded
    waiting = {a.id for a in coded.waiting}
    return [_of_coding(charge, recorded, coded.encounter) for charge in coded.charges if charge.id not in waiting]


def _of_record(charge: Charge, encounter: Encounter) -> Service:
    start = charge.date or plain_day(charge.start) or _service_date(encounter)
    last = plain_day(charge.end)
    end = last if start and last and last > start else start
    rest = (charge.modifiers, charge.pointers, charge.revenue_code, charge.provider, charge.ndc)
    return Service(charge.code, charge.units, charge.charge, start, end, *rest)


def _of_coding(charge: Assignment, recorded: list[Service], encounter: Encounter) -> Service:
    """The coded charge; what it leaves open is taken from the record's line of the same code, each line once."""
    units = charge.units if charge.units is not None else Decimal(1)
    start = charge.service_date or _service_date(encounter)
    rest = (charge.modifiers, charge.pointers, charge.revenue_code, charge.provider, charge.ndc)
    service = Service(charge.code, units, charge.charge, start, start, *rest)
    same = next((r for r in recorded if r.code == charge.code and charge.service_date in (None, r.start)), None)
    if same is None:
        return service
    recorded.remove(same)
    # A price is that of the whole line: it holds for the record's quantity only.
    units = same.units if charge.units is None else charge.units
    return replace(
        service,
        units=units,
        charge=charge.charge or (same.charge if units == same.units else None),
        start=charge.service_date or same.start,
        end=same.end,
        provider=charge.provider or same.provider,
        ndc=charge.ndc or same.ndc,
    )


def _troubles(number: int, service: Service) -> list[str]:
    checks = (
        (service.code is None, f"a CPT or HCPCS code for line {number}"),
        (service.charge is None, f"a price for line {number}"),
        (service.charge is not None and service.charge.amount < 0, f"a price of zero or more for line {number}"),
        (service.units <= 0, f"a positive quantity for line {number}"),
        (service.start is None, f"a date of service for line {number}"),
        (len(service.modifiers) > MOST_MODIFIERS, f"room for more than {MOST_MODIFIERS} modifiers on line {number}"),
    )
    return [what for holds, what in checks if holds]


def _places(coded: CodedEncounter, diagnoses: tuple[ClaimDiagnosis, ...]) -> dict[int, int | None]:
    """What a coder's pointer means on the claim: its place there, or None where that diagnosis is not on it.

    A pointer was set when nothing was rejected yet, so it names the sequence of an assignment, not what is left.
    """
    assigned = [a for a in coded.assignments if a.role in DIAGNOSIS_ROLES]
    if len({a.sequence for a in assigned}) != len(assigned):
        assigned = [replace(a, sequence=place) for place, a in enumerate(coded.diagnoses, start=1)]
    on_claim = {diagnosis.code: place for place, diagnosis in enumerate(diagnoses, start=1)}
    return {a.sequence: None if a.status is Status.REJECTED else on_claim.get(a.code) for a in assigned}


def _pointers(
    number: int, service: Service, places: dict[int, int | None], count: int, troubles: list[str]
) -> tuple[int, ...]:
    if not service.pointers:
        return tuple(range(1, min(count, MOST_POINTERS) + 1))
    unknown = [str(p) for p in service.pointers if p not in places]
    if unknown and count:
        troubles.append(f"the diagnosis {', '.join(unknown)} that line {number} points to")
    kept = tuple(dict.fromkeys(p for given in service.pointers if (p := places.get(given)) is not None))
    if not kept and not unknown and count:
        troubles.append(f"a diagnosis for line {number}, which points only to such as are not on the claim")
    if len(kept) > MOST_POINTERS:
        troubles.append(f"room for more than {MOST_POINTERS} pointers on line {number}")
    return kept


def _service_date(encounter: Encounter) -> date | None:
    return plain_day(encounter.date_of_service or encounter.admission)
