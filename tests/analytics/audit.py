"""A reader who wants to know a hidden count: whether all that is shown leaves more than one value for it.

Written apart from `suppress` and in another way: every pair (persons, cases) that a total can have is found from the
pairs of its cells, bottom up, as the bits of one number; then it is asked whether any whole table, other in the cell
in question, agrees with everything that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadterm.analytics.suppress import Counts, Hidden, Path


@dataclass(frozen=True)
class Reader:
    """What a reader sees, and knows besides.

    Attributes:
        cells: The table; of what is hidden only whether it is 0.
        hidden: What is not shown.
        knows_zeros: Whether a hidden count that is not 0 is known not to be (zeros are usually shown).
        knows_seen: Where it is known how many were seen, of whom `persons` are at risk.
    """

    cells: Mapping[Path, Counts]
    hidden: Hidden
    knows_zeros: bool = False
    knows_seen: frozenset[Path] = frozenset()

    def can_tell(self, path: Path, what: str) -> bool:
        """Whether no other table agrees with what is shown but one with the same `what` (persons, cases) at `path`."""
        return not self._pairs((), path, what)

    @property
    def _most(self) -> int:
        # Above what any cell has, with room for a table that is larger than the true one.
        return self.cells[()].persons + 3

    def _pairs(self, at: Path, path: Path, what: str) -> int:
        """The pairs that the cell `at` can have, each as the bit `persons * (most + 1) + cases`."""
        own = sum(1 << pair for pair in self._own(at, path, what))
        below = [other for other in self.cells if other and other[:-1] == at]
        if not below:
            return own
        sums = 1
        for term in below:
            sums = _added(sums, self._pairs(term, path, what))
        return sums & own

    def _own(self, at: Path, path: Path, what: str) -> Iterator[int]:
        true = self.cells[at]
        seen = true.persons + true.earlier
        for persons in self._values(true.persons, at in self.hidden.persons):
            if persons > seen and at in self.knows_seen:
                continue
            for cases in self._values(true.cases, at in self.hidden.cases):
                other = {"persons": persons, "cases": cases}[what] != getattr(true, what)
                if cases <= persons and (other or at != path):
                    yield persons * (self._most + 1) + cases

    def _values(self, true: int, is_hidden: bool) -> range:
        if not is_hidden:
            return range(true, true + 1)
        return range(1 if self.knows_zeros and true else 0, self._most + 1)


def _added(left: int, right: int) -> int:
    """All sums of a pair of the one and a pair of the other."""
    few, many = sorted((left, right), key=int.bit_count)
    total = 0
    while few:
        lowest = few & -few
        total |= many << (lowest.bit_length() - 1)
        few ^= lowest
    return total
