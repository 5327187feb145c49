"""Several operations of one day: endoscopies by their family, then all by rank (MCPM 12.40.6; indicators 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from leadterm.domain import Money

from .work import ONE, Work, percent, share_of_sides

RANKED = frozenset("23")
ENDOSCOPY = "3"
CITATION = "MCPM 12.40.6"
FAMILY = "MCPM 12.40.6; MPFSDB endoscopic base"
SECOND = Decimal("0.50")
LAST_RANKED = 5
SURGERY, CARE = "54", frozenset({"55", "56"})
ZERO = Decimal(0)


class Operation:
    """What counts as one operation in the ranking: a line, both sides, a unit of several, a family of endoscopies.

    Attributes:
        works: Its lines.
        copies: How often it was done (units).
        worths: What each line of it is for one copy.
    """

    __slots__ = ("copies", "works", "worths")

    def __init__(self, works: Sequence[Work], copies: int, worths: Sequence[Decimal]) -> None:
        self.works, self.copies, self.worths = works, copies, worths

    @property
    def worth(self) -> Decimal:
        """Of one copy."""
        return sum(self.worths, ZERO)

    @property
    def order(self) -> tuple[object, ...]:
        """The dearest first; of equal ones, by what they are, so that the order of the lines decides nothing."""
        return (-self.worth, *(work.content for work in self.works))


def rank(works: Sequence[Work]) -> None:
    """Counts the units of the lines of one day and one provider that are ranked, each by its place."""
    operations, shares = _apart(_operations(works))
    operations = sorted(_families(operations), key=lambda o: o.order)
    several = sum(o.copies for o in operations) > 1
    place = 0
    for operation in operations:
        _place(operation, place, several)
        place += operation.copies
    for share, whole in shares:
        _follow(share, whole)


def _apart(operations: list[Operation]) -> tuple[list[Operation], list[tuple[Operation, Operation]]]:
    """The operations, and the care before or after one of them on lines of its own (55, 56), with that one (54)."""
    surgeries: dict[object, list[Operation]] = {}
    for operation in operations:
        if SURGERY in operation.works[0].line.modifiers:
            surgeries.setdefault(_shared_key(operation), []).append(operation)
    left: list[Operation] = []
    found: list[tuple[Operation, Operation]] = []
    waiting: dict[object, Iterator[Operation]] = {}
    for operation in operations:
        whole = _surgery_of(operation, surgeries, waiting) if surgeries else None
        if whole is None:
            left.append(operation)
        else:
            found.append((operation, whole))
    return left, found


def _surgery_of(
    operation: Operation, surgeries: dict[object, list[Operation]], waiting: dict[object, Iterator[Operation]]
) -> Operation | None:
    """The next operation that a line for care belongs to; None for what is no care, or whose operation is not there."""
    care = next((m for m in operation.works[0].line.modifiers if m in CARE), None)
    if care is None:
        return None
    key = _shared_key(operation)
    return next(waiting.setdefault((care, key), iter(surgeries.get(key, ()))), None)


def _shared_key(operation: Operation) -> object:
    """What a line for care has in common with its operation: code, sides, how often, how much."""
    rest = (tuple(sorted(m for m in w.line.modifiers if m != SURGERY and m not in CARE)) for w in operation.works)
    return operation.works[0].line.code, operation.copies, tuple(operation.worths), tuple(rest)


def _follow(share: Operation, whole: Operation) -> None:
    """Takes for a share of an operation what its surgery has been ranked to."""
    for work, ranked in zip(share.works, whole.works, strict=True):
        work.amount = ranked.amount
        if ranked.amount is None:
            work.refuse(ranked.why)
        elif ranked.amount != work.unit:
            work.step(f"One operation with its surgery ({SURGERY}), as that is ranked", ranked.amount, None, CITATION)


def _operations(works: Iterable[Work]) -> list[Operation]:
    found: list[Operation] = []
    seconds: dict[tuple[object, ...], list[Work]] = {}
    works = list(works)
    for work in works:
        if work.side == "second":
            seconds.setdefault(_pair_key(work), []).append(work)
    for work in works:
        if work.side == "second":
            continue
        pair = [work]
        if work.side == "lead":
            pair.append(seconds[_pair_key(work)].pop())
        found.append(_operation(pair))
    return found


def _pair_key(work: Work) -> tuple[object, ...]:
    line = work.line
    return line.code, tuple(sorted(m for m in line.modifiers if m not in ("LT", "RT"))), line.units, work.facility


def _operation(works: list[Work]) -> Operation:
    count = works[0].count
    if count == count.to_integral_value():
        return Operation(works, int(count), [w.unit.amount for w in works])
    # A part of a unit: the line is one operation.
    return Operation(works, 1, [w.unit.amount * count for w in works])


def _families(operations: list[Operation]) -> list[Operation]:
    """The operations with each family of endoscopies as one."""
    families: dict[str, list[Operation]] = {}
    for operation in operations:
        if base := operation.works[0].fee.row.endoscopic_base:
            families.setdefault(base, []).append(operation)
    if not families:
        return operations
    left: list[Operation] = []
    for operation in operations:
        row = operation.works[0].fee.row
        if row.code in families and not operation.works[0].component:
            _included(operation)
        elif not row.endoscopic_base:
            left.append(operation)
    return left + [_family(base, members) for base, members in families.items()]


def _included(operation: Operation) -> None:
    """The base endoscopy beside one of its family: it is paid with that."""
    for work in operation.works:
        work.amount = Money(ZERO)
        work.step("Base endoscopy beside another of its family: paid with that", work.amount, ZERO, FAMILY)


def _family(base: str, members: list[Operation]) -> Operation:
    if len(members) == 1 and members[0].copies == 1:
        return members[0]
    members.sort(key=lambda o: o.order)
    works: list[Work] = []
    worths: list[Decimal] = []
    for number, member in enumerate(members):
        for work, whole in zip(member.works, member.worths, strict=True):
            less = max(whole - _base_of(work, base), ZERO)
            first = number == 0
            worth = (whole + less * (member.copies - 1)) if first else less * member.copies
            works.append(work)
            worths.append(worth)
            _tell(work, base, Money.rounded(worth), first, member.copies)
    return Operation(works, 1, worths)


def _base_of(work: Work, base: str) -> Decimal:
    """What the base endoscopy of the family is, on the same sides; nothing where the schedule does not have it."""
    found = work.schedule.fee(base, "", work.facility, work.locality)
    if isinstance(found, str):
        return ZERO
    return Money.rounded(found.unit.amount * share_of_sides(found.row.bilateral, work.side)).amount


def _tell(work: Work, base: str, worth: Money, first: bool, copies: int) -> None:
    less = f"less its base {base} (${_base_of(work, base):.2f})"
    if first:
        further = f", {copies - 1} further {less}" if copies > 1 else ""
        what = f"Highest endoscopy of the family of {base}: whole{further}"
    else:
        what = f"Further endoscopy of the family of {base}: {f'{copies} times, ' if copies > 1 else ''}{less}"
    work.step(what, worth, None, FAMILY)


def _place(operation: Operation, before: int, several: bool) -> None:
    """Counts the copies of an operation that stands behind `before` others."""
    last = before + operation.copies
    shares = [ONE if place == 0 else SECOND for place in range(before, last)]
    factor = sum(shares, ZERO)
    if last > LAST_RANKED:
        for work, worth in zip(operation.works, operation.worths, strict=True):
            least = Money.rounded(worth * factor)
            work.refuse(f"From the sixth operation of a day on, by report, not less than half: ${least} ({CITATION}).")
        return
    for work, worth in zip(operation.works, operation.worths, strict=True):
        work.amount = Money.rounded(worth * factor)
        if several:
            work.step(_words(before, shares), work.amount, factor, CITATION)
        elif work.count != ONE:
            work.step(f"{work.count:f} units", work.amount, work.count, "units of the line")


def _words(before: int, shares: list[Decimal]) -> str:
    if len(shares) == 1:
        return f"Operation {before + 1} of the day by its amount: {percent(shares[0])}"
    told = " + ".join(percent(share) for share in shares)
    return f"Operations {before + 1} to {before + len(shares)} of the day by amount, a unit each: {told}"
