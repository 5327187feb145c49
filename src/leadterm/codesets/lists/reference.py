"""Reference lists as their users see them: one class a list, all of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from leadterm.domain import Release

from ..store import Store


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A code of a reference list.

    Attributes:
        code: As it stands on a claim.
        description: In the words of the file that was installed.
        more: What else the list says of it, by name (`grouping`, `cohort`, …).
    """

    code: str
    description: str
    more: tuple[tuple[str, str], ...] = ()

    def said(self, name: str) -> str:
        """One of the further fields; empty where the list has none of that name."""
        return dict(self.more).get(name, "")


class ReferenceList:
    """A list of codes with descriptions; each list is a subclass that says which.

    Attributes:
        COMPONENT, WHAT: As of every face.
        MORE: Further columns of the list.
        DIGITS: Width up to which a code of digits alone gets its zeros back.
    """

    COMPONENT: ClassVar[str] = "reference:"
    WHAT: ClassVar[str] = "reference list"
    MORE: ClassVar[tuple[str, ...]] = ()
    DIGITS: ClassVar[int] = 0

    def __init__(self, store: Store, release: Release) -> None:
        self._store = store

    def code(self, code: str) -> ListEntry | None:
        """The entry of a code, in any case and with or without its zeros; None for one that the list does not have."""
        row = self._store.one(f"{self._select()} WHERE code = ?", code.strip().upper().zfill(self.DIGITS))
        return self._entry(row) if row else None

    def __contains__(self, code: str) -> bool:
        return self.code(code) is not None

    def __iter__(self) -> Iterator[ListEntry]:
        """Every entry in the order of codes."""
        return (self._entry(row) for row in self._store.all(f"{self._select()} ORDER BY code"))

    def _select(self) -> str:
        return f"SELECT {', '.join(('code', 'description', *self.MORE))} FROM entry"

    def _entry(self, row: tuple[str, ...]) -> ListEntry:
        return ListEntry(row[0], row[1], tuple(zip(self.MORE, row[2:], strict=True)))


class PlacesOfService(ReferenceList):
    """Place of service codes (CMS)."""

    COMPONENT = "reference:place-of-service"
    WHAT = "list of place of service codes"
    DIGITS = 2


class DischargeStatuses(ReferenceList):
    """Patient discharge status codes (form locator 17)."""

    COMPONENT = "reference:discharge-status"
    WHAT = "list of discharge status codes"
    DIGITS = 2


class AdmitSources(ReferenceList):
    """Points of origin for admission or visit (form locator 15)."""

    COMPONENT = "reference:admit-source"
    WHAT = "list of points of origin for admission"


class AdmitTypes(ReferenceList):
    """Priorities of admission or visit (form locator 14)."""

    COMPONENT = "reference:admit-type"
    WHAT = "list of priorities of admission"


class PoaIndicators(ReferenceList):
    """Present on admission indicators."""

    COMPONENT = "reference:poa"
    WHAT = "list of present on admission indicators"


class RevenueCodes(ReferenceList):
    """Revenue codes of institutional claims, from the user's NUBC file."""

    COMPONENT = "reference:revenue-codes"
    WHAT = "list of revenue codes (the user's NUBC file)"
    DIGITS = 4


class CptModifiers(ReferenceList):
    """Modifiers of CPT, from the licensee's file; those of HCPCS are in `Hcpcs.modifier`."""

    COMPONENT = "reference:modifiers"
    WHAT = "list of CPT modifiers (the licensee's file)"


class Taxonomy(ReferenceList):
    """Health care provider taxonomy codes, from the user's NUCC file."""

    COMPONENT = "reference:taxonomy"
    WHAT = "health care provider taxonomy (the user's NUCC file)"
    MORE = ("grouping", "classification", "specialization", "definition", "section")


class AcuteDiagnoses(ReferenceList):
    """CCS categories of acute diagnoses: a readmission for one of them is unplanned."""

    COMPONENT = "reference:acute-diagnosis-ccs"
    WHAT = "list of acute diagnoses of the readmission measure"


class ExcludedDiagnoses(ReferenceList):
    """CCS categories of diagnoses that the readmission measure leaves out."""

    COMPONENT = "reference:excluded-diagnosis-ccs"
    WHAT = "list of diagnoses that the readmission measure leaves out"
    MORE = ("category",)


class PlannedProcedures(ReferenceList):
    """CCS categories of procedures for which a readmission may be planned."""

    COMPONENT = "reference:planned-procedure-ccs"
    WHAT = "list of procedures that may be planned (CCS)"


class PlannedProcedureCodes(ReferenceList):
    """ICD-10-PCS codes of procedures for which a readmission may be planned."""

    COMPONENT = "reference:planned-procedure-pcs"
    WHAT = "list of procedures that may be planned (ICD-10-PCS)"


class SpecialtyCohorts(ReferenceList):
    """Specialty cohorts of the readmission measure.

    A CCS number means one thing for diagnoses and another for procedures: ask `diagnosis` or `procedure`; `code` gives
    the diagnosis where both have the number.
    """

    COMPONENT = "reference:specialty-cohort"
    WHAT = "list of specialty cohorts of the readmission measure"
    MORE = ("cohort", "kind")

    def diagnosis(self, ccs: str) -> ListEntry | None:
        """The cohort of a CCS category of diagnoses."""
        return self._of(ccs, "Diagnosis")

    def procedure(self, ccs: str) -> ListEntry | None:
        """The cohort of a CCS category of procedures."""
        return self._of(ccs, "Procedure")

    def _of(self, ccs: str, kind: str) -> ListEntry | None:
        row = self._store.one(f"{self._select()} WHERE code = ? AND kind = ?", ccs.strip(), kind)
        return self._entry(row) if row else None


REFERENCE_LISTS: tuple[type[ReferenceList], ...] = (
    *(
        PlacesOfService,
        DischargeStatuses,
        AdmitSources,
        AdmitTypes,
        PoaIndicators,
        RevenueCodes,
        CptModifiers,
        Taxonomy,
    ),
    *(AcuteDiagnoses, ExcludedDiagnoses, PlannedProcedures, PlannedProcedureCodes, SpecialtyCohorts),
)
