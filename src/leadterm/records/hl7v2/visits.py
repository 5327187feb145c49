"""What PV1, PV2 and PID say of the visit: class, times, disposition, people (chapter 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from leadterm.domain import Identifier, IdentifierKind, Patient, Provider, ProviderRole, ReadingNote, Setting
from leadterm.records.naming import class_of
from leadterm.records.times import day

from . import people
from .messages import Message
from .segments import Segment
from .tables import meaning

ROLES = ((7, ProviderRole.ATTENDING), (8, ProviderRole.REFERRING))
# Form locators 15 and 17 of the uniform bill: shapes of their codes; whether one is in force is for edits.
_SOURCE = re.compile(r"[1-9A-F]")
_DISPOSITION = re.compile(r"0?[1-9]|[1-9]\d")


@dataclass(slots=True)
class Visit:
    """What messages told of a visit so far; a later one tells better, and what it leaves out stays.

    Attributes:
        number, account: PV1-19 and PID-18.
        setting, encounter_class, …: As in `Encounter`.
        began, ended: PV1-44 and PV1-45.
        providers: By role and person.
        identifiers: Of the visit, the account and the patient, each once.
    """

    number: str | None = None
    account: str | None = None
    patient: Patient | None = None
    setting: Setting | None = None
    encounter_class: str | None = None
    began: date | None = None
    ended: date | None = None
    disposition: str | None = None
    admit_type: str | None = None
    admit_source: str | None = None
    providers: dict[tuple[ProviderRole, str | None], Provider] = field(default_factory=dict)
    notes: list[ReadingNote] = field(default_factory=list)
    identifiers: dict[Identifier, None] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """A message tells of the visit."""
        if pid := message.first("PID"):
            self.account = pid.get(18) or self.account
            self.patient = people.patient(pid)
        if pv1 := message.first("PV1"):
            self._take(pv1)
        self.identifiers.update(dict.fromkeys(_identifiers(message)))
        for provider in _people(message):
            self.providers.setdefault((provider.role, provider.id or provider.last_name), provider)

    def _take(self, pv1: Segment) -> None:
        self.number = pv1.get(19) or self.number
        if told := class_of("v2", pv1.get(2)):
            self.setting, self.encounter_class = told
        self.began = day(pv1.get(44)) or self.began
        self.ended = day(pv1.get(45)) or self.ended
        self.admit_type = meaning("admit-type", pv1.get(4)) or self.admit_type
        self.admit_source = _official(pv1.get(14), _SOURCE) or self.admit_source
        self._leave(pv1.get(36))

    def _leave(self, code: str | None) -> None:
        if found := _official(code, _DISPOSITION):
            self.disposition = found.zfill(2)
        elif code:
            message = "The discharge disposition (PV1-36) is a code of the sender's own and was not taken over."
            self.notes.append(ReadingNote("LEADTERM:records/hl7-disposition", message))


def _identifiers(message: Message) -> Iterator[Identifier]:
    """PV1-19, PID-18, PID-3, MRG-1, with who gave them (CX.4: its universal id, else its name)."""
    fields = (
        ("PV1", 19, IdentifierKind.VISIT),
        ("PID", 18, IdentifierKind.ACCOUNT),
        ("PID", 3, IdentifierKind.PATIENT),
        ("MRG", 1, IdentifierKind.PATIENT),
    )
    for name, number, kind in fields:
        segment = message.first(name)
        for one in segment.all(number) if segment else ():
            if value := one.get(1):
                yield Identifier(kind, value, one.get(4, 2) or one.get(4))


def _official(code: str | None, shape: re.Pattern[str]) -> str | None:
    return code if code and shape.fullmatch(code) else None


def _people(message: Message) -> Iterator[Provider]:
    """Who took part, in the order of the message."""
    for segment in message.segments:
        found: list[Provider | None] = []
        if segment.name == "PV1":
            found = [people.provider(segment.all(n), role) for n, role in ROLES]
        elif segment.name == "PR1":
            found = [people.provider(segment.all(11), ProviderRole.OPERATING)]
        elif segment.name == "OBR":
            found = [people.provider(segment.all(16), ProviderRole.ORDERING)]
        elif segment.name == "FT1":
            found = [people.provider(segment.all(20), ProviderRole.RENDERING)]
        elif segment.name == "ROL" and (role := meaning("role", segment.get(3))):
            found = [people.provider(segment.all(4), ProviderRole(role))]
        elif segment.name == "PRT" and (role := meaning("role", segment.get(4))):
            found = [people.provider(segment.all(5), ProviderRole(role))]
        yield from (one for one in found if one)
