"""A coding case as values: a chart, the codes that it wants, those that it lets pass, those that tempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leadterm.domain import ClaimType, Code, Document, Encounter, Evidence, Patient, Role, Setting, Sex


@dataclass(frozen=True, slots=True)
class KeyCode:
    """A code that the chart wants.

    Attributes:
        code: Billable on the case's date.
        role: First-listed, principal, secondary or external-cause.
        evidence: The words of the chart that it stands on, at least one; each at the first place where they stand.
        why: The reasoning, from the main term to the verified code.
        paragraphs: Paragraphs of the Official Guidelines (`I.C.4.a`).
    """

    code: Code
    role: Role
    evidence: tuple[Evidence, ...]
    why: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionalCode:
    """A code that may stand on the claim or not: neither rewarded nor punished."""

    code: Code
    why: str


@dataclass(frozen=True, slots=True)
class ForbiddenCode:
    """A code that tempts and is wrong, and why."""

    code: Code
    why: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One coding case.

    Attributes:
        id: Name of its file without the ending (`007-diabetic-foot`), or its own (`dm-foot-ulcer`).
        title: One line that names no code.
        specialty: A plain word, for choosing.
        difficulty: 1 easy, 2 usual, 3 hard.
        setting, claim_type: Select the guideline section.
        date: The controlling date: discharge of a stay, service date else.
        age: Whole years; 0 for a child under one.
        guidelines: Fiscal year of the guidelines that the key follows (`FY2026`).
        reviewed_by: The credentialed coder who read the key; None: nobody has.
        document: The chart; offsets of all evidence point into its text.
        require: The key in claim order; the first is first-listed or principal.
        optional, forbid: See there.
    """

    id: str
    title: str
    specialty: str
    difficulty: int
    setting: Setting
    claim_type: ClaimType
    date: date
    age: int
    sex: Sex
    guidelines: str
    reviewed_by: str | None
    document: Document
    require: tuple[KeyCode, ...]
    optional: tuple[OptionalCode, ...] = ()
    forbid: tuple[ForbiddenCode, ...] = ()

    @property
    def number(self) -> str:
        """The number that its file begins with (`007`); the whole id where there is none."""
        first = self.id.partition("-")[0]
        return first if first.isdecimal() else self.id

    @property
    def leading_role(self) -> Role:
        """What the first code of the claim is called here: principal under sections II and III, first-listed else."""
        return Role.PRINCIPAL if self.encounter.uses_section_two else Role.FIRST_LISTED

    @property
    def encounter(self) -> Encounter:
        """The case as an encounter, ready to be coded; its date is the discharge of a stay, else the service date."""
        stay = self.setting is Setting.INPATIENT
        return Encounter(
            self.id,
            self.setting,
            self.claim_type,
            date_of_service=None if stay else self.date,
            discharge=self.date if stay else None,
            patient=Patient(sex=self.sex, age=self.age),
            documents=(self.document,),
        )
