"""The loops of a transaction as data, and a walk that gives each segment of a file its loop.

A guide is a table, one row a segment that a loop may hold (`maps/837p.tsv`). The first row of a loop is the segment
that opens it. Rows of one loop that share a `step` may come in any order; a later step never comes before an earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from .envelope import Fault
from .errors import X12Error
from .segment import Segment

# A2 of the professional and A3 of the institutional claim changed notes and codes, not the order of segments.
MAPS = {
    "005010X221A1": "835.tsv",
    "005010X222A1": "837p.tsv",
    "005010X222A2": "837p.tsv",
    "005010X223A2": "837i.tsv",
    "005010X223A3": "837i.tsv",
}
COLUMNS = ("loop", "parents", "repeat", "step", "segment", "element", "codes", "usage", "most", "needs")
UNBOUNDED = 1 << 31
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place in a loop for one kind of segment, told apart by the codes of one element where ids do not suffice.

    Each is itself alone (no two are equal): the walk counts by slot, a million times a file.
    """

    step: int
    segment: str
    element: int
    codes: frozenset[str]
    required: bool
    most: int
    needs: tuple[int, ...] = ()
    opens: str | None = None

    def takes(self, qualifier: str) -> bool:
        """Whether a segment with this slot's id and that qualifier belongs here."""
        return not self.codes or qualifier in self.codes

    @property
    def name(self) -> str:
        """`REF*F8`, or the bare id."""
        return f"{self.segment}*{'/'.join(sorted(self.codes))}" if self.codes else self.segment


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """A transaction's loops: each with its slots, the loops inside it among them, in order.

    Attributes:
        root: The loop that is the transaction itself.
        by_segment: The slots of each loop by segment id.
        required: The slots of each loop that must be filled.
        qualifiers: Where the slots of a segment are told apart by codes: the element, and all codes that count.
    """

    convention: str
    loops: dict[str, tuple[Slot, ...]]
    root: str
    by_segment: dict[str, dict[str, tuple[Slot, ...]]]
    required: dict[str, tuple[Slot, ...]]
    qualifiers: dict[str, tuple[int, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment, the path of its loop (`ST/2000A/2000B/2300`, empty where it has no place), and what is wrong."""

    segment: Segment
    path: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


# The loops that are open, each with the step that it has come to.
State = tuple[tuple[str, int], ...]


class _Stand:
    """A state of the walk, and what was found from there on: the slot that a segment takes, and where it leads.

    There is one for each state, so that it is looked up by itself and not by what it holds.
    """

    __slots__ = ("moves", "state")

    def __init__(self, state: State) -> None:
        self.state = state
        self.moves: dict[tuple[str, str], tuple[int, Slot, _Stand] | None] = {}


@dataclass(slots=True)
class _Open:
    """A loop that the walk stands in, and what it has met."""

    loop: str
    met: dict[Slot, int] = field(default_factory=dict)


@cache
def guide(convention: str) -> Guide:
    """The guide of a convention (`005010X222A1`). Raises X12Error when there is none, or its table is broken."""
    if convention not in MAPS:
        raise X12Error(f"There is no map for this convention; known are {', '.join(sorted(MAPS))}.")
    text = files("leadterm.x12").joinpath("maps", MAPS[convention]).read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    if tuple(rows[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise X12Error(f"The map {MAPS[convention]} does not have the columns {', '.join(COLUMNS)}.")
    loops: dict[str, list[Slot]] = {}
    for loop, parents, repeat, step, segment, element, codes, usage, most, needs in rows[1:]:
        kind = (segment, int(element or 0), frozenset(filter(None, codes.split(","))), usage == "R")
        needed = tuple(int(n) for n in filter(None, needs.split(",")))
        if loop not in loops:
            loops[loop] = []
            for parent in filter(None, parents.split(",")):
                loops[parent].append(Slot(int(step), *kind, _most(repeat), needed, opens=loop))
            step = "0"
        loops[loop].append(Slot(int(step), *kind, _most(most), needed))
    ordered = {loop: tuple(sorted(slots, key=lambda slot: slot.step)) for loop, slots in loops.items()}
    by_segment = {loop: _by_segment(slots) for loop, slots in ordered.items()}
    # The first slot of a loop opened it, so that it has been met.
    required = {loop: tuple(slot for slot in slots[1:] if slot.required) for loop, slots in ordered.items()}
    return Guide(convention, ordered, rows[1][0], by_segment, required, _qualifiers(ordered))


def _most(text: str) -> int:
    return UNBOUNDED if text == ">1" else int(text)


def _by_segment(slots: tuple[Slot, ...]) -> dict[str, tuple[Slot, ...]]:
    return {slot.segment: tuple(s for s in slots if s.segment == slot.segment) for slot in slots}


def _qualifiers(loops: dict[str, tuple[Slot, ...]]) -> dict[str, tuple[int, frozenset[str]]]:
    found: dict[str, tuple[int, frozenset[str]]] = {}
    for slot in (slot for slots in loops.values() for slot in slots if slot.codes):
        element, codes = found.get(slot.segment, (slot.element, frozenset()))
        if element != slot.element:
            raise X12Error(f"The map tells {slot.segment} apart by two elements; one must do.")
        found[slot.segment] = (element, codes | slot.codes)
    return found


def walk(segments: Iterable[Segment], by: Guide) -> Iterator[Placed]:
    """Each segment of a file with its loop and what is wrong with its place. Streams; see `Walk`."""
    steps = Walk(by)
    return (steps.place(segment) for segment in segments)


class Walk:
    """Where a reader stands in the loops of a transaction.

    A segment out of order, one too many, an empty element that must be filled, and a required segment that never came
    are faults of the segment at which they show; the walk goes on after each. ISA, GS, GE and IEA belong to no loop:
    `envelope_faults` judges them.

    Which slot a segment takes hangs on the state alone, and files come by few states: what was found once is kept.
    """

    def __init__(self, by: Guide) -> None:
        self._by = by
        self._stands: dict[State, _Stand] = {}
        self._begin()

    def _begin(self) -> None:
        self._stack = [_Open(self._by.root)]
        self._at = self._stand(((self._by.root, 0),))
        self._lost = False

    def _stand(self, state: State) -> _Stand:
        return self._stands.setdefault(state, _Stand(state))

    def place(self, segment: Segment) -> Placed:
        """The next segment with its loop and its faults."""
        faults = self.faults(segment)
        placeless = segment.id in ENVELOPE or self._lost
        return Placed(segment, () if placeless else tuple(loop for loop, _ in self._at.state), faults)

    def faults(self, segment: Segment) -> tuple[Fault, ...]:
        """What is wrong with the place of the next segment; nothing, most often."""
        name = segment.id
        if name in ENVELOPE:
            return ()
        if name == "ST":
            self._begin()
        at, key = self._at, (name, self._qualifier(segment))
        try:
            found = at.moves[key]
        except KeyError:
            found = at.moves[key] = self._slot(at.state, *key)
        stack = self._stack
        self._lost = found is None
        if found is None:
            return (_fault(segment, stack[-1].loop, f"{name} has no place here"),)
        depth, slot, self._at = found
        faults: list[Fault] = []
        if depth + 1 < len(stack):
            faults = [f for left in stack[:depth:-1] for f in self._absent(left, segment)]
            del stack[depth + 1 :]
        met = stack[-1].met
        count = met[slot] = met.get(slot, 0) + 1
        if count > slot.most:
            faults.append(_fault(segment, stack[-1].loop, f"{slot.name} comes more than {slot.most} times"))
        elements = segment.elements
        for number in slot.needs:
            if number > len(elements) or not elements[number - 1]:
                faults.append(_fault(segment, stack[-1].loop, f"{name}{number:02} is empty"))
        if slot.opens:
            stack.append(_Open(slot.opens, {self._by.loops[slot.opens][0]: 1}))
        if name == "SE":
            faults += self._absent(stack[0], segment)
        return tuple(faults) if faults else ()

    def _qualifier(self, segment: Segment) -> str:
        """What tells segments of one id apart, where anything does; one name for all that no map knows."""
        told = self._by.qualifiers.get(segment.id)
        if told is None:
            return ""
        number, codes = told
        elements = segment.elements
        value = elements[number - 1] if number <= len(elements) else ""
        if value not in codes:  # composites bear it in front (HI, CLM05)
            value = value.split(segment.separators.component)[0]
        return value if value in codes else ""

    def _slot(self, state: State, name: str, qualifier: str) -> tuple[int, Slot, _Stand] | None:
        """The innermost open loop that takes the segment at or after where it stands; slot, and stand behind it."""
        for depth in range(len(state) - 1, -1, -1):
            loop, step = state[depth]
            for slot in self._by.by_segment[loop].get(name, ()):
                # The segment that opens a loop does not come again in it: it opens the next one.
                if slot.step >= step and (slot.step or not depth) and slot.takes(qualifier):
                    behind = (*state[:depth], (loop, slot.step))
                    return depth, slot, self._stand((*behind, (slot.opens, 0)) if slot.opens else behind)
        return None

    def _absent(self, left: _Open, at: Segment) -> list[Fault]:
        required, met = self._by.required[left.loop], left.met
        missing = [slot for slot in required if slot not in met] if required else ()
        return [_fault(at, left.loop, f"{slot.name} is missing from loop {left.loop}") for slot in missing]


def _fault(segment: Segment, loop: str, what: str) -> Fault:
    return Fault(f"{what}.", segment.id, segment.position, segment.offset, loop)
