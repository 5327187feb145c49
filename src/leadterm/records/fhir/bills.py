"""What a Claim or an ExplanationOfBenefit says: its diagnoses, procedures, priced lines, payers and people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from leadterm.domain import (
    Charge,
    ClaimType,
    Code,
    CodeSystem,
    DrugCode,
    InputError,
    Money,
    ProviderRole,
    RecordedKind,
    Setting,
    parse_units,
)
from leadterm.domain.codes import eleven_digits

from . import tables
from .leads import codes_of
from .nodes import Node
from .notes import note
from .references import reference
from .told import Bill, Loan, Part, Told
from .visits import named, part

TYPES = {"institutional": ClaimType.INSTITUTIONAL, "professional": ClaimType.PROFESSIONAL}
SUBTYPES = {"inpatient": Setting.INPATIENT, "outpatient": Setting.OUTPATIENT}
# What CARIN's supporting information names, as the fields of an encounter.
FIELDS = {
    "typeofbill": "type_of_bill",
    "discharge-status": "disposition",
    "admtype": "admit_type",
    "pointoforigin": "admit_source",
}
SERVICES = {"cpt": CodeSystem.CPT, "hcpcs": CodeSystem.HCPCS}
MOST_MODIFIERS = 4
LONGEST_FIELD = 4


def tell_bill(kind: str, resource: Node, told: Told, status: str | None) -> None:
    """Adds what a claim says; its codes have the status that its use gives them."""
    day = tables.wheres()[kind].day
    _tell_coded(resource, told, status, "diagnosis", RecordedKind.DIAGNOSIS)
    _tell_coded(resource, told, status, "procedure", RecordedKind.PROCEDURE)
    admission = _supporting(resource, "admissionperiod")
    start = admission.first("timingPeriod.start").moment() if admission else None
    end = admission.first("timingPeriod.end").moment() if admission else None
    told.bill = Bill(
        reference(resource.first("claim"), told.key),
        next((TYPES[code] for code in resource.first("type").codes() if code in TYPES), None),
        next((SUBTYPES[code] for code in resource.first("subType").codes() if code in SUBTYPES), None),
        start or resource.first(*day).moment(),
        end or resource.first("billablePeriod.end").moment(),
        tuple(_charges(kind, resource, told)) if status is None else (),
        tuple(_parts(resource, told.key)),
        tuple(_coverages(resource, told.key)),
        dict(_fields(resource)),
    )


def _tell_coded(resource: Node, told: Told, status: str | None, name: str, kind: RecordedKind) -> None:
    """Adds diagnoses or procedures in their sequence, each with its type and whether it was present on admission."""
    rows = [at for at in resource.each(name) if isinstance(at.value, dict)]
    for at in sorted(rows, key=lambda row: row.first("sequence").integer() or len(rows) + 1):
        concept, where = at.first(f"{name}CodeableConcept"), at.first(f"{name}Reference")
        types = [code for node in at.each("type") for code in node.codes()]
        admitted = [f"on-admission-{code.lower()}" for code in at.first("onAdmission").codes()]
        said = named([*types, *admitted])
        day = at.first("date").day()
        role = tables.use("claim", types) if kind is RecordedKind.DIAGNOSIS else None
        for code in codes_of(concept, kind, status, day) if concept.value is not None else ():
            told.codes.append(replace(code, source=f"{code.source}{said}", role=role))
        if where.value is not None and (lender := reference(where, told.key)):
            told.loans.append(Loan(lender, kind, f"{where.place}{said}", status, day, role))


def _charges(kind: str, resource: Node, told: Told) -> Iterator[tuple[str | None, Charge]]:
    """The lines that bear a code or a revenue code, each with the reference of its encounter."""
    unpriced = False
    for at in resource.each("item"):
        if not isinstance(at.value, dict):
            continue
        charge = _charge(at)
        if charge is None:
            unpriced = True
        else:
            yield reference(at.first("encounter"), told.key), charge
    if unpriced:
        told.notes.append(note("fhir-unpriced", kind))


def _charge(at: Node) -> Charge | None:
    code = _service(at)
    revenue = next((c for c in at.first("revenue").codes() if c.isascii() and c.isdigit() and len(c) <= 4), None)
    if code is None and revenue is None:
        return None
    modifiers = [code.upper() for node in at.each("modifier") for code in node.codes() if len(code) == 2]
    return Charge(
        code,
        units=_units(at),
        date=at.first("servicedDate", "servicedPeriod.start").day(),
        charge=_price(at),
        revenue_code=revenue.zfill(4) if revenue else None,
        modifiers=tuple(modifiers[:MOST_MODIFIERS]),
        ndc=_drug(at),
    )


def _service(at: Node) -> Code | None:
    for written in codes_of(at.first("productOrService"), RecordedKind.PROCEDURE, None, None):
        if system := SERVICES.get(written.system or ""):
            for each in (system, *SERVICES.values()):
                try:
                    return Code.parse(written.code, each)
                except InputError:
                    continue
    return None


def _units(at: Node) -> Decimal:
    quantity = at.first("quantity.value").number()
    try:
        return Decimal(1) if quantity is None else parse_units(quantity)
    except InputError:
        at.faults.found = True
        return Decimal(1)


def _price(at: Node) -> Money | None:
    """The price of the line: its net, what was submitted for it, or a unit's price by the units."""
    net = at.first("net.value").amount()
    if net is not None:
        return net
    for said in at.each("adjudication"):
        if "submitted" in list(said.first("category").codes()):
            return said.first("amount.value").amount()
    unit = at.first("unitPrice.value").number()
    try:
        return None if unit is None else Money.rounded(unit * _units(at))
    except InputError:
        at.faults.found = True
        return None


def _drug(at: Node) -> DrugCode | None:
    for node in (*at.each("productOrService"), *at.each("detail.productOrService")):
        for written in codes_of(node, RecordedKind.DRUG, None, None):
            if written.system == "ndc" and (digits := eleven_digits(written.code)):
                return DrugCode(digits)
    return None


def _parts(resource: Node, owner: str) -> Iterator[Part]:
    roles = tables.roles("claim")
    for path, role in (("provider", ProviderRole.BILLING), ("facility", ProviderRole.FACILITY)):
        if (who := resource.first(path)).value is not None:
            yield part(role, who, owner)
    for at in resource.each("careTeam"):
        for code in at.first("role").codes():
            if code in roles:
                yield part(roles[code], at.first("provider"), owner)


def _coverages(resource: Node, owner: str) -> list[tuple[str | None, str | None]]:
    """The coverages in their sequence, the one that the claim is for first: reference and display."""
    rows = [at for at in resource.each("insurance") if isinstance(at.value, dict)]
    rows.sort(key=lambda at: (at.first("focal").flag() is not True, at.first("sequence").integer() or len(rows) + 1))
    covers = [at.first("coverage") for at in rows]
    found = [part(None, cover, owner) for cover in covers if isinstance(cover.value, dict)]
    return [(each.reference, each.display) for each in found if each.reference or each.display]


def _fields(resource: Node) -> Iterator[tuple[str, str]]:
    for name, field in FIELDS.items():
        at = _supporting(resource, name)
        for code in at.first("code").codes() if at else ():
            if code.isalnum() and len(code) <= LONGEST_FIELD:
                yield field, code


def _supporting(resource: Node, name: str) -> Node | None:
    for at in resource.each("supportingInfo"):
        if isinstance(at.value, dict) and name in list(at.first("category").codes()):
            return at
    return None
