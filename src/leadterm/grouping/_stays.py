"""A coded encounter as a grouper takes it, and the version of the grouper that holds on its day of discharge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from leadterm.codesets.sources import fiscal_year
from leadterm.domain import Assignment, ClaimType, CodedEncounter, CodeSystem, Encounter, Poa, Role, Setting, Status

from ._ports import Stay, StayDiagnosis
from ._why import WhyNot

FIRST_ROLES = (Role.PRINCIPAL, Role.FIRST_LISTED)
PROCEDURE_ROLES = (Role.PRINCIPAL_PROCEDURE, Role.PROCEDURE)
# V43 is fiscal year 2026.
YEAR_OF_VERSION_0 = 1983
APRIL, OCTOBER = 4, 10
# Taken where the encounter has no disposition: discharged home.
HOME = "01"
# Patient discharge statuses that the grouper and the Medicare Code Editor accept (numbers; the words are NUBC's).
STATUSES = frozenset((*range(1, 8), 20, 21, 30, 43, 50, 51, *range(61, 67), 69, 70, *range(81, 96)))
_STATUS = re.compile(r"[0-9]{1,2}")


def version_on(day: date, versions: tuple[int, ...]) -> int | None:
    """The version in force on a day: 430 from 1 October 2025, 431 from 1 April 2026; None where `versions` lacks it."""
    first = (fiscal_year(day) - YEAR_OF_VERSION_0) * 10
    half = int(APRIL <= day.month < OCTOBER)
    if first + half in versions:
        return first + half
    # A year without a version in April keeps that of October; of the newest year nobody knows yet.
    return first if half and first in versions and max(versions) > first + half else None


def version_name(version: int) -> str:
    """`V43.1` for 431, `V43` for 430."""
    return f"V{version // 10}" + (f".{version % 10}" if version % 10 else "")


def stay_of(coded: CodedEncounter, versions: tuple[int, ...]) -> Stay | WhyNot:
    """The stay as a grouper takes it, or what it lacks. Present on admission: exempt ones are told as nothing."""
    encounter = coded.encounter
    discharge = day_of(encounter.discharge)
    if discharge is None:
        return WhyNot("The stay has no discharge date, which decides the version of the grouper.")
    diagnoses = [a for a in coded.diagnoses if a.code.system is CodeSystem.ICD10CM]
    principal = next((a for a in diagnoses if a.role in FIRST_ROLES), None)
    if principal is None:
        return WhyNot("No diagnosis of the stay is the principal one: choose it.")
    age = encounter.patient.age_on(day_of(encounter.admission) or discharge)
    if age is None:
        return WhyNot("The patient's age is not known: give the birth date or the age.")
    status = _status(encounter.disposition or HOME)
    if status is None:
        return WhyNot(f"{encounter.disposition} is no patient discharge status that the grouper knows.")
    version = version_on(discharge, versions)
    if version is None:
        return WhyNot(f"The grouper that is installed has no version for discharges on {discharge}.")
    secondary = tuple(_told(a) for a in diagnoses if a is not principal)
    return Stay(version, age, encounter.patient.sex, status, _told(principal), secondary, tuple(_procedures(coded)))


def no_stay(encounter: Encounter) -> str | None:
    """Why an encounter is nothing that an MS-DRG groups; None where it is an inpatient stay that a facility bills."""
    if encounter.setting is not Setting.INPATIENT:
        return "An MS-DRG groups inpatient stays; this encounter is none."
    if encounter.claim_type is not ClaimType.INSTITUTIONAL:
        return "An MS-DRG groups what a facility bills; this is a professional claim."
    return None


def day_of(moment: date | None) -> date | None:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def _status(disposition: str) -> int | None:
    return int(disposition) if _STATUS.fullmatch(disposition) and int(disposition) in STATUSES else None


def _told(assignment: Assignment) -> StayDiagnosis:
    poa = assignment.poa
    return StayDiagnosis(assignment.code.bare, str(poa) if poa and poa is not Poa.EXEMPT else "")


def _procedures(coded: CodedEncounter) -> Iterator[str]:
    kept = (a for a in coded.assignments if a.status is not Status.REJECTED and a.role in PROCEDURE_ROLES)
    return (a.code.bare for a in kept if a.code.system is CodeSystem.ICD10PCS)
