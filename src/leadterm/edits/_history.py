"""What the claims of a stream asked for before, by patient: as much of it as is remembered."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

from leadterm.domain import Claim
from leadterm.domain.claim import OF_EARLIER_CLAIM, VOID

from ._days import ByDay
from ._services import Past, patient_of, services_of

# More than years of dialysis bring; who has more is a name under which many are billed.
MOST_OF_PATIENT = 4_000
NOTHING: ByDay[Past] = ByDay()


@dataclass(slots=True)
class _Asked:
    """What a claim asks for; nothing any more when it was replaced, voided or forgotten."""

    patient: Hashable
    claim: str
    services: list[Past]


class _Patient:
    """The services of a patient: by their days, and claim by claim in the order in which these came."""

    __slots__ = ("claims", "services")

    def __init__(self, first: _Asked) -> None:
        self.claims = deque((first,))
        self.services = ByDay(first.services)

    def keep(self, asked: _Asked) -> None:
        """Takes a further claim in."""
        self.claims.append(asked)
        for past in asked.services:
            self.services.add(past)

    def forget(self, asked: _Asked) -> int:
        """Takes the services of a claim out; how many they were."""
        gone, asked.services = asked.services, []
        for past in gone:
            self.services.discard(past)
        while self.claims and not self.claims[0].services:
            self.claims.popleft()
        return len(gone)


class History:
    """The services of the claims of a stream by patient: the newest so many, of each patient and of all."""

    def __init__(self, most: int, of_patient: int = MOST_OF_PATIENT) -> None:
        self._most, self._of_patient = most, of_patient
        self._patients: dict[Hashable, _Patient] = {}
        self._order: deque[_Asked] = deque()
        self._kept = 0

    def of(self, claim: Claim) -> ByDay[Past]:
        """What earlier claims ask for the patient of a claim; one that replaces or voids another stands for it.

        It changes with what is remembered later.
        """
        known = self._patients.get(patient_of(claim))
        if known is None:
            return NOTHING
        if claim.frequency in OF_EARLIER_CLAIM:
            return ByDay(past for past in known.services if past.claim != claim.id)
        return known.services

    def remember(self, claim: Claim) -> None:
        """Keeps the services of a claim; those of a claim that it replaces or voids are gone."""
        patient = patient_of(claim)
        if patient is None:
            return
        if claim.frequency in OF_EARLIER_CLAIM and patient in self._patients:
            for asked in tuple(self._patients[patient].claims):
                if asked.claim == claim.id:
                    self._forget(asked)
        asked = _Asked(patient, claim.id, [] if claim.frequency == VOID else services_of(claim))
        if asked.services:
            self._keep(asked)

    def _keep(self, asked: _Asked) -> None:
        self._order.append(asked)
        self._kept += len(asked.services)
        known = self._patients.get(asked.patient)
        if known is None:
            self._patients[asked.patient] = _Patient(asked)
        else:
            known.keep(asked)
            while len(known.services) > self._of_patient and known.claims[0] is not asked:
                self._forget(known.claims[0])
        # Those that were forgotten before their turn go from the front too, or a stream of one patient would grow.
        while self._order and (self._kept > self._most or not self._order[0].services):
            self._forget(self._order.popleft())

    def _forget(self, asked: _Asked) -> None:
        """Once for each claim that has services: who forgets it again changes nothing."""
        known = self._patients.get(asked.patient)
        if known is None:
            return
        self._kept -= known.forget(asked)
        if not known.claims:
            del self._patients[asked.patient]
