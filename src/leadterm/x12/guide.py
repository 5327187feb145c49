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

MAPS = {"005010X222A1": "837p.tsv"}
COLUMNS = ("loop", "parents", "repeat", "step", "segment", "element", "codes", "usage", "most")
UNBOUNDED = 1 << 31
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a loop for one kind of segment, told apart by the codes of one element where ids do not suffice."""

    step: int
    segment: str
    element: int
    codes: frozenset[str]
    required: bool
    most: int
    opens: str | None = None

    def takes(self, segment: Segment) -> bool:
        """Whether the segment belongs here."""
        if segment.id != self.segment:
            return False
        return not self.codes or segment.components(self.element)[0] in self.codes

    @property
    def name(self) -> str:
        """`REF*F8`, or the bare id."""
        return f"{self.segment}*{'/'.join(sorted(self.codes))}" if self.codes else self.segment


@dataclass(frozen=True, slots=True)
class Guide:
    """A transaction's loops: each with its slots, the loops inside it among them, in order."""

    convention: str
    loops: dict[str, tuple[Slot, ...]]
    root: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment, the path of its loop (`ST/2000A/2000B/2300`, empty where it has no place), and what is wrong."""

    segment: Segment
    path: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Open:
    """A loop that the walk stands in: how far it has come and what it has met."""

    loop: str
    step: int = 0
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
    for loop, parents, repeat, step, segment, element, codes, usage, most in rows[1:]:
        kind = (segment, int(element or 0), frozenset(filter(None, codes.split(","))), usage == "R")
        if loop not in loops:
            loops[loop] = []
            for parent in filter(None, parents.split(",")):
                loops[parent].append(Slot(int(step), *kind, _most(repeat), opens=loop))
            step = "0"
        loops[loop].append(Slot(int(step), *kind, _most(most)))
    ordered = {loop: tuple(sorted(slots, key=lambda slot: slot.step)) for loop, slots in loops.items()}
    return Guide(convention, ordered, rows[1][0])


def _most(text: str) -> int:
    return UNBOUNDED if text == ">1" else int(text)


def walk(segments: Iterable[Segment], by: Guide) -> Iterator[Placed]:
    """Each segment of a file with its loop and what is wrong with its place. Streams.

    A segment out of order, one too many and a required one that never came are faults of the segment at which
    it shows; the walk goes on after each. ISA, GS, GE and IEA belong to no loop: `envelope_faults` judges them.
    """
    stack = [_Open(by.root)]
    for segment in segments:
        if segment.id in ENVELOPE:
            yield Placed(segment, ())
            continue
        if segment.id == "ST":
            stack = [_Open(by.root)]
        found = _place(stack, segment, by)
        if found is None:
            yield Placed(segment, (), (_fault(segment, stack[-1].loop, f"{segment.id} has no place here"),))
            continue
        depth, slot = found
        faults = [f for left in stack[:depth:-1] for f in _absent(left, segment, by)]
        del stack[depth + 1 :]
        here = stack[-1]
        here.step = slot.step
        here.met[slot] = here.met.get(slot, 0) + 1
        if here.met[slot] > slot.most:
            faults.append(_fault(segment, here.loop, f"{slot.name} comes more than {slot.most} times"))
        if slot.opens:
            stack.append(_Open(slot.opens, met={by.loops[slot.opens][0]: 1}))
        if segment.id == "SE":
            faults += _absent(stack[0], segment, by)
        yield Placed(segment, tuple(each.loop for each in stack), tuple(faults))


def _place(stack: list[_Open], segment: Segment, by: Guide) -> tuple[int, Slot] | None:
    """The innermost open loop that takes the segment at or after where it stands."""
    for depth in range(len(stack) - 1, -1, -1):
        here = stack[depth]
        for slot in by.loops[here.loop]:
            # The segment that opens a loop does not come again in it: it opens the next one.
            opener = slot.step == 0 and depth > 0
            if slot.step >= here.step and not opener and slot.takes(segment):
                return depth, slot
    return None


def _absent(left: _Open, at: Segment, by: Guide) -> list[Fault]:
    missing = [slot for slot in by.loops[left.loop] if slot.required and slot not in left.met]
    return [_fault(at, left.loop, f"{slot.name} is missing from loop {left.loop}") for slot in missing]


def _fault(segment: Segment, loop: str, what: str) -> Fault:
    return Fault(f"{what}.", segment.id, segment.position, segment.offset, loop)
