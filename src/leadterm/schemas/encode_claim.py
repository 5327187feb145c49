"""A claim as leadterm.claim/1."""

from __future__ import annotations

from leadterm.domain import (
    Claim,
    ClaimDiagnosis,
    ClaimProcedure,
    Code,
    CodeSystem,
    DateRange,
    Occurrence,
    Provider,
    ProviderRole,
    ServiceLine,
)

from .encode_parts import Json, plain

TODAY = frozenset({CodeSystem.ICD10CM, CodeSystem.ICD10PCS})
# Fields that stand in the JSON by their own names, after those of the contract.
ADDED = ("drg", "patient_paid", "delay_reason", "special_program")
ADDED_TO_LINES = (
    "unit",
    "hipps",
    "noncovered",
    "dated",
    "description",
    "prior_authorization",
    "control_number",
    "emergency",
    "epsdt",
    "family_planning",
)


def claim(value: Claim) -> Json:
    """`value` as leadterm.claim/1; a second provider of one role stands under `other_providers`."""
    first: dict[ProviderRole, Provider] = {}
    others = []
    for provider in value.providers:
        if provider.role in first:
            others.append(plain(provider))
        first.setdefault(provider.role, provider)
    return {
        "schema": "leadterm.claim/1",
        "id": value.id,
        "claim_type": value.claim_type.value,
        "frequency": value.frequency,
        "payer_control_number": value.payer_control_number,
        "total": str(value.total),
        **{role.value: _claim_provider(first.get(role)) for role in ProviderRole},
        "subscriber": plain(value.subscriber),
        "patient": plain(value.patient),
        "payers": plain(value.payers),
        "prior_authorization": value.prior_authorization,
        "referral": value.referral,
        "clia": value.clia,
        "accident": plain(value.accident),
        "accept_assignment": value.accept_assignment,
        "release": value.release,
        "attachments": plain(value.attachments),
        "diagnoses": [_diagnosis(d) for d in value.diagnoses],
        "procedures": [_procedure(p) for p in value.procedures],
        "type_of_bill": value.type_of_bill,
        "place_of_service": value.place_of_service,
        "admission": plain(value.admission),
        "discharge": plain(value.discharge),
        "disposition": value.disposition,
        "condition_codes": list(value.condition_codes),
        "occurrences": [_occurrence(o) for o in value.occurrences],
        "values": plain(value.values),
        "lines": [_line(line) for line in value.lines],
        "admit_type": value.admit_type,
        "admit_source": value.admit_source,
        "other_providers": others,
        "statement": _statement(value.statement),
        **{name: plain(getattr(value, name)) for name in ADDED},
    }


def _claim_provider(value: Provider | None) -> Json | None:
    return None if value is None else {name: item for name, item in plain(value).items() if name != "role"}


def _diagnosis(value: ClaimDiagnosis) -> Json:
    return {"code": value.code.value, "role": value.role.value, "poa": plain(value.poa), **_system(value.code)}


def _procedure(value: ClaimProcedure) -> Json:
    return {"code": value.code.value, "date": plain(value.date), **_system(value.code)}


def _system(code: Code) -> Json:
    """The system of a code where it is not the one in force today."""
    return {} if code.system in TODAY else {"system": code.system.value}


def _occurrence(value: Occurrence) -> Json:
    if value.end is None:
        return {"code": value.code, "date": value.start.isoformat()}
    return {"code": value.code, "from": value.start.isoformat(), "to": value.end.isoformat()}


def _statement(value: DateRange | None) -> Json | None:
    return None if value is None else {"from": plain(value.start), "to": plain(value.end or value.start)}


def _line(value: ServiceLine) -> Json:
    return {
        "number": value.number,
        "code": plain(value.code),
        "modifiers": list(value.modifiers),
        "units": plain(value.units),
        "charge": str(value.charge),
        "from": value.start.isoformat(),
        "to": value.end.isoformat(),
        "place_of_service": value.place_of_service,
        "revenue_code": value.revenue_code,
        "pointers": list(value.pointers),
        "ndc": plain(value.ndc),
        "provider": value.provider,
        **{name: plain(getattr(value, name)) for name in ADDED_TO_LINES},
    }
