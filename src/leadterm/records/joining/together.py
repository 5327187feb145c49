"""Records that were read, joined to encounters; each joined one stands where its first record stood."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from leadterm.domain import Encounter, IdentifierKind, InputError, ReadingNote

from .belonging import Same, Traits, other_visit, patients, same_visit, tied
from .merging import merged, settled

__all__ = ["joined", "settled", "signs"]

JOINED = "LEADTERM:records/joined"
OTHER_PATIENT = ReadingNote(
    "LEADTERM:records/joined-patients",
    "Another file bears the same number of the encounter for another patient, and was not joined with it.",
)
UNSURE_PATIENT = ReadingNote(
    "LEADTERM:records/joined-unsure",
    "Another file bears the same number of the encounter, but nothing shows that its patient is the same one; it was"
    " not joined.",
)


UNSURE = ReadingNote(
    "LEADTERM:records/joined-several",
    "The file may be of more than one of the encounters that other files tell of, and was joined with none.",
)


class _Group:
    """Records of one encounter."""

    def __init__(self) -> None:
        self.members: list[tuple[int, Traits]] = []
        self.people: dict[object, Traits] = {}
        self.notes: dict[ReadingNote, None] = {}
        self._into: _Group | None = None

    def add(self, number: int, traits: Traits) -> _Group:
        """The group with one more record."""
        self.members.append((number, traits))
        self.people.setdefault(traits.person, traits)
        return self

    @property
    def whole(self) -> _Group:
        """The group that has taken this one up; itself where none has."""
        return self._into.whole if self._into else self

    def take_up(self, other: _Group) -> None:
        """Takes the records of a group with which a later record is tied too."""
        self.members += other.members
        self.people |= other.people
        self.notes |= other.notes
        other._into = self

    def one_patient(self, other: _Group) -> bool:
        """Whether the patients of two groups may be one."""
        pairs = [(mine, theirs) for mine in self.people.values() for theirs in other.people.values()]
        return all(patients(*pair) in (Same.YES, Same.UNTOLD) for pair in pairs)

    def same_visit(self, traits: Traits) -> bool:
        """Whether a record bears the number of this visit."""
        return any(same_visit(member, traits) for _, member in self.members)

    def other_visit(self, other: _Group) -> bool:
        """Whether the groups surely bear numbers of two visits."""
        return any(other_visit(mine, theirs) for _, mine in self.members for _, theirs in other.members)

    def takes(self, traits: Traits) -> bool:
        """Whether a record is of this encounter: tied to one of its records, of the patient of all."""
        if not any(tied(member, traits) for _, member in self.members):
            return False
        found = {patients(member, traits) for member in self.people.values()}
        if Same.NO in found:
            self.notes[OTHER_PATIENT] = None
            return False
        if Same.UNSURE in found and Same.YES not in found:
            self.notes[UNSURE_PATIENT] = None
            return False
        return True

    def encounter(self) -> Encounter:
        """The one encounter."""
        records = [traits.encounter for _, traits in sorted(self.members, key=lambda m: m[0])]
        whole = merged(records) if len(records) > 1 else settled(records[0])
        notes = list(self.notes)
        count = sum(not _is_patient_alone(traits) for _, traits in self.members)
        if count > 1:
            notes.insert(0, ReadingNote(JOINED, f"{count} records of one encounter were read together."))
        return replace(whole, notes=tuple(dict.fromkeys((*whole.notes, *notes)))) if notes else whole


def joined(records: Sequence[Encounter], *, together: bool = False) -> list[tuple[int, Encounter]]:
    """The encounters that records tell of, each with the number of its first record (from 0), in that order.

    With `together` all are one encounter, because the caller says so. Raises InputError where they are of two patients
    then.
    """
    if not records:
        return []
    traits = [Traits(record) for record in records]
    groups = [_all(traits)] if together else _grouped(traits)
    found = [(min(n for n, _ in group.members), group.encounter()) for group in groups]
    return sorted(found, key=lambda pair: pair[0])


def signs(record: Encounter) -> tuple[str, ...]:
    """Digests of what another record of the encounter would share one of: a place to look, no proof; no number."""
    named = (repr(sign) for sign in Traits(record).signs)
    return tuple(sorted({hashlib.sha256(sign.encode("utf-8", "replace")).hexdigest()[:16] for sign in named}))


def _all(traits: Sequence[Traits]) -> _Group:
    group = _Group()
    for number, other in enumerate(traits):
        if any(patients(member, other) is Same.NO for member in group.people.values()):
            raise InputError("The files tell of more than one patient: code those of one encounter together.")
        group.add(number, other)
    return group


def _grouped(traits: Sequence[Traits]) -> list[_Group]:
    groups: list[_Group] = []
    by_sign: defaultdict[object, dict[_Group, None]] = defaultdict(dict)
    alone: list[tuple[int, Traits]] = []
    for number, each in enumerate(traits):
        if _is_patient_alone(each):
            alone.append((number, each))
            continue
        signs = set(each.signs)
        candidates = dict.fromkeys(group.whole for sign in signs for group in by_sign[sign])
        fitting = [group for group in candidates if group.takes(each)]
        chosen = _chosen(fitting, each)
        group = (chosen[0] if chosen else _Group()).add(number, each)
        for other in chosen[1:]:
            group.take_up(other)
        if fitting and not chosen:
            group.notes[UNSURE] = None
        for sign in signs:
            by_sign[sign][group] = None
        if not chosen:
            groups.append(group)
    whole = list(dict.fromkeys(group.whole for group in groups))
    return [*whole, *_introduced(alone, whole)]


def _chosen(fitting: Sequence[_Group], each: Traits) -> Sequence[_Group]:
    """The groups that a record shows to be one encounter, its own; none where it may be of several that are not."""
    by_visit = [group for group in fitting if group.same_visit(each)]
    found = by_visit or fitting
    pairs = list(combinations(found, 2))
    one = all(a.one_patient(b) and (by_visit or not a.other_visit(b)) for a, b in pairs)
    return found if one else ()


def _is_patient_alone(traits: Traits) -> bool:
    """Whether a record tells of a patient and of nothing else."""
    e = traits.encounter
    ties = traits.of(IdentifierKind.VISIT, IdentifierKind.ACCOUNT)
    return not (e.documents or e.codes or e.charges or ties) and bool(traits.of(IdentifierKind.PATIENT))


def _introduced(alone: Iterable[tuple[int, Traits]], groups: Sequence[_Group]) -> list[_Group]:
    """Who the patient of the other records is, told to them; a record that is of nobody else's stands for itself."""
    left: list[_Group] = []
    for number, each in alone:
        known = [g for g in groups if any(patients(member, each) is Same.YES for member in g.people.values())]
        for group in known:
            group.add(number, Traits(replace(each.encounter, notes=())))
        left += [] if known else [_Group().add(number, each)]
    return left
