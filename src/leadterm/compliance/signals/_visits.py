"""A claim as the signals see it: made once a claim, in numbers where numbers do."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from leadterm.domain import Claim, ClaimType, CodeSystem, Patient, Payer, Provider, ProviderRole, ServiceLine, plain_day

BILLED = frozenset({CodeSystem.CPT, CodeSystem.HCPCS})
# A replacement and a void concern a claim that was seen already: counted once, as first billed.
AGAIN = frozenset({"7", "8"})
MASK = (1 << 62) - 1
# A line with more units, or none that can be counted, counts as one without.
MOST_UNITS = 1e9
RENDERING = ProviderRole.RENDERING.value


class Service(NamedTuple):
    """A line with a CPT or HCPCS code: days as ordinals, units as a number, `by` as its provider's place."""

    code: str
    modifiers: tuple[str, ...]
    day: int
    end: int
    units: float
    unit: str
    by: int
    place: str | None


class Visit(NamedTuple):
    """What the signals ask of one claim.

    Attributes:
        id: Of the claim.
        by: Place of the rendering provider (institutional: of the billing one) among the providers.
        patient: A number that stands for the patient; no name is kept.
        first, last: Days as ordinals.
        services: Its lines with codes, in order.
        codes: Their codes.
        claim: The claim itself, for what few ask.
        professional: Whether it is an 837P.
    """

    id: str
    by: int
    patient: int
    first: int
    last: int
    services: tuple[Service, ...]
    codes: frozenset[str]
    claim: Claim
    professional: bool


class People:
    """The providers that were met: NPI, role and specialty by their places, counted from 0.

    Of several roles, rendering is kept; of several specialties, the one that most claims tell.
    """

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._told: dict[tuple[int, str | None], int] = {}
        self.npis: list[str] = []
        self.roles: list[str] = []

    def place(self, npi: str, role: str, specialty: str | None) -> int:
        """The place of a provider whom a claim names."""
        found = self._places.get(npi)
        if found is None:
            found = self._places[npi] = len(self.npis)
            self.npis.append(npi)
            self.roles.append(role)
        elif role == RENDERING:
            self.roles[found] = role
        key = found, specialty
        self._told[key] = self._told.get(key, 0) + 1
        return found

    @property
    def specialties(self) -> list[str | None]:
        """The specialty of each place; None where no claim tells it."""
        found: list[str | None] = [None] * len(self.npis)
        most = [0] * len(self.npis)
        for (place, specialty), count in sorted(self._told.items(), key=lambda told: (told[1], told[0][1] or "")):
            if specialty is not None and count >= most[place]:
                found[place], most[place] = specialty, count
        return found


def visit_of(claim: Claim, people: People) -> Visit | None:
    """The claim as the signals see it; None for one that has no provider or day, or replaces or voids another."""
    if claim.frequency in AGAIN:
        return None
    professional = claim.claim_type is ClaimType.PROFESSIONAL
    by = _whose(claim, professional)
    days = _days(claim)
    if by is None or by.npi is None or days is None:
        return None
    place = people.place(by.npi, by.role._value_, by.taxonomy)
    services = tuple(
        [_service(x, place, claim, people) for x in claim.lines if x.code is not None and x.code.system in BILLED]
    )
    patient = _patient(claim.patient, claim.payers[0] if claim.payers else None, claim.id)
    codes = frozenset([s.code for s in services])
    return Visit(claim.id, place, patient, days[0], days[1], services, codes, claim, professional)


def unnumbered(claim: Claim) -> Visit | None:
    """A claim without provider and services, for who looks at names; None where it has no day or replaces another."""
    days = _days(claim)
    if claim.frequency in AGAIN or days is None:
        return None
    return Visit(claim.id, -1, 0, *days, (), frozenset(), claim, claim.claim_type is ClaimType.PROFESSIONAL)


def _whose(claim: Claim, professional: bool) -> Provider | None:
    """The rendering provider, else the billing one; institutional: the billing one."""
    billing = None
    for provider in claim.providers:
        if professional and provider.role is ProviderRole.RENDERING and provider.npi:
            return provider
        if provider.role is ProviderRole.BILLING:
            billing = provider
    return billing


def _days(claim: Claim) -> tuple[int, int] | None:
    if claim.lines:
        first = min([x.start for x in claim.lines]).toordinal()
        last = max([x.end for x in claim.lines]).toordinal()
    elif claim.admission is not None:
        first = last = plain_day(claim.admission).toordinal()
    else:
        return None
    if claim.discharge is not None:
        last = plain_day(claim.discharge).toordinal()
    return first, max(first, last)


def _service(x: ServiceLine, by: int, claim: Claim, people: People) -> Service:
    if x.provider is not None:
        by = _other(x.provider, by, claim, people)
    start = x.start.toordinal()
    end = start if x.end is x.start else x.end.toordinal()
    place = x.place_of_service or claim.place_of_service
    assert x.code is not None
    units = float(x.units)
    return Service(x.code.value, x.modifiers, start, end, units if 0 <= units < MOST_UNITS else 0.0, x.unit, by, place)


def _other(named: str, by: int, claim: Claim, people: People) -> int:
    """The provider that a line names, by role or id; the claim's own where no one is so named."""
    for p in claim.providers:
        if p.npi and (p.id == named or p.role._value_ == named or p.npi == named):
            return people.place(p.npi, p.role._value_, p.taxonomy)
    return by


def _patient(patient: Patient, payer: Payer | None, claim_id: str) -> int:
    """A number for a patient, the same in every run; of one whom nothing names, no two claims are of the same."""
    if patient.id:
        return number_of(patient.id)
    if payer is not None and payer.member_id:
        return number_of(f"{payer.member_id}|{patient.first_name}|{patient.birth_date}")
    if patient.last_name:
        return number_of(f"{patient.last_name}|{patient.first_name}|{patient.birth_date}")
    return number_of(claim_id)


def number_of(text: str) -> int:
    """A number of 62 bits for a text, the same in every run."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()) & MASK
