"""The loops of an 837P, one function a loop: 2010AA to 2420E. They draft; `x12_837p` decides what is drafted."""

from __future__ import annotations

from datetime import date

from leadterm.domain import Claim, Patient, Provider, ProviderRole, ServiceLine, eleven_digits, parse_date
from leadterm.domain.claim import MOST_MODIFIERS
from leadterm.domain.places import STAYS
from leadterm.x12 import period

from .completeness import tax_digits
from .parties import is_self, line_provider, provider, rendering, service_facility
from .x12_codes import ACCIDENTS, ENTITIES, RESPONSIBILITY, relationship
from .x12_draft import Draft
from .x12_payers import decision, holder, insured, other_payer


def billing_loop(draft: Draft, billing: Provider) -> None:
    """2000A's PRV and 2010AA."""
    draft.loop = "2010AA"
    if billing.taxonomy:
        draft.add("PRV", "BI", "PXC", billing.taxonomy)
    _provider(draft, "85", billing)
    draft.address(billing.address)
    draft.add("REF", "EI", tax_digits(billing.tax_id))


def _provider(draft: Draft, entity: str, who: Provider) -> None:
    if who.last_name:
        draft.person(entity, who.last_name, who.first_name, None, "XX", who.npi)
    else:
        draft.organisation(entity, who.name, "XX", who.npi)


def subscriber_loop(draft: Draft, claim: Claim) -> None:
    """2000B's SBR, 2010BA and 2010BB. Address and birth date stand here when the patient is the subscriber."""
    draft.loop = "2010BA"
    payer, held, patient = claim.payers[0], claim.subscriber, claim.patient
    own = is_self(held)
    draft.add("SBR", *insured(payer, RESPONSIBILITY[0], "18" if own else None))
    holder(draft, held, patient, payer)
    if own:
        draft.address(patient.address)
        _birth(draft, patient)
    draft.loop = "2010BB"
    draft.organisation("PR", payer.name, "PI", payer.id)


def patient_loop(draft: Draft, claim: Claim) -> None:
    """2000C's PAT and 2010CA: a patient who is not the subscriber."""
    draft.loop = "2010CA"
    patient = claim.patient
    draft.add("PAT", relationship(claim.subscriber.relationship))
    draft.person("QC", patient.last_name, patient.first_name, patient.middle_name)
    draft.address(patient.address)
    _birth(draft, patient)


def _birth(draft: Draft, patient: Patient) -> None:
    if patient.birth_date is not None:
        draft.add("DMG", *period(patient.birth_date), patient.sex.value)


def claim_loop(draft: Draft, claim: Claim) -> None:
    """2300 with its providers (2310), later payers (2320) and lines (2400).

    The claim's own words decide: assignment gives CLM07 (A or C) and CLM08 (Y or N), release gives CLM09 (Y or I).
    CLM06 is Y: whoever sends the claim has signed for it.
    """
    draft.loop = "2300"
    accepts = claim.accept_assignment
    place = (claim.place_of_service, "B", claim.frequency)
    signed = ("Y", "A" if accepts else "C", "Y" if accepts else "N", "Y" if claim.release else "I")
    late = (claim.special_program, *[None] * 7, claim.delay_reason)
    draft.add("CLM", claim.id, claim.total.amount, None, None, place, *signed, None, _accident(claim), *late)
    _dates(draft, claim)
    for sent in claim.attachments:
        draft.add("PWK", sent.type, sent.transmission, None, None, *(("AC", sent.number) if sent.number else ()))
    if claim.patient_paid is not None:
        draft.add("AMT", "F5", claim.patient_paid.amount)
    for qualifier, number in (
        ("9F", claim.referral),
        ("G1", claim.prior_authorization),
        ("F8", claim.payer_control_number if claim.frequency != "1" else None),
        ("X4", claim.clia),
    ):
        if number:
            draft.add("REF", qualifier, number)
    codes = [d.code.bare for d in claim.diagnoses]
    draft.add("HI", ("ABK", codes[0]), *(("ABF", code) for code in codes[1:]))
    if claim.condition_codes:
        draft.add("HI", *(("BG", code) for code in claim.condition_codes))
    _claim_providers(draft, claim)
    for place_of_payer, payer in enumerate(claim.payers[1:], start=1):
        other_payer(draft, claim, payer, RESPONSIBILITY[place_of_payer])
    for line in claim.lines:
        _line(draft, claim, line)


def _accident(claim: Claim) -> tuple[str | None, ...] | None:
    if not claim.accident:
        return None
    state = claim.accident.get("state")
    causes = [ACCIDENTS[word] for word in (claim.accident["type"], *claim.accident.get("also", ()))]
    return (*([*causes, None, None])[:3], str(state).upper() if state else None)


def _dates(draft: Draft, claim: Claim) -> None:
    happened = (claim.accident or {}).get("date")
    if happened:
        day = happened if isinstance(happened, date) else parse_date(str(happened))
        draft.add("DTP", "439", *period(day))
    if claim.place_of_service in STAYS:
        for qualifier, moment in (("435", claim.admission), ("096", claim.discharge)):
            if moment is not None:
                draft.add("DTP", qualifier, *period(moment))


def _claim_providers(draft: Draft, claim: Claim) -> None:
    """2310A to 2310D. Whoever only repeats the billing provider stays out, as the guide wants it."""
    for loop, role, who in (
        ("2310A", ProviderRole.REFERRING, provider(claim, ProviderRole.REFERRING)),
        ("2310B", ProviderRole.RENDERING, rendering(claim)),
        ("2310C", ProviderRole.FACILITY, service_facility(claim)),
        ("2310D", ProviderRole.SUPERVISING, provider(claim, ProviderRole.SUPERVISING)),
    ):
        if who is None:
            continue
        draft.loop = loop
        _provider(draft, ENTITIES[role], who)
        if role is ProviderRole.RENDERING and who.taxonomy:
            draft.add("PRV", "PE", "PXC", who.taxonomy)
        if role is ProviderRole.FACILITY:
            draft.address(who.address)


def _line(draft: Draft, claim: Claim, line: ServiceLine) -> None:
    """2400, 2410 for a drug, 2420A for whoever else rendered it, 2420E for who ordered it, 2430 for earlier payers.

    REF*6R carries the line's number, so that the remittance can name the line whatever becomes of its code.
    """
    draft.loop = "2400"
    draft.add("LX", line.number)
    code = line.code.bare if line.code else None
    elsewhere = line.place_of_service if line.place_of_service != claim.place_of_service else None
    amounts = (line.charge.amount, line.unit, line.units)
    draft.add("SV1", _service(line, code), *amounts, elsewhere, None, tuple(line.pointers), *_said(line))
    draft.add("DTP", "472", *period(line.start, line.end))
    draft.add("REF", "6R", line.control_number or str(line.number))
    if line.prior_authorization:
        draft.add("REF", "G1", line.prior_authorization)
    if line.ndc is not None:
        draft.loop = "2410"
        draft.add("LIN", None, "N4", eleven_digits(line.ndc.code))
        draft.add("CTP", None, None, None, line.ndc.quantity, (line.ndc.unit,))
    draft.loop = "2420"
    by = line_provider(claim, line)
    if by is not None and by.npi not in _npis(rendering(claim) or provider(claim, ProviderRole.BILLING)):
        _provider(draft, ENTITIES[ProviderRole.RENDERING], by)
        if by.taxonomy:
            draft.add("PRV", "PE", "PXC", by.taxonomy)
    ordering = provider(claim, ProviderRole.ORDERING)
    if ordering is not None and ordering.npi not in _npis(rendering(claim)):
        _provider(draft, ENTITIES[ProviderRole.ORDERING], ordering)
    for payer in claim.payers[1:]:
        for told in payer.adjudication.lines if payer.adjudication else ():
            if told.line == line.number and payer.adjudication:
                decision(draft, payer, told, payer.adjudication.date)


def _service(line: ServiceLine, code: str | None) -> tuple[str | None, ...]:
    """SV101: the code with its modifiers, and what it stands for where it is unlisted."""
    if not line.description:
        return ("HC", code, *line.modifiers)
    return ("HC", code, *line.modifiers, *[None] * (MOST_MODIFIERS - len(line.modifiers)), line.description)


def _said(line: ServiceLine) -> tuple[str | None, ...]:
    """SV108 to SV112: emergency, EPSDT, family planning, where the line says one of them."""
    yes = {True: "Y", False: None}
    return (None, yes[line.emergency], None, yes[line.epsdt], yes[line.family_planning])


def _npis(who: Provider | None) -> tuple[str, ...]:
    return (who.npi,) if who is not None and who.npi else ()
