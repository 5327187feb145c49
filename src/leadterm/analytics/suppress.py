"""Small counts kept back, and with them what would give them away: which cells of a table of rates are not shown.

A table is a tree: the total, below it one cell for each value of the first dimension, below each of those one for each
value of the second. Every cell is the sum of those below it, and that is the only sum there is. Hence the proof: if in
every sum with something hidden at least two terms are hidden, an unknown can be raised by one where another is lowered,
and the way from one to the other never closes, because the sums form a tree. So no hidden cell is determined. What
readers know besides (no count is negative, none above its persons, zeros are shown) could pin one down only where the
hidden cells of a sum have no room between them; so they are asked to add up to enough.

Counts from 1 to 10 are what the Centers for Medicare & Medicaid Services do not let out (cell size suppression policy).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_SHOWN = 11
# Below three, two cells of 1 would be known from their sum whatever else is hidden.
LOWEST_THRESHOLD = 3

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Persons in a cell and how many of them are cases.

    Attributes:
        persons: Of whom the rate is: seen, or at risk.
        cases: Those of them who bore the condition.
        earlier: Seen, but not among `persons`, because they bore the condition before (incidence).
    """

    persons: int
    cases: int
    earlier: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.persons + other.persons, self.cases + other.cases, self.earlier + other.earlier)

    @property
    def others(self) -> int:
        """Persons who are no cases."""
        return self.persons - self.cases


@dataclass(frozen=True, slots=True)
class Hidden:
    """The cells whose persons and whose cases are not shown; a rate needs both."""

    persons: frozenset[Path] = frozenset()
    cases: frozenset[Path] = frozenset()


NOTHING_HIDDEN = Hidden()
Table = Mapping[Path, Counts]
Count = Callable[[Counts], int]


def with_totals(leaves: Table) -> dict[Path, Counts]:
    """The cells with every total: `(a,)` sums all `(a, …)`, `()` sums everything."""
    cells = dict(leaves)
    for path, counts in leaves.items():
        for depth in range(len(path)):
            above = path[:depth]
            cells[above] = cells.get(above, Counts(0, 0)) + counts
    return cells


def hidden(cells: Table, least: int = LEAST_SHOWN) -> Hidden:
    """What is not shown of a table with its totals, so that no count from 1 to `least` - 1 can be had from the rest.

    Kept back are persons below `least`, and persons at risk where those who were seen besides are below it: another
    condition, of which nobody is known, shows how many were seen. Kept back are cases below `least`, cases where those
    who are none would be below it, and cases whose persons are hidden. Then, wherever a sum would still give one away,
    the smallest other terms too. `least` is at least 3.
    """
    small = range(1, least)
    few = {path for path, c in cells.items() if c.persons in small or c.earlier in small}
    persons = _closed(_Quantity(cells, lambda c: c.persons, lambda c: c.earlier, least, none_is_safe=True), few)
    rare = {p for p, c in cells.items() if c.cases in small or c.others in small or (p in persons and c.cases)}
    cases = _closed(_Quantity(cells, lambda c: c.cases, lambda c: c.others, least), rare)
    return Hidden(frozenset(persons), frozenset(cases))


class _Quantity:
    """What is counted in every cell, and how much of it must be hidden together."""

    def __init__(self, cells: Table, value: Count, rest: Count, least: int, *, none_is_safe: bool = False) -> None:
        """`rest` is what lacks of a cell's value to the most that it could be, which readers may know.

        `none_is_safe`: nothing lacking anywhere tells nothing. It does of cases: they would pin their persons down.
        """
        self.values = {path: value(counts) for path, counts in cells.items()}
        self.room = _room(self.values)
        self._rest = {path: rest(counts) for path, counts in cells.items()}
        self._least = least
        self._none_is_safe = none_is_safe

    def safe(self, kept_back: Sequence[Path], total_hidden: bool) -> bool:
        """Whether a sum gives nothing away of which `kept_back` is hidden: all of it shown, or enough of it hidden."""
        if not kept_back:
            return not total_hidden
        if len(kept_back) == 1 and not total_hidden:
            return False
        value, rest = (sum(amounts[path] for path in kept_back) for amounts in (self.values, self._rest))
        spread = rest >= self._least or (rest == 0 and self._none_is_safe)
        return value >= self._least and spread and any(self.room[path] for path in kept_back)


def _closed(quantity: _Quantity, primary: Iterable[Path]) -> set[Path]:
    """`primary` with the complementary cells: from the total down, each sum made safe by its smallest shown terms."""
    values, room = quantity.values, quantity.room
    # A total of nothing but ones tells each of them.
    gone = {*primary, *(path for path, value in values.items() if value and not room[path])}
    for total, terms in sorted(_sums(values).items(), key=lambda item: len(item[0])):
        # Zeros may be shown: one is hidden last, and below a hidden total only where that is 0 itself.
        spare = [
            path for path in terms if path not in gone and (values[path] or total not in gone or not values[total])
        ]
        spare.sort(key=lambda path: (values[path] == 0, values[path], path))
        kept_back = [path for path in terms if path in gone]
        while spare and not quantity.safe(kept_back, total in gone):
            kept_back.append(spare.pop(0))
        gone.update(kept_back)
    return gone


def _sums(cells: Iterable[Path]) -> dict[Path, list[Path]]:
    """Each total with its terms."""
    sums: dict[Path, list[Path]] = defaultdict(list)
    for path in cells:
        if path:
            sums[path[:-1]].append(path)
    return sums


def _room(values: Mapping[Path, int]) -> dict[Path, int]:
    """How far each cell lies above the least that it could be: 1 for each cell at its bottom that is not 0."""
    totals, bottom = _sums(values), dict.fromkeys(values, 0)
    for path, value in values.items():
        if value and path not in totals:
            for depth in range(len(path) + 1):
                bottom[path[:depth]] += 1
    return {path: value - bottom[path] for path, value in values.items()}
