"""The services of a chart as assignments: procedures of an inpatient stay, else the lines of a claim.

A room reads one kind of service and knows no other: `read(chart)` gives an `Offer`. What comes after works on all lines
together: the record's own charges take in what was read of the same service, modifiers, pointers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from leadterm.coding import charges, drugs, offices, procedures, supplies, timed, visits
from leadterm.coding.chart import Chart
from leadterm.domain import (
    Assignment,
    ClaimType,
    Finding,
    PathwayStep,
    Query,
    Role,
    Setting,
    Step,
    plain_day,
)

from .merging import merged
from .modifiers import applied
from .pointing import pointed
from .service import Offer, Service, joined

Reader = Callable[[Chart], Offer]
# Who reads what was done at a stay of a hospital, and who reads lines of a claim; a room is added here.
PROCEDURES: tuple[Reader, ...] = (procedures.read,)
LINES: tuple[Reader, ...] = (drugs.read, timed.read, supplies.read, offices.read, visits.read, charges.read)

Done = tuple[tuple[Assignment, ...], tuple[Finding, ...], tuple[Query, ...]]


def assign(chart: Chart, diagnoses: Sequence[Assignment]) -> Done:
    """The assignments of everything done, in claim order, what to know about them, what to ask."""
    done = joined(read(chart) for read in PROCEDURES) if bears_procedures(chart) else Offer()
    lines = joined(read(chart) for read in LINES) if not bears_procedures(chart) else Offer()
    judged = applied(chart, charges.priced(chart, _with_captured(chart, lines.services)))
    charged = pointed(chart, judged.services, diagnoses)
    made = (
        *(_procedure(s, n) for n, s in enumerate(procedures.sequenced(done.services, _principal(diagnoses)), 1)),
        *(_line(s, n) for n, s in enumerate(charged, 1)),
    )
    offers = joined((done, lines, judged, Offer(findings=tuple(charges.unsupported(chart, charged)))))
    return made, offers.findings, offers.queries


def _principal(diagnoses: Sequence[Assignment]) -> str | None:
    return next((d.code.value for d in diagnoses if d.role is Role.PRINCIPAL), None)


def bears_procedures(chart: Chart) -> bool:
    """Whether the claim bears ICD-10-PCS: only that of a hospital for a stay does (45 CFR 162.1002)."""
    encounter = chart.encounter
    return encounter.setting is Setting.INPATIENT and encounter.claim_type is ClaimType.INSTITUTIONAL


def _with_captured(chart: Chart, services: Sequence[Service]) -> tuple[Service, ...]:
    """The record's own charges with what was read of them, then the rest of what was read."""
    encounter = chart.encounter
    captured = [
        Service(
            charge.code,
            "captured",
            pathway=(PathwayStep(Step.MAP, "charge captured in the record"),),
            confidence=1.0,
            units=charge.units,
            modifiers=charge.modifiers,
            pointers=charge.pointers,
            day=plain_day(charge.date or encounter.date_of_service or encounter.discharge),
            provider=charge.provider,
            revenue_code=charge.revenue_code,
            charge=charge.charge,
            ndc=charge.ndc,
            captured=True,
        )
        for charge in encounter.charges
        if charge.code is not None
    ]
    return merged(captured, services, plain_day(encounter.date_of_service or encounter.discharge))


def _procedure(s: Service, number: int) -> Assignment:
    role = Role.PRINCIPAL_PROCEDURE if number == 1 else Role.PROCEDURE
    return Assignment(f"p{number}", s.code, s.description, role, number, s.confidence, **_common(s))


def _line(s: Service, number: int) -> Assignment:
    """The charge line of a service."""
    return Assignment(
        f"c{number}",
        s.code,
        s.description,
        Role.CHARGE,
        number,
        s.confidence,
        units=s.units,
        modifiers=s.modifiers,
        pointers=s.pointers,
        provider=s.provider,
        revenue_code=s.revenue_code,
        charge=s.charge,
        ndc=s.ndc,
        **_common(s),
    )


def _common(s: Service) -> dict[str, Any]:
    """What procedures and lines have alike."""
    return {
        "evidence": s.evidence,
        "pathway": s.pathway,
        "alternatives": s.alternatives,
        "service_date": s.day,
        "facts": s.facts,
    }
