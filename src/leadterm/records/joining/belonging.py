"""Whether two records tell of one encounter: by their numbers, and by the patient's.

A visit's number ties, so does an account where no visit or day speaks against it, and a document that the other
replaces, goes on with, or is a form of. A tie alone joins nothing: the patients must agree, or one must be untold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from functools import cached_property

from leadterm.domain import Encounter, Identifier, IdentifierKind, Patient, plain_day

from .numbering import is_made

Days = tuple[date, date]


class Same(Enum):
    """Whether two patients are one."""

    YES = "yes"
    NO = "no"
    UNTOLD = "untold"
    UNSURE = "unsure"


class Traits:
    """What tells an encounter and its patient apart."""

    def __init__(self, encounter: Encounter) -> None:
        self.encounter = encounter
        self.numbers = frozenset(encounter.identifiers) | frozenset(_plain(encounter))

    def of(self, *kinds: IdentifierKind) -> tuple[Identifier, ...]:
        """Its numbers of some kinds."""
        return tuple(number for number in self.numbers if number.kind in kinds)

    @cached_property
    def documents(self) -> frozenset[str]:
        """Ids of its documents that the record gave."""
        return frozenset(d.id for d in self.encounter.documents if not is_made(d.id))

    @cached_property
    def named(self) -> frozenset[str]:
        """Ids of documents that its own speak of."""
        related = (name for d in self.encounter.documents for name in (d.supersedes, d.appends, d.same_as) if name)
        return frozenset(name for name in related if not is_made(name))

    @cached_property
    def days(self) -> Days | None:
        """First and last day; None where none is told."""
        e = self.encounter
        told = [day for day in map(plain_day, (e.date_of_service, e.admission, e.discharge)) if day]
        return (min(told), max(told)) if told else None

    @cached_property
    def person(self) -> tuple[object, ...]:
        """All that tells the patient."""
        p = self.encounter.patient
        return frozenset(self.of(IdentifierKind.PATIENT)), p.birth_date, p.last_name, p.first_name

    @property
    def signs(self) -> Iterator[object]:
        """What another record of the encounter would share, at least one of them."""
        for number in self.of(IdentifierKind.VISIT, IdentifierKind.ACCOUNT):
            yield number.kind.value, number.value.casefold()
        yield from self.documents | self.named


def tied(one: Traits, other: Traits) -> bool:
    """Whether the numbers of two records tell one encounter."""
    if same_visit(one, other):
        return True
    if other_visit(one, other):
        return False
    if one.documents & other.named or other.documents & one.named:
        return True
    return _agree(one.of(IdentifierKind.ACCOUNT), other.of(IdentifierKind.ACCOUNT)) and not _apart(one, other)


def same_visit(one: Traits, other: Traits) -> bool:
    """Whether both bear the number of one visit."""
    return _agree(one.of(IdentifierKind.VISIT), other.of(IdentifierKind.VISIT))


def other_visit(one: Traits, other: Traits) -> bool:
    """Whether one assigner gave them numbers of two visits, and they share none."""
    mine, theirs = one.of(IdentifierKind.VISIT), other.of(IdentifierKind.VISIT)
    return _differ(mine, theirs) and not _agree(mine, theirs)


def patients(one: Traits, other: Traits) -> Same:
    """Whether the patients of two records are one, so far as they tell."""
    a, b = one.encounter.patient, other.encounter.patient
    mine, theirs = one.of(IdentifierKind.PATIENT), other.of(IdentifierKind.PATIENT)
    agree = _agree(mine, theirs)
    if a.birth_date and b.birth_date and a.birth_date != b.birth_date:
        # Of one number and one name, one of the dates was corrected.
        return Same.YES if agree and a.last_name and _called(a) == _called(b) else Same.NO
    if agree:
        return Same.YES
    if a.birth_date and b.birth_date and a.last_name and b.last_name:
        return Same.YES if _called(a) == _called(b) else Same.NO
    if _untold(mine, a) or _untold(theirs, b):
        return Same.UNTOLD
    return Same.NO if _differ(mine, theirs) else Same.UNSURE


def _plain(encounter: Encounter) -> Iterator[Identifier]:
    """The numbers that the fields of an encounter bear, where nothing else tells them."""
    kinds = {number.kind for number in encounter.identifiers}
    if encounter.account and kinds.isdisjoint((IdentifierKind.VISIT, IdentifierKind.ACCOUNT)):
        yield Identifier(IdentifierKind.ACCOUNT, encounter.account)
    if encounter.patient.id and IdentifierKind.PATIENT not in kinds:
        yield Identifier(IdentifierKind.PATIENT, encounter.patient.id)


def _agree(mine: Iterable[Identifier], theirs: Iterable[Identifier]) -> bool:
    return any(one.agrees(other) for one in mine for other in theirs)


def _differ(mine: Iterable[Identifier], theirs: Iterable[Identifier]) -> bool:
    return any(one.differs(other) for one in mine for other in theirs)


def _apart(one: Traits, other: Traits) -> bool:
    """Whether both tell days, of which none is the other's: an account may be of many visits."""
    if one.days is None or other.days is None:
        return False
    return one.days[1] < other.days[0] or other.days[1] < one.days[0]


def _called(patient: Patient) -> tuple[str, str]:
    return (patient.last_name or "").casefold(), (patient.first_name or "").casefold()[:1]


def _untold(numbers: Iterable[Identifier], patient: Patient) -> bool:
    return not any(numbers) and not patient.birth_date and not patient.last_name
