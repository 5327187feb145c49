"""What is priced, of whatever shape: the lines of a claim, the charges of a coded encounter, codes given by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from leadterm.domain import (
    Assignment,
    Claim,
    ClaimType,
    CodedEncounter,
    CodeSystem,
    Encounter,
    InputError,
    Patient,
    Provider,
    ProviderRole,
    Role,
    ServiceLine,
    Setting,
    Status,
    WrittenService,
    plain_day,
)
from leadterm.domain.places import FACILITY_RATE, KNOWN, place_of
from leadterm.domain.providers import specialty

SYSTEMS = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})
OF_OUTPATIENTS = frozenset({Setting.OUTPATIENT, Setting.EMERGENCY})
HOME = "12"
MINUTES = "MJ"
ONE = Decimal(1)
NO_PLACE = "No place of service is told: priced as in an office (non-facility)."
UNKNOWN_PLACE = "There is no place of service {}: priced as in an office (non-facility)."
# Bills of hospitals that the outpatient prospective payment system pays: outpatients, inpatients without Part A,
# specimens (facility and classification of the type of bill).
HOSPITAL_BILLS = frozenset({"12", "13", "14"})
OUTPATIENTS = "13"
FACILITY_BILL = (
    "Priced are professionals, and hospitals for outpatients (12x, 13x, 14x); this is another facility's bill."
)
NO_SERVICE = "No service is charged."
_TYPE_OF_BILL = re.compile(r"0?[1-9][0-9][0-9A-Za-z]?")
# Anesthesia without time of its own: burns by their area, whose time is that of 01952, and a day of a catheter.
UNTIMED = frozenset({"01953", "01996"})


@dataclass(frozen=True, slots=True)
class Billed:
    """One line to be priced.

    Attributes:
        id: Of the line.
        code, modifiers, units: Modifiers in capitals.
        minutes: Whether `units` are minutes (anesthesia).
        day: Of the service.
        place: Place of service code; None where nothing tells.
        provider: Who did it: lines with the same count as done by one.
        taxonomy: Of who did it; empty where unknown.
        zip: Where it was done; None where nothing tells.
        service: Whether the code is CPT or HCPCS.
    """

    id: str
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    minutes: bool
    day: date | None
    place: str | None
    provider: str
    taxonomy: str
    zip: str | None
    service: bool = True


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines of one patient and one billing provider; `why` where nothing of them is priced.

    `hospital`: facility and classification of the type of bill, where a hospital is paid for outpatients; else empty.
    """

    id: str
    lines: tuple[Billed, ...] = ()
    why: str = ""
    assumed: tuple[str, ...] = ()
    hospital: str = ""


def bill_of(subject: Claim | CodedEncounter | Bill) -> Bill:
    """The bill that a claim or a coded encounter makes."""
    if isinstance(subject, Bill):
        return subject
    return bill_of_claim(subject) if isinstance(subject, Claim) else bill_of_coded(subject)


def bill_of_claim(claim: Claim) -> Bill:
    """The lines of a professional claim, or of a hospital's for outpatients."""
    people = _People(claim.providers, claim.patient)
    lines = tuple(_claimed(line, claim, people) for line in claim.lines if line.code is not None)
    if claim.claim_type is ClaimType.INSTITUTIONAL:
        return _of_facility(claim.id, lines, claim.type_of_bill)
    return Bill(claim.id, lines, "" if lines else NO_SERVICE, _assumed(lines))


def bill_of_coded(coded: CodedEncounter) -> Bill:
    """The charges of a coded encounter that are not rejected."""
    encounter, charges = coded.encounter, coded.charges
    if not charges:
        return Bill(encounter.id, why=NO_SERVICE)
    people = _People(encounter.providers, encounter.patient)
    place = place_of(encounter)
    on = plain_day(coded.on or encounter.controlling_date)
    lines = tuple(_charged(a, on, place, people) for a in charges)
    if encounter.claim_type is ClaimType.INSTITUTIONAL:
        outpatient = OUTPATIENTS if encounter.setting in OF_OUTPATIENTS else None
        return _of_facility(encounter.id, lines, encounter.type_of_bill or outpatient)
    return Bill(
        encounter.id, lines, "", () if encounter.setting is Setting.HOME_HEALTH and place is None else _assumed(lines)
    )


def _assumed(lines: Iterable[Billed]) -> tuple[str, ...]:
    """What is assumed of places that nothing tells, or that there are not."""
    places = dict.fromkeys(line.place for line in lines)
    return tuple(NO_PLACE if p is None else UNKNOWN_PLACE.format(p[:10]) for p in places if p not in KNOWN)


def _of_facility(id: str, lines: tuple[Billed, ...], type_of_bill: str | None) -> Bill:
    kind = (type_of_bill or "").removeprefix("0")[:2]
    if kind not in HOSPITAL_BILLS:
        return Bill(id, why=FACILITY_BILL)
    return Bill(id, lines, "" if lines else NO_SERVICE, hospital=kind)


def charged(encounter: Encounter) -> CodedEncounter:
    """A record as coded, with the charges that it bears and nothing else, so that they can be priced."""
    lines = tuple(
        Assignment(
            str(number),
            charge.code,
            None,
            Role.CHARGE,
            number,
            1.0,
            status=Status.ADDED,
            units=charge.units,
            modifiers=charge.modifiers,
            service_date=plain_day(charge.date),
            provider=charge.provider,
            charge=charge.charge,
        )
        for number, charge in enumerate(encounter.charges, 1)
        if charge.code is not None
    )
    return CodedEncounter(encounter, lines, on=encounter.controlling_date)


def bill_of_codes(
    written: Iterable[str], day: date | None = None, place: str | None = None, type_of_bill: str | None = None
) -> Bill:
    """Codes as written by hand: `99213`, `45385-59`, `97110-GPx3`, `00840-AAx95m`. Raises InputError for others.

    All are taken as done on one day by one provider. An `m` behind the number says minutes. With a type of bill they
    are a hospital's.
    """
    lines = tuple(_written(text, str(n), day, place) for n, text in enumerate(written, 1))
    if type_of_bill is not None:
        if not _TYPE_OF_BILL.fullmatch(type_of_bill):
            raise InputError("A type of bill has four characters, as 0131.")
        return _of_facility("codes", lines, type_of_bill)
    if place is not None and place not in KNOWN:
        raise InputError(f"There is no place of service {place[:10]}; give its two digits: 11 office, 22 hospital.")
    return Bill("codes", lines, "" if lines else NO_SERVICE, _assumed(lines))


def _written(text: str, id: str, day: date | None, place: str | None) -> Billed:
    told = WrittenService.parse(text)
    return Billed(id, told.code, told.modifiers, told.units, told.minutes, day, place, "", "", None)


class _People:
    """Who did what where, of a claim or an encounter."""

    __slots__ = ("_home", "_named", "_rendering", "_site")

    def __init__(self, providers: Iterable[Provider], patient: Patient) -> None:
        roles = {p.role: p for p in providers}
        self._named: Mapping[str, Provider] = {
            str(name): p for p in providers for name in (p.role, p.npi, p.id) if name is not None
        }
        facility, billing = roles.get(ProviderRole.FACILITY), roles.get(ProviderRole.BILLING)
        rendering = roles.get(ProviderRole.RENDERING) or billing
        self._rendering = _known(rendering) if rendering else ("", "")
        site = next((p.address.zip for p in (facility, billing) if p and p.address and p.address.zip), None)
        at_site = facility.address.zip if facility and facility.address else None
        self._site = site
        self._home = at_site or (patient.address.zip if patient.address else None) or site

    def of(self, named: str | None) -> tuple[str, str]:
        """Who counts as one provider with whom, and the taxonomy, of the one that a line names (None: of the claim)."""
        if named is None:
            return self._rendering
        found = self._named.get(named)
        return _known(found) if found else (named, "")

    def zip(self, place: str | None) -> str | None:
        """Where services were given: at the service facility, at home with the patient, else with who bills."""
        return self._home if place == HOME else self._site


def _known(provider: Provider) -> tuple[str, str]:
    # Within a claim all are of one group: those of one specialty count as one (MCPM 12.40.6).
    taxonomy = provider.taxonomy or ""
    return specialty(taxonomy) or provider.npi or "", taxonomy


def _claimed(line: ServiceLine, claim: Claim, people: _People) -> Billed:
    assert line.code is not None
    place = line.place_of_service or claim.place_of_service
    return Billed(
        str(line.number),
        line.code.value,
        tuple([m.upper() for m in line.modifiers]) if line.modifiers else (),
        _without_zeros(line.units),
        line.unit == MINUTES,
        line.start,
        place,
        *people.of(line.provider),
        people.zip(place),
        line.code.system in SYSTEMS,
    )


def _charged(assignment: Assignment, on: date | None, place: str | None, people: _People) -> Billed:
    return Billed(
        assignment.id,
        assignment.code.value,
        tuple(m.upper() for m in assignment.modifiers),
        _without_zeros(assignment.units) if assignment.units is not None else ONE,
        is_timed(assignment.code.value),  # minutes are what coding counts them in
        plain_day(assignment.service_date) or on,
        place,
        *people.of(assignment.provider),
        people.zip(place),
        assignment.code.system in SYSTEMS,
    )


def _without_zeros(units: Decimal) -> Decimal:
    """`21` for the `21.00` of a file: the steps say how many."""
    return ONE if units == ONE else units.normalize()


def is_facility(place: str | None) -> bool:
    """Whether the facility rate is paid in a place (MCPM 12.20.4.2); the unknown is taken as an office."""
    return place in FACILITY_RATE


def is_timed(code: str) -> bool:
    """Whether a CPT code is of anesthesia that is paid by its minutes."""
    return code.isdigit() and "00100" <= code <= "01999" and code not in UNTIMED
