"""The fields that a site's rule may ask about: name, kind, and how each is read from a claim or a coded encounter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leadterm.domain import Payer, ProviderRole, ServiceLine, plain_day
from leadterm.edits._billing import Billing
from leadterm.edits._claim_codes import BESIDE_THE_ORDER
from leadterm.edits._coding import Coding, Diagnosis


class Kind(StrEnum):
    """What a field holds, which decides what can be asked of it."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


class Subject(StrEnum):
    """What a rule is asked of, once for each."""

    CLAIM = "claim"
    LINE = "line"
    ENCOUNTER = "encounter"
    DIAGNOSIS = "diagnosis"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule is asked of: a claim, perhaps one of its lines; or a coding, perhaps one of its diagnoses."""

    billing: Billing | None = None
    line: ServiceLine | None = None
    coding: Coding | None = None
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in a rule, its kind, what it is, and its value (None where the claim or chart has none)."""

    name: str
    kind: Kind
    words: str
    value: Callable[[Any], Any]


def _of_provider(role: ProviderRole, attribute: str) -> Callable[[Billing], str | None]:
    def value(b: Billing) -> str | None:
        found = next((p for p in b.claim.providers if p.role is role), None)
        return getattr(found, attribute) if found else None

    return value


def _providers() -> Iterable[Field]:
    for role in ProviderRole:
        yield Field(f"{role}.npi", Kind.TEXT, f"NPI of the {role} provider", _of_provider(role, "npi"))
        yield Field(f"{role}.taxonomy", Kind.CODE, f"taxonomy of the {role} provider", _of_provider(role, "taxonomy"))


def _payer(attribute: str) -> Callable[[tuple[Payer, ...]], str | None]:
    return lambda payers: getattr(payers[0], attribute) if payers else None


PAYER = (
    Field("payer.id", Kind.TEXT, "electronic id of the payer that is asked", _payer("id")),
    Field("payer.name", Kind.TEXT, "its name", _payer("name")),
    Field("payer.type", Kind.TEXT, "medicare, medicaid, commercial, …", _payer("type")),
    Field("payer.group", Kind.TEXT, "group or policy number", _payer("group")),
)

# Read from a claim as `Billing` sees it.
CLAIM = (
    Field("claim.type", Kind.TEXT, "professional or institutional", lambda b: str(b.claim.claim_type)),
    Field("claim.frequency", Kind.TEXT, "1, 7, 8, …", lambda b: b.claim.frequency),
    Field("claim.total", Kind.NUMBER, "dollars asked for", lambda b: b.claim.total.amount),
    Field("claim.lines", Kind.NUMBER, "number of service lines", lambda b: len(b.claim.lines)),
    Field("claim.place_of_service", Kind.CODE, "place of service of the claim", lambda b: b.claim.place_of_service),
    Field("claim.type_of_bill", Kind.CODE, "four digits, with the zero", lambda b: b.claim.type_of_bill),
    Field("claim.drg", Kind.CODE, "group that the provider claims", lambda b: b.claim.drg),
    Field("claim.disposition", Kind.CODE, "patient discharge status", lambda b: b.claim.disposition),
    Field("claim.admit_type", Kind.CODE, "priority of the admission", lambda b: b.claim.admit_type),
    Field("claim.admit_source", Kind.CODE, "point of origin", lambda b: b.claim.admit_source),
    Field("claim.admission", Kind.DATE, "day of admission", lambda b: plain_day(b.claim.admission)),
    Field("claim.discharge", Kind.DATE, "day of discharge", lambda b: plain_day(b.claim.discharge)),
    Field("claim.first_day", Kind.DATE, "first day of service", lambda b: b.first_day),
    Field("claim.last_day", Kind.DATE, "discharge, else last day of service", lambda b: b.controlling_day),
    Field("claim.received", Kind.DATE, "day on which the payer gets it, where it is told", lambda b: b.received),
    Field("claim.prior_authorization", Kind.TEXT, "number of the authorization", lambda b: b.claim.prior_authorization),
    Field("claim.referral", Kind.TEXT, "number of the referral", lambda b: b.claim.referral),
    Field("claim.clia", Kind.TEXT, "number of the laboratory", lambda b: b.claim.clia),
    Field(
        "claim.payer_control_number", Kind.TEXT, "the payer's number of a claim", lambda b: b.claim.payer_control_number
    ),
    Field("claim.condition_codes", Kind.CODES, "condition codes", lambda b: b.claim.condition_codes),
    Field(
        "claim.occurrences", Kind.CODES, "occurrence and span codes", lambda b: [o.code for o in b.claim.occurrences]
    ),
    Field("claim.values", Kind.CODES, "value codes", lambda b: [v.code for v in b.claim.values]),
    Field(
        "claim.diagnoses",
        Kind.CODES,
        "diagnoses in claim order, without those of admission and visit",
        lambda b: [d.code.value for d in b.claim.diagnoses if d.role not in BESIDE_THE_ORDER],
    ),
    Field(
        "claim.procedures", Kind.CODES, "ICD-10-PCS procedures", lambda b: [p.code.value for p in b.claim.procedures]
    ),
    Field(
        "claim.services", Kind.CODES, "codes of all lines", lambda b: [x.code.value for x in b.claim.lines if x.code]
    ),
    Field(
        "claim.modifiers",
        Kind.CODES,
        "modifiers of all lines",
        lambda b: [m for x in b.claim.lines for m in x.modifiers],
    ),
    Field(
        "claim.revenue_codes",
        Kind.CODES,
        "revenue codes of all lines",
        lambda b: [x.revenue_code for x in b.claim.lines if x.revenue_code],
    ),
    Field("claim.accident", Kind.FLAG, "whether an accident is told", lambda b: bool(b.claim.accident)),
    Field("claim.assignment", Kind.FLAG, "whether assignment is accepted", lambda b: b.claim.accept_assignment),
    Field("patient.sex", Kind.TEXT, "F, M or U", lambda b: str(b.claim.patient.sex)),
    Field(
        "patient.age",
        Kind.NUMBER,
        "whole years on the first day of service",
        lambda b: b.claim.patient.age_on(b.first_day),
    ),
    *_providers(),
)

# Read from a line of a claim.
LINE = (
    Field(
        "line.code", Kind.CODE, "CPT or HCPCS code", lambda asked: asked.line.code.value if asked.line.code else None
    ),
    Field("line.modifiers", Kind.CODES, "modifiers", lambda asked: asked.line.modifiers),
    Field("line.revenue_code", Kind.CODE, "revenue code", lambda asked: asked.line.revenue_code),
    Field("line.units", Kind.NUMBER, "units", lambda asked: asked.line.units),
    Field("line.charge", Kind.NUMBER, "dollars", lambda asked: asked.line.charge.amount),
    Field("line.first_day", Kind.DATE, "first day of service", lambda asked: asked.line.start),
    Field("line.last_day", Kind.DATE, "last day of service", lambda asked: asked.line.end),
    Field(
        "line.place_of_service",
        Kind.CODE,
        "place of service, the claim's where the line has none",
        lambda asked: asked.line.place_of_service or asked.billing.claim.place_of_service,
    ),
    Field("line.ndc", Kind.TEXT, "National Drug Code", lambda asked: asked.line.ndc.code if asked.line.ndc else None),
    Field("line.diagnoses", Kind.CODES, "diagnoses that the line points to", lambda asked: _pointed(asked)),
    Field(
        "line.prior_authorization",
        Kind.TEXT,
        "number of the authorization, the claim's where the line has none",
        lambda asked: asked.line.prior_authorization or asked.billing.claim.prior_authorization,
    ),
)

# Read from a coded encounter, or the codes of a claim, as `Coding` sees them.
ENCOUNTER = (
    Field("encounter.setting", Kind.TEXT, "inpatient, outpatient, …", lambda c: str(c.encounter.setting)),
    Field("encounter.claim_type", Kind.TEXT, "professional or institutional", lambda c: str(c.encounter.claim_type)),
    Field("encounter.class", Kind.TEXT, "observation, office, …", lambda c: c.encounter.encounter_class),
    Field("encounter.date", Kind.DATE, "controlling date", lambda c: c.on),
    Field("encounter.disposition", Kind.CODE, "patient discharge status", lambda c: c.encounter.disposition),
    Field(
        "encounter.first", Kind.CODE, "principal or first-listed diagnosis", lambda c: c.first.code if c.first else None
    ),
    Field("encounter.diagnoses", Kind.CODES, "diagnoses", lambda c: [d.code for d in c.diagnoses]),
    Field("encounter.procedures", Kind.CODES, "ICD-10-PCS procedures", lambda c: [a.code.value for a in c.procedures]),
    Field("encounter.services", Kind.CODES, "CPT and HCPCS codes", lambda c: [a.code.value for a in c.coded.charges]),
    Field("encounter.condition_codes", Kind.CODES, "condition codes", lambda c: c.encounter.condition_codes),
    Field("patient.sex", Kind.TEXT, "F, M or U", lambda c: str(c.encounter.patient.sex)),
    Field("patient.age", Kind.NUMBER, "whole years on admission, else on the controlling date", lambda c: c.age),
)

# Read from a diagnosis.
DIAGNOSIS = (
    Field("diagnosis.code", Kind.CODE, "the code", lambda asked: asked.diagnosis.code),
    Field(
        "diagnosis.role",
        Kind.TEXT,
        "principal, first-listed, secondary, …",
        lambda asked: str(asked.diagnosis.assignment.role),
    ),
    Field(
        "diagnosis.poa",
        Kind.TEXT,
        "Y, N, U, W or exempt",
        lambda asked: asked.diagnosis.assignment.poa and str(asked.diagnosis.assignment.poa),
    ),
    Field(
        "diagnosis.first",
        Kind.FLAG,
        "whether it is the principal or first-listed one",
        lambda asked: asked.diagnosis is asked.coding.first,
    ),
)


def _pointed(asked: Asked) -> list[str]:
    assert asked.line is not None
    assert asked.billing is not None
    diagnoses = asked.billing.claim.diagnoses
    return [diagnoses[p - 1].code.value for p in asked.line.pointers if 1 <= p <= len(diagnoses)]


def _through(fields: Iterable[Field], way: Callable[[Asked], Any]) -> dict[str, Field]:
    """The fields, each read from what `way` leads to."""
    return {f.name: Field(f.name, f.kind, f.words, _composed(f.value, way)) for f in fields}


def _composed(value: Callable[[Any], Any], way: Callable[[Asked], Any]) -> Callable[[Asked], Any]:
    return lambda asked: value(way(asked))


def _claims() -> dict[str, Field]:
    return {**_through(PAYER, lambda a: a.billing and a.billing.claim.payers), **_through(CLAIM, lambda a: a.billing)}


def _encounters() -> dict[str, Field]:
    return {
        **_through(PAYER, lambda a: a.coding and a.coding.encounter.payers),
        **_through(ENCOUNTER, lambda a: a.coding),
    }


def _here(asked: Asked) -> Asked:
    return asked


FIELDS: Mapping[Subject, Mapping[str, Field]] = {
    Subject.CLAIM: _claims(),
    Subject.LINE: {**_claims(), **_through(LINE, _here)},
    Subject.ENCOUNTER: _encounters(),
    Subject.DIAGNOSIS: {**_encounters(), **_through(DIAGNOSIS, _here)},
}
