"""The levels of an 837 (HL): billing provider, subscriber, patient; what stands above a claim, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator

from leadterm.x12 import Fault, Segment

from .read_837_above import Above
from .read_837_parties import Level

BILLING, SUBSCRIBER, PATIENT = "20", "22", "23"
# How deep a level stands, by its code.
DEPTH = {BILLING: 0, SUBSCRIBER: 1, PATIENT: 2}
CHILDREN, NONE = "1", "0"


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

    def open(self, hl: Segment) -> list[Fault]:
        """What is wrong with this HL, and with those that it closes."""
        self._count += 1
        depth = DEPTH.get(hl[3])
        faults: list[Fault] = []
        if hl[1] != str(self._count):
            faults.append(_fault(hl, f"HL01 is not {self._count}, the place of the level in its transaction"))
        if depth is None:
            faults.append(_fault(hl, f"HL03 is none of {', '.join(DEPTH)}"))
        else:
            faults += self._left(depth)
            faults += self._parent(hl, depth)
            self._open = [*self._open[:depth], (hl, False)]
            for code in [c for c, d in DEPTH.items() if d >= depth]:
                self._levels.pop(code, None)
        self._above = None
        return faults

    def _parent(self, hl: Segment, depth: int) -> Iterator[Fault]:
        """Whether the HL stands below the level that it names."""
        if len(self._open) < depth:
            yield _fault(hl, f"A level {hl[3]} stands below none that it may stand below")
        elif depth == 0:
            if hl[2]:
                yield _fault(hl, "HL02 of a billing provider names a parent")
        else:
            parent, _ = self._open[depth - 1]
            self._open[depth - 1] = (parent, True)
            if hl[2] != parent[1]:
                yield _fault(hl, "HL02 does not name the level above")

    def _left(self, depth: int) -> Iterator[Fault]:
        """What is wrong with the levels from `depth` on, which are closed."""
        for hl, parent in self._open[depth:]:
            promised = hl[4] == CHILDREN
            if promised != parent:
                yield _fault(hl, f"HL04 says {'that' if promised else 'not that'} levels stand below, which is not so")
        del self._open[depth:]

    def close(self, segments: tuple[Segment, ...]) -> None:
        """Keeps the segments of a level, its HL first."""
        self._levels[segments[0][3]] = Level(segments)
        self._above = None

    @property
    def above(self) -> Above:
        """The levels above a claim that opens here."""
        if self._above is None:
            levels = self._levels
            self._above = Above(levels.get(BILLING), levels.get(SUBSCRIBER), levels.get(PATIENT))
        return self._above

    def end(self) -> Iterator[Fault]:
        """What is wrong with the levels that the end of the transaction closes."""
        return self._left(0)


def _fault(hl: Segment, words: str) -> Fault:
    return Fault(f"{words}.", "HL", hl.position, hl.offset)
