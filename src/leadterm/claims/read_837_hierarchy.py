"""The levels of an 837 (HL): billing provider, subscriber, patient; what stands above a claim, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable

from leadterm.x12 import Fault, Segment

from .read_837_above import Above
from .read_837_parties import Level

BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
# How deep a level stands, by its code.
DEPTH = {BILLING: 0, SUBSCRIBER: 1, PATIENT: 2}
# The levels that end where one of a depth opens.
BELOW = ((BILLING, SUBSCRIBER, PATIENT), (SUBSCRIBER, PATIENT), (PATIENT,))
CHILDREN = "1"


class Hierarchy:
    """The levels of one transaction as they open.

    Attributes:
        above: What stands above the next claim; each level is read once, by the first claim below it.
    """

    def __init__(self) -> None:
        self._count = 0
        self._open: list[tuple[Segment, bool]] = []  # by depth: the HL, and whether a level stands below it
        self._levels: dict[str, Level] = {}
        self._above: Above | None = None
        self._before: Above | None = None

    def open(self, hl: Segment) -> list[Fault]:
        """What is wrong with this HL, and with those that it closes."""
        self._count += 1
        self._above = None
        depth = DEPTH.get(hl[3])
        faults: list[Fault] = []
        if hl[1] != str(self._count):
            faults.append(_fault(hl, f"HL01 is not {self._count}, the place of the level in its transaction"))
        if depth is None:
            return [*faults, _fault(hl, f"HL03 is none of {', '.join(DEPTH)}")]
        if depth < len(self._open):
            faults += self._left(depth)
            for code in BELOW[depth]:
                self._levels.pop(code, None)
        faults += self._parent(hl, depth)
        self._open.append((hl, False))
        return faults

    def _parent(self, hl: Segment, depth: int) -> Iterable[Fault]:
        """Whether the HL stands below the level that it names."""
        if len(self._open) < depth:
            return [_fault(hl, f"A level {hl[3]} stands below none that it may stand below")]
        if depth == 0:
            return [_fault(hl, "HL02 of a billing provider names a parent")] if hl[2] else ()
        parent, _ = self._open[depth - 1]
        self._open[depth - 1] = (parent, True)
        return [] if hl[2] == parent[1] else [_fault(hl, "HL02 does not name the level above")]

    def _left(self, depth: int) -> list[Fault]:
        """What is wrong with the levels from `depth` on, which are closed."""
        faults = []
        for hl, parent in self._open[depth:]:
            promised = hl[4] == CHILDREN
            if promised != parent:
                told = f"HL04 says {'that' if promised else 'not that'} levels stand below, which is not so"
                faults.append(_fault(hl, told))
        del self._open[depth:]
        return faults

    def close(self, segments: tuple[Segment, ...]) -> None:
        """Keeps the segments of a level, its HL first."""
        self._levels[segments[0][3]] = Level(segments)
        self._above = None

    @property
    def above(self) -> Above:
        """The levels above a claim that opens here."""
        if self._above is None:
            levels, before = self._levels, self._before
            above = Above(levels.get(BILLING), levels.get(SUBSCRIBER), levels.get(PATIENT))
            if before is not None and before.billing is above.billing:
                above.providers = before.providers
            self._above = self._before = above
        return self._above

    def end(self) -> list[Fault]:
        """What is wrong with the levels that the end of the transaction closes."""
        return self._left(0)


def _fault(hl: Segment, words: str) -> Fault:
    return Fault(f"{words}.", "HL", hl.position, hl.offset)
