"""What reading is asked and answers: what flags say about a chart, the charts of a file, and rows that are none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from leadterm.domain import ClaimType, Encounter, Setting, Sex, default_claim_type

from .face_sheet import STAY


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a jsonl that could not be read: it keeps its place, the rest goes on."""

    id: str
    error: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a file.

    Attributes:
        content: The encounter, or why a row could not be read.
        is_row: Whether it is one of several in its file: a failure then keeps to it.
        is_line: Whether it has a line of its own (jsonl): its answer is then a line.
    """

    content: Encounter | BadRow
    is_row: bool
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Overrides:
    """What flags say about a chart; None leaves what the file says.

    Attributes:
        encounter: Encounter data without documents (`--encounter E.json`); what a file holds beside its documents is
            then left aside, but for the id of a row.
        day: The controlling date: discharge of a stay, service date else.
    """

    setting: Setting | None = None
    claim_type: ClaimType | None = None
    age: int | None = None
    sex: Sex | None = None
    encounter: Encounter | None = None
    day: date | None = None

    def applied(self, encounter: Encounter) -> Encounter:
        """The encounter with what the flags say."""
        base = replace(self.encounter, documents=encounter.documents) if self.encounter else encounter
        if self.setting or base.setting is not Setting.OUTPATIENT:
            base = replace(base, notes=tuple(note for note in base.notes if note is not STAY))
        setting = self.setting or base.setting
        claim_type = self.claim_type or (default_claim_type(setting) if self.setting else base.claim_type)
        patient = base.patient
        if self.sex is not None:
            patient = replace(patient, sex=self.sex)
        if self.age is not None:
            patient = replace(patient, age=self.age, age_days=None, birth_date=None)
        dated = replace(base, setting=setting, claim_type=claim_type, patient=patient)
        if self.day is None:
            return dated
        stay = setting is Setting.INPATIENT
        return replace(dated, discharge=self.day) if stay else replace(dated, date_of_service=self.day)
