"""A coded encounter as a grouper takes it, and the version of the grouper that holds on its day of discharge."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from leadterm.codesets.sources import fiscal_year
from leadterm.domain import (
    DIAGNOSIS_ROLES,
    ClaimType,
    CodedEncounter,
    CodeSystem,
    Encounter,
    Poa,
    Role,
    Setting,
    Status,
    plain_day,
)

from ._ports import Stay, StayDiagnosis
from ._why import WhyNot

FIRST_ROLES = (Role.PRINCIPAL, Role.FIRST_LISTED)
PROCEDURE_ROLES = (Role.PRINCIPAL_PROCEDURE, Role.PROCEDURE)
# V43 is fiscal year 2026.
YEAR_OF_VERSION_0 = 1983
APRIL, OCTOBER = 4, 10
# How present on admission is told to a grouper; an exempt code is told as nothing.
TOLD: dict[Poa | None, str] = {poa: str(poa) for poa in Poa if poa is not Poa.EXEMPT}
# Taken where the encounter has no disposition: discharged home.
HOME = "01"
# Patient discharge statuses that the grouper and the Medicare Code Editor accept (numbers; the words are NUBC's).
STATUSES = frozenset((*range(1, 8), 20, 21, 30, 43, 50, 51, *range(61, 67), 69, 70, *range(81, 96)))
# As an encounter may write them: with and without a leading zero.
NUMBERS = {written: number for number in STATUSES for written in (f"{number:02}", str(number))}


@lru_cache(1 << 12)
def version_on(day: date, versions: tuple[int, ...]) -> int | None:
    """The version in force on a day: 430 from 1 October 2025, 431 from 1 April 2026; None where `versions` lacks it."""
    first = (fiscal_year(day) - YEAR_OF_VERSION_0) * 10
    half = int(APRIL <= day.month < OCTOBER)
    if first + half in versions:
        return first + half
    # A year without a version in April keeps that of October; of the newest year nobody knows yet.
    return first if half and first in versions and max(versions) > first + half else None


@cache
def version_name(version: int) -> str:
    """`V43.1` for 431, `V43` for 430."""
    return f"V{version // 10}" + (f".{version % 10}" if version % 10 else "")


def stay_of(coded: CodedEncounter, versions: tuple[int, ...]) -> Stay | WhyNot:
    """The stay as a grouper takes it, or what it lacks. Present on admission: exempt ones are told as nothing."""
    encounter = coded.encounter
    discharge = plain_day(encounter.discharge)
    if discharge is None:
        return WhyNot("The stay has no discharge date, which decides the version of the grouper.")
    principal, others, procedures = _codes(coded)
    if principal is None:
        return WhyNot("No diagnosis of the stay is the principal one: choose it.")
    age = encounter.patient.age_on(plain_day(encounter.admission) or discharge)
    if age is None:
        return WhyNot("The patient's age is not known: give the birth date or the age.")
    status = NUMBERS.get(encounter.disposition or HOME)
    if status is None:
        return WhyNot(f"{encounter.disposition} is no patient discharge status that the grouper knows.")
    version = version_on(discharge, versions)
    if version is None:
        return WhyNot(f"The grouper that is installed has no version for discharges on {discharge}.")
    return Stay(version, age, encounter.patient.sex, status, principal, tuple(others), tuple(procedures))


def no_stay(encounter: Encounter) -> str | None:
    """Why an encounter is nothing that an MS-DRG groups; None where it is an inpatient stay that a facility bills."""
    if encounter.setting is not Setting.INPATIENT:
        return "An MS-DRG groups inpatient stays; this encounter is none."
    if encounter.claim_type is not ClaimType.INSTITUTIONAL:
        return "An MS-DRG groups what a facility bills; this is a professional claim."
    return None


def _codes(coded: CodedEncounter) -> tuple[StayDiagnosis | None, list[StayDiagnosis], list[str]]:
    """The principal diagnosis, the others, the procedures; none that is rejected. One pass: stays come in streams."""
    first: StayDiagnosis | None = None
    others, procedures = [], []
    for one in coded.assignments:
        role, code = one.role, one.code
        if one.status is Status.REJECTED:
            continue
        if role in DIAGNOSIS_ROLES and code.system is CodeSystem.ICD10CM:
            told = StayDiagnosis(code.bare, TOLD.get(one.poa, ""))
            if first is None and role in FIRST_ROLES:
                first = told
            else:
                others.append(told)
        elif role in PROCEDURE_ROLES and code.system is CodeSystem.ICD10PCS:
            procedures.append(code.bare)
    return first, others, procedures
