"""One plain invented claim, and the encounter that it comes from: tests change what they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from leadterm.claims import build, write_837p
from leadterm.domain import (
    Address,
    Assignment,
    Charge,
    Claim,
    Code,
    CodedEncounter,
    CodeSystem,
    Document,
    Encounter,
    Evidence,
    Money,
    PathwayStep,
    Patient,
    Payer,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Setting,
    Sex,
    Span,
    Status,
    Step,
    Subscriber,
)
from leadterm.x12 import Segment, read

from .generate import envelope

DAY = date(2026, 5, 14)
HOME = Address("12 Elm St", None, "Ames", "IA", "50010")
PATIENT = Patient("p1", Sex.FEMALE, date(1959, 3, 2), first_name="Ana", last_name="Doe", address=HOME)
CLINIC = Provider(
    ProviderRole.BILLING,
    "1234567893",
    "207Q00000X",
    "12-3456789",
    name="Elm Clinic",
    address=Address("1 Clinic Way", None, "Ames", "IA", "50010-1234"),
)
DOCTOR = Provider(ProviderRole.RENDERING, "1003000126", "207R00000X", first_name="Rea", last_name="Roe", id="dr1")
PAYER = Payer("60054", "Invented Mutual", "commercial", "M123", "G9")
PARENT = Subscriber("child", "Eve", "Doe", date(1930, 1, 1), Sex.FEMALE)


def diagnosis(code: str, sequence: int, role: Role = Role.SECONDARY, status: Status = Status.ADDED) -> Assignment:
    chart = Document("n1", "The words of the chart.")
    proof = ((Evidence.quote(chart, Span(0, 9)),), (PathwayStep(Step.TITLE, "by its title"),))
    return Assignment(f"d{sequence}", Code(CodeSystem.ICD10CM, code), None, role, sequence, 0.9, *proof, status=status)


def coded_charge(code: str, **fields: Any) -> Assignment:
    system = CodeSystem.CPT if code.isdigit() else CodeSystem.HCPCS
    return Assignment(f"c{code}", Code(system, code), None, Role.CHARGE, 1, 0.9, **fields)


def charge(code: str = "99213", price: str | None = "125.00", **fields: Any) -> Charge:
    system = CodeSystem.CPT if code.isdigit() else CodeSystem.HCPCS
    return Charge(Code(system, code), charge=Money.parse(price) if price else None, **fields)


def coded(*assignments: Assignment, **changes: Any) -> CodedEncounter:
    """The plain encounter, coded so; without assignments with diabetes and hypertension."""
    encounter = Encounter(
        id="visit1",
        setting=Setting.PROFESSIONAL,
        date_of_service=DAY,
        place_of_service="11",
        patient=PATIENT,
        providers=(CLINIC, DOCTOR),
        payers=(PAYER,),
        charges=(charge(),),
    )
    usual = (diagnosis("E11.9", 1, Role.FIRST_LISTED), diagnosis("I10", 2))
    return CodedEncounter(replace(encounter, **changes), assignments or usual)


def claim(**changes: Any) -> Claim:
    """The plain claim with those fields changed."""
    return replace(build(coded()), **changes)


def line(number: int = 1, **changes: Any) -> ServiceLine:
    """The plain claim's only line, changed."""
    return replace(claim().lines[0], number=number, **changes)


def segments(*claims: Claim) -> list[Segment]:
    """What an 837P of these claims holds."""
    return list(read(write_837p(claims, envelope())))


def texts(*claims: Claim) -> list[str]:
    """The same as text, without terminators."""
    return [s.text.removesuffix("~") for s in segments(*claims)]
