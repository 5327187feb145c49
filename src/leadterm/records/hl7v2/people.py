"""Names, addresses and numbers of people as HL7 version 2 writes them (XPN, XCN, XAD, XTN)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from leadterm.domain import Address, Patient, Provider, ProviderRole, Sex
from leadterm.records.times import day

from .segments import Composite, Segment

NPI_AUTHORITY = frozenset(("2.16.840.1.113883.4.6", "npi"))
_NPI = re.compile(r"\d{10}")
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE}
# Legal, by which a claim calls a person, and what stands for it.
_LEGAL = ("L", "D", None)


def sex(code: str | None) -> Sex:
    """Administrative sex by table 0001."""
    return _SEXES.get((code or "").upper(), Sex.UNKNOWN)


def patient(pid: Segment) -> Patient:
    """Who was treated, by PID."""
    name = _by_kind(pid.all(5), 7)
    return Patient(
        id=pid.get(3) or pid.get(2),
        sex=sex(pid.get(8)),
        birth_date=birth_date(pid),
        first_name=name.get(2) if name else None,
        middle_name=name.get(3) if name else None,
        last_name=name.get(1) if name else None,
        address=address(pid.all(11)),
        phone=phone(pid.all(13)),
    )


def birth_date(pid: Segment) -> date | None:
    """When the patient was born."""
    return day(pid.get(7))


def last_name(pid: Segment) -> str | None:
    """What the patient is called by, as in `patient`."""
    name = _by_kind(pid.all(5), 7)
    return name.get(1) if name else None


def identifiers(pid: Segment) -> frozenset[str]:
    """All numbers of the patient."""
    return frozenset(filter(None, (one.get(1) for one in pid.all(3))))


def address(given: Iterable[Composite]) -> Address | None:
    """The first address that has a street, a city or a postal code."""
    for one in given:
        line1, line2, city, state, code, country = (one.get(n) for n in range(1, 7))
        if line1 or city or code:
            return Address(line1, line2, city, state, _postal(code), country)
    return None


def phone(given: Iterable[Composite]) -> str | None:
    """The first number of a telephone; electronic addresses are none."""
    for one in given:
        number = one.get(1) or one.get(12) or "".join(filter(None, (one.get(6), one.get(7))))
        if number and one.get(2) != "NET" and one.get(3) not in ("Internet", "X.400"):
            return number
    return None


def provider(given: Iterable[Composite], role: ProviderRole) -> Provider | None:
    """The person of a field (XCN): the first, with the NPI of whichever repetition has it for that person."""
    people = [one for one in given if one.get(1) or one.get(2)]
    if not people:
        return None
    first = people[0]
    named = next((one for one in people if npi(one) and one.get(2) in (None, first.get(2))), first)
    last, given_name = first.get(2), first.get(3)
    return Provider(role, npi=npi(named), last_name=last, first_name=given_name, id=first.get(1))


def npi(one: Composite) -> str | None:
    """The National Provider Identifier, where the assigning authority or the kind of number says that it is one."""
    number = one.get(1)
    if not number or not _NPI.fullmatch(number):
        return None
    said = (one.get(9), one.get(9, 2), one.get(13), one.get(8))
    return number if any((word or "").lower() in NPI_AUTHORITY for word in said) else None


def full_name(one: Composite) -> str | None:
    """A person's given and family name, else their number."""
    words = " ".join(filter(None, (one.get(3), one.get(2))))
    return words or one.get(1)


def degree(one: Composite) -> str | None:
    """What a person may sign with: MD, RN, …"""
    return one.get(21) or one.get(7)


def _by_kind(names: Iterable[Composite], component: int) -> Composite | None:
    """The name by its type: the legal one, else the first."""
    given = [one for one in names if one]
    return next((one for kind in _LEGAL for one in given if one.get(component) == kind), given[0] if given else None)


def _postal(code: str | None) -> str | None:
    digits = (code or "").replace("-", "")
    return digits if digits.isascii() and digits.isdigit() and len(digits) in (5, 9) else code
