"""What can be grouped beside a coded encounter: a claim, and an encounter with the codes that its record bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimType,
    Code,
    CodedEncounter,
    CodeSystem,
    Encounter,
    InputError,
    Poa,
    Role,
    Setting,
    Status,
)

# Type of bill without its leading zero: 11x is an inpatient stay that Part A pays for.
INPATIENT_BILL = "11"
DIAGNOSES = (CodeSystem.ICD10CM,)
LEADS = (CodeSystem.ICD10CM, CodeSystem.ICD10PCS)


def encounter_of(claim: Claim) -> CodedEncounter:
    """The coded encounter that a claim tells of; a facility's claim with type of bill 11x is an inpatient stay."""
    encounter = Encounter(
        claim.id,
        _setting(claim),
        claim.claim_type,
        date_of_service=min((line.start for line in claim.lines), default=None),
        admission=claim.admission,
        discharge=claim.discharge,
        disposition=claim.disposition,
        place_of_service=claim.place_of_service,
        type_of_bill=claim.type_of_bill,
        patient=claim.patient,
        condition_codes=claim.condition_codes,
    )
    diagnoses = ((d.code, d.role, d.poa) for d in claim.diagnoses)
    operations = ((p.code, Role.PROCEDURE, None) for p in claim.procedures)
    return CodedEncounter(encounter, tuple(_given((*diagnoses, *operations))), on=encounter.controlling_date)


def encounter_of_record(encounter: Encounter) -> CodedEncounter:
    """The coded encounter that the codes of a record make, the first diagnosis leading; none tells its POA.

    Raises InputError for a code that cannot be read, and where the record bears no diagnosis.
    """
    codes = [code for told in encounter.codes if (code := _code(told.code, told.system))]
    lead = Role.PRINCIPAL if encounter.uses_section_two else Role.FIRST_LISTED
    first = next((code for code in codes if code.system in DIAGNOSES), None)
    if first is None:
        raise InputError("The encounter bears no ICD-10-CM codes: code it first (`leadterm code`), or give its codes.")
    roles = {CodeSystem.ICD10CM: Role.SECONDARY, CodeSystem.ICD10PCS: Role.PROCEDURE}
    told = ((code, lead if code is first else roles[code.system], None) for code in codes)
    return CodedEncounter(encounter, tuple(_given(told)), on=encounter.controlling_date)


def _setting(claim: Claim) -> Setting:
    if claim.claim_type is ClaimType.PROFESSIONAL:
        return Setting.PROFESSIONAL
    stay = (claim.type_of_bill or "").lstrip("0").startswith(INPATIENT_BILL)
    return Setting.INPATIENT if stay else Setting.OUTPATIENT


def _code(text: str, system: str | None) -> Code | None:
    """The code, where it is of a system that is grouped; None for another one."""
    if system is not None and system not in LEADS:
        return None
    readings = Code.readings(text, CodeSystem(system) if system else None)
    return next((code for code in readings if code.system in LEADS), None)


def _given(told: Iterable[tuple[Code, Role, Poa | None]]) -> Iterator[Assignment]:
    for place, (code, role, poa) in enumerate(told, 1):
        yield Assignment(f"a{place}", code, None, role, place, 1.0, poa=poa, status=Status.ADDED)
