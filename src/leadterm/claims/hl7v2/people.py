"""Who was treated, where, by whom: PID and PV1 (chapter 3)."""

from __future__ import annotations

from leadterm.domain import Address, Encounter, IdentifierKind, Provider, ProviderRole, Setting

from .segments import Line, Value, segment, stamp

NPI = ("NPI", "2.16.840.1.113883.4.6", "ISO")
# Table 0004, by the contract's word for the class where it tells more than the setting.
CLASSES = {"pre-admission": "P", "recurring": "R", "obstetrics": "B", "commercial account": "C"}
SETTINGS = {Setting.INPATIENT: "I", Setting.SKILLED_NURSING: "I", Setting.EMERGENCY: "E"}
# Form locator 14 of the uniform bill as table 0007 has it; what that does not have goes as it is.
ADMIT_TYPES = {"1": "E", "2": "U", "3": "C", "4": "N"}


def identification(encounter: Encounter) -> Line:
    """PID of the patient; PID-18 is the account."""
    patient = encounter.patient
    fields: dict[int, Value] = {
        1: "1",
        3: (patient.id, None, None, None, "MR") if patient.id else None,
        5: (patient.last_name, patient.first_name, patient.middle_name),
        7: stamp(patient.birth_date),
        8: patient.sex.value,
        11: address(patient.address),
        13: patient.phone,
        18: encounter.account or encounter.id,
    }
    return segment("PID", fields)


def visit(encounter: Encounter) -> Line:
    """PV1 of the contact."""
    start = encounter.admission or encounter.date_of_service
    fields: dict[int, Value] = {
        1: "1",
        2: CLASSES.get(encounter.encounter_class or "", SETTINGS.get(encounter.setting, "O")),
        4: ADMIT_TYPES.get(encounter.admit_type or "", encounter.admit_type),
        7: person(encounter.provider(ProviderRole.ATTENDING)),
        8: person(encounter.provider(ProviderRole.REFERRING)),
        14: encounter.admit_source,
        19: _visit_number(encounter),
        36: encounter.disposition,
        44: stamp(start),
        45: stamp(encounter.discharge),
    }
    return segment("PV1", fields)


def _visit_number(encounter: Encounter) -> str:
    """By which the record that it came from knows the visit, so that the receiver does; else our id."""
    numbers = (one.value for one in encounter.identifiers if one.kind is IdentifierKind.VISIT)
    return next(numbers, encounter.id)


def person(found: Provider | None) -> Value:
    """XCN: number, name, and who gives the number."""
    if found is None:
        return None
    last = found.last_name or found.name
    if found.npi:
        return (found.npi, last, found.first_name, *[None] * 5, NPI, None, None, None, "NPI")
    return found.id, last, found.first_name


def address(found: Address | None) -> Value:
    """XAD."""
    if found is None:
        return None
    return found.line1, found.line2, found.city, found.state, found.zip, found.country
