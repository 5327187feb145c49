"""Who is who in an 837: the segments that name providers, subscribers, patients and payers, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from leadterm.domain import Address, Patient, Payer, Provider, ProviderRole, Sex, Subscriber
from leadterm.x12 import Segment

from .read_837_values import Notes, day_of
from .x12_codes import ENTITY_ROLES, FILING_TYPES, RELATIONSHIP_WORDS, filing_indicator

SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "U": Sex.UNKNOWN}
PERSON, NPI, PHONE = "1", "XX", "TE"
SELF, OTHER = "self", "other"


def provider(role: ProviderRole, group: Sequence[Segment]) -> Provider:
    """The provider of an NM1 and the segments behind it."""
    nm1, rest = group[0], _first(group[1:])
    person = nm1[2] == PERSON
    tax = rest.get("EI") or rest.get("SY")
    return Provider(
        role=role,
        npi=nm1[9] or None if nm1[8] == NPI else None,
        taxonomy=rest["PRV"][3] or None if "PRV" in rest else None,
        tax_id=tax[2].replace("-", "") or None if tax else None,
        name=None if person else nm1[3] or None,
        first_name=nm1[4] or None if person else None,
        last_name=nm1[3] or None if person else None,
        address=address(rest),
        phone=_phone(rest.get("PER")),
    )


def role_of(nm1: Segment) -> ProviderRole | None:
    """The role that an NM1 names, None where a claim has no place for it."""
    return ENTITY_ROLES.get(nm1[1])


def address(rest: dict[str, Segment]) -> Address | None:
    """The address of N3 and N4, None where there is neither."""
    n3, n4 = rest.get("N3"), rest.get("N4")
    if n3 is None and n4 is None:
        return None
    line1, line2 = (n3[1], n3[2]) if n3 else ("", "")
    city, state, postal, country = (n4[1], n4[2], n4[3], n4[4]) if n4 else ("", "", "", "")
    return Address(line1 or None, line2 or None, city or None, state or None, postal or None, country or None)


def _first(segments: Sequence[Segment]) -> dict[str, Segment]:
    """The first segment of each id; REF by its qualifier."""
    found: dict[str, Segment] = {}
    for segment in segments:
        found.setdefault(segment[1] if segment.id == "REF" else segment.id, segment)
    return found


def _phone(per: Segment | None) -> str | None:
    if per is None:
        return None
    ways = dict(zip(per.elements[2::2], per.elements[3::2], strict=False))
    return ways.get(PHONE) or None


@dataclass(frozen=True, slots=True)
class Level:
    """The segments of one HL, from it to the next one or to its first claim."""

    segments: tuple[Segment, ...]

    def group(self, entity: str) -> Sequence[Segment]:
        """The NM1 of that entity and what stands behind it; nothing where there is none."""
        segments = self.segments
        starts = [n for n, s in enumerate(segments) if s.id == "NM1"]
        at = next((n for n in starts if segments[n][1] == entity), None)
        if at is None:
            return ()
        return segments[at : next((n for n in starts if n > at), len(segments))]

    def one(self, name: str) -> Segment | None:
        """The first segment of that id."""
        return next((s for s in self.segments if s.id == name), None)


def billing(level: Level | None) -> tuple[Provider, ...]:
    """The billing provider (2010AA); nothing where there is none."""
    group = level.group("85") if level else ()
    if level is None or not group:
        return ()
    found, prv = provider(ProviderRole.BILLING, group), level.one("PRV")
    return (replace(found, taxonomy=prv[3] or None) if prv else found,)


def patient(notes: Notes, level: Level | None, entity: str) -> Patient:
    """The patient: the subscriber's own level (`IL`) or a level of his own (`QC`)."""
    group = level.group(entity) if level else ()
    if not group:
        return Patient()
    nm1, rest = group[0], _first(group[1:])
    dmg = rest.get("DMG")
    return Patient(
        first_name=nm1[4] or None,
        middle_name=nm1[5] or None,
        last_name=nm1[3] or None,
        address=address(rest),
        phone=_phone(rest.get("PER")),
        **_born(notes, dmg),
    )


def _born(notes: Notes, dmg: Segment | None) -> dict[str, Any]:
    """Birth date and sex of a DMG."""
    if dmg is None:
        return {}
    born = day_of(dmg[2])
    if born is None:
        notes.wrong(dmg, "02", "no day of the calendar written CCYYMMDD")
    return {"birth_date": born, "sex": SEXES.get(dmg[3], Sex.UNKNOWN)}


def held(notes: Notes, group: Sequence[Segment], relationship: str) -> tuple[str | None, Subscriber]:
    """Member number and subscriber of an NM1*IL and what stands behind it."""
    if not group:
        return None, Subscriber(relationship)
    nm1, rest = group[0], _first(group[1:])
    born = _born(notes, rest.get("DMG"))
    return nm1[9] or None, Subscriber(relationship, nm1[4] or None, nm1[3] or None, address=address(rest), **born)


def relationship(code: str) -> str:
    """The word for a relationship code; `other` for one that is not known."""
    return RELATIONSHIP_WORDS.get(code, OTHER)


def payer(sbr: Segment | None, nm1: Segment | None, member: str | None, subscriber: Subscriber) -> Payer:
    """A payer by the SBR and the NM1*PR that name it; its place among the others is not judged here."""
    kind = FILING_TYPES.get(sbr[9]) if sbr else None
    return Payer(
        id=nm1[9] or None if nm1 else None,
        name=nm1[3] or None if nm1 else None,
        type=kind,
        member_id=member,
        subscriber=subscriber,
        group=sbr[3] or None if sbr else None,
        group_name=sbr[4] or None if sbr else None,
        insurance_type=sbr[5] or None if sbr else None,
        filing=sbr[9] or None if sbr and sbr[9] != filing_indicator(kind) else None,
        responsibility=sbr[1] or None if sbr else None,
    )
