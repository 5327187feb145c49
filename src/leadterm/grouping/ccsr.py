"""CCSR: the clinical categories of AHRQ that the diagnoses and procedures of an encounter fall into.

A diagnosis has one to six categories. The first of an encounter has a default one, by which encounters are counted: the
one for principal diagnoses of stays, or the one for first-listed diagnoses of outpatients. A code that the installed
version does not know is newer or older than the version: it is named, and nothing is guessed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadterm.codesets import CodeBook
from leadterm.codesets.faces import missing, stands_in
from leadterm.codesets.payment.ccsr import CcsrCategory, DxCategories, PrCategories
from leadterm.domain import Assignment, CodedEncounter, CodeSystem, Release, Role, Setting, Status, plain_day

from ._stays import FIRST_ROLES, PROCEDURE_ROLES
from ._why import WhyNot

NO_DEFAULT = "{code} has no default category: it may not stand first for {setting}."
UNMAPPED = "The installed CCSR does not map {code}; it is of {release}."


@dataclass(frozen=True, slots=True)
class CcsrCode:
    """A code and its categories.

    Attributes:
        code, role: As coded.
        categories: In the order of the table; empty where `why` tells that there are none.
        why: Why there is no category; None where there is one.
    """

    code: str
    role: Role
    categories: tuple[CcsrCategory, ...]
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Ccsr:
    """The categories of an encounter.

    Attributes:
        release: `ccsr:dx 2023-10-01`.
        diagnoses: In the order of the chart.
        default: The one category that the encounter is counted by, or why it has none.
        procedures: The same of ICD-10-PCS procedures, or why there is no answer.
        remark: That the version is of other days than the encounter; None where it is of these.
    """

    release: str
    diagnoses: tuple[CcsrCode, ...]
    default: CcsrCategory | WhyNot
    procedures: tuple[CcsrCode, ...] | WhyNot
    remark: str | None = None

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The codes that the installed versions do not know."""
        told = () if isinstance(self.procedures, WhyNot) else self.procedures
        return tuple(one.code for one in (*self.diagnoses, *told) if one.why)


def ccsr_of(coded: CodedEncounter, book: CodeBook) -> Ccsr | WhyNot:
    """The categories of an encounter, or why there are none: which command installs the table."""
    on = plain_day(coded.on or coded.encounter.controlling_date)
    release, table = book.release_for(DxCategories.COMPONENT, on), book.find(DxCategories, on)
    if release is None or table is None:
        return WhyNot(str(missing(DxCategories)))
    diagnoses = [a for a in coded.diagnoses if a.code.system is CodeSystem.ICD10CM]
    found = tuple(_diagnosis(a, table, release) for a in diagnoses)
    default = _default(coded, diagnoses, table, release)
    remark = stands_in(DxCategories, release, on) if on else None
    return Ccsr(_named(release), found, default, _procedures(coded, book), remark)


def _diagnosis(one: Assignment, table: DxCategories, release: Release) -> CcsrCode:
    found = table.of(one.code)
    why = None if found.mapped else UNMAPPED.format(code=one.code, release=release.period.start)
    return CcsrCode(one.code.value, one.role, found.categories, why)


def _default(
    coded: CodedEncounter, diagnoses: Sequence[Assignment], table: DxCategories, release: Release
) -> CcsrCategory | WhyNot:
    first = next((a for a in diagnoses if a.role in FIRST_ROLES), None)
    if first is None:
        return WhyNot("No diagnosis leads the encounter.")
    found = table.of(first.code)
    if not found.mapped:
        return WhyNot(UNMAPPED.format(code=first.code, release=release.period.start))
    stay = coded.encounter.setting is Setting.INPATIENT
    setting = "a stay" if stay else "an outpatient"
    default = found.inpatient if stay else found.outpatient
    return default or WhyNot(NO_DEFAULT.format(code=first.code, setting=setting))


def _procedures(coded: CodedEncounter, book: CodeBook) -> tuple[CcsrCode, ...] | WhyNot:
    kept = (a for a in coded.assignments if a.status is not Status.REJECTED and a.role in PROCEDURE_ROLES)
    done = [a for a in kept if a.code.system is CodeSystem.ICD10PCS]
    if not done:
        return ()
    on = plain_day(coded.on or coded.encounter.controlling_date)
    release, table = book.release_for(PrCategories.COMPONENT, on), book.find(PrCategories, on)
    if release is None or table is None:
        return WhyNot(str(missing(PrCategories)))
    return tuple(_procedure(a, table, release) for a in done)


def _procedure(one: Assignment, table: PrCategories, release: Release) -> CcsrCode:
    category = table.of(one.code)
    why = None if category else UNMAPPED.format(code=one.code, release=release.period.start)
    return CcsrCode(one.code.value, one.role, (category,) if category else (), why)


def _named(release: Release) -> str:
    return f"{release.name} {release.period.start}"
