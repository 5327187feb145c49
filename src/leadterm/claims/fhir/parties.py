"""Patients, providers and payers as resources."""

from __future__ import annotations

from leadterm.domain import Address, Patient, Payer, Provider, ProviderRole, Sex, Subscriber

from .sheet import HL7, Json, Sheet, coded, day, present

NPI = "http://hl7.org/fhir/sid/us-npi"
TAX_ID = "urn:oid:2.16.840.1.113883.4.4"
TAXONOMY = "http://nucc.org/provider-taxonomy"
RELATIONSHIP = f"{HL7}/subscriber-relationship"
RELATIONSHIPS = frozenset(("self", "spouse", "child", "other"))
SEXES = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.UNKNOWN: "unknown"}
# Sources of payment (PHDSC), the code of a whole group.
TYPES = {
    "medicare": "1",
    "medicaid": "2",
    "tricare": "311",
    "commercial": "5",
    "bcbs": "6",
    "self-pay": "81",
    "workers-compensation": "95",
}


def add_patient(sheet: Sheet, patient: Patient) -> Json:
    """A reference to the patient."""
    body = {
        "identifier": [{"value": patient.id}] if patient.id else None,
        "name": _name(patient.last_name, patient.first_name, patient.middle_name),
        "telecom": _phone(patient.phone),
        "gender": SEXES[patient.sex],
        "birthDate": day(patient.birth_date),
        "address": _address(patient.address),
    }
    return sheet.add("Patient", "patient", body)


def add_provider(sheet: Sheet, provider: Provider) -> Json:
    """A reference to a person or an organisation."""
    tax = {"type": coded(f"{HL7}/v2-0203", "TAX"), "system": TAX_ID, "value": provider.tax_id}
    numbers = [{"system": NPI, "value": provider.npi}] if provider.npi else []
    shared = {
        "identifier": [*numbers, *([tax] if provider.tax_id else [])],
        "telecom": _phone(provider.phone),
        "address": _address(provider.address),
    }
    name = "|".join(filter(None, (provider.npi, provider.name, provider.last_name, provider.first_name, provider.id)))
    if provider.last_name:
        specialty = coded(TAXONOMY, provider.taxonomy)
        person = {"name": _name(provider.last_name, provider.first_name)}
        skill = [{"code": specialty}] if specialty else None
        return sheet.add("Practitioner", name, {**shared, **person, "qualification": skill})
    # An organisation has a name or a number.
    called = provider.name or (None if numbers else provider.id or provider.role)
    return sheet.add("Organization", name or provider.role, {**shared, "name": called})


def add_coverage(sheet: Sheet, payer: Payer, subscriber: Subscriber, patient: Json, order: int) -> Json:
    """A reference to the coverage by a payer, whose place in the order of responsibility counts from 1."""
    number = [{"value": payer.id}] if payer.id else None
    insurer = sheet.add("Organization", f"payer {order}", {"identifier": number, "name": payer.name or "payer"})
    group = present({"type": coded(f"{HL7}/coverage-class", "group"), "value": payer.group, "name": payer.group_name})
    relation = subscriber.relationship if subscriber.relationship in RELATIONSHIPS else "other"
    body = {
        "status": "active",
        "type": coded("https://nahdo.org/sopt", TYPES.get(payer.type or ""), payer.type),
        "subscriberId": payer.member_id,
        "beneficiary": patient,
        "relationship": coded(RELATIONSHIP, relation),
        "payor": [insurer],
        "class": [group] if "value" in group else None,
        "order": order,
    }
    return sheet.add("Coverage", f"coverage {order}", body)


def first_in(role: ProviderRole, providers: tuple[Provider, ...]) -> Provider | None:
    """The first provider in a role."""
    return next((provider for provider in providers if provider.role is role), None)


def _name(last: str | None, *given: str | None) -> list[Json] | None:
    name = present({"family": last, "given": [part for part in given if part]})
    return [name] if name else None


def _phone(number: str | None) -> list[Json] | None:
    return [{"system": "phone", "value": number}] if number else None


def _address(address: Address | None) -> list[Json] | None:
    if address is None:
        return None
    body = {
        "line": [line for line in (address.line1, address.line2) if line],
        "city": address.city,
        "state": address.state,
        "postalCode": address.zip,
        "country": address.country,
    }
    return [found] if (found := present(body)) else None
