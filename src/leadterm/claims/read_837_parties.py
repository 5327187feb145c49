"""Who is who in an 837: the segments that name providers, subscribers, patients and payers, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadterm.domain import Address, Patient, Payer, Provider, ProviderRole, Sex, Subscriber
from leadterm.x12 import Segment

from .read_837_values import Notes, day_of
from .x12_codes import ENTITY_ROLES, FILING_TYPES, RELATIONSHIP_WORDS, RESPONSIBILITY, filing_indicator

SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "U": Sex.UNKNOWN}
PERSON, NPI, PHONE = "1", "XX", "TE"
SELF, OTHER = "self", "other"
NINE = ("",) * 9  # a segment may end before its last element


def provider(role: ProviderRole, group: Sequence[Segment], prv: Segment | None = None) -> Provider:
    """The provider of an NM1 and the segments behind it; `prv` where its specialty stands before them."""
    nm1, rest = group[0], _first(group)
    _, kind, name, first, _, _, _, qualifier, number, *_ = (*nm1.elements, *NINE)
    person = kind == PERSON
    tax, prv = rest.get("EI") or rest.get("SY"), prv or rest.get("PRV")
    return Provider(
        role=role,
        npi=number or None if qualifier == NPI else None,
        taxonomy=prv[3] or None if prv else None,
        tax_id=tax[2].replace("-", "") or None if tax else None,
        name=None if person else name or None,
        first_name=first or None if person else None,
        last_name=name or None if person else None,
        address=address(rest) if "N3" in rest or "N4" in rest else None,
        phone=_phone(rest["PER"]) if "PER" in rest else None,
    )


def role_of(nm1: Segment) -> ProviderRole | None:
    """The role that an NM1 names, None where a claim has no place for it."""
    return ENTITY_ROLES.get(nm1[1])


def address(rest: dict[str, Segment]) -> Address | None:
    """The address of N3 and N4, None where there is neither."""
    n3, n4 = rest.get("N3"), rest.get("N4")
    if n3 is None and n4 is None:
        return None
    line1, line2, *_ = (*n3.elements, "", "") if n3 else ("", "")
    city, state, postal, country, *_ = (*n4.elements, "", "", "", "") if n4 else ("", "", "", "")
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

    def groups(self) -> dict[str, Sequence[Segment]]:
        """By entity, the first NM1 of it and what stands behind it."""
        return named(self.segments)

    def one(self, name: str) -> Segment | None:
        """The first segment of that id."""
        return next((s for s in self.segments if s.id == name), None)


def named(segments: Sequence[Segment]) -> dict[str, Sequence[Segment]]:
    """By entity, the first NM1 of it and what stands behind it."""
    found: dict[str, Sequence[Segment]] = {}
    end = len(segments)
    for at in range(end - 1, -1, -1):
        if segments[at].id == "NM1":
            found[segments[at][1]] = segments[at:end]
            end = at
    return found


def billing(level: Level | None) -> tuple[Provider, ...]:
    """The billing provider (2010AA); nothing where there is none."""
    group = level.groups().get("85") if level else None
    if level is None or not group:
        return ()
    return (provider(ProviderRole.BILLING, group, level.one("PRV")),)


def patient(notes: Notes, group: Sequence[Segment]) -> Patient:
    """The patient of an NM1 and what stands behind it."""
    if not group:
        return Patient()
    nm1, rest = group[0], _first(group)
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
    nm1, rest = group[0], _first(group)
    born = _born(notes, rest.get("DMG"))
    return nm1[9] or None, Subscriber(relationship, nm1[4] or None, nm1[3] or None, address=address(rest), **born)


def relationship(code: str) -> str:
    """The word for a relationship code; `other` for one that is not known."""
    return RELATIONSHIP_WORDS.get(code, OTHER)


def payer(
    sbr: Segment | None, nm1: Segment | None, member: str | None, subscriber: Subscriber, place: int, **told: Any
) -> Payer:
    """A payer by the SBR and the NM1*PR that name it; a responsibility that its place tells is not said twice."""
    turn, _, group, name, why, _, _, _, filing, *_ = (*(sbr.elements if sbr else ()), *NINE)
    kind = FILING_TYPES.get(filing)
    return Payer(
        id=nm1[9] or None if nm1 else None,
        name=nm1[3] or None if nm1 else None,
        type=kind,
        member_id=member,
        subscriber=subscriber,
        group=group or None,
        group_name=name or None,
        insurance_type=why or None,
        filing=filing or None if filing != filing_indicator(kind) else None,
        responsibility=None if turn == RESPONSIBILITY[place : place + 1] else turn or None,
        **told,
    )
