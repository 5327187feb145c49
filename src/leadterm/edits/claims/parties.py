"""Patient, subscriber and payers: who is treated, who is insured, who is asked and in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from leadterm.domain import Sex
from leadterm.edits._billing import FIRST, MEDICARE, ORDER, Billing
from leadterm.edits._findings import Check, Draft

from .addresses import complete

SELF, CHILD = "self", "child"
PATIENT, SUBSCRIBER, PAYER = "NM1*QC", "NM1*IL", "NM1*PR"
UNKNOWN_PLACE = "U"
# SBR05 on a claim where Medicare is not first: 12 to 16, 41 to 43, 47.
INSURANCE_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
# The Medicare Beneficiary Identifier: eleven characters, letters without S, L, O, I, B and Z.
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(f"[1-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_LETTER}[0-9][0-9]")


def _patient_name(b: Billing) -> Iterable[Draft]:
    if b.claim.patient.last_name:
        return ()
    return (Draft("The patient's last name is missing.", location=b.at(_patient(b))),)


def _patient_birth(b: Billing) -> Iterable[Draft]:
    if b.claim.patient.birth_date is not None:
        return ()
    return (Draft("The patient's date of birth is missing.", location=b.at("DMG")),)


def _patient_sex(b: Billing) -> Iterable[Draft]:
    if b.claim.patient.sex is not Sex.UNKNOWN:
        return ()
    return (Draft("The patient's sex is unknown.", location=b.at("DMG")),)


def _patient_address(b: Billing) -> Iterable[Draft]:
    if complete(b.claim.patient.address):
        return ()
    return (Draft("The patient's address lacks street, city, state or ZIP code.", location=b.at("N3")),)


def _subscriber_name(b: Billing) -> Iterable[Draft]:
    subscriber = b.claim.subscriber
    if subscriber.relationship == SELF or subscriber.last_name:
        return ()
    message = "The subscriber is not the patient, and the subscriber's name is missing."
    return (Draft(message, location=b.at(SUBSCRIBER)),)


def _self_differs(b: Billing) -> Iterable[Draft]:
    subscriber, patient = b.claim.subscriber, b.claim.patient
    if subscriber.relationship != SELF or (subscriber.last_name is None and subscriber.birth_date is None):
        return ()
    born = subscriber.birth_date and patient.birth_date and subscriber.birth_date != patient.birth_date
    if not born and _same(subscriber.last_name, patient.last_name) and _same(subscriber.first_name, patient.first_name):
        return ()
    message = "The subscriber is said to be the patient, and has another name or date of birth."
    return (Draft(message, location=b.at(SUBSCRIBER)),)


def _same(one: str | None, other: str | None) -> bool:
    return not one or not other or _letters(one) == _letters(other)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _child_older(b: Billing) -> Iterable[Draft]:
    subscriber, born = b.claim.subscriber, b.claim.patient.birth_date
    if subscriber.relationship != CHILD or not (born and subscriber.birth_date and born <= subscriber.birth_date):
        return ()
    return (Draft("The patient is the subscriber's child, and the older of the two.", location=b.at(SUBSCRIBER)),)


def _payer(b: Billing) -> Iterator[Draft]:
    if not b.claim.payers:
        yield Draft("The claim has no payer.", location=b.at(PAYER))
    for place, payer in enumerate(b.claim.payers, start=1):
        if not (payer.name and payer.id):
            which = "the payer" if place == 1 else f"payer {place}"
            yield Draft(f"The name or electronic id of {which} is missing.", location=b.at(PAYER))


def _member_id(b: Billing) -> Iterator[Draft]:
    for place, payer in enumerate(b.claim.payers, start=1):
        if not (payer.member_id or "").strip():
            which = "the payer" if place == 1 else f"payer {place}"
            yield Draft(f"The member's number with {which} is missing.", location=b.at(SUBSCRIBER))


def _payer_order(b: Billing) -> Iterable[Draft]:
    """Each place once, and none left out before another: P, S, T, then A to H."""
    if not any(p.responsibility for p in b.claim.payers):
        return ()
    told = [place for place in b.responsibilities if place != UNKNOWN_PLACE]
    if len(told) < len(b.claim.payers) or sorted(map(ORDER.find, told)) == list(range(len(told))):
        return ()
    message = f"The payers' places in the order of responsibility are {', '.join(told)}, which is no order."
    return (Draft(message, location=b.at("SBR")),)


def _medicare_self(b: Billing) -> Iterable[Draft]:
    if not b.medicare or b.claim.subscriber.relationship == SELF:
        return ()
    message = "The payer is Medicare, and the patient is said to be insured through somebody else."
    return (Draft(message, location=b.at("SBR")),)


def _medicare_number(b: Billing) -> Iterator[Draft]:
    for payer in b.claim.payers:
        if payer.type == MEDICARE and payer.member_id:
            number = payer.member_id.replace("-", "").strip().upper()
            if not _MBI.fullmatch(number):
                yield Draft("The member's number with Medicare has not the form of one.", location=b.at(SUBSCRIBER))


def _medicare_second(b: Billing) -> Iterable[Draft]:
    """Only on a professional claim: the institutional one says it by value codes."""
    if not b.medicare or b.responsibilities[0] in (FIRST, UNKNOWN_PLACE):
        return ()
    if b.claim.payers[0].insurance_type in INSURANCE_TYPES:
        return ()
    message = "Medicare is not the first payer, and the claim does not say why."
    return (Draft(message, location=b.at("SBR")),)


def _patient(b: Billing) -> str:
    return SUBSCRIBER if b.claim.subscriber.relationship == SELF else PATIENT


CHECKS: Mapping[str, Check[Billing]] = {
    "HIPAA:837/patient-name": _patient_name,
    "HIPAA:837/patient-birth-date": _patient_birth,
    "HIPAA:837/patient-sex": _patient_sex,
    "HIPAA:837/patient-address": _patient_address,
    "HIPAA:837/subscriber-name": _subscriber_name,
    "HIPAA:837/subscriber-differs": _self_differs,
    "LEADTERM:claims/child-older": _child_older,
    "HIPAA:837/payer": _payer,
    "HIPAA:837/member-id": _member_id,
    "HIPAA:837/payer-order": _payer_order,
    "SSA:1811/medicare-subscriber": _medicare_self,
    "SSA:205/medicare-number": _medicare_number,
    "HIPAA:837P/medicare-second": _medicare_second,
}
