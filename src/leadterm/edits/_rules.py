"""A rule as a value (DESIGN 2.4): metadata, citation, days in force and one case each way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leadterm.domain import ClaimType, DateRange, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and its authority.

    Attributes:
        id: `AUTHORITY:paragraph/slug`.
        family: The family that it is of.
        module: The module of the family that checks it.
        on_claims: Whether it judges claims as such; otherwise coded encounters (and, of some families, claims' codes).
        severity: How much its findings weigh; `stay_severity` instead on an inpatient facility encounter, where given.
        citation: Guideline section, tabular note, manual or regulation.
        effective: Days on which it holds.
        reason: Why it exists, in one line.
        fix: What to do about a finding.
        fires, passes: A case that it must report and a near miss, in the notation of the tests.
        supersedes: Rules whose findings on the same codes this one takes the place of.
        claim_type: The kind of claims that it holds for, where it does not hold for both.
        encounter_only: Whether it is about the record and never asked of the codes of a claim.
        needs: What the encounter must tell for it to be asked (`age`, `disposition`).
        on_principal: Whether it is about the principal diagnosis (Medicare Code Editor).
        overridable: Whether a person may permit, with a reason, what it questions.
        marks: Marks of the official dated lists on the codes that it is about (Medicare Code Editor).
    """

    id: str
    family: str
    module: str
    on_claims: bool
    severity: Severity
    citation: str
    effective: DateRange
    reason: str
    fix: str
    fires: str
    passes: str
    stay_severity: Severity | None = None
    supersedes: tuple[str, ...] = ()
    claim_type: ClaimType | None = None
    encounter_only: bool = False
    needs: str | None = None
    on_principal: bool = False
    marks: tuple[str, ...] = ()
    overridable: bool = True

    @property
    def may_permit(self) -> bool:
        """Whether an override of its findings holds: never on a claim, whose encounter is corrected instead."""
        return self.overridable and not self.on_claims

    def holds_on(self, day: date | None) -> bool:
        """Whether it is in force on that day; without a day, whether it still is."""
        return self.effective.end is None if day is None else day in self.effective
