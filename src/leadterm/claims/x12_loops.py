"""The loops of an 837P, one function a loop: 2010AA to 2420E. They draft; `x12_837p` decides what is drafted."""

from __future__ import annotations

from datetime import date
from typing import Any

from leadterm.domain import Address, Claim, Patient, Payer, Provider, ProviderRole, ServiceLine, Subscriber, parse_date
from leadterm.x12 import SegmentWriter, X12Error, period

from .completeness import HOME_COUNTRIES, tax_digits
from .parties import is_self, line_provider, provider, rendering, service_facility, subscriber_is_person
from .x12_codes import (
    ACCIDENTS,
    ENTITIES,
    INPATIENT_PLACES,
    RESPONSIBILITY,
    filing_indicator,
    ndc11,
    relationship,
)


class Draft:
    """The segments of a transaction as they come, and what kept any of them from being written.

    Attributes:
        claim, loop: What is being drafted; both open the sentence of a fault.
        segments: Text of each segment.
        faults: One sentence part for each value that X12 cannot carry.
    """

    def __init__(self, writer: SegmentWriter) -> None:
        self._write = writer
        self.claim: str | None = None
        self.loop = ""
        self.segments: list[str] = []
        self.faults: list[str] = []

    def add(self, segment_id: str, *values: Any) -> None:
        """Drafts one segment; a value that does not fit becomes a fault, so that all of them are told at once."""
        try:
            self.segments.append(self._write(segment_id, *values))
        except X12Error as refused:
            whose = f"claim {self.claim}, " if self.claim else ""
            self.faults.append(f"{whose}loop {self.loop}: {str(refused).rstrip('.')}")

    def person(self, entity: str, last: str | None, first: str | None, middle: str | None, *number: str | None) -> None:
        """NM1 of a person; `number` is its qualifier and the id, left out together where there is no id."""
        self.add("NM1", entity, "1", last, first, middle, None, None, *(number if all(number) else ()))

    def organisation(self, entity: str, name: str | None, *number: str | None) -> None:
        """NM1 of an organisation, likewise."""
        self.add("NM1", entity, "2", name, None, None, None, None, *(number if all(number) else ()))

    def address(self, at: Address | None) -> None:
        """N3 and N4, where there is an address."""
        if at is None or not at.line1:
            return
        self.add("N3", at.line1, at.line2)
        abroad = (at.country or "").upper() not in HOME_COUNTRIES
        postal = "".join(c for c in at.zip or "" if c.isalnum())
        country = (at.country or "").upper() if abroad else None
        self.add("N4", at.city, (at.state or "").upper(), postal.upper(), country)


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
    rest = (None, None, None, None, filing_indicator(payer.type))
    draft.add("SBR", RESPONSIBILITY[0], "18" if own else None, payer.group, None, *rest)
    _holder(draft, held, patient, payer)
    if own:
        draft.address(patient.address)
        _birth(draft, patient)
    draft.loop = "2010BB"
    draft.organisation("PR", payer.name, "PI", payer.id)


def _holder(draft: Draft, held: Subscriber, patient: Patient, payer: Payer) -> None:
    """Whoever holds the policy: the patient, another person, or an employer."""
    number = ("MI", payer.member_id)
    if is_self(held):
        draft.person("IL", patient.last_name, patient.first_name, patient.middle_name, *number)
    elif subscriber_is_person(held):
        draft.person("IL", held.last_name, held.first_name, None, *number)
    else:
        draft.organisation("IL", held.last_name, *number)


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
    draft.add("CLM", claim.id, claim.total.amount, None, None, place, *signed, None, _accident(claim))
    _dates(draft, claim)
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
    _claim_providers(draft, claim)
    for place_of_payer, payer in enumerate(claim.payers[1:], start=1):
        _other_payer(draft, claim, payer, RESPONSIBILITY[place_of_payer])
    for line in claim.lines:
        _line(draft, claim, line)


def _accident(claim: Claim) -> tuple[str | None, ...] | None:
    if not claim.accident:
        return None
    state = claim.accident.get("state")
    return (ACCIDENTS[claim.accident["type"]], None, None, str(state).upper() if state else None)


def _dates(draft: Draft, claim: Claim) -> None:
    happened = (claim.accident or {}).get("date")
    if happened:
        day = happened if isinstance(happened, date) else parse_date(str(happened))
        draft.add("DTP", "439", *period(day))
    if claim.place_of_service in INPATIENT_PLACES:
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


def _other_payer(draft: Draft, claim: Claim, payer: Payer, responsibility: str) -> None:
    """2320, 2330A and 2330B of a payer who comes later: named, nothing paid.

    Why Medicare comes later (SBR05) is not said, since no encounter carries it.
    """
    draft.loop = "2320"
    held = payer.subscriber
    kind = (None, None, None, None, filing_indicator(payer.type))
    draft.add("SBR", responsibility, relationship(held.relationship), payer.group, None, *kind)
    draft.add("OI", None, None, "Y" if claim.accept_assignment else "N", None, None, "Y" if claim.release else "I")
    _holder(draft, held, claim.patient, payer)
    draft.organisation("PR", payer.name, "PI", payer.id)


def _line(draft: Draft, claim: Claim, line: ServiceLine) -> None:
    """2400, 2410 for a drug, 2420A for whoever else rendered it, 2420E for who ordered it.

    REF*6R carries the line's number, so that the remittance can name the line whatever becomes of its code.
    """
    draft.loop = "2400"
    draft.add("LX", line.number)
    code = line.code.bare if line.code else None
    elsewhere = line.place_of_service if line.place_of_service != claim.place_of_service else None
    amounts = (line.charge.amount, "UN", line.units)
    draft.add("SV1", ("HC", code, *line.modifiers), *amounts, elsewhere, None, tuple(line.pointers))
    draft.add("DTP", "472", *period(line.start, line.end))
    draft.add("REF", "6R", str(line.number))
    if line.ndc is not None:
        draft.loop = "2410"
        draft.add("LIN", None, "N4", ndc11(line.ndc.code))
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


def _npis(who: Provider | None) -> tuple[str, ...]:
    return (who.npi,) if who is not None and who.npi else ()
