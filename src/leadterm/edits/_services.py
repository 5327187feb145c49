"""Services as edits across lines and claims compare them: whose they are, and what went before."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from sys import intern
from typing import NamedTuple

from leadterm.domain import Claim, ClaimType, Provider, ProviderRole, ServiceLine
from leadterm.domain.providers import counts_as

from ._bill_types import is_by_service, is_of_surgical_center

NO_GROUP = Provider(ProviderRole.BILLING)

SCREENING = ("Z11", "Z12", "Z13")  # encounters for screening


class Past(NamedTuple):
    """A service that an earlier claim asks for.

    Attributes:
        claim, line: The claim's number, and the line, counted from 1.
        code, modifiers, units: As billed.
        start, end: First and last day.
        provider: Who gave it, as `Billing.provider_of` tells it.
        place: Place of service; None where it is not told.
        professional: Whether it is on an 837P.
        by_service: Whether its claim is one that asks for each service by its code (`_bill_types.is_by_service`).
        screening: Whether it was a screening: it points to an encounter for one (Z11 to Z13); of a facility's claim,
            which points nowhere, whether one of its diagnoses is that.
    """

    claim: str
    line: int
    code: str
    modifiers: tuple[str, ...]
    units: Decimal
    start: date
    end: date
    provider: Hashable
    place: str | None
    professional: bool
    by_service: bool
    screening: bool = False


def patient_of(claim: Claim) -> Hashable | None:
    """What a patient is known by from claim to claim; None where nothing tells: then no two claims are of one."""
    patient = claim.patient
    if patient.id or patient.last_name:
        return patient.id, patient.last_name, patient.first_name, patient.birth_date
    return None


class SameProvider:
    """Who of a claim's people count as one provider."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._of: dict[str | None, Hashable] = {}

    def of(self, line: ServiceLine) -> Hashable:
        """Who gave the service of a line."""
        named = line.provider
        if named not in self._of:
            self._of[named] = self._identity(named)
        return self._of[named]

    def _identity(self, named: str | None) -> Hashable:
        group = self._by_role.get(ProviderRole.BILLING)
        if self._claim.claim_type is ClaimType.INSTITUTIONAL or is_of_surgical_center(self._claim):
            return group and (group.npi or group.tax_id or group.name)
        person = self._named(named) or self._by_role.get(ProviderRole.RENDERING) or group
        if person is None:
            return named
        return counts_as(person, group or NO_GROUP)

    def _named(self, named: str | None) -> Provider | None:
        if named is None:
            return None
        people = self._claim.providers
        return next((p for p in people if named in (p.npi, p.id, p.role.value)), None)

    @cached_property
    def _by_role(self) -> Mapping[ProviderRole, Provider]:
        return {p.role: p for p in reversed(self._claim.providers)}


def is_screening(line: ServiceLine, screenings: Collection[int], professional: bool) -> bool:
    """Whether a line points to one of the places of the claim where an encounter for screening stands."""
    return not professional or any(n in screenings for n in line.pointers)


def services_of(claim: Claim) -> list[Past]:
    """The services of a claim, as later ones look back at them."""
    providers, professional = SameProvider(claim), claim.claim_type is ClaimType.PROFESSIONAL
    by_service = is_by_service(claim)
    screenings = [n for n, d in enumerate(claim.diagnoses, 1) if d.code.value.startswith(SCREENING)]
    return [
        Past(
            claim.id,
            line.number,
            intern(line.code.value),
            line.modifiers,
            line.units,
            line.start,
            line.end,
            providers.of(line),
            line.place_of_service or claim.place_of_service,
            professional,
            by_service,
            bool(screenings) and is_screening(line, screenings, professional),
        )
        for line in claim.lines
        if line.code is not None
    ]
