"""What stands above a claim in an 837 (2000A to 2010CA), read once for all claims below it."""

from __future__ import annotations

from dataclasses import dataclass

from leadterm.domain import Patient, Payer, Provider, Subscriber
from leadterm.x12 import Segment

from . import read_837_parties as parties
from .read_837_values import Notes

SELF_CODE = "18"


@dataclass(slots=True)
class Above:
    """What stands above a claim: its billing provider, subscriber and patient, each level read once.

    Attributes:
        subscriber, patient: The levels 2000B and 2000C; no patient where the subscriber is one.
    """

    billing: parties.Level | None = None
    subscriber: parties.Level | None = None
    patient: parties.Level | None = None
    providers: tuple[Provider, ...] | None = None
    known: tuple[Patient, Payer] | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the levels, in their order."""
        levels = (self.billing, self.subscriber, self.patient)
        return tuple(s for level in levels if level is not None for s in level.segments)

    def read(self, notes: Notes) -> tuple[tuple[Provider, ...], Patient, Payer]:
        """Billing provider, patient, and the payer with its subscriber."""
        if self.providers is None:
            notes.loop = "2010AA"
            self.providers = parties.billing(self.billing)
        if self.known is None:
            self.known = self._known(notes)
        return (self.providers, *self.known)

    def _known(self, notes: Notes) -> tuple[Patient, Payer]:
        level = self.subscriber
        sbr, names = (level.one("SBR"), level.groups()) if level else (None, {})
        named, group = names.get("PR"), names.get("IL", ())
        if self.patient is None:
            notes.loop = "2010BA"
            patient = parties.patient(notes, group)
            member, held = group[0][9] or None if group else None, Subscriber()
            if sbr is not None and sbr[2] != SELF_CODE:
                notes.wrong(sbr, "02", "not 18, though no patient's level follows")
        else:
            notes.loop = "2010CA"
            patient = parties.patient(notes, self.patient.groups().get("QC", ()))
            pat = self.patient.one("PAT")
            notes.loop = "2010BA"
            member, held = parties.held(notes, group, parties.relationship(pat[1] if pat else ""))
        return patient, parties.payer(sbr, named[0] if named else None, member, held, 0)
