"""What documents that came late change of a coding: codes added, removed and changed, with the words that do it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from leadterm.domain import Assignment, CodedEncounter, Evidence, Status

ASPECTS = ("role", "poa", "units", "modifiers", "pointers")


class Turn(StrEnum):
    """What became of a code."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class CodeTurn:
    """What became of one code.

    Attributes:
        turn: Added, removed or changed.
        before, after: The assignment in either coding; None where it is not there.
        aspects: What changed of it: role, poa, units, modifiers, pointers.
        evidence: The words that make the difference: of late documents where they say it; of what no longer stands
            where a code went with it; else those on which the code rests or rested.
        by_late: Whether they are words of a late document.
    """

    turn: Turn
    before: Assignment | None
    after: Assignment | None
    aspects: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    by_late: bool = False

    @property
    def assignment(self) -> Assignment:
        """The assignment as it is now, else as it was."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Recoding:
    """How the coding of an encounter differs from the one before it.

    Attributes:
        id: Of the encounter.
        late: Ids of the documents that came since and are read.
        fallen: Ids of the documents that were read before, and no longer are.
        turns: Codes added, then removed, then changed, each in claim order.
        leading: Codes that led and lead the diagnoses, where that changed.
    """

    id: str
    late: tuple[str, ...] = ()
    fallen: tuple[str, ...] = ()
    turns: tuple[CodeTurn, ...] = ()
    leading: tuple[str | None, str | None] | None = None

    @property
    def reopened(self) -> bool:
        """Whether the coding is to be looked at anew: its codes are no longer what they were."""
        return bool(self.turns) or self.leading is not None

    def of(self, turn: Turn) -> tuple[CodeTurn, ...]:
        """The codes that took this turn."""
        return tuple(each for each in self.turns if each.turn is turn)


def recoding(before: CodedEncounter, after: CodedEncounter) -> Recoding:
    """How `after` differs from `before`, two codings of one encounter; rejected codes are none."""
    read = {d.sha256: d.id for d in before.encounter.standing}
    reads = {d.sha256: d.id for d in after.encounter.standing}
    late = tuple(name for digest, name in reads.items() if digest not in read)
    fallen = tuple(name for digest, name in read.items() if digest not in reads)
    pairs = list(_paired(_kept(before), _kept(after)))
    turns = (_turn(was, now, frozenset(late), frozenset(fallen)) for was, now in pairs)
    order = list(Turn)
    found = sorted((t for t in turns if t), key=lambda t: order.index(t.turn))
    first, now = (next((a.code.value for a in coded.diagnoses), None) for coded in (before, after))
    return Recoding(after.encounter.id, late, fallen, tuple(found), (first, now) if first != now else None)


def _kept(coded: CodedEncounter) -> list[Assignment]:
    return [a for a in coded.assignments if a.status is not Status.REJECTED]


def _paired(
    before: Iterable[Assignment], after: Iterable[Assignment]
) -> Iterator[tuple[Assignment | None, Assignment | None]]:
    """Each assignment with the one of its code on the other side, in order; lines of one code by their order."""
    left: defaultdict[str, list[Assignment]] = defaultdict(list)
    for old in before:
        left[_key(old)].append(old)
    for new in after:
        same = left[_key(new)]
        yield (same.pop(0) if same else None), new
    yield from ((old, None) for same in left.values() for old in same)


def _key(a: Assignment) -> str:
    return f"{a.code.system} {a.code.value}"


def _turn(
    was: Assignment | None, now: Assignment | None, late: frozenset[str], fallen: frozenset[str]
) -> CodeTurn | None:
    if was and now:
        aspects = tuple(name for name in ASPECTS if getattr(was, name) != getattr(now, name))
        # First and second place are told once, of the whole list.
        if not aspects:
            return None
        words = _of(now, late)
        return CodeTurn(Turn.CHANGED, was, now, aspects, words or now.evidence, bool(words))
    if now:
        words = _of(now, late)
        return CodeTurn(Turn.ADDED, None, now, (), words or now.evidence, bool(words))
    assert was is not None
    return CodeTurn(Turn.REMOVED, was, None, (), _of(was, fallen) or was.evidence)


def _of(assignment: Assignment, documents: frozenset[str]) -> tuple[Evidence, ...]:
    return tuple(e for e in assignment.evidence if e.document in documents)
