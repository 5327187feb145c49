"""Who pays, in an 837P: the policy of each payer, its holder, and what earlier payers decided (2320, 2330, 2430)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from leadterm.domain import Claim, LineAdjudication, Patient, Payer, PriorAdjustment, Subscriber
from leadterm.x12 import period

from .parties import is_self, subscriber_is_person
from .x12_codes import filing_indicator, relationship
from .x12_draft import Draft

MOST_OF_A_CAS = 6


def insured(payer: Payer, place: str, kin: str | None) -> tuple[str | None, ...]:
    """SBR01 to SBR09: when the payer pays, whose policy it is, its group, why Medicare waits, what kind it is."""
    kind = payer.filing or filing_indicator(payer.type)
    name = payer.group_name if not payer.group else None  # the number says it, where there is one
    return (payer.responsibility or place, kin, payer.group, name, payer.insurance_type, None, None, None, kind)


def holder(draft: Draft, held: Subscriber, patient: Patient, payer: Payer) -> None:
    """Whoever holds the policy: the patient, another person, or an employer."""
    number = ("MI", payer.member_id)
    if is_self(held):
        draft.person("IL", patient.last_name, patient.first_name, patient.middle_name, *number)
    elif subscriber_is_person(held):
        draft.person("IL", held.last_name, held.first_name, None, *number)
    else:
        draft.organisation("IL", held.last_name, *number)


def other_payer(draft: Draft, claim: Claim, payer: Payer, responsibility: str) -> None:
    """2320, 2330A and 2330B of another payer: named, with what it decided where it was asked before."""
    draft.loop = "2320"
    held, decided = payer.subscriber, payer.adjudication
    draft.add("SBR", *insured(payer, responsibility, relationship(held.relationship)))
    if decided is not None:
        _adjustments(draft, decided.adjustments)
        for qualifier, amount in (("D", decided.paid), ("A8", decided.non_covered), ("EAF", decided.remaining)):
            if amount is not None:
                draft.add("AMT", qualifier, amount.amount)
    draft.add("OI", None, None, "Y" if claim.accept_assignment else "N", None, None, "Y" if claim.release else "I")
    holder(draft, held, claim.patient, payer)
    draft.organisation("PR", payer.name, "PI", payer.id)
    if decided is not None and decided.date is not None:
        draft.add("DTP", "573", *period(decided.date))
    for qualifier, number in (("G1", payer.prior_authorization), ("F8", decided.control_number if decided else None)):
        if number:
            draft.add("REF", qualifier, number)


def _adjustments(draft: Draft, adjustments: Sequence[PriorAdjustment]) -> None:
    """CAS: one segment for up to six adjustments in a row that are of one group."""
    for group, same in groupby(adjustments, key=lambda a: a.group):
        members = list(same)
        for start in range(0, len(members), MOST_OF_A_CAS):
            part = members[start : start + MOST_OF_A_CAS]
            draft.add("CAS", group, *(v for a in part for v in (a.reason, a.amount.amount, a.quantity)))


def decision(draft: Draft, payer: Payer, told: LineAdjudication, claim_day: date | None) -> None:
    """2430: what an earlier payer decided of the line."""
    draft.loop = "2430"
    code = ("HC", told.code.bare, *told.modifiers) if told.code else ("HP", told.hipps) if told.hipps else None
    draft.add("SVD", payer.id, told.paid.amount, code, told.revenue_code, told.units, told.bundled_into)
    _adjustments(draft, told.adjustments)
    day = told.date or claim_day
    if day is not None:
        draft.add("DTP", "573", *period(day))
    if told.remaining is not None:
        draft.add("AMT", "EAF", told.remaining.amount)
