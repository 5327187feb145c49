"""What was done, for what, and who is asked to pay: FT1, PR1, DG1, IN1 (chapter 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from leadterm.domain import (
    DIAGNOSIS_ROLES,
    Assignment,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Payer,
    Poa,
    Provider,
    ProviderRole,
    Role,
    Status,
)

from ..lines import Service, services
from .people import address, person
from .segments import Line, Repeated, Value, segment, stamp

# Names of code systems (table 0396). Revenue codes have none: table 0456 is theirs.
SYSTEMS = {
    CodeSystem.ICD10CM: "I10C",
    CodeSystem.ICD10PCS: "I10P",
    CodeSystem.CPT: "C4",
    CodeSystem.HCPCS: "HPC",
    CodeSystem.ICD9CM: "I9CDX",
    CodeSystem.ICD9PROC: "I9CP",
}
REVENUE, DRUGS = "HL70456", "NDC"
CHARGE = "CG"
# What a diagnosis is to the visit (table 0052): one of the admission is none of those that are billed.
TYPES = {Role.ADMITTING: "A", Role.REASON_FOR_VISIT: "A"}
FINAL = "F"
# Table 0895 has the letters of the uniform bill, and one for a code that is exempt.
POA = {Poa.EXEMPT: "E"}
RELATIONSHIPS = {"self": "SEL", "spouse": "SPO", "child": "CHD"}
PLANS = {
    "medicare": "MCR",
    "medicaid": "MCD",
    "commercial": "COM",
    "bcbs": "BCBS",
    "tricare": "TRICARE",
    "workers-compensation": "WC",
    "self-pay": "SELF PAY",
}
PROCEDURES = (Role.PRINCIPAL_PROCEDURE, Role.PROCEDURE)


def charges(coded: CodedEncounter, at: datetime) -> Iterator[Line]:
    """A transaction for each charge; the procedures of the stay stand in the group of the first."""
    for number, service in enumerate(services(coded), 1):
        yield _transaction(coded, service, number, at)
        if number == 1:
            yield from _procedures(coded)


def diagnoses(coded: CodedEncounter) -> Iterator[Line]:
    """The diagnoses in their order; the priority counts those that are billed."""
    rank = 0
    for number, each in enumerate(_kept(coded, (*DIAGNOSIS_ROLES, *TYPES)), 1):
        kind = TYPES.get(each.role, FINAL)
        rank += kind == FINAL
        fields: dict[int, Value | Repeated] = {
            1: f"{number}",
            3: _coded(each.code, each.description),
            6: kind,
            15: f"{rank}" if kind == FINAL else None,
            26: POA.get(each.poa, each.poa.value) if each.poa else None,
        }
        yield segment("DG1", fields)


def insurance(encounter: Encounter) -> Iterator[Line]:
    """The payers in their order."""
    return (_policy(payer, order) for order, payer in enumerate(encounter.payers, 1))


def _kept(coded: CodedEncounter, roles: Iterable[Role]) -> list[Assignment]:
    """The codes of these roles that nobody has rejected."""
    wanted = frozenset(roles)
    return [a for a in coded.assignments if a.role in wanted and a.status is not Status.REJECTED]


def _transaction(coded: CodedEncounter, service: Service, number: int, at: datetime) -> Line:
    encounter = coded.encounter
    procedure = _coded(service.code, _title(coded, service.code)) if service.code else None
    revenue: Value = (service.revenue_code, None, REVENUE) if service.revenue_code else None
    pointed = [a for p in service.pointers for a in _kept(coded, DIAGNOSIS_ROLES) if a.sequence == p]
    whole = (stamp(service.start), stamp(service.end))
    fields: dict[int, Value | Repeated] = {
        1: f"{number}",
        2: f"{encounter.account or encounter.id}-{number}",
        4: whole[0] if whole[0] == whole[1] else whole,
        5: stamp(at),
        6: CHARGE,
        7: revenue or procedure,
        10: f"{service.units:f}",
        11: ((f"{service.charge.amount:f}", "USD"),) if service.charge is not None else None,
        19: [_coded(each.code) for each in pointed],
        20: person(_performer(encounter, service)),
        21: person(encounter.provider(ProviderRole.ORDERING)),
        25: procedure,
        26: [(modifier, None, "C4") for modifier in service.modifiers],
        29: (service.ndc.code, None, DRUGS) if service.ndc else None,
    }
    return segment("FT1", fields)


def _performer(encounter: Encounter, service: Service) -> Provider | None:
    """Who did it: as the charge says, else who renders, at a facility who attends."""
    named = (p for p in encounter.providers if service.provider and service.provider in (p.id, p.npi, p.role.value))
    usual = encounter.provider(ProviderRole.RENDERING)
    if usual is None and encounter.claim_type is ClaimType.INSTITUTIONAL:
        usual = encounter.provider(ProviderRole.ATTENDING)
    return next(named, usual)


def _procedures(coded: CodedEncounter) -> Iterator[Line]:
    surgeon = person(coded.encounter.provider(ProviderRole.OPERATING))
    for number, each in enumerate(_kept(coded, PROCEDURES), 1):
        fields: dict[int, Value | Repeated] = {
            1: f"{number}",
            3: _coded(each.code, each.description),
            5: stamp(each.service_date or coded.encounter.admission or coded.encounter.date_of_service),
            11: surgeon,
            14: f"{number}",
        }
        yield segment("PR1", fields)


def _policy(payer: Payer, order: int) -> Line:
    holder = payer.subscriber
    company = payer.id or payer.name or "payer"
    fields: dict[int, Value | Repeated] = {
        1: f"{order}",
        2: (company, payer.name),
        3: company,
        4: payer.name,
        8: payer.group,
        9: payer.group_name,
        14: payer.prior_authorization,
        15: PLANS.get(payer.type or "", payer.type),
        16: (holder.last_name, holder.first_name),
        17: RELATIONSHIPS.get(holder.relationship, "OTH"),
        18: stamp(holder.birth_date),
        19: address(holder.address),
        22: f"{order}",
        36: payer.member_id,
        43: holder.sex.value,
    }
    return segment("IN1", fields)


def _title(coded: CodedEncounter, code: Code) -> str | None:
    """The official title of a code, as the coding has it."""
    return next((a.description for a in coded.assignments if a.code == code and a.description), None)


def _coded(code: Code, title: str | None = None) -> Value:
    return code.value, title, SYSTEMS.get(code.system, code.system.value)
