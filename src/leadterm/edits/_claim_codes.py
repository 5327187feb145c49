"""The codes of a claim as a coded encounter: a person may have written them, so they need no words of a chart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from leadterm.domain import (
    Assignment,
    Code,
    CodedEncounter,
    Encounter,
    Poa,
    Role,
    Setting,
    Status,
    plain_day,
)

from ._coding import is_external_cause

if TYPE_CHECKING:
    from ._billing import Billing

# Diagnoses of a claim that are not part of its order.
BESIDE_THE_ORDER = frozenset({Role.ADMITTING, Role.REASON_FOR_VISIT})


def coded(b: Billing) -> CodedEncounter:
    """The encounter that a claim bills: roles by place, no documents, no charges."""
    return CodedEncounter(_encounter(b), tuple(_assignments(b)))


def _encounter(b: Billing) -> Encounter:
    claim, stay = b.claim, b.setting is Setting.INPATIENT
    return Encounter(
        id=claim.id,
        setting=b.setting,
        claim_type=claim.claim_type,
        date_of_service=None if stay else b.controlling_day,
        admission=_admitted(b) if stay else None,
        discharge=b.controlling_day if stay else None,
        disposition=claim.disposition,
        type_of_bill=claim.type_of_bill,
        patient=claim.patient,
        payers=claim.payers,
        condition_codes=claim.condition_codes,
    )


def _admitted(b: Billing) -> date | None:
    """The day of admission; one after the end of the claim is a finding, and not for a coding to have."""
    admitted, last = plain_day(b.claim.admission) or b.first_day, b.controlling_day
    return last if admitted and last and admitted > last else admitted


def _assignments(b: Billing) -> list[Assignment]:
    """Diagnoses and procedures, each with its place."""
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


# Made once and shared by claims: an assignment never changes. The words of its key are found faster than its values.
_MADE: dict[tuple[int, str, str, str, int, str | None], Assignment] = {}
MOST_MADE = 100_000


def _assignment(number: int, code: Code, role: Role, sequence: int, poa: Poa | None) -> Assignment:
    key = number, code.system._value_, code.value, role._value_, sequence, poa and poa._value_
    made = _MADE.get(key)
    if made is None:
        if len(_MADE) >= MOST_MADE:
            _MADE.clear()
        made = Assignment(f"a{number + 1}", code, None, role, sequence, 1.0, status=Status.ADDED, poa=poa)
        _MADE[key] = made
    return made
