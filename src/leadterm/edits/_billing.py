"""A claim as its checks see it, and its codes as a coded encounter, so that one rule judges both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimType,
    Code,
    CodedEncounter,
    Encounter,
    Poa,
    Role,
    Setting,
    Status,
)

from ._coding import Coding, is_external_cause
from ._ports import Book

# Type of bill by facility and bill classification (its second and third digit): where the care took place.
SETTINGS = {
    **dict.fromkeys(("11", "41"), Setting.INPATIENT),
    **dict.fromkeys(("18", "21", "51", "61"), Setting.SKILLED_NURSING),
    **dict.fromkeys(("32", "33", "34"), Setting.HOME_HEALTH),
}
# Diagnoses of a claim that are not part of its order.
BESIDE_THE_ORDER = frozenset({Role.ADMITTING, Role.REASON_FOR_VISIT})


@dataclass(frozen=True)
class Billing:
    """A claim and the code book it is checked with.

    Attributes:
        received: The day on which the payer gets it, where that is known: what hangs on it is asked then only.
    """

    claim: Claim
    book: Book
    received: date | None = None

    @property
    def professional(self) -> bool:
        """Whether it is an 837P."""
        return self.claim.claim_type is ClaimType.PROFESSIONAL

    @cached_property
    def bill_type(self) -> str:
        """Facility and classification of the type of bill, two digits, whatever is written before and behind them."""
        return (self.claim.type_of_bill or "").removeprefix("0")[:2]

    @cached_property
    def setting(self) -> Setting:
        """Where the care took place, by claim type and type of bill; without one, a claim with a stay is inpatient."""
        if self.professional:
            return Setting.PROFESSIONAL
        stay = not self.bill_type and self.claim.admission and self.claim.discharge
        return Setting.INPATIENT if stay else SETTINGS.get(self.bill_type, Setting.OUTPATIENT)

    @cached_property
    def first_day(self) -> date | None:
        """The first day of service."""
        return min((line.start for line in self.claim.lines), default=day_of(self.claim.admission))

    @cached_property
    def controlling_day(self) -> date | None:
        """The day that decides which codes and rules hold: discharge for a stay, the last day of service else."""
        stay = day_of(self.claim.discharge) if not self.professional else None
        return stay or max((line.end for line in self.claim.lines), default=None)

    def at(self, segment: str, line: int | None = None) -> dict[str, Any]:
        """A location in the claim."""
        place = {"claim": self.claim.id, "segment": segment}
        return {"claim": self.claim.id, "line": line, "segment": segment} if line else place

    @cached_property
    def coding(self) -> Coding:
        """Its codes as a coded encounter: roles by place, the controlling date its own, no documents, no charges."""
        coding = Coding(CodedEncounter(_encounter(self), tuple(_assignments(self))), self.book)
        coding.modifiers = frozenset(m for line in self.claim.lines for m in line.modifiers)
        return coding


def day_of(moment: date | None) -> date | None:
    """The plain day."""
    return moment.date() if isinstance(moment, datetime) else moment


def _encounter(b: Billing) -> Encounter:
    claim, stay = b.claim, b.setting is Setting.INPATIENT
    return Encounter(
        id=claim.id,
        setting=b.setting,
        claim_type=claim.claim_type,
        date_of_service=None if stay else b.controlling_day,
        admission=(claim.admission or b.first_day) if stay else None,
        discharge=b.controlling_day if stay else None,
        disposition=claim.disposition,
        patient=claim.patient,
        payers=claim.payers,
        condition_codes=claim.condition_codes,
    )


def _assignments(b: Billing) -> list[Assignment]:
    """Diagnoses and procedures; a person may have written them, so they need no words of a chart."""
    first = Role.PRINCIPAL if b.setting is Setting.INPATIENT else Role.FIRST_LISTED
    found: list[Assignment] = []
    place = 0
    for d in b.claim.diagnoses:
        beside = d.role in BESIDE_THE_ORDER
        place += not beside
        others = Role.EXTERNAL_CAUSE if is_external_cause(d.code.value) else Role.SECONDARY
        role = d.role if beside else first if place == 1 else others
        found.append(_assignment(len(found), d.code, role, place, d.poa))
    for n, p in enumerate(b.claim.procedures, 1):
        found.append(_assignment(len(found), p.code, Role.PROCEDURE, n, None))
    return found


@lru_cache(maxsize=100_000)
def _assignment(number: int, code: Code, role: Role, sequence: int, poa: Poa | None) -> Assignment:
    return Assignment(f"a{number + 1}", code, None, role, sequence, 1.0, status=Status.ADDED, poa=poa)
